public import ArgumentParser
import Figures
import Files
public import Interchange
import Networks

struct ConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert", abstract: "A network as a file for other programs, and back.",
    // Left to itself it names every option, in a line longer than a terminal.
    usage: "inkling convert [<options>] <checkpoint> --to <format> --output <file>",
    discussion: """
      onnx is for onnxruntime and many others: input image, output logits. pytorch
      is a module in a .py that needs PyTorch alone, and its weights beside it in
      a .safetensors. safetensors is Inkling's own file, with all that is known of
      a network: made of a file from elsewhere, it needs no --model any more.

      Pixels in [0, 1] go in, and the network subtracts the mean and divides by the
      standard deviation; with --normalisation outside, whoever uses it does that
      (the file holds both).

      Examples:
        inkling convert models/cnn.safetensors --to onnx --output cnn.onnx
        inkling convert models/cnn.safetensors --to pytorch --output torch/cnn.py
        inkling convert cnn.onnx --to safetensors --output models/back.safetensors
        inkling convert theirs.pt --model cnn --classes zero,one,two,three,four,\\
          five,six,seven,eight,nine --to safetensors --output models/ours.safetensors
      """)

  @OptionGroup var checkpoint: CheckpointOptions

  @Option(help: ArgumentHelp("What is made of it.", valueName: "format"))
  var to: ConversionFormat

  @Option(
    help: ArgumentHelp(
      "The file to write: .onnx, .py (the weights go beside it) or .safetensors.",
      valueName: "file"))
  var output: String

  @Option(
    help: ArgumentHelp(
      "Where pixels are normalised, for onnx and pytorch: by the network or by its user. (default: inside)",
      valueName: "place"))
  var normalisation: NormalizationPlace?

  @OptionGroup var outputOptions: OutputOptions

  mutating func validate() throws {
    guard normalisation == nil || to.hasNormalizationPlace else {
      throw ValidationError(
        "--normalisation goes with onnx and pytorch; \(to.rawValue) holds mean and standard deviation beside the network."
      )
    }
    guard output.hasSuffix(to.ending), !"/\(output)".hasSuffix("/\(to.ending)") else {
      throw ValidationError(
        "--output: \(to.rawValue) goes into a file that ends in \(to.ending), such as cnn\(to.ending)."
      )
    }
    try to.check(output)
  }

  func run() throws {
    let input = checkpoint.checkpoint
    guard !FileBytes.isSame(output, input) else {
      throw Failure("--output: \(output) is what is read; name another file", .usage)
    }
    let paths = to.paths(output)
    for path in paths where !FileBytes.isSame(path, input) { try OutputPlace.check(file: path) }
    let loaded = try checkpoint.load()
    if loaded.hasForeignClasses, checkpoint.foreign.classes == nil {
      Terminal.inform(
        "note: no class names are known, so they are 0 to \(loaded.classes.count - 1); --classes names them"
      )
    }
    let place = normalisation ?? .inside
    let contents = try to.contents(of: loaded, normalization: place)
    let files = zip(paths, contents).map { (path: $0, bytes: ContiguousArray($1)) }
    try AtomicFile.write(try files.filter { try isToBeWritten($0.path, $0.bytes) })
    try report(loaded, files, place)
  }

  /// False for what stands there already, byte for byte: PyTorch's weights may be the checkpoint that is read.
  ///
  /// - Throws: `Failure` for a file that nobody named and that the output did not come with.
  private func isToBeWritten(_ path: String, _ bytes: ContiguousArray<UInt8>) throws -> Bool {
    guard path != output, FileBytes.exists(path) else { return true }
    if try FileBytes.read(path).elementsEqual(bytes) { return false }
    guard !FileBytes.isSame(path, checkpoint.checkpoint) else {
      throw Failure(
        "--output: \(path), where the weights would go, is what is read; name another file", .usage)
    }
    guard FileBytes.exists(output) else {
      throw Failure(
        "--output: \(path), where the weights would go, is another file; name another file",
        .cannotCreate)
    }
    return true
  }

  struct Result: Encodable {
    struct File: Encodable {
      let path: String
      let bytes: Int
    }
    let input: String
    let format: String
    let files: [File]
    let model: String
    let inputShape: [Int]
    let classes: [String]
    @Nullable var normalisation: String?
    /// The version of ONNX's operators.
    @Nullable var opset: Int?
  }

  private func report(
    _ loaded: Checkpoint, _ files: [(path: String, bytes: ContiguousArray<UInt8>)],
    _ place: NormalizationPlace
  ) throws {
    let architecture = loaded.network.architecture
    if outputOptions.json {
      try JSONOutput.print(
        Result(
          input: checkpoint.checkpoint, format: to.rawValue,
          files: files.map { .init(path: $0.path, bytes: $0.bytes.count) },
          model: architecture.specification.description,
          inputShape: architecture.inputShape.dimensions, classes: loaded.classes,
          normalisation: to.hasNormalizationPlace ? place.rawValue : nil,
          opset: to == .onnx ? ONNXExport.operatorSet : nil))
      return
    }
    for file in files {
      Terminal.inform(
        "\(checkpoint.checkpoint) -> \(file.path), \(Format.count(file.bytes.count)) bytes")
    }
    for line in to.usage(of: output, loaded, normalization: place) { Terminal.inform("  \(line)") }
  }
}

extension NormalizationPlace: ExpressibleByArgument {}
