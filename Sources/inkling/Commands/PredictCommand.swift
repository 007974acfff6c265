import ArgumentParser
import Datasets
import Drawing
import Engine
import Evaluation
import Figures
import Files
import Networks

struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict", abstract: "Reads your own PNG pictures.",
    discussion: """
      Any size, grey or colour, with or without transparency. Dark on white is detected. For networks trained on
      digits the ink is scaled and centred as MNIST's was.

      Example: inkling predict models/cnn.safetensors my-seven.png photo-of-a-three.png
      """)

  @OptionGroup var checkpoint: CheckpointOptions

  @Argument(help: ArgumentHelp("PNG files.", valueName: "image.png"))
  var images: [String]

  @Flag(inversion: .prefixedNo, help: "Invert the pictures, or do not; detected by default.")
  var invert: Bool?

  @OptionGroup var threads: ThreadOptions
  @OptionGroup var output: OutputOptions

  struct Prediction: Encodable {
    let file: String
    let `class`: Int
    let name: String
    let probabilities: [Float]
  }
  struct Result: Encodable { let predictions: [Prediction] }

  func run() throws {
    let loaded = try checkpoint.load()
    let shape = loaded.network.architecture.inputShape
    let size = ImageFolder.Size(channels: shape.channels, height: shape.height, width: shape.width)
    let isDigits = [KnownDataset.mnist.name, DrawnDigits.name, ""].contains(loaded.dataset)
    let inversion: PicturePreparation.Inversion =
      switch invert {
      case true?: .always
      case false?: .never
      case nil: .detect
      }
    let executor = Executor(loaded.network, pool: threads.makePool())
    var predictions: [Prediction] = []
    for path in images {
      let pixels = PicturePreparation.pixels(
        try Self.picture(path), size: size, inversion: inversion, centersInk: isDigits)
      if (pixels.max() ?? 0) < 0.05 {
        Terminal.inform("\(path): the picture is blank; what follows means nothing")
      }
      let probabilities = CrossEntropy.probabilities(executor.logits(pixels))
      let best = Predictions.largest(probabilities)
      let prediction = Prediction(
        file: path, class: best, name: loaded.classes[best], probabilities: probabilities)
      predictions.append(prediction)
      if !output.json { show(prediction, pixels, shape, loaded.classes) }
    }
    if output.json { try JSONOutput.print(Result(predictions: predictions)) }
  }

  private static func picture(_ path: String) throws -> PixelImage {
    let bytes = try FileBytes.read(path, limit: 1 << 30)
    do {
      return try PNG.read(bytes)
    } catch {
      throw Failure("\(path): \(error)", .badData)
    }
  }

  private func show(
    _ prediction: Prediction, _ pixels: [Float], _ shape: ImageShape, _ names: [String]
  ) {
    Terminal.print(prediction.file)
    HalfBlocks.show(pixels, height: shape.height, width: shape.width)
    let order = prediction.probabilities.indices.sorted {
      prediction.probabilities[$0] > prediction.probabilities[$1]
    }
    for index in order.prefix(3) {
      Terminal.print(
        "  \(padLeft(Format.probability(Double(prediction.probabilities[index])), 6))  \(names[index])"
      )
    }
  }
}
