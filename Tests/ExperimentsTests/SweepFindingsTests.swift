import Datasets
import Engine
import Evaluation
import Experiments
import Foundation
import TestSupport
import Testing
import Training

/// What is read off a sweep, against the same said slowly.
@Suite struct SweepFindingsTests {
  private let dataset = DrawnDigits.dataset(count: 480, testCount: 20)
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func progress(_ toml: String) throws -> SweepProgress {
    let planned = try SweepFolder(planning: Sweep(toml: toml), of: dataset, in: folder.path)
    _ = try SweepWorker(planned, on: dataset).work(
      pool: WorkerPool(threads: 1), pause: {}, while: { true })
    return try SweepProgress(of: planned)
  }

  private static let grid = """
    model = "flatten linear({width}) relu dropout({dropout}) linear({classes})"
    epochs = 3
    [parameters]
    learning-rate = [1e-6, 0.01]
    width = [8, 16, 24]
    dropout = [0, 0.4]
    batch-size = [16, 64]
    """

  @Test func `slices, pairs and gaps are those of the results`() throws {
    let progress = try progress(Self.grid)
    let findings = try #require(SweepFindings(progress))
    #expect(findings.parameters == ["batch-size", "dropout", "learning-rate", "width"])
    let configurations = progress.folder.configurations
    let results = try progress.rungs[0].results.map { try #require($0[0]) }
    for (place, slice) in findings.slices.enumerated() {
      #expect(slice.parameter == findings.parameters[place])
      #expect(slice.values.reduce(0) { $0 + $1.count } == 24)
      for value in slice.values {
        let own = results.indices.filter {
          configurations[$0].values[place].description == value.label
        }
        let accuracies = try own.map { try #require(results[$0].score?.accuracy) }.sorted()
        #expect(value.count == own.count && value.failed == 0)
        #expect(value.best == accuracies.last)
        // An even number: the median lies between the two in the middle.
        let middle = (accuracies[own.count / 2 - 1] + accuracies[own.count / 2]) / 2
        #expect(abs(value.quartiles[1] - middle) < 1e-12)
        #expect(value.quartiles == value.quartiles.sorted())
      }
    }
    #expect(findings.gapParameter == "dropout")
    for pair in findings.pairs {
      let places = pair.parameters.compactMap { findings.parameters.firstIndex(of: $0) }
      for (row, means) in try paired(pair.rows, pair.means) {
        for (column, mean) in try paired(pair.columns, means) {
          let own = results.indices.filter {
            configurations[$0].values[places[0]].description == row
              && configurations[$0].values[places[1]].description == column
          }.map { results[$0].score?.accuracy ?? .nan }
          #expect(abs((mean ?? .nan) - own.reduce(0, +) / Double(own.count)) < 1e-12)
        }
      }
    }
    #expect(findings.pairs.count == 3 && findings.budget.map(\.trained) == [72])
    #expect(findings.topTenth.count == 3 && findings.comparedAfter == 3)
  }

  @Test func `what matters is what the best chose differently`() throws {
    let progress = try progress(Self.grid)
    let findings = try #require(SweepFindings(progress))
    let rung = progress.rungs[0]
    #expect(findings.importances.map(\.share) == findings.importances.map(\.share).sorted(by: >))
    let total = findings.importances.reduce(0) { $0 + $1.share }
    #expect(abs(total - 1) < 1e-12)
    // Pearson's divergence, from its definition.
    let order = rung.ranking.map(\.entrant)
    func divergence(_ place: Int) -> Double {
      let values = progress.folder.configurations.map { $0.values[place] }
      let kinds = Set(values)
      return kinds.reduce(0) { sum, kind in
        let all = Double(order.count { values[$0] == kind } + 1) / Double(order.count + kinds.count)
        let top = Double(order.prefix(3).count { values[$0] == kind } + 1) / Double(3 + kinds.count)
        return sum + (top - all) * (top - all) / all
      }
    }
    let divergences = findings.parameters.indices.map(divergence)
    for importance in findings.importances {
      let place = try #require(findings.parameters.firstIndex(of: importance.parameter))
      let share = divergences[place] / divergences.reduce(0, +)
      #expect(abs(importance.share - share) < 1e-9)
      #expect(importance.interval.low <= importance.interval.high)
    }
    // The same again: the resampling is seeded.
    let again = try #require(SweepFindings(progress))
    #expect(again.importances.map(\.interval) == findings.importances.map(\.interval))
  }

  @Test func `who is like the best is told by what chance explains`() throws {
    let findings = try #require(SweepFindings(try progress(Self.grid)))
    let best = findings.ranking[0]
    #expect(best.isLikeBest && findings.ranking.count == 24)
    func right(_ ranked: SweepFindings.Ranked) -> Int { Int((ranked.accuracy * 40).rounded()) }
    // Holm: the smallest of 23 p-values against a 23rd of 5 %, the next against a 22nd, until one fails.
    let pValues = findings.ranking.dropFirst().map {
      FisherExact.pValue(right(best), of: 40, right($0), of: 40)
    }
    var behind = Set<Int>()
    for (place, index) in pValues.indices.sorted(by: { pValues[$0] < pValues[$1] }).enumerated() {
      guard pValues[index] <= 0.05 / Double(pValues.count - place) else { break }
      behind.insert(index + 1)
    }
    for (place, ranked) in findings.ranking.enumerated() {
      #expect(ranked.interval == .wilson(share: ranked.accuracy, of: 40))
      #expect(ranked.isLikeBest == !behind.contains(place))
    }
    // Twelve that learned nothing are not.
    #expect(findings.ranking.count { !$0.isLikeBest } >= 6)
  }

  @Test func `several seeds give an interval of their own, ranges are cut into parts`() throws {
    let findings = try #require(
      SweepFindings(
        try progress(
          """
          strategy = "random"
          trials = 11
          seeds = 3
          epochs = 1
          model = "flatten linear(8) relu linear(10)"
          [parameters]
          learning-rate = { low = 1e-5, high = 0.1, log = true }
          """)))
    #expect(findings.slices[0].values.count == 5)
    #expect(findings.slices[0].values.reduce(0) { $0 + $1.count } == 11)
    #expect(findings.slices[0].values.allSatisfy { $0.label.contains(" to ") && $0.count >= 2 })
    #expect(
      findings.ranking.allSatisfy { $0.interval.contains($0.accuracy) && $0.interval.low >= 0 })
    #expect(findings.ranking[0].isLikeBest)
    #expect(findings.importances.map(\.share) == [1])
  }

  @Test func `the interval of a mean is Student's`() throws {
    let interval = try #require(Interval.mean(of: [1, 2, 3]))
    #expect(abs(interval.high - (2 + 4.302652730 / 3.0.squareRoot())) < 1e-8)
    #expect(Interval.mean(of: [1]) == nil)
    // scipy.stats.t.ppf(0.975, n)
    for (count, quantile) in [(4, 3.182446), (5, 2.776445), (11, 2.228139), (31, 2.042272)] {
      let values = (0..<count).map { $0 == 0 ? Double(count) : 0 }
      let interval = try #require(Interval.mean(of: values))
      // The mean is 1, the variance count.
      #expect(abs((interval.high - 1) - quantile) < 0.004)
    }
  }
}
