import ArgumentParser

struct SweepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "Tries many runs that differ in a few parameters, and finds which is best.",
    discussion: """
      A sweep is planned in a folder, worked on there by any number of programs, on
      one machine or on many that share the folder, and looked at whenever you like.
      Nothing that is done is ever done twice.

      Examples:
        inkling sweep plan --preset course --output output/course
        inkling sweep run output/course
        inkling sweep status output/course
        inkling sweep report output/course --output output/course/report
        inkling sweep best output/course --output models/best.safetensors
      """,
    subcommands: [
      SweepPlanCommand.self, SweepRunCommand.self, SweepWorkerCommand.self, SweepStatusCommand.self,
      SweepReportCommand.self, SweepBestCommand.self, SweepScriptCommand.self,
    ])
}
