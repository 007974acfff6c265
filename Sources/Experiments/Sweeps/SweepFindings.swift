package import Evaluation
import Foundation
import Randomness
import Training

/// What can be read off the results of a sweep: what each parameter does, which matter, and which configurations cannot be
/// told apart.
///
/// Parameters are compared in the first rung, where every configuration was trained equally long; the ranking is that of
/// the last.
public struct SweepFindings: Codable, Sendable {
  /// Names of the parameters, in the order of the values.
  package let parameters: [String]
  /// What each parameter may be.
  package let domains: [SweepParameter.Domain]
  /// Configurations that the sweep has.
  package let configurations: Int
  /// Trials of each configuration.
  package let seeds: Int
  /// True if no trial is open.
  package let isFinished: Bool
  /// One entry a parameter.
  package let slices: [Slice]
  /// Shares of the parameters in what makes a configuration one of the best tenth, largest first.
  package let importances: [Importance]
  /// Mean accuracies of the values of two parameters together, for the pairs of the three that matter most.
  package let pairs: [Pair]
  /// The configurations of the last rung, best first.
  package let ranking: [Ranked]
  /// The best tenth of the first rung, best first: the values of each.
  package let topTenth: [Scored]
  /// Learning curves, of those that came far and of some that were stopped.
  package let curves: [Curve]
  /// One entry a rung.
  package let budget: [Budget]
  /// The parameter by which it is shown how far training is ahead of validation: dropout, about which the course asks, or
  /// else that which changes it most; `nil` if none does.
  package let gapParameter: String?
  /// Trials that diverged.
  package let diverged: Int
  /// Trials that were refused.
  package let refused: Int
  /// Epochs that every trial was trained for when parameters are compared.
  package let comparedAfter: Int
  /// What came of the best configuration when it was trained again; `nil` if it was not yet.
  package let choice: SweepChoice?

  /// What the values of a parameter come to.
  package struct Slice: Codable, Sendable {
    /// The parameter.
    package let parameter: String
    /// Its values, or ranges of them, in order.
    package let values: [Value]

    /// The configurations with a value.
    package struct Value: Codable, Sendable {
      /// The value, or the range.
      package let label: String
      /// Configurations that came to something.
      package let count: Int
      /// Configurations that diverged or were refused.
      package let failed: Int
      /// Their validation accuracies: a quarter, half and three quarters of them are below.
      package let quartiles: [Double]
      /// The best of them.
      package let best: Double?
      /// Median of training accuracy less validation accuracy, both as the network predicts.
      package let gap: Double?
    }
  }

  /// How much a parameter has to do with being among the best.
  package struct Importance: Codable, Sendable {
    /// The parameter.
    package let parameter: String
    /// Its share; all shares add up to 1.
    package let share: Double
    /// Where 95 % of the shares of resampled configurations lie.
    package let interval: Interval
  }

  /// Two parameters together.
  package struct Pair: Codable, Sendable {
    /// The parameters of rows and columns.
    package let parameters: [String]
    /// Values of the first.
    package let rows: [String]
    /// Values of the second.
    package let columns: [String]
    /// Mean validation accuracy; `nil` where no configuration came to something.
    package let means: [[Double?]]
  }

  /// A configuration with its accuracy.
  package struct Scored: Codable, Sendable {
    /// Values of the parameters.
    package let values: [ParameterValue]
    /// Mean validation accuracy.
    package let accuracy: Double
  }

  /// A configuration of the last rung.
  package struct Ranked: Codable, Sendable {
    /// Its first trial's.
    package let id: String
    /// Values of the parameters.
    package let values: [ParameterValue]
    /// Mean validation accuracy.
    package let accuracy: Double
    /// Where its accuracy lies with 95 %: by the number of images, from three trials on no narrower than by how they
    /// differ.
    package let interval: Interval
    /// Mean validation loss.
    package let loss: Double
    /// Mean training accuracy, as the network predicts.
    package let trainAccuracy: Double?
    /// True if its difference from the best may as well be the choice of images: see `isBehind`.
    package let isLikeBest: Bool
  }

  /// A learning curve.
  package struct Curve: Codable, Sendable {
    /// Validation accuracy after each epoch.
    package let accuracies: [Double]
    /// True if it came to the last rung.
    package let isFinal: Bool
  }

  /// What a rung cost.
  package struct Budget: Codable, Sendable {
    /// Up to which epoch it trains.
    package let epochs: Int
    /// Trials in it.
    package let trials: Int
    /// Epochs that were trained for it.
    package let trained: Int
  }
}

// MARK: Finding

extension SweepFindings {
  /// Ranges that a parameter without a list is cut into.
  private static let bins = 5
  /// The share that counts as best.
  private static let topShare = 0.1
  /// Resamplings for an interval.
  private static let resamples = 500
  /// Curves that are shown, of those that came far and of those that did not.
  private static let shownCurves = 40

  /// What the results of a sweep say so far; `nil` if no trial of the first rung came to something.
  ///
  /// - Parameters:
  ///   - progress: the results.
  ///   - choice: what came of the configuration that was chosen.
  package init?(_ progress: SweepProgress, choice: SweepChoice? = nil) {
    guard let first = progress.rungs.first, !first.ranking.isEmpty, let last = progress.comparison
    else { return nil }
    let sweep = progress.folder.sweep
    let configurations = progress.folder.configurations
    (parameters, domains) = (sweep.parameters.map(\.name), sweep.parameters.map(\.domain))
    (self.configurations, seeds) = (configurations.count, sweep.seeds)
    isFinished = progress.isFinished
    comparedAfter = first.epochs
    let columns = sweep.parameters.indices.map { place in
      Column(sweep.parameters[place], configurations.map { $0.values[place] })
    }
    let accuracies = first.entrants.indices.map { first.score($0)?.accuracy }
    let results = progress.rungs.flatMap { $0.results.joined() }.compactMap { $0 }
    diverged = results.count { $0.outcome == .diverged }
    refused = results.count { $0.outcome == .refused }
    slices = columns.map { column in
      Slice(
        parameter: column.name,
        values: column.labels.indices.map { label in
          Self.value(column, label, first, accuracies)
        })
    }
    gapParameter = Self.gapParameter(slices)
    let order = first.ranking.map(\.entrant)
    // Those that came to nothing come last.
    let failed = first.isDone ? first.entrants.indices.filter { accuracies[$0] == nil } : []
    importances = Self.importances(columns, order + failed, seed: sweep.base.seed)
    let leading = importances.prefix(3).map(\.parameter)
    pairs = leading.indices.flatMap { a in
      leading.indices.dropFirst(a + 1).compactMap { b in
        Self.pair(columns, leading[a], leading[b], accuracies)
      }
    }
    ranking = Self.ranking(last, configurations)
    // What was chosen before the sweep was widened says nothing of what is best now.
    self.choice = choice?.id == ranking.first?.id ? choice : nil
    let top = max(1, Int((Self.topShare * Double(order.count)).rounded(.up)))
    topTenth = order.prefix(top).map {
      Scored(values: configurations[first.entrants[$0]].values, accuracy: accuracies[$0] ?? 0)
    }
    curves = Self.curves(progress)
    budget = progress.rungs.indices.map { place in
      let rung = progress.rungs[place]
      let before = place == 0 ? 0 : progress.rungs[place - 1].epochs
      return Budget(
        epochs: rung.epochs, trials: rung.count,
        trained: rung.results.joined().reduce(0) { $0 + max(0, ($1?.curve.count ?? 0) - before) })
    }
  }

  /// A parameter with the place of each configuration's value among its values, or among ranges of them.
  private struct Column {
    let name: String
    let labels: [String]
    let places: [Int]

    init(_ parameter: SweepParameter, _ values: [ParameterValue]) {
      name = parameter.name
      switch parameter.domain {
      case .list(let listed):
        labels = listed.map(\.description)
        places = values.map { listed.firstIndex(of: $0) ?? 0 }
      case .range:
        let numbers = values.map { $0.number ?? .nan }
        // Ranges that hold as many configurations each.
        let sorted = numbers.sorted()
        let bins = max(1, min(SweepFindings.bins, Set(numbers).count))
        let edges = (0..<bins).map { sorted[$0 * sorted.count / bins] }
        let starts = edges.enumerated().filter {
          $0.offset == 0 || $0.element > edges[$0.offset - 1]
        }
        .map(\.element)
        places = numbers.map { number in (starts.lastIndex { $0 <= number }) ?? 0 }
        let own = places
        labels = starts.indices.map { bin in
          let members = own.indices.filter { own[$0] == bin }.map { numbers[$0] }
          let ends = [members.min(), members.max()].compactMap { $0 }.map {
            ParameterValue.number($0).description
          }
          return Set(ends).count == 1 ? ends[0] : ends.joined(separator: " to ")
        }
      }
    }
  }

  private static func value(
    _ column: Column, _ label: Int, _ rung: SweepProgress.Rung, _ accuracies: [Double?]
  ) -> Slice.Value {
    let own = rung.entrants.indices.filter { column.places[rung.entrants[$0]] == label }
    let found = own.compactMap { accuracies[$0] }.sorted()
    let gaps = own.flatMap { rung.results[$0] }.compactMap { result -> Double? in
      guard let last = result?.kept,
        let train = last.trainAccuracy, let validation = last.validationAccuracy
      else { return nil }
      return train - validation
    }.sorted()
    let failed = own.count { entrant in
      rung.results[entrant].contains { $0.map { $0.outcome != .trained } ?? false }
    }
    return Slice.Value(
      label: column.labels[label], count: found.count, failed: failed,
      quartiles: found.isEmpty ? [] : [0.25, 0.5, 0.75].map { quantile(found, $0) },
      best: found.last, gap: gaps.isEmpty ? nil : quantile(gaps, 0.5))
  }

  private static func gapParameter(_ slices: [Slice]) -> String? {
    func spread(_ slice: Slice) -> Double {
      let gaps = slice.values.compactMap(\.gap)
      return (gaps.max() ?? 0) - (gaps.min() ?? 0)
    }
    let shown = slices.filter { $0.values.count { $0.gap != nil } > 1 }
    let asked = shown.first { $0.parameter == "dropout" }
    return (asked ?? shown.max { spread($0) < spread($1) })?.parameter
  }

  /// A quantile of numbers in order, between neighbours in proportion.
  private static func quantile(_ sorted: [Double], _ share: Double) -> Double {
    let place = share * Double(sorted.count - 1)
    let low = Int(place)
    let high = min(low + 1, sorted.count - 1)
    return sorted[low] + (sorted[high] - sorted[low]) * (place - Double(low))
  }

  /// How different the values of the best tenth are from those of all, by parameter: Pearson's divergence of the two
  /// distributions, each value counted once more than it occurs.
  ///
  /// Reference: Watanabe, Bansal, Hutter, PED-ANOVA: Efficiently Quantifying Hyperparameter Importance in Arbitrary
  /// Subspaces (2023), with counts in place of kernels.
  private static func importances(
    _ columns: [Column], _ order: [Int], seed: UInt64
  ) -> [Importance] {
    let count = order.count
    let top = max(1, Int((topShare * Double(count)).rounded(.up)))
    guard count > 1, !columns.isEmpty else { return [] }
    func shares(_ chosen: [Int]) -> [Double] {
      // Of resampled configurations the best are again those that come first.
      let best = chosen.prefix(top)
      let divergences = columns.map { column -> Double in
        let values = column.labels.count
        func distribution(_ places: some Collection<Int>) -> [Double] {
          var counts = [Double](repeating: 1, count: values)
          for place in places { counts[column.places[order[place]]] += 1 }
          return counts.map { $0 / Double(places.count + values) }
        }
        let (all, own) = (distribution(chosen), distribution(best))
        return zip(all, own).reduce(0) { $0 + $1.0 * ($1.1 / $1.0 - 1) * ($1.1 / $1.0 - 1) }
      }
      let total = divergences.reduce(0, +)
      return divergences.map { total > 0 ? $0 / total : 1 / Double(columns.count) }
    }
    let own = shares(Array(0..<count))
    var generator = SplitMix64(seed: seed, purpose: "importance")
    var drawn: [[Double]] = []
    for _ in 0..<resamples {
      drawn.append(shares((0..<count).map { _ in generator.below(count) }.sorted()))
    }
    return columns.indices.map { column in
      let found = drawn.map { $0[column] }.sorted()
      return Importance(
        parameter: columns[column].name, share: own[column],
        interval: Interval(low: quantile(found, 0.025), high: quantile(found, 0.975)))
    }.sorted { $0.share > $1.share }
  }

  private static func pair(
    _ columns: [Column], _ first: String, _ second: String, _ accuracies: [Double?]
  ) -> Pair? {
    guard let rows = columns.first(where: { $0.name == first }),
      let others = columns.first(where: { $0.name == second })
    else { return nil }
    let means = rows.labels.indices.map { row in
      others.labels.indices.map { column -> Double? in
        let found = accuracies.indices.filter {
          rows.places[$0] == row && others.places[$0] == column
        }.compactMap { accuracies[$0] }
        return found.isEmpty ? nil : found.reduce(0, +) / Double(found.count)
      }
    }
    return Pair(
      parameters: [first, second], rows: rows.labels, columns: others.labels, means: means)
  }

  /// Images that were right, of how many, over all trials of a configuration.
  private typealias Count = (right: Int, images: Int)

  private static func ranking(
    _ rung: SweepProgress.Rung, _ configurations: [SweepConfiguration]
  ) -> [Ranked] {
    let entries = rung.ranking.map { entrant, score in
      let trials = rung.results[entrant].compactMap { $0 }
      let count = trials.reduce(into: (right: 0, images: 0)) { sum, trial in
        let images = trial.kept?.validationCount ?? 0
        sum.images += images
        sum.right += Int(((trial.score?.accuracy ?? 0) * Double(images)).rounded())
      }
      return (entrant: entrant, score: score, trials: trials, count: count)
    }
    let isBehind = isBehind(entries.map(\.count))
    return entries.enumerated().map { place, entry in
      let train = entry.trials.compactMap { $0.kept?.trainAccuracy }
      let configuration = configurations[rung.entrants[entry.entrant]]
      return Ranked(
        id: configuration.trials.first?.id ?? "", values: configuration.values,
        accuracy: entry.score.accuracy,
        interval: interval(entry.count, entry.trials.compactMap { $0.score?.accuracy }),
        loss: entry.score.loss,
        trainAccuracy: train.isEmpty ? nil : train.reduce(0, +) / Double(train.count),
        isLikeBest: !isBehind[place])
    }
  }

  /// Which are behind the first by more than the choice of images explains: Fisher's exact test of the images that are
  /// right, with Holm's correction for the number of those that are compared.
  private static func isBehind(_ counts: [Count]) -> [Bool] {
    guard let best = counts.first else { return [] }
    let pValues = counts.dropFirst().map {
      FisherExact.pValue(best.right, of: best.images, $0.right, of: $0.images)
    }
    return [false] + FisherExact.significant(pValues)
  }

  /// The interval of an accuracy by the number of images; from three trials on no narrower than by how they differ.
  private static func interval(_ count: Count, _ accuracies: [Double]) -> Interval {
    let byImages = Interval.wilson(count.right, of: count.images)
    guard accuracies.count > 2, let bySeeds = Interval.mean(of: accuracies) else { return byImages }
    return Interval(
      low: max(0, min(byImages.low, bySeeds.low)), high: min(1, max(byImages.high, bySeeds.high)))
  }

  private static func curves(_ progress: SweepProgress) -> [Curve] {
    guard let last = progress.rungs.last else { return [] }
    let isHalving = progress.rungs.count > 1
    func curve(_ rung: SweepProgress.Rung, _ entrant: Int, isFinal: Bool) -> Curve? {
      guard let result = rung.results[entrant].first ?? nil, result.outcome == .trained else {
        return nil
      }
      return Curve(accuracies: result.curve.compactMap(\.validationAccuracy), isFinal: isFinal)
    }
    /// Some of many, evenly from the first to the last.
    func some(_ entrants: [Int]) -> [Int] {
      guard entrants.count > shownCurves else { return entrants }
      return (0..<shownCurves).map { entrants[$0 * (entrants.count - 1) / (shownCurves - 1)] }
    }
    let far = some(last.ranking.map(\.entrant)).compactMap { curve(last, $0, isFinal: true) }
    guard isHalving else { return far }
    // Of those that were stopped, what they came to before.
    let stopped = progress.rungs.dropLast().enumerated().flatMap { place, rung -> [Curve] in
      let gone = Set(progress.rungs[place + 1].entrants)
      let out = rung.ranking.map(\.entrant).filter { !gone.contains(rung.entrants[$0]) }
      return some(out).compactMap { curve(rung, $0, isFinal: false) }
    }
    return stopped + far
  }
}
