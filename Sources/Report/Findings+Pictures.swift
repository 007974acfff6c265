import Attribution
import Figures
import Study

/// What pictures that are looked at more than counted say in numbers.
extension Findings {
  // MARK: Likeness

  /// How far two pictures rise and fall together, from -1 to 1; `nil` if one of them is flat.
  static func correlation(_ one: [Float], _ other: [Float]) -> Double? {
    guard one.count == other.count else { return nil }
    return RankCorrelation.pearson(one.map(Double.init), other.map(Double.init))
  }

  /// The correlation of two pictures of one size after the shift, by up to a sixth of the picture, that makes it largest:
  /// an ideal need not lie where its class does. What a shift leaves empty is blank.
  static func shiftedCorrelation(_ picture: Plane, _ other: Plane) -> Double? {
    let (channels, height, width) = picture.dimensions
    guard picture.shape == other.shape else { return nil }
    let (rows, columns) = (height / 6, width / 6)
    return (-rows...rows).flatMap { down in
      (-columns...columns).compactMap { right -> Double? in
        let moved = (0..<channels * height * width).map { at -> Float in
          let (y, x) = (at / width % height - down, at % width - right)
          guard (0..<height).contains(y), (0..<width).contains(x) else { return 0 }
          return picture.values[at - down * width - right]
        }
        return correlation(moved, other.values)
      }
    }.max()
  }

  // MARK: Features

  /// How much the optimised pictures look like the mean images of their classes.
  static func ideals(_ features: FeatureFacts, _ data: DataFacts, subject: Subject) -> String {
    let likeness = features.ideals.enumerated().compactMap { label, ideal -> (Int, Double)? in
      guard data.meanImages.indices.contains(label) else { return nil }
      return shiftedCorrelation(ideal, data.meanImages[label]).map { (label, $0) }
    }
    guard likeness.count > 1,
      let most = likeness.max(by: { ($0.1, $1.0) < ($1.1, $0.0) }),
      let least = likeness.min(by: { ($0.1, $0.0) < ($1.1, $1.0) })
    else { return "What raises each class’s score most." }
    let names = [most, least].map { "“\(subject.className($0.0))”" }
    let ends = [most, least].map { Format.fixed($0.1, 2) }
    return
      "Shifted to where they fit best, the ideal of \(names[0]) is most like its mean image (correlation \(ends[0])), "
      + "that of \(names[1]) least (\(ends[1]))."
  }

  /// How much of the way the first weights went in the first epoch.
  static func weightsOverTime(_ facts: TimeLapseFacts, noun: String) -> String {
    guard facts.epochs.count > 2, facts.epochs[0] == 0, let end = facts.weights.last else {
      return "Watch the \(noun) form."
    }
    func distance(_ plane: Plane) -> Double {
      zip(plane.values, facts.weights[0].values).reduce(0.0) {
        $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1))
      }.squareRoot()
    }
    let (first, whole) = (distance(facts.weights[1]), distance(end))
    guard whole > 0, first.isFinite, whole.isFinite else { return "Watch the \(noun) form." }
    return "After epoch \(facts.epochs[1]) the \(noun) had moved "
      + "\(Format.percent(first / whole, decimals: 0)) as far from where they began as in the end."
  }

  /// How soon the maps looked as in the end.
  static func mapsOverTime(_ facts: TimeLapseFacts, noun: String) -> String {
    let neutral = "The same \(noun), as \(facts.layer) came to see it."
    guard facts.maps.count > 2, facts.epochs[0] == 0, let end = facts.maps.last,
      let first = correlation(facts.maps[1].values, end.values),
      let random = correlation(facts.maps[0].values, end.values)
    else { return neutral }
    return "After epoch \(facts.epochs[1]) the maps of \(facts.layer) correlate by "
      + "\(Format.fixed(first, 2)) with those of the end; before training by \(Format.fixed(random, 2))."
  }

  // MARK: Mistakes

  /// How sure the surest right answers are.
  static func sureCases(_ sure: [ExampleFacts], noun: String) -> String {
    guard let least = sure.map(\.confidence).min() else { return "There are no right answers." }
    let share = Format.probability(Double(least))
    return least > 0.999
      ? "On its clearest \(noun)s it is \(share) sure, and right."
      : "On its clearest \(noun)s it is at least \(share) sure, and right."
  }

  /// How many training labels are doubted.
  static func labelNoise(_ facts: LabelNoiseFacts) -> String {
    facts.doubted == 0
      ? "Networks that had not seen them doubt none of the \(Format.count(facts.count)) training labels."
      : "Networks that had not seen them doubt \(Format.count(facts.doubted)) of the \(Format.count(facts.count)) training labels: who is right?"
  }

  // MARK: Attribution

  /// Whether several networks give the same reasons for the same images.
  static func explainedBeside(_ results: StudyResults) -> String {
    let agreements = results.comparisons.compactMap(\.agreement)
    guard let one = agreements.first else {
      return "The same images, each network’s own reasons."
    }
    let mean = agreements.reduce(0) { $0 + $1.signed.mean } / Double(agreements.count)
    let shown =
      "the signed rank correlation of their maps of one image is "
      + "\(agreements.count == 1 ? estimate(one.signed) : Format.fixed(mean, 2)) on average over \(Format.count(one.count)) images"
    let signed = agreements.map(\.signed)
    if areUnlike(signed) { return "The networks give different reasons: \(shown)." }
    return areAlike(signed)
      ? "The networks give like reasons: \(shown)."
      : "The networks give reasons that are alike in part: \(shown)."
  }

  // MARK: The live network

  /// Whether the network in the page is the one of the checkpoint.
  static func live(_ facts: LiveFacts, subject: Subject) -> String {
    guard facts.count > 0 else { return "The network answers while you draw." }
    let same = Int((facts.agreement * Double(facts.count)).rounded())
    return same == facts.count
      ? "All \(Format.count(facts.count)) test \(subject.nouns) get the same answer here as from the checkpoint."
      : "\(Format.count(same)) of \(Format.count(facts.count)) test \(subject.nouns) get the same answer here as from "
        + "the checkpoint."
  }
}
