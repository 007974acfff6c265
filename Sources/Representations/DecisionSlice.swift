public import Engine
import Networks

/// What a network says between images: on the plane through three of them, or on the line between two.
public enum DecisionSlice {
  /// The probabilities on the plane a + s (b - a) + t (c - a) for s and t in equal steps over a range.
  ///
  /// Pixels are not clipped: most of the plane is no picture, which is worth knowing.
  ///
  /// - Parameters:
  ///   - corners: three images.
  ///   - executor: the network.
  ///   - side: points along each side of the grid, at least 2.
  ///   - range: of s and of t; 0 and 1 are the images.
  /// - Returns: `[side][side][K]`, t by row and s by column.
  public static func plane(
    through corners: (a: [Float], b: [Float], c: [Float]), in executor: Executor, side: Int,
    range: ClosedRange<Float> = -0.25...1.25
  ) -> [Float] {
    let steps = (0..<side).map {
      range.lowerBound + (range.upperBound - range.lowerBound) * Float($0) / Float(side - 1)
    }
    return steps.flatMap { t in
      probabilities(
        steps.flatMap { s in
          corners.a.indices.map { i in
            let a = corners.a[i]
            return a + s * (corners.b[i] - a) + t * (corners.c[i] - a)
          }
        }, executor)
    }
  }

  /// The probabilities on the straight line from one image to another, ends included, `[points][K]`.
  public static func path(
    from start: [Float], to end: [Float], in executor: Executor, points: Int
  ) -> [Float] {
    probabilities(
      (0..<points).flatMap { step in
        let t = Float(step) / Float(max(1, points - 1))
        return start.indices.map { start[$0] + t * (end[$0] - start[$0]) }
      }, executor)
  }

  private static func probabilities(_ images: [Float], _ executor: Executor) -> [Float] {
    let classes = executor.network.architecture.outputs
    let logits = executor.logits(images)
    return stride(from: 0, to: logits.count, by: classes).flatMap {
      CrossEntropy.probabilities(Array(logits[$0..<$0 + classes]))
    }
  }
}
