import Drawing

/// Reduces lines to what pixels can show, and reads heights off them.
enum Thinning {
  /// The points themselves, or the lowest and highest of each pixel column where there are many.
  static func thinned(_ points: [Point], columns: Double) -> [Point] {
    let columns = max(columns, 1)
    guard Double(points.count) > columns * 2, let first = points.first, let last = points.last
    else { return points }
    var result = [first]
    var start = points.startIndex
    while start < points.endIndex {
      let column = points[start].x.rounded(.down)
      var end = start
      while end < points.endIndex, points[end].x.rounded(.down) == column { end += 1 }
      let places = start..<end
      let low = places.min { points[$0].y < points[$1].y } ?? start
      let high = places.max { points[$0].y < points[$1].y } ?? start
      result.append(points[min(low, high)])
      if low != high { result.append(points[max(low, high)]) }
      start = end
    }
    result.append(last)
    return result
  }

  /// The height of a line at an x, interpolated; nil outside its ends.
  static func height(of line: [Point], at x: Double) -> Double? {
    for (left, right) in zip(line, line.dropFirst()) where left.x <= x && x <= right.x {
      guard right.x > left.x else { return left.y }
      return left.y + (right.y - left.y) * (x - left.x) / (right.x - left.x)
    }
    return line.count == 1 && line[0].x == x ? line[0].y : nil
  }
}
