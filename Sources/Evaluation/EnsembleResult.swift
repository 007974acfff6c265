import Engine
import Randomness

/// What several networks gain by answering as one, on some images.
public struct EnsembleResult: Codable, Sendable, Equatable {
  /// One member alone.
  public struct Member: Codable, Sendable, Equatable {
    /// Share of the images that it reads.
    public let accuracy: Double
    /// Its 95 % Wilson interval.
    public let interval: Interval
    /// Share of the validation images that it reads; `nil` without any.
    public let validationAccuracy: Double?
  }

  /// So many members together, in the mean over choices of them.
  public struct Size: Codable, Sendable, Equatable {
    /// Members.
    public let members: Int
    /// Choices of so many.
    public let choices: Int
    /// True if these were drawn at random from more.
    public let areDrawn: Bool
    /// Accuracy where the class named by most members is the answer; among equals, the one of the larger mean
    /// probability.
    public let vote: Double
    /// Its 95 % interval: of chance in the choice of images.
    public let voteInterval: Interval
    /// Accuracy of the mean probability.
    public let mean: Double
    /// Its 95 % interval: of chance in the choice of images.
    public let meanInterval: Interval
  }

  /// How far probabilities can be believed.
  public struct Honesty: Codable, Sendable, Equatable {
    /// Mean negative log likelihood.
    public let loss: Double
    /// Expected calibration error, 0...1.
    public let ece: Double
    /// The temperature that fits the validation images best; `nil` without any, or where these are the images.
    public let temperature: Double?
    /// The loss at this temperature.
    public let calibratedLoss: Double?
    /// The calibration error at this temperature.
    public let calibratedECE: Double?
  }

  /// Each member alone.
  public let members: [Member]
  /// From one member to all; of many some, evenly spaced.
  public let sizes: [Size]
  /// The members' probabilities, each number the mean over members, each with its own temperature.
  public let single: Honesty
  /// The mean probabilities, pooled first and calibrated then.
  public let pooled: Honesty
  /// Share of the images on which two members name different classes, `[member][member]`.
  public let disagreement: [[Double]]
  /// How many images are wrong for none of the members, for one, ... for all of them.
  public let wrongCounts: [Int]
  /// The member that reads most validation images, or the first without any.
  public let best: Int
  /// Images that only the ensemble reads, and not the best member.
  public let onlyEnsemble: Int
  /// Images that only the best member reads.
  public let onlyBest: Int
  /// McNemar's exact test of the two.
  public let pValue: Double
  /// Images that no member reads, by place.
  public let unread: [Int]
  /// How many of these the mean probability reads all the same, its members divided over wrong classes.
  public let rescued: Int

  /// More choices of some members than this are drawn, not counted through.
  private static let mostChoices = 30
  /// No more sizes than this are looked at.
  private static let mostSizes = 16

  /// Works the figures out.
  ///
  /// - Parameters:
  ///   - members: what each says about the images.
  ///   - validation: what each says about the validation images; empty if there are none or these are the images.
  public init(_ members: [Predictions], validation: [Predictions]) {
    let (count, whole) = (members[0].count, Predictions(meanOf: members))
    func accuracy(_ predictions: Predictions) -> Double {
      Double((0..<predictions.count).count(where: predictions.isCorrect))
        / Double(max(1, predictions.count))
    }
    let watched = validation.map(accuracy)
    self.members = members.enumerated().map { place, member in
      Member(
        accuracy: accuracy(member),
        interval: .wilson((0..<count).count(where: member.isCorrect), of: count),
        validationAccuracy: watched.isEmpty ? nil : watched[place])
    }
    let probabilities = members.map(\.exactProbabilities)
    let step = (members.count + Self.mostSizes - 1) / Self.mostSizes
    sizes = (1...members.count).filter {
      $0 == 1 || (members.count - $0).isMultiple(of: step)
    }.map { size in
      let (choices, areDrawn) = Self.choices(of: size, among: members.count)
      return Self.size(choices, of: members, probabilities, areDrawn: areDrawn)
    }
    let all = members.indices.map { place in
      Honesty(members[place], validation: validation.isEmpty ? nil : validation[place])
    }
    single = Honesty(meanOf: all)
    pooled = Honesty(
      whole, validation: validation.isEmpty ? nil : Predictions(meanOf: validation))
    disagreement = members.map { one in
      members.map { other in
        Double(zip(one.predicted, other.predicted).count { $0 != $1 }) / Double(max(1, count))
      }
    }
    let wrong = (0..<count).map { image in members.count { !$0.isCorrect(image) } }
    wrongCounts = (0...members.count).map { number in wrong.count { $0 == number } }
    let unread = wrong.indices.filter { wrong[$0] == members.count }
    self.unread = unread
    rescued = unread.count(where: whole.isCorrect)
    let best = watched.indices.max { (watched[$0], $1) < (watched[$1], $0) } ?? 0
    self.best = best
    onlyEnsemble = (0..<count).count { whole.isCorrect($0) && !members[best].isCorrect($0) }
    onlyBest = (0..<count).count { !whole.isCorrect($0) && members[best].isCorrect($0) }
    pValue = McNemar.pValue(onlyFirst: onlyEnsemble, onlySecond: onlyBest)
  }

  /// Mean share of images on which two members differ; 0 for one member.
  public var meanDisagreement: Double {
    let pairs = members.indices.flatMap { i in (0..<i).map { disagreement[i][$0] } }
    return pairs.isEmpty ? 0 : pairs.reduce(0, +) / Double(pairs.count)
  }

  /// Mean accuracy of the members alone.
  public var meanAccuracy: Double {
    members.reduce(0) { $0 + $1.accuracy } / Double(members.count)
  }

  // MARK: Choices of members

  /// Every choice of so many members, or some at random.
  private static func choices(
    of size: Int, among count: Int
  ) -> (choices: [[Int]], areDrawn: Bool) {
    // A single member, and all but one, are few enough whatever their number.
    if size == 1 { return ((0..<count).map { [$0] }, false) }
    if size == count - 1 {
      return ((0..<count).map { left in (0..<count).filter { $0 != left } }, false)
    }
    var all: [[Int]] = [[]]
    for place in 0..<count {
      all += all.filter { $0.count < size }.map { $0 + [place] }
      all.removeAll { $0.count + count - 1 - place < size }
      // Too many to count through.
      guard all.count <= 1 << 12 else { return (drawn(size, among: count), true) }
    }
    return all.count <= mostChoices ? (all, false) : (drawn(size, among: count), true)
  }

  private static func drawn(_ size: Int, among count: Int) -> [[Int]] {
    (0..<mostChoices).map { choice in
      var generator = SplitMix64(
        seed: UInt64(size), purpose: "members of an ensemble", index: UInt64(choice))
      return generator.permutation(count)[..<size].sorted()
    }
  }

  private static func size(
    _ choices: [[Int]], of members: [Predictions], _ probabilities: [[Double]], areDrawn: Bool
  ) -> Size {
    let count = members[0].count
    // Answers that are right, over images and choices.
    var (votes, means) = (0, 0)
    for choice in choices {
      var mean = ProbabilityMean()
      for member in choice { mean.add(probabilities[member]) }
      let whole = mean.predictions(labels: members[0].labels, classes: members[0].classes)
      let own = choice.map { members[$0] }
      for image in 0..<count {
        if whole.isCorrect(image) { means += 1 }
        if vote(own, whole, image) == whole.labels[image] { votes += 1 }
      }
    }
    let all = Double(max(1, count * choices.count))
    let accuracies = [votes, means].map { Double($0) / all }
    let intervals = accuracies.map { Interval.wilson(share: $0, of: count) }
    return Size(
      members: choices[0].count, choices: choices.count, areDrawn: areDrawn,
      vote: accuracies[0], voteInterval: intervals[0], mean: accuracies[1],
      meanInterval: intervals[1])
  }

  private static func vote(
    _ members: [Predictions], _ whole: Predictions, _ image: Int
  ) -> Int {
    var counts = [Int](repeating: 0, count: whole.classes)
    for member in members { counts[member.predicted[image]] += 1 }
    return counts.indices.max {
      (counts[$0], whole.probability(image, of: $0)) < (
        counts[$1], whole.probability(image, of: $1)
      )
    } ?? 0
  }
}

extension EnsembleResult.Honesty {
  fileprivate init(_ predictions: Predictions, validation: Predictions?) {
    let names = (0..<predictions.classes).map(String.init)
    func measured(_ predictions: Predictions) -> (loss: Double, ece: Double) {
      let result = EvaluationResult(predictions, classNames: names)
      return (result.loss, result.ece)
    }
    (loss, ece) = measured(predictions)
    temperature = validation.map(Calibration.bestTemperature)
    let calibrated = temperature.map { measured(predictions.softened(by: $0)) }
    (calibratedLoss, calibratedECE) = (calibrated?.loss, calibrated?.ece)
  }

  /// The mean of several, number by number.
  fileprivate init(meanOf all: [Self]) {
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    func mean(_ values: [Double?]) -> Double? {
      let known = values.compactMap { $0 }
      return known.count == values.count ? mean(known) : nil
    }
    loss = mean(all.map(\.loss))
    ece = mean(all.map(\.ece))
    temperature = mean(all.map(\.temperature))
    calibratedLoss = mean(all.map(\.calibratedLoss))
    calibratedECE = mean(all.map(\.calibratedECE))
  }
}
