import ArgumentParser
import Engine
import Experiments
import Files

struct SweepScriptCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "script",
    abstract: "Prints what hands a sweep to a cluster or to GNU parallel.",
    usage: "inkling sweep script <dir> --slurm|--parallel|--condor [<options>]",
    discussion: """
      Every task of it is a worker on the sweep's folder, which all machines must
      share, as they must share the images (--data). A task that is stopped for
      its time limit keeps where its trial stands and is put back into the queue.
      Machines whose processors have other vector instructions round differently:
      for the same bytes everywhere, set INKLING_INSTRUCTION_SET to avx2 or
      baseline.

      Examples:
        inkling sweep script /shared/course --slurm --time 02:00:00 > course.sbatch
        sbatch course.sbatch
        inkling sweep script output/course --parallel | sh
        inkling sweep script /shared/course --condor > course.submit
      """)

  /// Who is to do it.
  enum Target: String, EnumerableFlag {
    case slurm, parallel, condor

    static func help(for target: Target) -> ArgumentHelp? {
      switch target {
      case .slurm: "A job array for sbatch."
      case .parallel: "A line for GNU parallel."
      case .condor: "A submit file for HTCondor."
      }
    }
  }

  @OptionGroup var place: SweepPlace
  @Flag var target: Target
  @Option(
    help: ArgumentHelp(
      "Tasks at most; clusters have a limit for arrays, usually 1,001.", valueName: "n"))
  var maxTasks = 1000
  @Option(help: ArgumentHelp("Time limit of a task on Slurm.", valueName: "h:m:s"))
  var time = "01:00:00"
  @Option(
    help: ArgumentHelp(
      "The program as the machines find it. (default: where this one is)", valueName: "path"))
  var program: String?

  mutating func validate() throws {
    guard (1...1_000_000).contains(maxTasks) else {
      throw ValidationError("--max-tasks must be from 1 to 1,000,000.")
    }
    guard time.wholeMatch(of: /[0-9:-]+/) != nil else {
      throw ValidationError("--time takes a time as Slurm has it, as in 02:00:00.")
    }
  }

  func run() throws {
    let folder = try SweepFolder(place.folder)
    let tasks = min(folder.trialCount, maxTasks)
    switch target {
    case .slurm: Terminal.print(slurm(tasks: tasks))
    case .parallel:
      Terminal.print(
        parallel(tasks: tasks, trials: (folder.trialCount + tasks - 1) / tasks))
    case .condor: Terminal.print(condor(tasks: tasks))
    }
  }

  private var executable: String { program ?? Executable.path }

  private var arguments: [String] {
    ["sweep", "worker", place.folder] + place.words + ["--quiet"]
  }

  private func slurm(tasks: Int) -> String {
    """
    #!/bin/bash
    #SBATCH --job-name=inkling-sweep
    #SBATCH --array=0-\(tasks - 1)
    #SBATCH --cpus-per-task=1
    #SBATCH --time=\(time)
    #SBATCH --requeue
    #SBATCH --open-mode=append
    #SBATCH --signal=B:USR1@60
    #SBATCH --output="\(place.folder)/slurm-%A_%a.out"
    \(Shell.command([executable] + arguments)) &
    worker=$!
    isLate=no
    trap 'isLate=yes; kill -USR1 "$worker"' USR1
    trap 'kill -TERM "$worker"' TERM
    # A signal ends wait, but not the worker, which keeps where its trial stands.
    wait "$worker"
    while kill -0 "$worker" 2>/dev/null; do wait "$worker"; done
    wait "$worker"
    status=$?
    if [ "$isLate" = yes ] && [ "$status" -eq \(ExitStatus.interrupted.rawValue) ]; then
      exec scontrol requeue "${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}"
    fi
    exit "$status"
    """
  }

  private func parallel(tasks: Int, trials: Int) -> String {
    "seq \(tasks) | parallel -N0 --joblog \(Shell.quoted("\(place.folder)/parallel.log")) --resume-failed "
      + Shell.command([executable] + arguments + ["--max-trials", "\(trials)"])
  }

  private func condor(tasks: Int) -> String {
    """
    universe = vanilla
    executable = \(executable)
    arguments = "\(arguments.map { "'\($0.replacing("'", with: "''").replacing("\"", with: "\"\""))'" }.joined(separator: " "))"
    transfer_executable = false
    should_transfer_files = no
    request_cpus = 1
    kill_sig = SIGUSR1
    on_exit_remove = (ExitBySignal == False) && (ExitCode != \(ExitStatus.interrupted.rawValue))
    output = \(place.folder)/condor-$(Process).out
    error = \(place.folder)/condor-$(Process).err
    log = \(place.folder)/condor.log
    queue \(tasks)
    """
  }
}
