import ArgumentParser
import Engine
import Figures
import Networks
import Pictures

struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict", abstract: "Reads your own pictures, PNG or JPEG.",
    // Left to itself it names every option, in a line longer than a terminal.
    usage: "inkling predict [<options>] <checkpoint> <image> ...",
    discussion: """
      Any size, grey or colour, with or without transparency; a folder stands for
      all pictures in it. Pictures are prepared as those that the network was
      trained on: dark on light is exchanged where it has to be, and for networks
      trained on scaled and centred ink, such as MNIST's digits, the ground is
      taken away and the ink is scaled and centred.

      Example:
        inkling predict models/cnn.safetensors my-seven.png photo-of-a-three.png
      """)

  @OptionGroup var checkpoint: CheckpointOptions

  @Argument(help: ArgumentHelp("PNG or JPEG files, or folders of them.", valueName: "image"))
  var images: [String]

  @Flag(inversion: .prefixedNo, help: "Invert the pictures, or do not; detected by default.")
  var invert: Bool?

  @OptionGroup var threads: ThreadOptions
  @OptionGroup var output: OutputOptions

  struct Prediction: Encodable {
    let file: String
    /// `nil` for a picture that cannot be read.
    @Nullable var `class`: Int?
    @Nullable var name: String?
    @Nullable var probabilities: [Float]?
    /// Why it cannot be read.
    @Nullable var error: String?
  }
  struct Result: Encodable { let predictions: [Prediction] }

  func run() throws {
    let loaded = try checkpoint.load()
    let preparation = try loaded.preparationOfPictures
    let shape = loaded.network.architecture.inputShape
    let inversion: PicturePreparation.Inversion =
      switch invert {
      case true?: .always
      case false?: .never
      case nil: .detect
      }
    let paths = try OwnPictures.paths(images)
    let executor = Executor(loaded.network, pool: threads.makePool())
    var predictions: [Prediction] = []
    var failure: Failure?
    for path in paths {
      do {
        let prepared = PicturePreparation.prepared(
          try OwnPictures.read(path), size: loaded.network.architecture.inputShape.size,
          for: preparation,
          inversion: inversion)
        OwnPictures.doubts(prepared).forEach { Terminal.inform("note: \(path): \($0)") }
        let probabilities = CrossEntropy.probabilities(executor.logits(prepared.pixels))
        let best = CrossEntropy.answer(probabilities)
        let prediction = Prediction(
          file: path, class: best, name: loaded.classes[best], probabilities: probabilities,
          error: nil)
        predictions.append(prediction)
        if !output.json {
          show(path, probabilities, prepared.pixels, shape, loaded.classes)
        }
      } catch {
        guard let found = Failure(error) else { throw error }
        // One bad picture must not cost the answers for the others.
        failure = failure ?? found
        predictions.append(
          Prediction(file: path, class: nil, name: nil, probabilities: nil, error: found.message))
        if paths.count > 1 { Terminal.note("error: \(found.message)") }
      }
    }
    if output.json, failure == nil || paths.count > 1 {
      try JSONOutput.print(Result(predictions: predictions))
    }
    if let failure {
      guard paths.count > 1 else { throw failure }
      let count = predictions.count { $0.error != nil }
      throw Failure(
        "\(count) of \(paths.count) pictures could not be read", failure.status)
    }
  }

  private func show(
    _ path: String, _ probabilities: [Float], _ pixels: [Float], _ shape: ImageShape,
    _ names: [String]
  ) {
    Terminal.print(path)
    HalfBlocks.show(pixels, height: shape.height, width: shape.width)
    let order = probabilities.indices.sorted { probabilities[$0] > probabilities[$1] }
    for index in order.prefix(3) {
      Terminal.print(
        "  \(padLeft(Format.probability(Double(probabilities[index])), 6))  \(names[index])"
      )
    }
  }
}
