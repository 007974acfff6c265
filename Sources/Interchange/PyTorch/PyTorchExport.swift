public import Networks

/// A checkpoint as a PyTorch module: a Python file that needs PyTorch alone, and the weights beside it as safetensors.
///
/// The file defines `Model`, with one attribute a layer under Inkling's names, so that its `state_dict` has the tensors of
/// the weights' file; `classes`, `mean`, `standard_deviation`; `Normalize`, which the model begins with or its user applies;
/// and `load()`, which reads the weights. The module can be trained further: dropout, noise and running statistics are
/// in it. The same checkpoint gives the same bytes.
public struct PyTorchExport: Sendable {
  /// The ending of the weights' file, in place of the module's `.py`.
  public static let weightsEnding = ".safetensors"

  private let checkpoint: Checkpoint
  private let normalization: NormalizationPlace

  /// The module of a checkpoint.
  ///
  /// - Parameters:
  ///   - checkpoint: a network with its class names.
  ///   - normalization: whether the model begins with subtracting the mean and dividing by the standard deviation.
  public init(_ checkpoint: Checkpoint, normalization: NormalizationPlace) {
    self.checkpoint = checkpoint
    self.normalization = normalization
  }

  /// The bytes of the weights' file: a checkpoint that Inkling reads too.
  public func weights() -> [UInt8] { checkpoint.safeTensors().encoded() }

  /// The text of the Python file.
  public func source() -> String {
    let module = PyTorchModule(checkpoint.network.architecture, normalization: normalization)
    let parts =
      [introduction, imports(module), values] + module.helpers.map(\.source)
      + [module.source, Self.reading]
    return parts.joined(separator: "\n")
  }

  /// True if Python can import a file of this name and `.py`: a name that is neither a keyword nor that of a module which the
  /// file needs itself, and would hide.
  package static func isModuleName(_ name: String) -> Bool {
    let isLetter = { (letter: Character) in letter.isASCII && (letter.isLetter || letter == "_") }
    return name.first.map(isLetter) ?? false
      && name.allSatisfy { isLetter($0) || $0.isASCII && $0.isNumber }
      && !keywords.contains(name) && !["json", "math", "pathlib", "struct", "torch"].contains(name)
  }

  private static let keywords: Set = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue",
    "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import",
    "in",
    "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with",
    "yield",
  ]

  private var introduction: String {
    let architecture = checkpoint.network.architecture
    let shape = architecture.inputShape.dimensions.map(String.init).joined(separator: ", ")
    let images =
      normalization == .inside ? "images" : "Normalize()(images)"
    return """
      \"\"\"A network from Inkling as a PyTorch module.

      \(Self.wrapped(architecture.specification.description))

      Images: float32 [N, \(shape)], pixels in [0, 1].
      Logits: [N, \(architecture.outputs)], one a class.

          model = load()
          probabilities = model(\(images)).softmax(1)
          names = [classes[place] for place in probabilities.argmax(1)]
      \"\"\"

      """
  }

  private func imports(_ module: PyTorchModule) -> String {
    let plain = (["json", "struct"] + module.helpers.compactMap(\.library)).sorted()
    return plain.map { "import \($0)\n" }.joined() + """
      from pathlib import Path

      import torch
      from torch import nn

      """
  }

  private var values: String {
    let normalization = checkpoint.network.normalization
    let lines =
      PythonExpression.list(checkpoint.classes.map(PythonExpression.string))
      .lines(after: "classes = ")
      + PythonExpression.list(normalization.mean.map(PythonExpression.number))
      .lines(after: "mean = ")
      + PythonExpression.list(normalization.standardDeviation.map(PythonExpression.number))
      .lines(after: "standard_deviation = ")
    return lines.map { "\($0)\n" }.joined()
  }

  /// Words in lines of a docstring, set in as a block.
  private static func wrapped(_ text: String) -> String {
    var lines = [""]
    for word in text.split(separator: " ") {
      if lines[lines.count - 1].count + word.count > 80 { lines.append("") }
      lines[lines.count - 1] += (lines[lines.count - 1].isEmpty ? "" : " ") + word
    }
    return lines.map { "    \($0)" }.joined(separator: "\n")
  }

  /// What reads the weights; safetensors' own package would be one more to install.
  private static let reading = """

    def read(path):
        \"\"\"The tensors of a safetensors file: a header in JSON, then their numbers.\"\"\"
        data = bytearray(Path(path).read_bytes())
        (length,) = struct.unpack_from("<Q", data)
        header = json.loads(data[8 : 8 + length])
        header.pop("__metadata__", None)
        numbers = torch.frombuffer(data, dtype=torch.float32, offset=8 + length)
        tensors = {}
        for name, entry in header.items():
            start, end = entry["data_offsets"]
            tensors[name] = numbers[start // 4 : end // 4].reshape(entry["shape"])
        return tensors


    def load(path=Path(__file__).with_suffix(".safetensors")):
        \"\"\"The network with its weights, ready to predict; .train() it to go on learning.\"\"\"
        model = Model()
        model.load_state_dict(read(path))
        return model.eval()

    """
}
