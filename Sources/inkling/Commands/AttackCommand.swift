public import ArgumentParser
public import Attacks
import Datasets
import Drawing
import Engine
import Evaluation
import Figures
import Files
import Networks
import Study

struct AttackCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "attack", abstract: "Adversarial examples: small changes that fool the network.",
    discussion: """
      Attacks, all in pixels from 0 to 1:
      \(Attacks.all.map { "  \(pad($0.name, 15))\($0.summary)" }.joined(separator: "\n"))

      Examples:
        inkling attack models/cnn.safetensors --method fgsm --epsilon 0.1 \\
          --count 1000
        inkling attack models/cnn.safetensors --method pgd --epsilon 0.3 \\
          --steps 40 --step-size 0.01
        inkling attack models/cnn.safetensors --method pgd --target 3 \\
          --output output/attack
        inkling attack models/cnn.safetensors --method fgsm \\
          --curve 0,0.05,0.1,0.2 --json
        inkling attack models/cnn.safetensors --method pgd --grid \\
          --output output/attack
        inkling attack models/cnn.safetensors --method pgd \\
          --transfer models/mlp.safetensors
        inkling attack models/robust.safetensors --method pgd --check-masking
        inkling attack models/cnn.safetensors --method deepfool \\
          --image my-seven.png --output output/attack
      """)

  @OptionGroup var checkpoint: CheckpointOptions

  @Option(help: ArgumentHelp("The attack.", valueName: "name"))
  var method = FGSM.name

  @OptionGroup(title: "Images") var choice: ImageChoice

  @Option(
    name: .customLong("count"), help: "How many of the first test images. (default: 1000, or all)")
  var wanted: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Largest change of a pixel (linf) or length of the change (l2). (default: linf 0.3, l2 2; fgsm and noise: 0.1 \
      and 1; attacks that look for the smallest change take none)
      """))
  var epsilon: Float?

  @Option(help: "How size is measured. (default: linf; l2 where that is all the attack knows)")
  var norm: Norm?

  @Option(help: "Gradient steps or rounds. (default: the attack's own)")
  var steps: Int?

  @Option(
    parsing: .unconditional,
    help: "Length of a step. (default: the attack's own; pgd: epsilon / 30)")
  var stepSize: Float?

  @Option(help: "Random starts.")
  var restarts: Int?

  @Option(
    help:
      "Most answers that a black-box attack may ask for, for each image (square: in each start).")
  var queries: Int?

  @Option(help: ArgumentHelp("Make it this class, instead of any wrong one.", valueName: "class"))
  var target: String?

  @Option(
    help: ArgumentHelp("Accuracy at several sizes, separated by commas.", valueName: "e1,e2,..."))
  var curve: String?

  @Flag(help: "Aim each class's images at each other class.")
  var grid = false

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Show the changed images to these networks too.", valueName: "checkpoint"))
  var transfer: [String] = []

  @Flag(
    help:
      "Look for gradients that mislead: more steps, more starts, a black box, epsilon 1, beside pgd."
  )
  var checkMasking = false

  @Option(name: .customLong("output"), help: ArgumentHelp("Folder for pictures.", valueName: "dir"))
  var folder: String?

  @Option(
    help: ArgumentHelp("Keep images before and after in this safetensors file.", valueName: "file"))
  var save: String?

  @OptionGroup var dataset: DatasetOptions
  @OptionGroup var seed: SeedOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var output: OutputOptions

  struct CurvePoint: Encodable {
    let epsilon: Float
    let robustAccuracy: Double
    let robustAccuracy8bit: Double
    let interval: [Double]

    init(epsilon: Float, robustAccuracy: Double, robustAccuracy8bit: Double, count: Int) {
      self.epsilon = epsilon
      self.robustAccuracy = robustAccuracy
      self.robustAccuracy8bit = robustAccuracy8bit
      interval = AttackCommand.interval(robustAccuracy, of: count)
    }

    enum CodingKeys: String, CodingKey {
      case epsilon, interval
      case robustAccuracy
      case robustAccuracy8bit = "robust_accuracy_8bit"
    }
  }

  struct Result: Encodable {
    let method: String
    let count: Int
    @Nullable var epsilon: Float?
    @Nullable var norm: String?
    let cleanAccuracy: Double
    let robustAccuracy: Double
    let robustAccuracy8bit: Double
    /// 95 %, by Wilson.
    let robustAccuracyInterval: [Double]
    @Nullable var successRate: Double?
    @Nullable var meanL0: Double?
    @Nullable var meanL2: Double?
    @Nullable var medianL2: Double?
    /// The smallest change that flips each image, in the norm: 0 if it was wrong before, `nil` if none was found. Of an
    /// attack in a ball, the smallest size of the curve.
    @Nullable var flippingDistances: [Float?]?
    @Nullable var medianFlippingDistance: Double?
    let queriesPerImage: Double
    let maxLinf: Double
    let seconds: Double
    var curve: [CurvePoint]?
    var grid: Grid?
    var transfer: [Transfer]?
    var masking: [Masking]?
    var figures: [String]

    enum CodingKeys: String, CodingKey {
      case method, count, epsilon, norm, cleanAccuracy, robustAccuracy, successRate, maxLinf
      case robustAccuracyInterval, flippingDistances, medianFlippingDistance
      case queriesPerImage, seconds, curve, grid, transfer, masking, figures
      case robustAccuracy8bit = "robust_accuracy_8bit"
      case meanL0 = "mean_l0"
      case meanL2 = "mean_l2"
      case medianL2 = "median_l2"
    }
  }

  mutating func validate() throws {
    guard let kind = Attacks.kind(method) else {
      throw ValidationError(
        "There is no attack “\(method)”; attacks are \(Attacks.all.map { $0.name }.joined(separator: ", "))."
      )
    }
    func require(_ condition: Bool, _ message: String) throws {
      if !condition { throw ValidationError(message) }
    }
    try require(wanted.map { $0 >= 1 } ?? true, "--count must be at least 1.")
    try require(
      wanted == nil || (choice.indices == nil && !choice.isOwn),
      "--count goes without --indices and --image.")
    try require(epsilon.map { $0 >= 0 && $0.isFinite } ?? true, "--epsilon must be 0 or more.")
    try require(
      steps.map { (1...100_000).contains($0) } ?? true, "--steps must be from 1 to 100,000.")
    try require(stepSize.map { $0 > 0 && $0.isFinite } ?? true, "--step-size must be above 0.")
    try require(
      restarts.map { (1...1000).contains($0) } ?? true, "--restarts must be from 1 to 1,000.")
    try require(
      queries.map { (1...10_000_000).contains($0) } ?? true,
      "--queries must be from 1 to 10,000,000.")
    try require(!grid || kind.canAim, "\(method) cannot aim at a class: leave --grid out.")
    try require(!grid || target == nil, "--grid aims at every class: leave --target out.")
    try require(
      target == nil || kind.canAim, "\(method) cannot aim at a class: leave --target out.")
    let norms = kind.norms
    if let norm, !norms.contains(norm) {
      throw ValidationError(
        norms.isEmpty
          ? "\(method) does not measure size in a norm: leave --norm out."
          : "\(method) knows --norm \(norms.map(\.rawValue).joined(separator: " or ")) only.")
    }
    try require(
      epsilon == nil || defaultEpsilon != nil, "\(method) has no ball: leave --epsilon out.")
    _ = try curveSizes()
  }

  private func curveSizes() throws -> [Float] {
    try curve?.split(separator: ",", omittingEmptySubsequences: false).map { text in
      guard let size = Float(text), size >= 0, size.isFinite else {
        throw ValidationError("--curve: “\(text)” is not a size of 0 or more.")
      }
      return size
    } ?? []
  }

  func run() throws {
    if let folder { try OutputPlace.check(folder: folder) }
    if let save { try OutputPlace.check(file: save) }
    let loaded = try checkpoint.load()
    let aim = try target.map {
      try ClassNames.index(of: $0, in: loaded.classes, option: "--target")
    }
    let others = try others(than: loaded)
    let pool = threads.makePool()
    let executor = Executor(loaded.network, pool: pool)
    // One's own pictures need no data set, unless an aimed attack begins at images of its target.
    let test =
      choice.isOwn && aim == nil
      ? nil
      : try DatasetSource(
        options: dataset, seed: seed.seed, checkpoint: loaded, others: others.map(\.checkpoint)
      ).load().split.test
    let chosen: ImageChoice.Images
    if choice.isOwn {
      chosen = try choice.own(for: loaded, executor)
    } else {
      guard let test, wanted ?? 0 <= test.count else {
        throw Failure("--count: there are only \(test?.count ?? 0) test images", .usage)
      }
      chosen = try choice.tested(test, first: wanted ?? 1000)
    }
    let (clean, labels, count) = (chosen.pixels, chosen.labels, chosen.count)
    func settings(_ epsilon: Float?) -> AttackSettings {
      var settings = AttackSettings(
        epsilon: epsilon, norm: norm, steps: steps, stepSize: stepSize, restarts: restarts,
        queries: queries, target: aim, seed: seed.seed)
      if let aim, let test {
        let models = test.labels.indices.filter { test.labels[$0] == aim }
        settings.starts = test.floats(models.prefix(16))
      }
      return settings
    }
    func outcome(
      _ epsilon: Float?
    ) -> (outcome: Outcome, images: [Float], seconds: Double, queries: Int) {
      let settings = settings(epsilon)
      let before = executor.queries
      let clock = ContinuousClock()
      let start = clock.now
      let images = attacked(clean, labels, settings, executor)
      let seconds = (clock.now - start) / .seconds(1)
      let queries = executor.queries - before
      return (
        Outcome(clean: clean, adversarial: images, labels: labels, target: aim, against: executor),
        images, seconds, queries
      )
    }
    let (found, images, seconds, asked) = outcome(epsilon)
    let sizes = try curveSizes()
    let outcomes = sizes.map { size in
      // The smallest changes found tell for every size at once.
      defaultEpsilon == nil ? found.limited(to: size, usedNorm ?? .l2) : outcome(size).outcome
    }
    let points = zip(sizes, outcomes).map { size, point in
      CurvePoint(
        epsilon: size, robustAccuracy: point.robustAccuracy,
        robustAccuracy8bit: point.robustAccuracy8bit, count: count)
    }
    let distances = flippingDistances(found, sizes, outcomes)
    var result = Result(
      method: method, count: count, epsilon: epsilon ?? defaultEpsilon, norm: usedNorm?.rawValue,
      cleanAccuracy: found.cleanAccuracy, robustAccuracy: found.robustAccuracy,
      robustAccuracy8bit: found.robustAccuracy8bit,
      robustAccuracyInterval: Self.interval(found.robustAccuracy, of: count),
      successRate: found.successRate, meanL0: found.meanL0, meanL2: found.meanL2,
      medianL2: found.medianL2,
      flippingDistances: distances.map { $0.map { $0.isFinite ? $0 : nil } },
      medianFlippingDistance: distances.flatMap(Outcome.median).flatMap { $0.isFinite ? $0 : nil },
      queriesPerImage: Double(asked) / Double(count), maxLinf: found.maxLinf, seconds: seconds,
      curve: curve == nil ? nil : points, figures: [])
    if !others.isEmpty {
      result.transfer = transfers(found, clean, images, to: others, pool)
    }
    if checkMasking { result.masking = maskingChecks(clean, labels, executor).map(Masking.init) }
    let targets = grid ? targetGrid(settings(epsilon), clean, labels, executor) : nil
    result.grid = targets.map(Grid.init)
    if let save { try write(found, distances, clean, images, loaded, to: save) }
    if let folder {
      result.figures = [try sheet(found, chosen, images, loaded, in: folder)]
      if let targets { result.figures.append(try write(targets, loaded, in: folder)) }
    }
    if output.json { return try JSONOutput.print(result) }
    show(result)
    showFirstFooled(found, chosen, images, loaded)
    showStudies(result)
    (result.figures + [save].compactMap { $0 }).forEach { Terminal.print($0) }
  }

  /// The smallest change that flips each image, 0 if it was wrong before, infinite if none was found; `nil` where
  /// neither the method nor a curve tells.
  private func flippingDistances(
    _ found: Outcome, _ sizes: [Float], _ outcomes: [Outcome]
  ) -> [Float]? {
    guard let usedNorm else { return nil }
    if defaultEpsilon == nil { return found.flippingDistances(usedNorm) }
    guard !sizes.isEmpty else { return nil }
    return found.labels.indices.map { image in
      guard found.wasRight(image) else { return 0 }
      let flips = zip(sizes, outcomes).filter { $1.predictions[image] != $1.labels[image] }
      return flips.map(\.0).min() ?? .infinity
    }
  }

  private static func interval(_ accuracy: Double, of count: Int) -> [Double] {
    let interval = Interval.wilson(
      Int(bounding: accuracy * Double(count), in: 0...count), of: count)
    return [interval.low, interval.high]
  }

  /// Attacks some images at a time, so that there is something to tell and memory stays small.
  private func attacked(
    _ clean: [Float], _ labels: [Int], _ settings: AttackSettings, _ executor: Executor
  ) -> [Float] {
    let size = executor.network.architecture.inputShape.count
    var line = ProgressLine()
    var images: [Float] = []
    images.reserveCapacity(clean.count)
    let part = Attacks.kind(method)?.isShared == true ? labels.count : 256
    for start in stride(from: 0, to: labels.count, by: part) {
      let range = start..<min(start + part, labels.count)
      var settings = settings
      settings.firstIndex = start
      guard let attack = Attacks.attack(method, settings) else { return clean }
      images += attack.adversarial(
        Array(clean[range.lowerBound * size..<range.upperBound * size]),
        labels: Array(labels[range]), against: executor)
      line.update("attacking", range.upperBound, of: labels.count, unit: "images")
    }
    line.finish()
    return images
  }

  private var usedNorm: Norm? { norm ?? Attacks.kind(method)?.norms.first }

  private var defaultEpsilon: Float? {
    usedNorm.flatMap { Attacks.kind(method)?.defaultEpsilon($0) }
  }

  private func show(_ result: Result) {
    func interval(_ accuracy: Double) -> String {
      let ends = Self.interval(accuracy, of: result.count)
      return Format.percent(accuracy, interval: ends[0]...ends[1])
    }
    let size = result.epsilon.map { " ε = \(Format.significant(Double($0), 3))" } ?? ""
    let measure = result.norm.map { ", \($0)\(size)" } ?? ""
    let images =
      choice.isOwn
      ? "\(result.count) of your pictures"
      : "\(choice.indices == nil ? "first " : "")\(Format.count(result.count)) test images"
    Terminal.print("\(result.method)\(measure), \(images)")
    Terminal.print("  \(pad("accuracy before", 26))\(interval(result.cleanAccuracy))")
    Terminal.print("  \(pad("accuracy after", 26))\(interval(result.robustAccuracy))")
    Terminal.print("  \(pad("after rounding to 8 bits", 26))\(interval(result.robustAccuracy8bit))")
    if let rate = result.successRate {
      Terminal.print("  \(pad("fooled, of those right", 26))\(Format.percent(rate))")
    }
    if let mean = result.meanL2, let median = result.medianL2 {
      Terminal.print(
        "  \(pad("length of change", 26))mean \(Format.fixed(mean, 3)), median \(Format.fixed(median, 3))"
      )
    }
    if let distance = result.medianFlippingDistance {
      Terminal.print("  \(pad("half of the images within", 26))\(Format.fixed(distance, 3))")
    }
    if let count = result.meanL0 {
      Terminal.print("  \(pad("pixels changed, mean", 26))\(Format.fixed(count, 1))")
    }
    Terminal.print(
      "  \(pad("largest change of a pixel", 26))\(Format.fixed(result.maxLinf, 3))")
    Terminal.print(
      "  \(pad("queries for each image", 26))\(Format.fixed(result.queriesPerImage, 1))")
    for point in result.curve ?? [] {
      let bar = String(repeating: "█", count: Int(bounding: point.robustAccuracy * 40, in: 0...40))
      Terminal.print(
        "  ε \(pad(Format.fixed(Double(point.epsilon), 3), 7))\(padLeft(Format.percent(point.robustAccuracy, decimals: 1), 7))  \(bar)"
      )
    }
  }

  /// The first image that was fooled, before and after.
  private func showFirstFooled(
    _ outcome: Outcome, _ chosen: ImageChoice.Images, _ images: [Float], _ loaded: Checkpoint
  ) {
    guard let first = outcome.labels.indices.first(where: outcome.succeeded) else { return }
    let shape = loaded.network.architecture.inputShape
    let range = first * shape.count..<(first + 1) * shape.count
    Terminal.print("")
    Terminal.print(
      "\(chosen.names[first]), \(loaded.classes[outcome.labels[first]]), before; after it is read as"
        + " \(loaded.classes[outcome.predictions[first]])")
    HalfBlocks.show(
      Array(chosen.pixels[range]), beside: Array(images[range]), height: shape.height,
      width: shape.width)
  }

  private func write(
    _ outcome: Outcome, _ distances: [Float]?, _ clean: [Float], _ images: [Float],
    _ loaded: Checkpoint, to path: String
  ) throws {
    let shape = [outcome.labels.count] + loaded.network.architecture.inputShape.dimensions
    var file = SafeTensors(metadata: ["format": "inkling-arrays", "method": method])
    file.append("images", shape: shape, clean)
    file.append("adversarial", shape: shape, images)
    file.append("labels", outcome.labels)
    file.append("predictions", outcome.predictions)
    if let distances { file.append("distances", shape: [distances.count], distances) }
    try AtomicFile.write(file.encoded(), to: path)
  }

  /// Pixels, three times enlarged, that stand beside each other on a sheet.
  private static let sheetColumns = 300

  /// Before, change and after of the first images that were fooled.
  private func sheet(
    _ outcome: Outcome, _ chosen: ImageChoice.Images, _ images: [Float], _ loaded: Checkpoint,
    in folder: String
  ) throws -> String {
    let shape = loaded.network.architecture.inputShape
    let size = shape.count
    let shown = outcome.labels.indices.filter(outcome.succeeded).prefix(24)
    let groups = shown.map { image -> [ImageGrid.Tile] in
      let range = image * size..<(image + 1) * size
      let (before, after) = (Array(chosen.pixels[range]), Array(images[range]))
      let change = zip(after, before).map { $0 - $1 }
      func name(_ index: Int, _ ink: Ink) -> StyledLine {
        StyledLine(loaded.classes[index], ink, weight: .semibold)
      }
      return [
        ImageGrid.Tile(
          PixelPictures.picture(before, shape),
          caption: [name(outcome.labels[image], .ink), StyledLine(chosen.names[image])]),
        ImageGrid.Tile(PixelPictures.map(change, shape), caption: [StyledLine("change")]),
        ImageGrid.Tile(
          PixelPictures.picture(after, shape),
          caption: [name(outcome.predictions[image], .wrong), StyledLine("read after it")],
          frame: .wrong),
      ]
    }
    // As many beside each other as a sheet has room for.
    let beside = max(1, min(Self.sheetColumns / max(shape.width * 3, 1), groups.count))
    let rows = groups.chunks(of: beside).map { ImageGrid.Row(tiles: $0.flatMap { $0 }) }
    let title =
      switch shown.count {
      case 0: "\(method) fooled none of \(Format.count(outcome.labels.count)) images"
      case 1: "The image that \(method) fooled, of \(Format.count(outcome.labels.count))"
      default: "The first \(shown.count) images that \(method) fooled"
      }
    let grid = ImageGrid(rows: rows, scale: 3)
    let figure = grid.figure(
      FigureText(
        name: method, title: title,
        caption: shown.isEmpty
          ? "" : "Orange adds ink, blue takes it away; each change is on a scale of its own."),
      width: grid.usedWidth(within: 984))
    let path = "\(folder)/\(method).png"
    try AtomicFile.write(try figure.withWords.png(theme: .light), to: path)
    return path
  }
}

extension Norm: ExpressibleByArgument {}
