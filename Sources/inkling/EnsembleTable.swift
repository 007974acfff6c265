import Evaluation
import Figures

/// What `evaluate` says of an ensemble's members, alone and together.
enum EnsembleTable {
  /// Prints it.
  static func show(_ result: EnsembleResult) {
    Terminal.print("")
    Terminal.print("members together, one look at each image: mean over choices of so many")
    let sizes = shown(result.sizes)
    TextTable([
      ["members"] + sizes.map { Format.count($0.members) },
      ["vote"] + sizes.map { Format.percent($0.vote) },
      ["mean probability"] + sizes.map { Format.percent($0.mean) },
      ["95 %"]
        + sizes.map {
          "\(Format.percent($0.meanInterval.low)) to \(Format.percent($0.meanInterval.high))"
        },
    ]).lines().forEach(Terminal.print)
    Terminal.print("")
    TextTable(
      [
        ["", "a member", "all"],
        ["log loss", Format.fixed(result.single.loss, 4), Format.fixed(result.pooled.loss, 4)],
        ["ECE", Format.points(result.single.ece), Format.points(result.pooled.ece)],
      ] + calibrated(result)
    ).lines().forEach(Terminal.print)
    Terminal.print("")
    Terminal.print(
      "two members differ on \(Format.percent(result.meanDisagreement)) of the images; none reads"
        + " \(Format.count(result.unread.count))\(places(result.unread))")
    let basis = result.members[result.best].validationAccuracy == nil ? "" : ", best on validation"
    Terminal.print(
      "against member \(result.best + 1)\(basis)"
        + " (\(Format.percent(result.members[result.best].accuracy))):"
        + " \(Format.count(result.onlyEnsemble)) images only the ensemble reads,"
        + " \(Format.count(result.onlyBest)) only the member (McNemar, p = \(Format.significant(result.pValue, 2)))"
    )
  }

  /// What the temperature does that fits validation, if there is one.
  private static func calibrated(_ result: EnsembleResult) -> [[String]] {
    func cell(_ value: Double?, _ text: (Double) -> String) -> String { value.map(text) ?? "–" }
    guard result.pooled.temperature != nil else { return [] }
    let both = [result.single, result.pooled]
    return [
      ["temperature"] + both.map { cell($0.temperature) { Format.fixed($0, 2) } },
      ["log loss then"] + both.map { cell($0.calibratedLoss) { Format.fixed($0, 4) } },
      ["ECE then"] + both.map { cell($0.calibratedECE) { Format.points($0) } },
    ]
  }

  private static let mostSizes = 8
  private static let mostPlaces = 10

  /// As many sizes as a terminal has room for, the largest among them.
  private static func shown(_ sizes: [EnsembleResult.Size]) -> [EnsembleResult.Size] {
    let step = (sizes.count + mostSizes - 1) / mostSizes
    return sizes.filter { $0.members == 1 || ($0.members - sizes.count).isMultiple(of: step) }
  }

  private static func places(_ images: [Int]) -> String {
    guard !images.isEmpty else { return "" }
    let shown = images.prefix(mostPlaces).map { "#\($0)" }.joined(separator: " ")
    return ": \(shown)\(images.count > mostPlaces ? " …" : "")"
  }
}
