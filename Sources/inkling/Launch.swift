import ArgumentParser

/// What the environment says of a program that `mpirun` or `srun` has started several times, to work together.
struct Launch {
  /// This one's number, from 0.
  let rank: Int
  /// How many there are, at least 2.
  let count: Int

  /// The variables that say how many and which: those of Open MPI, of MPICH and Slurm's PMI-2, and of `srun`.
  private static let variables = [
    ("OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK"), ("PMI_SIZE", "PMI_RANK"),
    ("SLURM_STEP_NUM_TASKS", "SLURM_PROCID"),
  ]

  /// `nil` for a program that was started once.
  init?(_ environment: [String: String]) {
    for (size, place) in Self.variables {
      guard let count = environment[size].flatMap({ Int($0) }),
        let rank = environment[place].flatMap({ Int($0) })
      else { continue }
      // The first that speaks is the nearest: srun may have started an mpirun.
      guard count > 1, (0..<count).contains(rank) else { return nil }
      (self.rank, self.count) = (rank, count)
      return
    }
    return nil
  }

  /// Checks that a command may be run several times at once.
  ///
  /// - Throws: `Failure` if all would write the same files.
  func check(_ command: any ParsableCommand) throws(Failure) {
    switch command {
    case is TrainCommand: break
    // Workers of a sweep share its folder, and speak for themselves.
    case is SweepWorkerCommand: Terminal.isMuted = false
    default:
      throw Failure(
        "\(count) processes were started, but only train shares its work among them, and sweep worker; start one",
        .usage)
    }
  }
}
