import ArgumentParser
import Engine
import Experiments
import Files

struct SweepScriptCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "script",
    abstract: "Prints what hands a sweep to a cluster or to GNU parallel.",
    discussion: """
      Every task of it is a worker on the sweep's folder, which all machines must share under the same path, as
      they must share the images (--data). A task that is stopped for its time limit keeps where its trial stands
      and is put back into the queue.

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
  var program = Executable.path

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
    let count = folder.trialCount
    let tasks = min(count, maxTasks)
    let trials = (count + tasks - 1) / tasks
    switch target {
    case .slurm: Terminal.print(slurm(tasks: tasks, trials: trials))
    case .parallel: Terminal.print(parallel(count: count))
    case .condor: Terminal.print(condor(tasks: tasks, trials: trials))
    }
  }

  private func arguments(trials: Int) -> [String] {
    ["sweep", "worker", place.folder] + place.words + ["--max-trials", "\(trials)", "--quiet"]
  }

  private func slurm(tasks: Int, trials: Int) -> String {
    """
    #!/bin/bash
    #SBATCH --job-name=inkling-sweep
    #SBATCH --array=0-\(tasks - 1)
    #SBATCH --cpus-per-task=1
    #SBATCH --time=\(time)
    #SBATCH --requeue
    #SBATCH --open-mode=append
    #SBATCH --signal=B:USR1@60
    #SBATCH --output=\(place.folder)/slurm-%A_%a.out
    \(Shell.command([program] + arguments(trials: trials))) &
    worker=$!
    trap 'kill -USR1 "$worker"' USR1 TERM
    # A signal ends wait, but not the worker, which keeps where its trial stands.
    wait "$worker"
    while kill -0 "$worker" 2>/dev/null; do wait "$worker"; done
    wait "$worker"
    status=$?
    if [ "$status" -eq \(ExitStatus.interrupted.rawValue) ]; then
      exec scontrol requeue "${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}"
    fi
    exit "$status"
    """
  }

  private func parallel(count: Int) -> String {
    "seq \(count) | parallel -N0 --joblog \(Shell.quoted("\(place.folder)/parallel.log")) --resume-failed "
      + Shell.command([program] + arguments(trials: 1))
  }

  private func condor(tasks: Int, trials: Int) -> String {
    """
    universe = vanilla
    executable = \(program)
    arguments = "\(arguments(trials: trials).map { "'\($0.replacing("'", with: "''").replacing("\"", with: "\"\""))'" }.joined(separator: " "))"
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
