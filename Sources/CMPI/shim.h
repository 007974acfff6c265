#include <mpi.h>

// MPI's handles are macros, which Swift does not see; and errors that end the program have to become ones that are returned.

// In one implementation a pointer, in another a number.
typedef struct { MPI_Request request; } mpi_request;

// `machine` becomes the lowest rank on this machine.
static inline int mpi_start(int *rank, int *count, int *machine) {
  int error, level;
  MPI_Comm here;
  if ((error = MPI_Init_thread(0, 0, MPI_THREAD_FUNNELED, &level))) return error;
  if ((error = MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN))) return error;
  if ((error = MPI_Comm_rank(MPI_COMM_WORLD, rank))) return error;
  if ((error = MPI_Comm_size(MPI_COMM_WORLD, count))) return error;
  error = MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &here);
  if (error) return error;
  if ((error = MPI_Allreduce(rank, machine, 1, MPI_INT, MPI_MIN, here))) return error;
  return MPI_Comm_free(&here);
}

static inline int mpi_send(const void *bytes, int count, int rank, mpi_request *request) {
  return MPI_Isend(bytes, count, MPI_BYTE, rank, 0, MPI_COMM_WORLD, &request->request);
}

static inline int mpi_receive(void *bytes, int count, int rank, mpi_request *request) {
  return MPI_Irecv(bytes, count, MPI_BYTE, rank, 0, MPI_COMM_WORLD, &request->request);
}

static inline int mpi_test(int count, mpi_request *requests, int *isDone) {
  return MPI_Testall(count, &requests->request, isDone, MPI_STATUSES_IGNORE);
}

