import Networks
import Randomness

/// What stands for “nothing there”: the images that a method counts from.
public struct Baseline: Sendable {
  /// Which images.
  public enum Kind: String, CaseIterable, Sendable {
    /// Zeros.
    case black
    /// The mean of the background.
    case mean
    /// Each image itself, blurred until nothing can be read.
    case blur
    /// Images of the background, drawn by the seed.
    case data
  }

  private let kind: Kind
  private let background: [Float]
  private let seed: UInt64

  /// Black.
  public static let black = Baseline(unchecked: .black, background: [], seed: 0)

  /// A baseline of a kind.
  ///
  /// - Throws: `AttributionError` if the kind needs a background and there is none.
  public init(_ settings: AttributionSettings) throws(AttributionError) {
    if [.mean, .data].contains(settings.baseline), settings.background.isEmpty {
      throw AttributionError(
        "the baseline “\(settings.baseline.rawValue)” needs training images; there are none")
    }
    self.init(
      unchecked: settings.baseline, background: settings.background, seed: settings.seed)
  }

  private init(unchecked kind: Kind, background: [Float], seed: UInt64) {
    self.kind = kind
    self.background = background
    self.seed = seed
  }

  /// True if several draws differ.
  var isRandom: Bool { kind == .data }

  /// The baselines of some images: one for all of them, or one for each.
  ///
  /// - Parameters:
  ///   - images: pixels, `[N][C][H][W]`.
  ///   - shape: the shape of an image.
  ///   - draw: which draw, where they are random.
  /// - Returns: the baselines.
  func images(for images: [Float], _ shape: ImageShape, draw: Int = 0) -> Rows {
    let size = shape.count
    switch kind {
    case .black: return Rows([Float](repeating: 0, count: size), size: size)
    case .mean:
      var mean = [Double](repeating: 0, count: size)
      for (i, value) in background.enumerated() { mean[i % size] += Double(value) }
      let count = Double(background.count / size)
      return Rows(mean.map { Float($0 / count) }, size: size)
    case .blur: return Rows(GaussianBlur(shape).applied(to: images), size: size)
    case .data:
      var generator = SplitMix64(seed: seed, purpose: "baseline", index: UInt64(draw))
      let place = generator.below(background.count / size) * size
      return Rows(Array(background[place..<place + size]), size: size)
    }
  }

  /// One image for all, or one for each.
  struct Rows {
    let values: [Float]
    let size: Int

    init(_ values: [Float], size: Int) {
      self.values = values
      self.size = size
    }

    /// Position of the row of an image.
    func start(_ image: Int) -> Int { values.count == size ? 0 : image * size }
    /// The row of an image.
    subscript(image: Int) -> ArraySlice<Float> { values[start(image)..<start(image) + size] }
    /// A row for each of some images.
    func expanded(to range: Range<Int>) -> [Float] { range.flatMap { self[$0] } }
    /// The rows of some images, still one if all share it.
    func of(_ range: Range<Int>) -> [Float] {
      values.count == size
        ? values : Array(values[range.lowerBound * size..<range.upperBound * size])
    }
  }
}
