import Files
import Foundation
import TestSupport
import Testing

/// What the program does when `mpirun` or `srun` starts several of it: here their variables alone.
@Suite struct RanksCommandTests {
  private static let train = ["train", "--epochs", "1", "--output", "a.safetensors"] + few

  private static func launch(_ rank: Int) -> [[String: String]] {
    [
      ["OMPI_COMM_WORLD_SIZE": "2", "OMPI_COMM_WORLD_RANK": "\(rank)"],
      ["PMI_SIZE": "2", "PMI_RANK": "\(rank)"],
      ["SLURM_STEP_NUM_TASKS": "2", "SLURM_PROCID": "\(rank)"],
    ]
  }

  @Test func `without MPI several processes are refused, and one of them says so`() throws {
    let folder = try TemporaryFolder()
    for rank in 0..<2 {
      for environment in Self.launch(rank) {
        for (arguments, word) in [(Self.train, "--traits MPI"), (["data", "list"], "only train")] {
          let run = try run(arguments, in: folder, environment: environment)
          #expect(run.status == 64 && run.output == "")
          #expect(
            rank > 0
              ? run.errors == ""
              : run.errors.hasPrefix("error: ") && run.errors.contains(word)
                && run.errors.count { $0 == "\n" } == 1, "\(run.errors)")
        }
      }
    }
    #expect(!FileBytes.exists(folder.file("a.safetensors")))
  }

  @Test func `one process is no company`() throws {
    let folder = try TemporaryFolder()
    for environment in [
      ["OMPI_COMM_WORLD_SIZE": "1", "OMPI_COMM_WORLD_RANK": "0"],
      // Within a job of several tasks, mpirun has started one.
      [
        "OMPI_COMM_WORLD_SIZE": "1", "OMPI_COMM_WORLD_RANK": "0", "SLURM_STEP_NUM_TASKS": "4",
        "SLURM_PROCID": "2",
      ],
      ["SLURM_NTASKS": "4", "SLURM_PROCID": "0"],
    ] {
      let run = try run(Self.train + ["--quiet", "--json"], in: folder, environment: environment)
      #expect(run.status == 0, "\(run.errors)")
    }
  }
}
