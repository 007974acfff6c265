import ArgumentParser
import Attribution
import Datasets
import Engine
import Evaluation
import Experiments
import Figures
import Files
import Networks

struct AttributeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "attribute", abstract: "Which pixels mattered: attribution maps of test images.",
    discussion: """
      Methods:
      \(AttributionMethods.all.map { "  \(pad($0.name, 22))\($0.summary)" }.joined(separator: "\n"))

      A variant follows the name after a colon: integrated-gradients:riemann-middle,
      lrp:epsilon, lrp:epsilon-plus (the usual one), lrp:epsilon-gamma-box,
      lrp:alpha2-beta1; smoothgrad, smoothgrad-squared and vargrad take another
      method: smoothgrad:deeplift.

      Examples:
        inkling attribute models/cnn.safetensors --method gradient --indices 0-9 \\
          --output output/maps
        inkling attribute models/cnn.safetensors --method integrated-gradients \\
          --indices 0-99 --target true --baseline mean --save maps.safetensors --json
        inkling attribute models/cnn.safetensors --method grad-cam --layer relu1 \\
          --output output/maps
        inkling attribute models/cnn.safetensors --method lrp:epsilon \\
          --target all --scale per-row --output output/maps
        inkling attribute models/cnn.safetensors \\
          --method smoothgrad:input-x-gradient --samples 100 --noise 0.2 \\
          --output output/maps
        inkling attribute models/cnn.safetensors --method all \\
          --image my-seven.png --output output/maps
        inkling attribute models/cnn.safetensors --method all --judge --indices 0-49
      """)

  @OptionGroup var checkpoint: CheckpointOptions

  @Option(help: ArgumentHelp("The method.", valueName: "name"))
  var method = "gradient"

  @OptionGroup(title: "Images (default: the first ten, with --judge the first fifty)")
  var choice: ImageChoice

  @Option(
    help: ArgumentHelp(
      "The class explained: predicted, true, all, or a class.", valueName: "target"))
  var target = "predicted"

  @OptionGroup(title: "Settings of the methods") var settings: AttributionOptions

  @Option(
    help: ArgumentHelp(
      "Which maps share a scale: per-map, per-row (all maps of an image) or shared; after a colon where the scale ends,"
        + " as a percentile of the magnitudes, 100 being the largest."
        + " (default: per-map:99.5; per-row:99.5 with --target all)", valueName: "policy"))
  var scale: MapScale?

  @Option(
    name: .customLong("output"), help: ArgumentHelp("Folder for a contact sheet.", valueName: "dir")
  )
  var folder: String?

  @Option(help: ArgumentHelp("Keep images and maps in this safetensors file.", valueName: "file"))
  var save: String?

  @Flag(
    help: ArgumentHelp(
      "Measure how far the method (or, with --method all, each) can be trusted, beside maps that know nothing of the"
        + " network."))
  var judge = false

  @OptionGroup var dataset: DatasetOptions
  @OptionGroup var seed: SeedOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var output: OutputOptions

  struct Result: Encodable {
    let method: String
    let count: Int
    let seconds: Double
    @Nullable var convergenceDelta: Double?
    /// How the maps are scaled, and the smallest and largest score that a scale ends at; `nil` without pictures.
    @Nullable var scale: String?
    @Nullable var scaleEnds: [Double]?
    /// Maps that are zero everywhere, and maps that are nowhere positive but negative somewhere.
    let allZero: Int
    let allNegative: Int
    /// Rank correlation of the first maps with those of random weights, and of a network that learned random labels.
    let similarityWithoutWeights: Double
    @Nullable var similarityToRandomLabels: Double?
    let failsSanityCheck: Bool
    var figures: [String]
  }

  /// Images whose maps are compared with those of random weights unless the method is judged.
  private static let checkedImages = 10

  mutating func validate() throws {
    if method == Self.everyMethod {
      guard save == nil, judge != (folder != nil) else {
        throw ValidationError(
          "--method all goes with --output, for all maps on one sheet, or with --judge; not with both, nor with --save."
        )
      }
      return
    }
    do {
      try AttributionMethods.checkName(method)
    } catch {
      throw ValidationError(error.description)
    }
  }

  func run() throws {
    if let folder { try OutputPlace.check(folder: folder) }
    if let save { try OutputPlace.check(file: save) }
    let loaded = try checkpoint.load()
    let architecture = loaded.network.architecture
    // What does not go with this network is said before images are read or fetched.
    try architecture.checkLayer(settings.layer)
    let aim = try aim(loaded.classes)
    if method != Self.everyMethod, !settings.needsBackground(method) {
      _ = try settings.method(method, for: architecture, seed: seed.seed)
    }
    // One's own pictures need no data set, unless a method wants training images.
    let split =
      choice.isOwn && method != Self.everyMethod && !settings.needsBackground(method)
      ? nil
      : try DatasetSource(options: dataset, seed: seed.seed, checkpoint: loaded).load().split
    let executor = Executor(loaded.network, pool: threads.makePool())
    // With all classes, each image stands once for each of them.
    let copies = aim == .all ? loaded.classes.count : 1
    let chosen = try chosen(loaded, split, executor).repeated(
      copies, size: architecture.inputShape.count)
    let (images, labels) = (chosen.pixels, chosen.labels)
    let predictions = Predictions(
      logits: executor.logits(images), labels: labels, classes: loaded.classes.count)
    let targets =
      switch aim {
      case .predicted: predictions.predicted
      case .true: labels
      case .all: labels.indices.map { $0 % loaded.classes.count }
      case .class(let index): Array(repeating: index, count: labels.count)
      }
    if method == Self.everyMethod {
      guard judge else {
        return try drawAll(chosen, predictions, targets, executor, split?.train, loaded)
      }
      return try show(judge(images, targets, executor, split?.train), result: nil)
    }
    let method = try settings.method(
      method, for: architecture, background: split?.train, seed: seed.seed)
    let clock = ContinuousClock()
    let start = clock.now
    let attribution = explained(images, targets, method, executor)
    let findings = judge ? try judge(images, targets, executor, split?.train) : nil
    let sanity =
      try findings?.cards.first?.sanity
      ?? quickCheck(method, images, targets, copies: copies, executor, loaded)
    let emptiness = targets.indices.compactMap(attribution.emptiness)
    var result = Result(
      method: self.method, count: chosen.count / copies, seconds: (clock.now - start) / .seconds(1),
      convergenceDelta: attribution.convergenceDelta.map { deltas in
        deltas.reduce(0.0) { max($0, Double(abs($1))) }
      }, scale: nil, scaleEnds: nil, allZero: emptiness.count { $0 == .zero },
      allNegative: emptiness.count { $0 == .negative },
      similarityWithoutWeights: sanity.cascading.last?.similarity.mean ?? 0,
      similarityToRandomLabels: sanity.randomLabels?.mean, failsSanityCheck: sanity.isFailed,
      figures: [])
    if let save { try write(attribution, images, labels, loaded, to: save) }
    if let folder {
      let sheet = AttributionSheet(
        attribution, method: self.method, images: images, names: chosen.names,
        isOwn: choice.isOwn, predictions: predictions,
        classes: loaded.classes, shape: architecture.inputShape, mapsPerImage: copies,
        scale: scale ?? MapScale(span: copies > 1 ? .perRow : .perMap),
        sanity: sanity)
      result.scale = sheet.scale.description
      result.scaleEnds = sheet.ends
      result.figures = [try sheet.write(to: folder)]
    }
    if let findings { return try show(findings, result: result) }
    if output.json { return try JSONOutput.print(result) }
    Terminal.print(
      "\(self.method) of \(Format.count(result.count)) images in \(Format.duration(seconds: result.seconds))"
    )
    if let delta = result.convergenceDelta {
      Terminal.print("largest convergence delta \(Format.significant(delta, 2)) logits")
    }
    if let ends = result.scaleEnds, let scale = result.scale {
      Terminal.print(
        "\(scale); ends from ±\(Format.significant(ends[0], 2)) to ±\(Format.significant(ends[1], 2))"
      )
    }
    if let empty = AttributionSheet.counted(emptiness, of: targets.count) {
      Terminal.print("of the maps \(empty)")
    }
    Terminal.print(
      AttributionSheet.similarities(sanity) + (sanity.isFailed ? ": FAILS the sanity check" : ""))
    (result.figures + [save].compactMap { $0 }).forEach { Terminal.print($0) }
  }

  private func chosen(
    _ loaded: Checkpoint, _ split: Split?, _ executor: Executor
  ) throws -> ImageChoice.Images {
    guard !choice.isOwn, let split else { return try choice.own(for: loaded, executor) }
    return try choice.tested(split.test, first: judge ? 50 : method == Self.everyMethod ? 4 : 10)
  }

  /// The sanity check on the first images, each explained once, with the network of random labels where there is one.
  private func quickCheck(
    _ method: any AttributionMethod, _ images: [Float], _ targets: [Int], copies: Int,
    _ executor: Executor, _ loaded: Checkpoint
  ) throws -> SanityCheck {
    let size = executor.network.architecture.inputShape.count
    let places = stride(from: 0, to: targets.count, by: copies).prefix(Self.checkedImages)
    let some = places.flatMap { images[$0 * size..<($0 + 1) * size] }
    let maps = method.attribution(of: some, in: executor, for: places.map { targets[$0] })
    return SanityCheck(
      method, maps, of: some, in: executor,
      randomLabels: try ControlNetwork.randomLabels.network(
        beside: checkpoint.checkpoint, like: loaded),
      seed: seed.seed, isQuick: true)
  }

  /// Explains some images at a time, so that there is something to tell and memory stays small.
  private func explained(
    _ images: [Float], _ targets: [Int], _ method: any AttributionMethod, _ executor: Executor
  ) -> Attribution {
    let size = executor.network.architecture.inputShape.count
    var line = ProgressLine()
    var parts: [Attribution] = []
    for start in stride(from: 0, to: targets.count, by: 128) {
      let range = start..<min(start + 128, targets.count)
      parts.append(
        method.attribution(
          of: Array(images[range.lowerBound * size..<range.upperBound * size]), in: executor,
          for: Array(targets[range])))
      line.update("explaining", range.upperBound, of: targets.count, unit: "maps")
    }
    line.finish()
    return Attribution(joining: parts)
  }

  /// The classes that maps are for.
  private enum Aim: Equatable {
    case predicted, `true`, all
    case `class`(Int)
  }

  private func aim(_ names: [String]) throws -> Aim {
    switch target {
    case "predicted": return .predicted
    case "true": return .true
    case "all": return .all
    default: return .class(try ClassNames.index(of: target, in: names, option: "--target"))
    }
  }

  private func write(
    _ attribution: Attribution, _ images: [Float], _ labels: [Int], _ loaded: Checkpoint,
    to path: String
  ) throws {
    let shape = loaded.network.architecture.inputShape
    let count = labels.count
    var file = SafeTensors(metadata: ["format": "inkling-arrays", "method": method])
    file.append("images", shape: [count] + shape.dimensions, images)
    file.append(
      "attributions",
      shape: [count, attribution.channels(shape), shape.height, shape.width], attribution.scores)
    if let raw = attribution.raw {
      file.append("raw", shape: [count, 1, raw.height, raw.width], raw.values)
    }
    file.append("labels", labels)
    file.append("targets", attribution.targets)
    try AtomicFile.write(file.encoded(), to: path)
  }
}
