extension DataFacts {
  /// How evenly the classes are filled.
  package enum Balance: Equatable, Sendable {
    /// A class is empty, or there is none.
    case unknown
    /// Each has as many images.
    case equal(Int)
    /// The largest is at most one and a half times the smallest.
    case near(ratio: Double)
    /// The largest is this many times the smallest.
    case uneven(ratio: Double)

    /// The balance of the numbers of images.
    package init(_ counts: [Int]) {
      guard let most = counts.max(), let least = counts.min(), least > 0 else {
        self = .unknown
        return
      }
      let ratio = Double(most) / Double(least)
      self =
        most == least ? .equal(most) : ratio <= 1.5 ? .near(ratio: ratio) : .uneven(ratio: ratio)
    }
  }

  /// Training images of all classes.
  package var labeledCount: Int { classCounts.reduce(0, +) }

  /// A band of pixel values and the share of the training pixels in it.
  package struct Band: Equatable, Sendable {
    /// The values.
    package let values: Range<Int>
    /// The share.
    package let share: Double
  }

  /// Training pixels.
  package var pixelCount: Int { histogram.reduce(0, +) }

  /// How many pixels have each value: 0 alone, all others in eight bands.
  package var bands: [Band] {
    let total = Double(max(1, pixelCount))
    let starts = [1] + Array(stride(from: 32, to: 256, by: 32))
    return ([0..<1] + zip(starts, starts.dropFirst() + [256]).map { $0..<$1 }).map { values in
      Band(values: values, share: Double(histogram[values].reduce(0, +)) / total)
    }
  }

  /// The share of pixels that are exactly 0, from a histogram; `nil` without any pixel.
  package static func blankShare(_ histogram: [Int]) -> Double? {
    let total = histogram.reduce(0, +)
    guard total > 0, let zeros = histogram.first else { return nil }
    return Double(zeros) / Double(total)
  }

  /// A place of an image and what two classes' mean images have there.
  package struct Difference: Equatable, Sendable {
    /// The channel; `nil` for images that have one.
    package let channel: Int?
    /// The row.
    package let row: Int
    /// The column.
    package let column: Int
    /// The value of the one mean image.
    package let first: Float
    /// The value of the other.
    package let second: Float
  }

  /// The place where the mean images of two classes are furthest apart; `nil` if they have no places.
  package func largestDifference(between first: Int, and second: Int) -> Difference? {
    let (one, other) = (meanImages[first], meanImages[second])
    guard one.shape.count == 3, one.shape == other.shape,
      let at = one.values.indices.max(by: {
        (abs(one.values[$0] - other.values[$0]), $1) < (abs(one.values[$1] - other.values[$1]), $0)
      })
    else { return nil }
    let (height, width) = (one.shape[1], one.shape[2])
    return Difference(
      channel: one.shape[0] > 1 ? at / (height * width) : nil, row: at / width % height,
      column: at % width, first: one.values[at], second: other.values[at])
  }
}
