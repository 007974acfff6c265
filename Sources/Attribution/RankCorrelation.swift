/// Spearman's rank correlation: whether two maps order their pixels alike.
package enum RankCorrelation {
  /// The correlation of the ranks, -1...1, equal values sharing their mean rank; 0 if one side is constant.
  package static func spearman(_ a: [Float], _ b: [Float]) -> Double {
    pearson(ranks(a), ranks(b)) ?? 0
  }

  /// The correlation of the numbers themselves, -1...1; `nil` if one side is constant or there are none.
  package static func pearson(_ x: [Double], _ y: [Double]) -> Double? {
    let n = Double(x.count)
    let (meanX, meanY) = (x.reduce(0, +) / n, y.reduce(0, +) / n)
    var (xy, xx, yy) = (0.0, 0.0, 0.0)
    for (p, q) in zip(x, y) {
      xy += (p - meanX) * (q - meanY)
      xx += (p - meanX) * (p - meanX)
      yy += (q - meanY) * (q - meanY)
    }
    let size = (xx * yy).squareRoot()
    return size > 0 && size.isFinite ? xy / size : nil
  }

  private static func ranks(_ values: [Float]) -> [Double] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      for place in start..<end { ranks[order[place]] = Double(start + end - 1) / 2 }
      start = end
    }
    return ranks
  }
}
