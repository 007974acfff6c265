import ArgumentParser
import Figures
import Files
import Interchange
import Networks

/// `convert --to onnx`, `pytorch` and `safetensors`: a network as a file.
struct FileConversion {
  let source: String
  let foreign: ForeignOptions
  let format: ConversionFormat
  let output: String
  let normalisation: NormalizationPlace?
  let json: Bool

  /// Checks what can be checked before anything is read.
  ///
  /// - Throws: `ValidationError`.
  func validate() throws {
    guard normalisation == nil || format.hasNormalizationPlace else {
      throw ValidationError(
        "--normalisation goes with onnx and pytorch; \(format.rawValue) holds mean and standard deviation beside the network."
      )
    }
    guard output.hasSuffix(format.ending), !"/\(output)".hasSuffix("/\(format.ending)") else {
      throw ValidationError(
        "--output: \(format.rawValue) goes into a file that ends in \(format.ending), such as cnn\(format.ending)."
      )
    }
    try format.check(output)
  }

  /// Reads the source and writes the files.
  ///
  /// - Throws: `Failure` for an output that would replace what is read; what reading and writing throw.
  func run() throws {
    let input = source
    guard !FileBytes.isSame(output, input) else {
      throw Failure("--output: \(output) is what is read; name another file", .usage)
    }
    let paths = format.paths(output)
    for path in paths where !FileBytes.isSame(path, input) { try OutputPlace.check(file: path) }
    let loaded = try foreign.load(source)
    if loaded.hasForeignClasses, foreign.classes == nil {
      Terminal.inform(
        "note: no class names are known, so they are 0 to \(loaded.classes.count - 1); --classes names them"
      )
    }
    let place = normalisation ?? .inside
    let contents = try format.contents(of: loaded, normalization: place)
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
    guard !FileBytes.isSame(path, source) else {
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
    if json {
      try JSONOutput.print(
        Result(
          input: source, format: format.rawValue,
          files: files.map { .init(path: $0.path, bytes: $0.bytes.count) },
          model: architecture.specification.description,
          inputShape: architecture.inputShape.dimensions, classes: loaded.classes,
          normalisation: format.hasNormalizationPlace ? place.rawValue : nil,
          opset: format == .onnx ? ONNXExport.operatorSet : nil))
      return
    }
    for file in files {
      Terminal.inform(
        "\(source) -> \(file.path), \(Format.count(file.bytes.count)) bytes")
    }
    for line in format.usage(of: output, loaded, normalization: place) {
      Terminal.inform("  \(line)")
    }
  }
}
