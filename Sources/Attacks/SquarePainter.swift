import Engine
import Networks
import Randomness

/// Draws the changes that `Square` tries.
struct SquarePainter {
  private let shape: ImageShape
  let ball: Ball
  private var epsilon: Float { ball.epsilon }
  private var plane: Int { shape.height * shape.width }

  init(_ shape: ImageShape, _ ball: Ball) {
    self.shape = shape
    self.ball = ball
  }

  /// The first try: stripes or bumps over the whole picture.
  func start(_ clean: ArraySlice<Float>, _ generator: inout SplitMix64) -> [Float] {
    var image = Array(clean)
    switch ball.norm {
    case .linf:
      for channel in 0..<shape.channels {
        let signs = (0..<shape.width).map { _ in sign(&generator) }
        for i in 0..<plane { image[channel * plane + i] += epsilon * signs[i % shape.width] }
      }
    case .l2:
      let side = max(1, min(shape.height, shape.width) / 5)
      var change = [Float](repeating: 0, count: image.count)
      for top in stride(from: 0, through: shape.height - side, by: side) {
        for left in stride(from: 0, through: shape.width - side, by: side) {
          let bump = bump(side, &generator)
          for channel in 0..<shape.channels {
            let sign = sign(&generator)
            forEach(channel, top, left, side) { change[$0] += sign * bump[$1] }
          }
        }
      }
      let length = Ball.length(change[...])
      for i in image.indices { image[i] += epsilon * change[i] / max(length, 1e-12) }
    }
    return image
  }

  /// The side of a square that covers this share of the picture; for L2 at least 3 and odd, where there is room.
  func side(_ share: Float) -> Int {
    let wanted = Int((share * Float(plane)).squareRoot().rounded())
    return min(ball.norm == .linf ? max(wanted, 1) : max(wanted, 3) | 1, shape.height, shape.width)
  }

  /// The square of ±2ε that Linf puts over the best so far, within the ball.
  func window(
    _ image: Int, of best: [Float], around clean: [Float], side: Int,
    _ generator: inout SplitMix64
  ) -> WindowedExecutor.Window {
    let (top, left) = corner(side, &generator)
    var pixels: [Float] = []
    pixels.reserveCapacity(shape.channels * side * side)
    for channel in 0..<shape.channels {
      let step = 2 * epsilon * sign(&generator)
      forEach(channel, top, left, side) { i, _ in
        let place = image * shape.count + i
        pixels.append(ball.projected(best[place] + step, around: clean[place]))
      }
    }
    return WindowedExecutor.Window(image: image, top: top, left: left, pixels: pixels)
  }

  /// Puts a window into its image.
  func put(_ window: WindowedExecutor.Window, side: Int, into images: inout [Float]) {
    for channel in 0..<shape.channels {
      forEach(channel, window.top, window.left, side) {
        images[window.image * shape.count + $0] = window.pixels[channel * side * side + $1]
      }
    }
  }

  /// The best so far under L2, one window of it with a bump and the length of change that another had, and of what the
  /// ball still has room for.
  func moved(
    _ best: ArraySlice<Float>, around clean: ArraySlice<Float>, side: Int,
    _ generator: inout SplitMix64
  ) -> [Float] {
    var change = zip(best, clean).map { $0 - $1 }
    let (to, from) = (corner(side, &generator), corner(side, &generator))
    let bump = bump(side, &generator)
    let room = max(0, epsilon * epsilon - squares(change)) / Float(shape.channels)
    for channel in 0..<shape.channels {
      var old = [Float](repeating: 0, count: side * side)
      forEach(channel, to.top, to.left, side) { old[$1] = change[$0] }
      let oldLength = squares(old).squareRoot()
      let sign = sign(&generator)
      var new = zip(bump, old).map { sign * $0 + $1 / (1e-12 + oldLength) }
      // The length of both windows together.
      var both = squares(old)
      forEach(channel, to.top, to.left, side) { i, _ in change[i] = 0 }
      forEach(channel, from.top, from.left, side) { i, _ in
        both += change[i] * change[i]
        change[i] = 0
      }
      let scale = (room + both).squareRoot() / max(squares(new).squareRoot(), 1e-12)
      new = new.map { $0 * scale }
      forEach(channel, to.top, to.left, side) { change[$0] = new[$1] }
    }
    let length = squares(change).squareRoot()
    return zip(clean, change).map { $0 + epsilon * $1 / max(length, 1e-12) }
  }

  /// Two opposite halves, each a pile of growing rectangles, of length 1.
  private func bump(_ side: Int, _ generator: inout SplitMix64) -> [Float] {
    var bump = [Float](repeating: 0, count: side * side)
    func pile(_ rows: Range<Int>, _ sign: Float) {
      let (middleRow, middle) = (rows.lowerBound + rows.count / 2, side / 2)
      for ring in 0..<max(rows.count / 2 + 1, side / 2 + 1) {
        let value = sign / Float((ring + 1) * (ring + 1))
        for y in max(rows.lowerBound, middleRow - ring)..<min(rows.upperBound, middleRow + ring + 1)
        {
          for x in max(0, middle - ring)..<min(side, middle + ring + 1) {
            bump[y * side + x] += value
          }
        }
      }
    }
    pile(0..<side / 2, 1)
    pile(side / 2..<side, -1)
    let length = squares(bump).squareRoot()
    let turned = generator.next() & 1 == 0
    return bump.indices.map { i in
      bump[turned ? i % side * side + i / side : i] / max(length, 1e-12)
    }
  }

  private func corner(_ side: Int, _ generator: inout SplitMix64) -> (top: Int, left: Int) {
    (generator.below(shape.height - side + 1), generator.below(shape.width - side + 1))
  }

  private func sign(_ generator: inout SplitMix64) -> Float {
    generator.next() & 1 == 0 ? 1 : -1
  }

  private func squares(_ values: [Float]) -> Float { values.reduce(0) { $0 + $1 * $1 } }

  /// Calls with the place in the image and in the window of each pixel of a window.
  private func forEach(
    _ channel: Int, _ top: Int, _ left: Int, _ side: Int, _ body: (Int, Int) -> Void
  ) {
    for y in 0..<side {
      for x in 0..<side {
        body(channel * plane + (top + y) * shape.width + left + x, y * side + x)
      }
    }
  }
}
