import Randomness

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Digits that the program draws itself, stroke by stroke, as people write them.
///
/// A way of writing is chosen, its points are moved a little, a curve is laid through them, the whole is slanted,
/// stretched and bent, drawn with a pen of some width, scaled to a box of 20 × 20 pixels and put with its centre of
/// mass into the middle of 28 × 28, as MNIST's digits were. They are not MNIST: accuracy on them says
/// little about handwriting.
public enum DrawnDigits {
  /// The data set's name.
  public static let name = "drawn"
  /// Test digits that come with any number of training digits.
  public static let testCount = 10_000
  private static let side = 28
  private static let box = 20

  /// Draws a whole data set.
  ///
  /// - Parameters:
  ///   - count: training digits.
  ///   - testCount: test digits, from a seed of their own.
  ///   - seed: which digits.
  /// - Returns: the digits with their classes.
  public static func dataset(
    count: Int = 60_000, testCount: Int = testCount, seed: UInt64 = 1
  ) -> Dataset {
    Dataset(
      name: name, classes: (0..<10).map(String.init),
      train: images(count, seed: seed, purpose: "drawn training"),
      test: images(testCount, seed: seed, purpose: "drawn test"))
  }

  /// Draws digits; those of a purpose do not depend on how many there are.
  static func images(_ count: Int, seed: UInt64, purpose: String) -> LabeledImages {
    var pixels: [UInt8] = []
    pixels.reserveCapacity(count * side * side)
    var labels: [Int] = []
    for index in 0..<count {
      var generator = SplitMix64(seed: seed, purpose: purpose, index: UInt64(index))
      let label = generator.below(10)
      labels.append(label)
      pixels += digit(label, using: &generator)
    }
    return LabeledImages(
      channels: 1, height: side, width: side, pixels: pixels, labels: labels)
  }

  /// Draws one digit as 28 × 28 bytes.
  static func digit(_ label: Int, using generator: inout SplitMix64) -> [UInt8] {
    let skeleton = choose(Skeleton.all[label], using: &generator)
    var samples = trace(jittered(skeleton, using: &generator), using: &generator)
    bend(&samples, using: &generator)
    slant(&samples, using: &generator)
    fit(&samples, using: &generator)
    let raster = inked(samples, using: &generator)
    return centered(raster, using: &generator)
  }

  private static func choose(
    _ skeletons: [Skeleton], using generator: inout SplitMix64
  ) -> Skeleton {
    var rest = generator.uniform() * skeletons.reduce(0) { $0 + $1.weight }
    for skeleton in skeletons {
      rest -= skeleton.weight
      if rest < 0 { return skeleton }
    }
    return skeletons[skeletons.count - 1]
  }

  /// Moves points, strokes and their ends a little.
  private static func jittered(
    _ skeleton: Skeleton, using generator: inout SplitMix64
  ) -> [[Skeleton.Control]] {
    let scale = generator.uniform(0.012, 0.05)
    let moves = skeleton.twin.map { _ in (generator.normal() * scale, generator.normal() * scale) }
    var index = 0
    return skeleton.strokes.map { stroke in
      let (offsetX, offsetY) = (generator.normal() * 0.03, generator.normal() * 0.03)
      var points = stroke
      for place in points.indices {
        let move = moves[skeleton.twin[index]]
        points[place].x += move.0 + offsetX
        points[place].y += move.1 + offsetY
        index += 1
      }
      let last = points.count - 1
      extend(&points, end: 0, from: 1, by: 0.25 * generator.normal())
      extend(&points, end: last, from: last - 1, by: 0.25 * generator.normal())
      return points
    }
  }

  private static func extend(
    _ points: inout [Skeleton.Control], end: Int, from neighbor: Int, by share: Float
  ) {
    points[end].x += share * (points[end].x - points[neighbor].x)
    points[end].y += share * (points[end].y - points[neighbor].y)
  }

  /// Sixty-four places along all strokes, as many to a segment as its length asks for.
  private static func trace(
    _ strokes: [[Skeleton.Control]], using generator: inout SplitMix64
  ) -> [PenStroke.Sample] {
    let cornerShare = generator.uniform(0.3, 1)
    let straightShare = generator.uniform(0, 0.25)
    func length(_ a: Skeleton.Control, _ b: Skeleton.Control) -> Float {
      ((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y)).squareRoot()
    }
    let total = strokes.reduce(Float(0)) { sum, stroke in
      sum + zip(stroke, stroke.dropFirst()).reduce(0) { $0 + length($1.0, $1.1) }
    }
    var samples: [PenStroke.Sample] = []
    for stroke in strokes {
      let curve = StrokeCurve(
        controls: stroke, cornerShare: cornerShare, straightShare: straightShare)
      samples.append(PenStroke.Sample(x: stroke[0].x, y: stroke[0].y, radius: 1, isDown: false))
      for segment in 0..<stroke.count - 1 {
        let share = length(stroke[segment], stroke[segment + 1]) / max(total, 1e-6)
        let steps = max(1, Int((64 * share).rounded()))
        for step in 1...steps {
          let point = curve.point(segment, Float(step) / Float(steps))
          samples.append(PenStroke.Sample(x: point.x, y: point.y, radius: 1, isDown: true))
        }
      }
    }
    return samples
  }

  /// Widens the top or the bottom, shifts the middle, and bends everything by a smooth random field.
  private static func bend(
    _ samples: inout [PenStroke.Sample], using generator: inout SplitMix64
  ) {
    center(&samples)
    let widening = 0.3 * generator.normal()
    let proportion = 0.132 * generator.normal()
    let strength = generator.uniform(0.02, 0.09) / Float(3).squareRoot()
    let waves = (0..<3).map { _ in
      (
        kx: 4.5 * generator.normal(), ky: 4.5 * generator.normal(),
        phase: generator.uniform(0, 2 * .pi),
        ax: strength * generator.normal(), ay: strength * generator.normal()
      )
    }
    for index in samples.indices {
      let (x, y) = (samples[index].x, samples[index].y)
      var moved = (x: x * (1 + widening * y), y: y + proportion * (y * y - 0.25))
      for wave in waves {
        let height = sinf(wave.kx * x + wave.ky * y + wave.phase)
        moved.x += wave.ax * height
        moved.y += wave.ay * height
      }
      (samples[index].x, samples[index].y) = moved
    }
  }

  /// Narrows, slants and turns.
  private static func slant(
    _ samples: inout [PenStroke.Sample], using generator: inout SplitMix64
  ) {
    let aspect = 0.8 * expf(0.28 * generator.normal())
    let shear = 0.16 + 0.27 * generator.normal()
    let angle = 7 * .pi / 180 * generator.normal()
    let (c, s) = (cosf(angle), sinf(angle))
    for index in samples.indices {
      let y = samples[index].y
      let x = samples[index].x * aspect - y * shear
      samples[index].x = c * x - s * y
      samples[index].y = s * x + c * y
    }
  }

  /// Scales the ink to fill the box on its longer side, and sets the pen's width along the way.
  private static func fit(
    _ samples: inout [PenStroke.Sample], using generator: inout SplitMix64
  ) {
    let pen = 0.5 * min(max(2.3 * expf(0.33 * generator.normal()), 1.2), 5)
    center(&samples)
    let width = 2 * (samples.map(\.x).max() ?? 0)
    let height = 2 * (samples.map(\.y).max() ?? 0)
    let scale = (Float(box) - 2 * pen) / max(width, height, 1e-6)
    let pressure = 0.18 * generator.normal()
    let frequency = generator.uniform(2, 8)
    let phase = generator.uniform(0, 2 * .pi)
    for index in samples.indices {
      samples[index].x = samples[index].x * scale + Float(box) / 2
      samples[index].y = samples[index].y * scale + Float(box) / 2
      let place = Float(index) / Float(samples.count)
      samples[index].radius =
        pen * expf(pressure * sinf(frequency * place + phase) + 0.08 * generator.normal())
    }
  }

  /// Moves the middle of the bounding box to the origin.
  private static func center(_ samples: inout [PenStroke.Sample]) {
    let (xs, ys) = (samples.map(\.x), samples.map(\.y))
    let x = 0.5 * ((xs.min() ?? 0) + (xs.max() ?? 0))
    let y = 0.5 * ((ys.min() ?? 0) + (ys.max() ?? 0))
    for index in samples.indices {
      samples[index].x -= x
      samples[index].y -= y
    }
  }

  private static func inked(
    _ samples: [PenStroke.Sample], using generator: inout SplitMix64
  ) -> [Float] {
    var raster = [Float](repeating: 0, count: box * box)
    let soft = generator.uniform(0.9, 1.5)
    let ink = generator.uniform(1, 1.2)
    PenStroke.draw(samples, on: &raster, side: box, soft: soft, ink: ink)
    return raster
  }

  /// The raster in the middle of the image, its centre of mass, a little off, at (14, 14).
  private static func centered(
    _ raster: [Float], using generator: inout SplitMix64
  ) -> [UInt8] {
    var (mass, sumX, sumY): (Float, Float, Float) = (1e-6, 0, 0)
    for row in 0..<box {
      for column in 0..<box {
        let gray = raster[row * box + column]
        mass += gray
        sumX += gray * (Float(column) + 0.5)
        sumY += gray * (Float(row) + 0.5)
      }
    }
    let left = Int((Float(side) / 2 - sumX / mass + 0.4 * generator.normal()).rounded())
    let top = Int((Float(side) / 2 - sumY / mass + 0.4 * generator.normal()).rounded())
    var image = [UInt8](repeating: 0, count: side * side)
    for row in 0..<box where (0..<side).contains(row + top) {
      for column in 0..<box where (0..<side).contains(column + left) {
        image[(row + top) * side + column + left] =
          UInt8((255 * raster[row * box + column]).rounded())
      }
    }
    return image
  }
}
