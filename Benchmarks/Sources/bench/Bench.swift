import ArgumentParser

@main
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures Inkling's engine; each subcommand prints one line of JSON.",
    subcommands: [
      Roofline.self, Train.self, Evaluate.self, Gradients.self, Target.self, Explain.self,
      Fool.self, Draw.self,
    ])
}
