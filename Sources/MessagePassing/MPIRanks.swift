#if MPI
  import CMPI
  import CProcessor
  package import Engine

  #if canImport(Glibc)
    import Glibc
  #else
    import Darwin
  #endif

  /// The processes that `mpirun` or `srun` has started together, by MPI.
  ///
  /// To be used by the thread that made it alone. There is one in a process, for MPI can be started only once.
  package final class MPIRanks: Ranks {
    package let rank: Int
    package let count: Int
    /// Ranks on this machine that may use the same processors, this one included: `mpirun` and Slurm may give each its own.
    package private(set) var neighbours = 1
    /// The processes of the others on this machine, as far as they can be seen, with their ranks.
    private var processes: [(rank: Int, id: pid_t)] = []
    private let lose: (_ reason: String, _ isFirst: Bool) -> Never

    /// Bytes of a message at most: MPI counts in 32 bits.
    private static let longestMessage = 1 << 30
    /// Looks at what is on its way before the thread yields, and before it sleeps between them.
    private static let (spins, yields) = (2000, 20_000)
    /// Looks between two at whether the others on this machine live.
    private static let looksPerCheck = 200

    /// Starts MPI.
    ///
    /// - Parameter lose: ends the program when MPI cannot be started, or another rank has ended or cannot be reached, with a
    ///   sentence that says so, and whether no rank below this one is known to live: one of them is to speak.
    package init(lose: @escaping (_ reason: String, _ isFirst: Bool) -> Never) {
      var (rank, count, machine): (Int32, Int32, Int32) = (0, 0, 0)
      let error = mpi_start(&rank, &count, &machine)
      guard error == MPI_SUCCESS else {
        lose("MPI cannot be started: \(Self.words(error))", rank == 0)
      }
      (self.rank, self.count) = (Int(rank), Int(count))
      self.lose = lose
      let all = gather(SIMD4(machine, getpid(), processor_set(), 0))
      let here = all.indices.filter { all[$0].x == machine }
      neighbours = here.count { all[$0].z == processor_set() }
      processes = here.map { ($0, all[$0].y) }.filter { $1 != getpid() && Self.isAlive($1) }
    }

    private static func isAlive(_ process: pid_t) -> Bool {
      kill(process, 0) == 0 || errno != ESRCH
    }

    package func exchange(sending: [Parcel], receiving: [Parcel]) {
      var requests: [mpi_request] = []
      // What waits to be received comes first, so that messages find their place.
      for (parcels, isSent) in [(receiving, false), (sending, true)] {
        for parcel in parcels {
          for start in stride(from: 0, to: parcel.bytes.count, by: Self.longestMessage) {
            let count = Int32(min(Self.longestMessage, parcel.bytes.count - start))
            let bytes = parcel.bytes.baseAddress.map { $0 + start }
            var request = mpi_request()
            check(
              isSent
                ? mpi_send(bytes, count, Int32(parcel.rank), &request)
                : mpi_receive(bytes, count, Int32(parcel.rank), &request))
            requests.append(request)
          }
        }
      }
      wait(for: &requests)
    }

    private func wait(for requests: inout [mpi_request]) {
      var (isDone, looks): (Int32, Int) = (0, 0)
      while true {
        check(mpi_test(Int32(requests.count), &requests, &isDone))
        if isDone != 0 { return }
        looks += 1
        if looks < Self.spins { continue }
        if looks < Self.yields { sched_yield() } else { usleep(50) }
        // MPI would wait for ever; mpirun ends everybody, but only a second after it has sent a signal.
        if looks.isMultiple(of: Self.looksPerCheck),
          !processes.allSatisfy({ Self.isAlive($0.id) })
        {
          lose("another rank has ended", isFirst)
        }
      }
    }

    private func check(_ error: Int32) {
      if error != MPI_SUCCESS {
        lose("another rank cannot be reached: \(Self.words(error))", isFirst)
      }
    }

    private var isFirst: Bool {
      rank == 0
        || processes.contains { $0.rank == 0 }
          && !processes.contains { $0.rank < rank && Self.isAlive($0.id) }
    }

    private static func words(_ error: Int32) -> String {
      var length: Int32 = 0
      let bytes = withUnsafeTemporaryAllocation(
        of: CChar.self, capacity: Int(MPI_MAX_ERROR_STRING)
      ) { text in
        _ = MPI_Error_string(error, text.baseAddress, &length)
        return text.prefix(Int(length)).map { UInt8(bitPattern: $0) }
      }
      return String(decoding: bytes, as: UTF8.self)
    }

    /// Ends MPI, once all ranks do.
    package func end() { _ = MPI_Finalize() }
  }
#endif
