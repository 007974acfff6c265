/// True classes against predicted ones: errors colored on a logarithmic scale, diagonal pale.
///
/// Made for 2 to 100 classes. Where cells are too small for text, counts and most names are left
/// out; they are in the table.
public struct ConfusionMatrix: Chart {
  /// `counts[true][predicted]`.
  public var counts: [[Int]]
  /// The names of the classes.
  public var classNames: [String]
  /// A cell to outline, as true and predicted class.
  public var selection: (actual: Int, predicted: Int)?
  /// Where cells lead, as true and predicted class; cells without a place lead nowhere.
  public var targets: [String: (actual: Int, predicted: Int)] = [:]
  /// True to show the recall of each class at the right.
  public var showsRecall = true

  /// A matrix of counts.
  ///
  /// - Precondition: the matrix is square and has as many rows as there are names.
  public init(counts: [[Int]], classNames: [String]) {
    precondition(
      counts.count == classNames.count && counts.allSatisfy { $0.count == counts.count },
      "ConfusionMatrix: \(counts.count) rows for \(classNames.count) classes, expected a square")
    self.counts = counts
    self.classNames = classNames
  }

  /// The counts with true classes as rows, and the recall of each.
  public var table: FigureTable? {
    FigureTable(
      header: ["True \\ predicted"] + classNames + ["Recall"],
      rows: counts.indices.map { row in
        let recall = recall(row).map { Format.percent($0) } ?? ""
        return [classNames[row]] + counts[row].map(Format.count) + [recall]
      })
  }

  /// The share of a class that was recognized; nil for a class without images.
  func recall(_ row: Int) -> Double? {
    let total = counts[row].reduce(0, +)
    return total > 0 ? Double(counts[row][row]) / Double(total) : nil
  }

  /// The step of the color scale for an error count, from 1 to 5.
  ///
  /// The scale is logarithmic and ends at the largest error count, or at 8 if that is smaller.
  static func level(_ count: Int, largest: Int) -> Int {
    let ratio = Double(max(largest, 8)).squareRoot().squareRoot()
    var (level, bound) = (1, ratio)
    while level < 5, Double(count) >= bound * 0.999 { (level, bound) = (level + 1, bound * ratio) }
    return level
  }
}
