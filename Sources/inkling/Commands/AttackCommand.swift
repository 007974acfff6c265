public import ArgumentParser
public import Attacks
import Datasets
import Drawing
import Engine
import Evaluation
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
    let asked = executor.queries
    let clock = ContinuousClock()
    let start = clock.now
    let images = attacked(clean, labels, settings(epsilon), executor)
    let seconds = (clock.now - start) / .seconds(1)
    let answered = executor.queries - asked
    let found = Outcome(
      clean: clean, adversarial: images, labels: labels, target: aim, against: executor)
    let points = AttackCurve(
      try curveSizes().map { size in
        // The smallest changes found tell for every size at once.
        let outcome =
          defaultEpsilon == nil
          ? found.limited(to: size, usedNorm ?? .l2)
          : Outcome(
            clean: clean, adversarial: attacked(clean, labels, settings(size), executor),
            labels: labels, target: aim, against: executor)
        return AttackCurve.Point(epsilon: size, outcome: outcome)
      })
    let distances = usedNorm.flatMap {
      defaultEpsilon == nil ? found.flippingDistances($0) : points.flippingDistances
    }
    var result = Result(
      method: method, count: count, epsilon: epsilon ?? defaultEpsilon, norm: usedNorm?.rawValue,
      cleanAccuracy: found.cleanAccuracy, robustAccuracy: found.robustAccuracy,
      robustAccuracy8bit: found.robustAccuracy8bit,
      robustAccuracyInterval: Interval.wilson(share: found.robustAccuracy, of: count).ends,
      successRate: found.successRate, meanL0: found.meanL0, meanL2: found.meanL2,
      medianL2: found.medianL2,
      flippingDistances: distances.map { $0.map { $0.isFinite ? $0 : nil } },
      medianFlippingDistance: distances.flatMap(Outcome.median).flatMap { $0.isFinite ? $0 : nil },
      queriesPerImage: Double(answered) / Double(count), maxLinf: found.maxLinf, seconds: seconds,
      curve: curve == nil ? nil : points.points.map(CurvePoint.init), figures: [])
    if !others.isEmpty {
      result.transfer = transfers(found, clean, images, to: others, pool)
    }
    if checkMasking { result.masking = maskingChecks(clean, labels, executor).map(Masking.init) }
    let targets = grid ? targetGrid(settings(epsilon), clean, labels, executor) : nil
    result.grid = targets.map(Grid.init)
    if let save { try write(found, distances, clean, images, loaded, to: save) }
    if let folder {
      result.figures = [
        try AttackSheets.write(
          found, chosen, images, of: loaded, by: method, in: folder)
      ]
      if let targets {
        result.figures.append(
          try AttackSheets.write(targets, of: loaded, by: method, in: folder))
      }
    }
    if output.json { return try JSONOutput.print(result) }
    show(result)
    showFirstFooled(found, chosen, images, loaded)
    showStudies(result)
    (result.figures + [save].compactMap { $0 }).forEach { Terminal.print($0) }
  }

  /// Attacks the images, telling how far it is.
  private func attacked(
    _ clean: [Float], _ labels: [Int], _ settings: AttackSettings, _ executor: Executor
  ) -> [Float] {
    guard let kind = Attacks.kind(method) else { return clean }
    var line = ProgressLine()
    defer { line.finish() }
    return Attacks.adversarial(by: kind, settings, clean, labels: labels, against: executor) {
      line.update("attacking", $0, of: labels.count, unit: "images")
    }
  }

  private var usedNorm: Norm? { norm ?? Attacks.kind(method)?.norms.first }

  private var defaultEpsilon: Float? {
    usedNorm.flatMap { Attacks.kind(method)?.defaultEpsilon($0) }
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
}

extension Norm: ExpressibleByArgument {}
