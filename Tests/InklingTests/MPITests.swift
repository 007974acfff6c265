import Files
import Foundation
import TestSupport
import Testing

/// The program built with the trait MPI, if there is one.
private let shared = ProcessInfo.processInfo.environment["INKLING_MPI_PROGRAM"]

/// Training that is shared among processes, with the real `mpirun`.
@Suite(
  .serialized, .enabled(if: shared != nil, "INKLING_MPI_PROGRAM names no program; make test does"))
struct MPITests {
  private static let model =
    "conv(4,3) norm relu maxpool(2) flatten linear(16) norm relu dropout(0.1) linear(10)"
  private let folder: TemporaryFolder
  /// What one process of the ordinary program makes of it.
  private let bytes: [UInt8]

  init() throws {
    folder = try TemporaryFolder()
    let run = try run(Self.train("alone") + ["--quiet"], in: folder)
    try #require(run.status == 0, "\(run.errors)")
    bytes = try FileBytes.read(folder.file("alone.safetensors"))
  }

  private static func train(_ name: String) -> [String] {
    [
      "train", "--model", model, "--epochs", "12", "--batch-size", "72", "--output",
      "\(name).safetensors",
    ] + few
  }

  /// A line of the shell in every rank, with the program's arguments behind it.
  private func mpirun(
    _ ranks: Int, _ arguments: [String], line: String = "exec \"$@\"",
    program: String? = shared
  ) throws -> Run {
    try run(
      // Containers seldom let a process read another's memory, and Open MPI would complain.
      [
        "mpirun", "--oversubscribe", "--mca", "btl_vader_single_copy_mechanism", "none", "-n",
        "\(ranks)", "/bin/sh", "-c", line, "sh", program ?? "",
      ] + arguments,
      in: folder,
      environment: [
        "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
        "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
      ], executable: "/usr/bin/env")
  }

  /// Waits, but not for ever.
  private static func until(_ condition: String) -> String {
    "for i in $(seq 3000); do [ \(condition) ] && break; sleep 0.01; done"
  }

  /// Lines of the program itself: mpirun has words of its own when a rank fails.
  private static func errors(_ run: Run) -> [String] {
    run.errors.split(separator: "\n").map(String.init).filter { $0.hasPrefix("error: ") }
  }

  @Test func `1, 2 and 4 ranks give the bytes of one process`() throws {
    for ranks in [1, 2, 4] {
      let run = try mpirun(ranks, Self.train("a") + ["--json", "--quiet"])
      #expect(run.status == 0 && Self.errors(run).isEmpty, "\(run.errors)")
      #expect(!run.errors.contains("epoch"))
      #expect(try run.json()["epochs"] as? Int == 12)
      #expect(try FileBytes.read(folder.file("a.safetensors")) == bytes, "\(ranks) ranks")
    }
    #expect(try FileBytes.names(in: folder.path).filter { $0.hasSuffix("safetensors") }.count == 2)
  }

  @Test(arguments: [0, 1])
  func `a rank that dies ends the others, and what was saved goes on among more`(
    victim: Int
  ) throws {
    // It lives until an epoch is saved.
    let killer = """
      if [ "$OMPI_COMM_WORLD_RANK" = \(victim) ]; then
        (\(Self.until("-e b.resume.safetensors")); kill -KILL $$) &
      fi
      exec "$@"
      """
    let longer = Self.train("b").map { $0 == "12" ? "400" : $0 }
    let killed = try mpirun(2, longer, line: killer)
    #expect(killed.status != 0)
    #expect(
      Self.errors(killed) == [
        "error: another rank has ended; --resume goes on from what was saved last"
      ], "\(killed.errors)")
    #expect(!FileBytes.exists(folder.file("b.safetensors")))
    // One of four is asked to end: all do, after the same step.
    let asker = """
      if [ "$OMPI_COMM_WORLD_RANK" = 3 ]; then
        touch mark
        (\(Self.until("b.resume.safetensors -nt mark")); kill -USR1 $$) &
      fi
      exec "$@"
      """
    let stopped = try mpirun(4, longer + ["--resume"], line: asker)
    #expect(stopped.status == 130 && Self.errors(stopped).count == 1, "\(stopped.errors)")
    #expect(stopped.errors.contains("going on after") && stopped.errors.contains("interrupted"))
  }

  @Test func `a run that was stopped among two ranks ends among four with the same bytes`() throws {
    let asker = """
      (\(Self.until("-e c.resume.safetensors")); kill -TERM $$) &
      exec "$@"
      """
    let stopped = try mpirun(2, Self.train("c"), line: asker)
    #expect(stopped.status == 130, "\(stopped.errors)")
    let rest = try mpirun(4, Self.train("c") + ["--resume"])
    #expect(rest.status == 0 && rest.errors.contains("going on after"), "\(rest.errors)")
    #expect(try FileBytes.read(folder.file("c.safetensors")) == bytes)
  }

  @Test func `the first rank tells TensorBoard what one process does`() throws {
    let followed = Self.train("f") + ["--quiet", "--tensorboard"]
    let alone = try run(followed + ["runs/alone"], in: folder)
    let shared = try mpirun(2, followed + ["runs/shared"])
    #expect(alone.status == 0 && shared.status == 0, "\(shared.errors)")
    let files = try ["alone", "shared"].map {
      try FileBytes.read(folder.file("runs/\($0)/events.out.tfevents.inkling"))
    }
    #expect(files[0] == files[1])
    #expect(try FileBytes.read(folder.file("f.safetensors")) == bytes)
    // What fails at the first fails at all of them, before or after.
    let refused = try mpirun(2, followed + ["f.safetensors"])
    #expect(refused.status == 73 && Self.errors(refused).count == 1, "\(refused.errors)")
    let away = try mpirun(2, Self.train("f") + ["--mlflow", "http://127.0.0.1:1"])
    #expect(away.status == 69 && Self.errors(away).count == 1, "\(away.errors)")
  }

  @Test func `what fails at one rank, and what is not shared, is told once`() throws {
    let cases: [(arguments: [String], line: String, status: Int32, word: String)] = [
      (Self.train("d") + ["--ensemble", "2"], "exec \"$@\"", 64, "--ensemble"),
      (Self.train("d") + ["--find-rate"], "exec \"$@\"", 64, "--find-rate"),
      (["evaluate", "alone.safetensors"], "exec \"$@\"", 64, "only train"),
      (
        Self.train("d"), "exec \"$@\" --seed $OMPI_COMM_WORLD_RANK", 65,
        "rank 1 has another run than rank 0"
      ),
      (
        Self.train("d"), "[ $OMPI_COMM_WORLD_RANK = 0 ] || set -- \"$@\" --from none; exec \"$@\"",
        66,
        "rank 1: cannot read none"
      ),
      (Self.train("alone.safetensors/d"), "exec \"$@\"", 73, "is not a folder"),
    ]
    for (arguments, line, status, word) in cases {
      let run = try mpirun(2, arguments, line: line)
      #expect(run.status == status, "\(run.status) \(run.errors)")
      let errors = Self.errors(run)
      #expect(errors.count == 1 && errors[0].contains(word), "\(run.errors)")
    }
    #expect(!FileBytes.exists(folder.file("d.safetensors")))
    let without = try mpirun(2, Self.train("d"), program: program)
    #expect(without.status == 64 && Self.errors(without).count == 1, "\(without.errors)")
  }
}
