public import Engine
import Networks
import Randomness

/// The mean of random smooth masks, each weighted by the score of the image seen through it.
///
/// Masks are grids of square cells, each open with probability 1/2, enlarged bilinearly and shifted by chance. The mean
/// score is taken off first, which changes the map by a constant in the limit and its scatter by much. Grids come in
/// blocks, a Hadamard matrix and its complement: in a block any three cells are open together equally often, which takes
/// away most of the rest. A block has one shift, every shift in turn, in an order left to chance. All images see the same
/// masks.
///
/// Reference: Petsiuk, Das, Saenko, RISE: Randomized Input Sampling for Explanation of Black-box Models
/// (2018); there are 4,000 masks in it for images of 224 x 224, and the score is a probability.
public struct RISE: AttributionMethod {
  private let cell: Int
  private let samples: Int
  private let seed: UInt64

  /// RISE.
  ///
  /// - Parameters:
  ///   - cell: side of a cell in pixels, at least 1; 4 makes the paper's grid of 7 x 7 of a digit.
  ///   - samples: masks.
  ///   - seed: seed of the masks.
  public init(cell: Int = 4, samples: Int = 2000, seed: UInt64 = 1) {
    self.cell = max(1, cell)
    self.samples = max(1, samples)
    self.seed = seed
  }

  /// The scores, the same in each channel; see `AttributionMethod`.
  public func attribution(
    of images: [Float], in executor: Executor, for targets: [Int]
  ) -> Attribution {
    let shape = executor.network.architecture.inputShape
    let (size, plane) = (shape.count, shape.height * shape.width)
    let masks = masks(shape)
    let seen = executor.targetScores(of: images, targets, copies: samples) { image, copy, batch in
      for i in 0..<size { batch.append(images[image * size + i] * masks[copy][i % plane]) }
    }
    var scores: [Float] = []
    for image in targets.indices {
      let row = seen[image * samples..<(image + 1) * samples]
      let mean = row.reduce(0.0) { $0 + Double($1) } / Double(samples)
      var map = [Float](repeating: 0, count: plane)
      for (value, mask) in zip(row, masks) {
        let weight = Float((Double(value) - mean) / (0.5 * Double(samples)))
        for i in 0..<plane { map[i] += weight * mask[i] }
      }
      scores += shape.repeated(map)
    }
    return Attribution(scores: scores, targets: targets)
  }

  private func masks(_ shape: ImageShape) -> [[Float]] {
    var generator = SplitMix64(seed: seed, purpose: "rise")
    // One cell more than the image needs, for the shift.
    let grid = (
      height: (shape.height + cell - 1) / cell + 1, width: (shape.width + cell - 1) / cell + 1
    )
    var order = 1
    while order < grid.height * grid.width { order *= 2 }
    var columns: [Int] = []
    var shifts: [Int] = []
    var (top, left) = (0, 0)
    return (0..<samples).map { index in
      let row = index % (2 * order)
      if row == 0 {
        columns = Array(generator.permutation(order).prefix(grid.height * grid.width))
        if shifts.isEmpty { shifts = generator.permutation(cell * cell) }
        (top, left) = shifts.removeLast().quotientAndRemainder(dividingBy: cell)
      }
      let cells = columns.map { column -> Float in
        ((row % order & column).nonzeroBitCount % 2 == 0) == (row < order) ? 1 : 0
      }
      let width = grid.width * cell
      let large = Bilinear.resized(
        cells, height: grid.height, width: grid.width, toHeight: grid.height * cell, toWidth: width)
      return (0..<shape.height).flatMap { y -> ArraySlice<Float> in
        let start = (y + top) * width + left
        return large[start..<start + shape.width]
      }
    }
  }
}
