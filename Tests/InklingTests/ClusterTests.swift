import Files
import Foundation
import TestSupport
import Testing

private let hasTrials = ProcessInfo.processInfo.environment["INKLING_TRIALS"] != nil

/// A sweep on what people run their jobs with: the real programs, on this machine. `make trials` asks for it.
@Suite(.serialized, .enabled(if: hasTrials, "make trials runs it"))
struct ClusterTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(Array(SweepCommandTests.sweep.utf8), "sweep.toml")
    for name in ["here", "there"] {
      let plan = try run(
        ["sweep", "plan", "sweep.toml", "--output", folder.file(name)], in: folder)
      try #require(plan.status == 0, "\(plan.errors)")
    }
    _ = try run(["sweep", "run", "here"], in: folder)
  }

  private func expectSameBytes() throws {
    let there = try SweepCommandTests.results(folder, "there")
    let here = try SweepCommandTests.results(folder, "here")
    #expect(here.count == 18 && there == here)
  }

  private static func exists(_ programs: String...) -> Bool {
    programs.allSatisfy { FileBytes.exists($0) }
  }

  private static let hasSlurm =
    getuid() == 0 && exists("/usr/bin/sbatch", "/usr/sbin/slurmctld", "/usr/sbin/munged")

  private static let slurm = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../Scripts/slurm.sh").standardizedFileURL.path

  @Test(.enabled(if: hasSlurm, "needs root and Slurm: Scripts/setup.sh trials installs it"))
  func `Slurm does a sweep, with a task that is killed and one that is put back`() throws {
    let start = try shell("\(Self.slurm) start cluster", in: folder)
    defer { _ = try? shell("\(Self.slurm) stop cluster", in: folder) }
    try #require(start.status == 0, "\(start.errors)")
    let setup = start.output.trimmingCharacters(in: .whitespacesAndNewlines)
    func cluster(_ line: String) throws -> String {
      try shell("\(setup); \(line)", in: folder).output.trimmingCharacters(
        in: .whitespacesAndNewlines)
    }
    // Two processors: two tasks run, two wait.
    let job = try cluster(
      "inkling sweep script \(folder.file("there")) --slurm --max-tasks 4 > a.sbatch && sbatch --parsable a.sbatch"
    )
    try #require(Int(job) != nil, "no job: \(job)")
    for _ in 0..<600 where try FileBytes.names(in: folder.file("there/claims")).isEmpty {
      Thread.sleep(forTimeInterval: 0.05)
    }
    // One worker dies without a word, one task is taken from its node and put back into the queue.
    _ = try cluster("pkill -KILL -n -f '[s]weep worker \(folder.file("there"))'")
    _ = try cluster("scontrol requeue \(job)_0")
    for _ in 0..<200 {
      // Slurm would wait two minutes before it starts a task again.
      _ = try cluster("scontrol update JobId=\(job)_0 StartTime=now")
      if try cluster("squeue -h").isEmpty { break }
      Thread.sleep(forTimeInterval: 0.2)
    }
    #expect(try cluster("squeue -h").isEmpty)
    // What the killed worker left is taken over by whoever comes next.
    let rest = try run(["sweep", "worker", "there", "--json"], in: folder).json()
    #expect(rest["finished"] as? Bool == true)
    try expectSameBytes()
  }

  @Test(
    .enabled(
      if: exists("/usr/bin/parallel"), "needs GNU parallel: Scripts/setup.sh trials installs it"))
  func `GNU parallel does a sweep, and a worker that is killed again`() throws {
    let script = try run(["sweep", "script", folder.file("there"), "--parallel"], in: folder)
    #expect(script.output.contains("--resume-failed"))
    let line = script.output.trimmingCharacters(in: .whitespacesAndNewlines)
    // Killed by the first that sees a claim.
    let first = try shell(
      """
      (for i in $(seq 1000); do ls there/claims | grep -q . && break; sleep 0.02; done; pkill -KILL -n -f '[s]weep worker \(folder.file("there"))') &
      \(line); status=$?; wait; exit $status
      """, in: folder)
    // GNU parallel's status is the number of jobs that failed.
    #expect(first.status == 1, "\(first.errors)")
    let second = try shell(line, in: folder)
    #expect(second.status == 0, "\(second.errors)")
    try expectSameBytes()
  }

  @Test func `a submit file for HTCondor names the same worker`() throws {
    let script = try run(
      ["sweep", "script", "there", "--condor", "--program", "/opt/inkling", "--max-tasks", "5"],
      in: folder)
    #expect(script.output.contains("executable = /opt/inkling\n"))
    #expect(
      script.output.contains(
        "arguments = \"'sweep' 'worker' 'there' '--quiet'\""))
    #expect(script.output.hasSuffix("queue 5\n"))
  }
}
