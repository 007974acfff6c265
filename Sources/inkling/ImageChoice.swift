import ArgumentParser
import Datasets
import Engine
import Networks
import Pictures

/// Which images a command is about: test images by position, or a person's own pictures.
struct ImageChoice: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Test images, such as 0-99 or 3,14,15. (default: the first ones)", valueName: "a-b"))
  var indices: IndexRange?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Your own pictures instead, PNG or JPEG, prepared as predict does; the network's answer stands for the true class.",
      valueName: "file"))
  var image: [String] = []

  mutating func validate() throws {
    guard indices == nil || image.isEmpty else {
      throw ValidationError("--indices and --image exclude each other.")
    }
  }

  /// True if no test image is asked for.
  var isOwn: Bool { !image.isEmpty }

  /// Images with what is known of them.
  struct Images {
    /// `[N][C][H][W]` in [0, 1].
    var pixels: [Float]
    /// The true classes; of a person's own pictures what the network says.
    var labels: [Int]
    /// What each is called: `no. 7`, or a file's name.
    var names: [String]

    /// How many there are.
    var count: Int { labels.count }

    /// Each image so many times in a row.
    func repeated(_ times: Int, size: Int) -> Images {
      guard times > 1 else { return self }
      func repeated<Value>(_ values: [Value]) -> [Value] {
        values.flatMap { Array(repeating: $0, count: times) }
      }
      let places = repeated(Array(labels.indices))
      return Images(
        pixels: places.flatMap { pixels[$0 * size..<($0 + 1) * size] }, labels: repeated(labels),
        names: repeated(names))
    }
  }

  /// The person's own pictures.
  ///
  /// - Throws: `FileError` or `Failure` for one that cannot be read.
  func own(for checkpoint: Checkpoint, _ executor: Executor) throws -> Images {
    let preparation = try checkpoint.preparationOfPictures
    let paths = try OwnPictures.paths(image)
    var pixels: [Float] = []
    for path in paths {
      let prepared = PicturePreparation.prepared(
        try OwnPictures.read(path), size: checkpoint.network.architecture.inputShape.size,
        for: preparation)
      OwnPictures.doubts(prepared).forEach { Terminal.inform("note: \(path): \($0)") }
      pixels += prepared.pixels
    }
    let classes = checkpoint.classes.count
    let logits = executor.logits(pixels)
    return Images(
      pixels: pixels,
      labels: paths.indices.map { place in
        CrossEntropy.answer(logits[place * classes..<(place + 1) * classes])
      }, names: paths.map { $0.split(separator: "/").last.map(String.init) ?? $0 })
  }

  /// Test images: those asked for, or the first so many.
  ///
  /// - Throws: `Failure` if there are not that many.
  func tested(_ test: LabeledImages, first count: Int) throws -> Images {
    let chosen = try indices?.checked(below: test.count) ?? Array(0..<min(count, test.count))
    return Images(
      pixels: test.floats(chosen), labels: chosen.map { test.labels[$0] },
      names: chosen.map { "no. \($0)" })
  }
}
