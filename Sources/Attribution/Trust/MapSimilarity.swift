#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How alike two maps are to the eye: their structure, and the directions of their edges.
///
/// Maps are `[H][W]`, of any scale: each is divided by its largest magnitude first.
package enum MapSimilarity {
  /// The mean structural similarity of the magnitudes over windows of 7 x 7 (or the map's side): 1 for equal maps, about 0
  /// for unrelated ones.
  ///
  /// Reference: Wang, Bovik, Sheikh, Simoncelli, Image Quality Assessment (2004); constants 0.01 and 0.03, equal weights, and
  /// sample variances as scikit-image has them.
  package static func structure(_ a: [Float], _ b: [Float], height: Int, width: Int) -> Double {
    let (x, y) = (magnitudes(a), magnitudes(b))
    let side = min(7, height, width)
    let n = Double(side * side)
    let (c1, c2) = (0.01 * 0.01, 0.03 * 0.03)
    var sum = 0.0
    for top in 0...height - side {
      for left in 0...width - side {
        var (sx, sy, xx, yy, xy) = (0.0, 0.0, 0.0, 0.0, 0.0)
        for row in top..<top + side {
          for place in row * width + left..<row * width + left + side {
            sx += x[place]
            sy += y[place]
            xx += x[place] * x[place]
            yy += y[place] * y[place]
            xy += x[place] * y[place]
          }
        }
        let (mx, my) = (sx / n, sy / n)
        let share = n > 1 ? n / (n - 1) : 0
        let (vx, vy) = (share * (xx / n - mx * mx), share * (yy / n - my * my))
        let both = share * (xy / n - mx * my)
        sum +=
          (2 * mx * my + c1) * (2 * both + c2) / ((mx * mx + my * my + c1) * (vx + vy + c2))
      }
    }
    return sum / Double((height - side + 1) * (width - side + 1))
  }

  /// The rank correlation of the histograms of oriented gradients of the magnitudes: 9 directions in each of 4 x 4 cells.
  ///
  /// Reference: Dalal, Triggs, Histograms of Oriented Gradients for Human Detection (2005), without their blocks: a map of a digit has
  /// too few cells.
  package static func edges(_ a: [Float], _ b: [Float], height: Int, width: Int) -> Double {
    RankCorrelation.spearman(
      histograms(magnitudes(a), height, width), histograms(magnitudes(b), height, width))
  }

  private static func magnitudes(_ map: [Float]) -> [Double] {
    let largest = map.reduce(0) { max($0, abs($1)) }
    return map.map {
      largest > 0 && largest.isFinite && $0.isFinite ? Double(abs($0) / largest) : 0
    }
  }

  private static func histograms(_ map: [Double], _ height: Int, _ width: Int) -> [Float] {
    let (cells, directions) = (4, 9)
    var result = [Float](repeating: 0, count: cells * cells * directions)
    for y in 0..<height {
      for x in 0..<width {
        let down = map[min(y + 1, height - 1) * width + x] - map[max(y - 1, 0) * width + x]
        let right = map[y * width + min(x + 1, width - 1)] - map[y * width + max(x - 1, 0)]
        // Directions that differ by half a turn are the same.
        let turn = atan2(down, right) / .pi
        let place = Int((turn < 0 ? turn + 1 : turn) * Double(directions)) % directions
        let cell = y * cells / height * cells + x * cells / width
        result[cell * directions + place] += Float((down * down + right * right).squareRoot())
      }
    }
    return result
  }
}
