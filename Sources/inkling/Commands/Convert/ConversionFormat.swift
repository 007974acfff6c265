import ArgumentParser
import Files
import Interchange
import Networks

/// What `convert` makes of a network.
enum ConversionFormat: String, CaseIterable, ExpressibleByArgument {
  case onnx, pytorch, safetensors

  /// How the name of its file ends.
  var ending: String {
    switch self {
    case .onnx: ".onnx"
    case .pytorch: ".py"
    case .safetensors: CheckpointName.ending
    }
  }

  /// True if the network may begin with its normalisation or leave that to its user.
  var hasNormalizationPlace: Bool {
    switch self {
    case .onnx, .pytorch: true
    case .safetensors: false
    }
  }

  /// The files that are written for an output's path.
  func paths(_ output: String) -> [String] {
    switch self {
    case .onnx, .safetensors: [output]
    case .pytorch: [output, Self.stem(output) + PyTorchExport.weightsEnding]
    }
  }

  /// Checks an output's path for what the format asks of it beside the ending.
  ///
  /// - Throws: `ValidationError` for a Python file that nobody could import.
  func check(_ output: String) throws {
    switch self {
    case .onnx, .safetensors: break
    case .pytorch:
      let name = Self.moduleName(output)
      guard PyTorchExport.isModuleName(name) else {
        throw ValidationError(
          "--output: Python cannot import a file of the name “\(name).py”: letters, digits and _ make a name that is not taken, as in my_network.py."
        )
      }
    }
  }

  /// What goes into the files, in the order of `paths`.
  func contents(
    of checkpoint: Checkpoint, normalization: NormalizationPlace
  ) throws -> [[UInt8]] {
    switch self {
    case .onnx:
      return [
        try ONNXExport(checkpoint, normalization: normalization, version: Version.number).bytes()
      ]
    case .pytorch:
      let module = PyTorchExport(checkpoint, normalization: normalization)
      return [Array(module.source().utf8), module.weights()]
    case .safetensors: return [checkpoint.safeTensors().encoded()]
    }
  }

  /// How the file is used, in two lines.
  func usage(
    of output: String, _ checkpoint: Checkpoint, normalization: NormalizationPlace
  ) -> [String] {
    let shape = checkpoint.network.architecture.inputShape.dimensions.map(String.init)
    let images = "images: float32 [\((["N"] + shape).joined(separator: ", "))]"
    let isInside = normalization == .inside
    switch self {
    case .onnx:
      let file = PythonExpression.string(output).line
      return [
        "import onnxruntime  # \(images), \(isInside ? "pixels in [0, 1]" : "(pixels - mean) / standard deviation")",
        "logits = onnxruntime.InferenceSession(\(file)).run(None, {\"\(ONNXExport.input)\": images})[0]",
      ]
    case .pytorch:
      return [
        "from \(Self.moduleName(output)) import load\(isInside ? "" : ", Normalize")  # \(images), pixels in [0, 1]",
        "logits = load()(\(isInside ? "images" : "Normalize()(images)"))",
      ]
    case .safetensors:
      return [
        Shell.command(["inkling", "evaluate", output]),
        Shell.command(["inkling", "report", output, "--output", "output/report"]),
      ]
    }
  }

  private static func stem(_ output: String) -> String { String(output.dropLast(".py".count)) }

  private static func moduleName(_ output: String) -> String {
    String(stem(output).split(separator: "/").last ?? "")
  }
}
