public import ArgumentParser
public import Interchange

struct ConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "A network as a file for other programs, and back; a run for TensorBoard and MLflow.",
    // Left to itself it names every option, in a line longer than a terminal.
    usage: "inkling convert [<options>] <source> --to <format> --output <place>",
    discussion: """
      onnx is for onnxruntime and many others: input image, output logits. pytorch
      is a module in a .py that needs PyTorch alone, and its weights beside it in
      a .safetensors. safetensors is Inkling's own file, with all that is known of
      a network: made of a file from elsewhere, it needs no --model any more.

      Pixels in [0, 1] go in, and the network subtracts the mean and divides by the
      standard deviation; with --normalisation outside, whoever uses it does that
      (the file holds both).

      tensorboard: an event file of a checkpoint's history, weights and filters; of
      a sweep's folder a run for each trial, which the HPARAMS tab compares.
      mlflow: the same numbers and parameters, sent to a server.

      Examples:
        inkling convert models/cnn.safetensors --to onnx --output cnn.onnx
        inkling convert models/cnn.safetensors --to pytorch --output torch/cnn.py
        inkling convert cnn.onnx --to safetensors --output models/back.safetensors
        inkling convert theirs.pt --model cnn --classes names.txt \\
          --to safetensors --output models/ours.safetensors
        inkling convert models/cnn.safetensors --to tensorboard --output runs/cnn
        inkling convert output/course --to tensorboard --output runs/course
        inkling convert models/cnn.safetensors --to mlflow \\
          --output http://127.0.0.1:5000
      """)

  /// What is made of a network or a sweep.
  enum Target: Equatable {
    /// A file with the network.
    case file(ConversionFormat)
    /// TensorBoard's event files.
    case tensorboard
    /// Runs at an MLflow server.
    case mlflow
  }

  @Argument(
    help: ArgumentHelp(
      "A checkpoint (.safetensors; .pt and .pth from PyTorch; .onnx); for tensorboard and mlflow also the folder that sweep plan wrote.",
      valueName: "source"))
  var source: String

  @OptionGroup(title: "For networks from elsewhere") var foreign: ForeignOptions

  @Option(help: ArgumentHelp("What is made of it.", valueName: "format"))
  var to: Target

  @Option(
    help: ArgumentHelp(
      "The file to write: .onnx, .py (the weights go beside it) or .safetensors; tensorboard: a folder; mlflow: the server's address.",
      valueName: "place"))
  var output: String

  @Option(
    help: ArgumentHelp(
      "Where pixels are normalised, for onnx and pytorch: by the network or by its user. (default: inside)",
      valueName: "place"))
  var normalisation: NormalizationPlace?

  @OptionGroup var mlflow: MLflowConversionOptions
  @OptionGroup var outputOptions: OutputOptions

  mutating func validate() throws {
    switch to {
    case .file(let format):
      try mlflow.refuse()
      try file(format).validate()
    case .tensorboard, .mlflow:
      if to == .tensorboard { try mlflow.refuse() }
      guard normalisation == nil else {
        throw ValidationError("--normalisation goes with onnx and pytorch.")
      }
    }
  }

  func run() throws {
    switch to {
    case .file(let format):
      try file(format).run()
    case .tensorboard:
      let files = try TensorBoardConversion.write(source, foreign: foreign, to: output)
      if outputOptions.json {
        return try JSONOutput.print(TensorBoardConversion.Result(files: files))
      }
      Terminal.print("\(files[0])  (\(files.count) \(files.count == 1 ? "file" : "files"))")
    case .mlflow:
      let result = try MLflowConversion.send(
        source, foreign: foreign, to: output, experiment: mlflow.experiment)
      if outputOptions.json { return try JSONOutput.print(result) }
      Terminal.print("\(result.runs) \(result.runs == 1 ? "run" : "runs") in \(result.experiment)")
    }
  }

  private func file(_ format: ConversionFormat) -> FileConversion {
    FileConversion(
      source: source, foreign: foreign, format: format, output: output,
      normalisation: normalisation,
      json: outputOptions.json)
  }
}

extension ConvertCommand.Target: ExpressibleByArgument {
  private static let others: [String: Self] = ["tensorboard": .tensorboard, "mlflow": .mlflow]

  static var allValueStrings: [String] {
    ConversionFormat.allCases.map(\.rawValue) + ["tensorboard", "mlflow"]
  }

  init?(argument: String) {
    guard let target = ConversionFormat(rawValue: argument).map(Self.file) ?? Self.others[argument]
    else { return nil }
    self = target
  }
}

extension NormalizationPlace: ExpressibleByArgument {}
