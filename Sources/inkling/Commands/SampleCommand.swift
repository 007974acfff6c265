import ArgumentParser
import Engine
import Files
import Generators
import Networks
import Pictures

struct SampleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sample", abstract: "Draws pictures with a generator.",
    // Left to itself it names every option, in a line longer than a terminal.
    usage: "inkling sample [<options>] <checkpoint> --output <dir>",
    discussion: """
      Examples:
        inkling sample models/vae.safetensors --output output/samples
        inkling sample models/flow.safetensors --class 7 --count 16 \\
          --output output/sevens
        inkling sample models/flow.safetensors --steps 10 --guidance 1 \\
          --output output/quick

      The folder gets samples.png with the first 400, grey ones as ink on paper,
      samples.safetensors with the numbers of all, and a PNG for each, as the
      network draws it. A picture hangs on --seed and its number alone.
      """)

  @Argument(
    help: ArgumentHelp(
      "A generator: what train --preset vae, gan or flow has made.", valueName: "checkpoint"))
  var checkpoint: String

  @Option(
    name: .customLong("output"), help: ArgumentHelp("Folder for the pictures.", valueName: "dir"))
  var folder: String

  @Option(help: "How many pictures.")
  var count = 100

  @Option(
    name: .customLong("class"),
    help: ArgumentHelp(
      "The class to draw, by name; each in turn if left out. For generators that can be told.",
      valueName: "name"))
  var className: String?

  @Option(
    help: ArgumentHelp(
      "Steps from noise to picture, for a flow. (default: \(Generator.usualSteps))", valueName: "n")
  )
  var steps: Int?

  @Option(
    help: ArgumentHelp(
      "How far a flow goes beyond what it would draw without being told the class; 1 draws just as told. (default: \(Generator.usualGuidance))",
      valueName: "w"))
  var guidance: Float?

  @OptionGroup var seed: SeedOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var output: OutputOptions

  /// A list of its own: figures that other commands leave in the folder stay.
  private static let manifestName = "samples-manifest.json"
  /// Pictures on the page of all: more could not be told apart.
  private static let mostOnPage = 400

  struct Result: Encodable {
    let generator: String
    let grid: String
    let numbers: String
    let pictures: [String]
    /// The class that each was asked for; `nil` for a generator that is not told.
    @Nullable var classes: [String]?
  }

  mutating func validate() throws {
    guard (1...10_000).contains(count) else {
      throw ValidationError("--count must be from 1 to 10,000.")
    }
    if let steps, !(1...10_000).contains(steps) {
      throw ValidationError("--steps must be from 1 to 10,000.")
    }
    if let guidance, !(0...100).contains(guidance) {
      throw ValidationError("--guidance must be from 0 to 100.")
    }
  }

  func run() throws {
    try OutputPlace.check(folder: folder)
    let generator = Generator(
      try GeneratorCheckpoint.read(checkpoint), pool: threads.makePool())
    let labels = try labels(generator)
    let size = generator.checkpoint.imageShape.count
    let latents = generator.latents(count, seed: seed.seed)
    let pixels = generator.pictures(
      count, of: labels, seed: seed.seed, steps: steps, guidance: guidance)
    let shape = generator.checkpoint.imageShape
    let images = (0..<count).map {
      PixelImage(pixels[$0 * size..<($0 + 1) * size], shape)
    }
    let digits = String(count - 1).count
    func name(_ index: Int) -> String {
      let text = String(index)
      return "sample-\(String(repeating: "0", count: digits - text.count))\(text).png"
    }
    var numbers = SafeTensors(metadata: ["format": "inkling-samples", "seed": "\(seed.seed)"])
    numbers.append("images", shape: [count] + shape.dimensions, pixels)
    numbers.append("latents", shape: [count, generator.checkpoint.latents], latents)
    if let labels { numbers.append("classes", labels) }
    var files = [
      (
        "samples.png",
        ContiguousArray(try PNG.write(grid(Array(images.prefix(Self.mostOnPage)), shape, labels)))
      ),
      ("samples.safetensors", ContiguousArray(numbers.encoded())),
    ]
    for (index, image) in images.enumerated() {
      files.append((name(index), ContiguousArray(try PNG.write(image))))
    }
    var manifest = try Manifest(of: folder, at: Self.manifestName)
    try manifest.replace(with: files.map { (name: $0.0, bytes: $0.1) })
    let result = Result(
      generator: generator.checkpoint.kind.rawValue, grid: "\(folder)/samples.png",
      numbers: "\(folder)/samples.safetensors",
      pictures: (0..<count).map { "\(folder)/\(name($0))" },
      classes: labels.map { $0.map { generator.checkpoint.classes[$0] } })
    if output.json { return try JSONOutput.print(result) }
    if let first = images.first {
      HalfBlocks.show(
        Array(pixels[..<(size / shape.channels)]), height: first.height, width: first.width)
    }
    Terminal.print("\(result.grid)  \(count) pictures")
  }

  /// The class of each picture; `nil` for a generator that is not told.
  private func labels(_ generator: Generator) throws -> [Int]? {
    let subject = generator.checkpoint
    guard subject.kind == .flow || steps == nil && guidance == nil else {
      throw Failure(
        "--steps and --guidance are for a flow, and this is a \(subject.kind.noun)", .usage)
    }
    guard subject.takesClasses else {
      guard className == nil else {
        throw Failure(
          "--class: a \(subject.kind.noun) cannot be told what to draw; a flow can", .usage)
      }
      return nil
    }
    guard let className else { return generator.classes(count) }
    guard let label = subject.classes.firstIndex(of: className) else {
      throw Failure(
        "--class: there is no class “\(className)”; there are"
          + " \(subject.classes.joined(separator: ", "))", .usage)
    }
    return Array(repeating: label, count: count)
  }

  /// All pictures in rows, larger than they are; each class in a column of its own where they come in turn.
  private func grid(_ images: [PixelImage], _ shape: ImageShape, _ labels: [Int]?) -> PixelImage {
    let classes = Set(labels ?? []).count
    let columns =
      (2...20).contains(classes)
      ? classes : Int(Double(images.count).squareRoot().rounded(.up))
    let (scale, gap) = (max(1, 84 / shape.width), 6)
    let (width, height) = (shape.width * scale + gap, shape.height * scale + gap)
    let rows = (images.count + columns - 1) / columns
    let channels = shape.channels == 3 ? 3 : 1
    var page = PixelImage(
      width: columns * width + gap, height: rows * height + gap, channels: channels,
      pixels: Array(
        repeating: 255, count: (columns * width + gap) * (rows * height + gap) * channels))
    for (index, image) in images.enumerated() {
      let (top, left) = (index / columns * height + gap, index % columns * width + gap)
      for y in 0..<shape.height * scale {
        for x in 0..<shape.width * scale * channels {
          let (column, channel) = (x / channels / scale, x % channels)
          let value = image.pixels[(y / scale * shape.width + column) * channels + channel]
          // Grey is ink on paper, as in the report.
          page.pixels[((top + y) * page.width + left) * channels + x] =
            channels == 1 ? 255 - value : value
        }
      }
    }
    return page
  }
}

extension PixelImage {
  /// A picture of pixels in 0...1, `[C][H][W]`: grey or, of three channels, in color.
  init(_ pixels: ArraySlice<Float>, _ shape: ImageShape) {
    let (plane, channels) = (shape.height * shape.width, shape.channels == 3 ? 3 : 1)
    let bytes = (0..<plane * channels).map { index in
      Generator.byte(pixels[pixels.startIndex + index % channels * plane + index / channels])
    }
    self.init(width: shape.width, height: shape.height, channels: channels, pixels: bytes)
  }
}
