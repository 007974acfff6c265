public import Drawing
import Pictures

/// Float planes turned into pictures by a color map and a scale policy.
///
/// Numbers that are not finite are drawn as zero.
public struct Plate: Hashable, Sendable {
  /// A color map for both appearances.
  public enum Map: Hashable, Sendable {
    /// From the page to full ink, for numbers of zero and above.
    case ink
    /// From the page to the strongest activation, for numbers of zero and above.
    case activation
    /// Blue below zero, the page at zero, orange above.
    case signed

    /// The colors for one appearance.
    package func colors(_ appearance: Appearance) -> ColorMap {
      switch self {
      case .ink: .ink(appearance)
      case .activation: .activation(appearance)
      case .signed: .signed(appearance)
      }
    }
  }

  /// One picture per plane, at one pixel per number.
  public let pictures: [Picture]
  /// For each plane the magnitude that the end of the color map stands for; 0 if all are zero.
  public let bounds: [Double]
  /// How the bounds were chosen.
  public let policy: ScalePolicy

  /// How many planes hold nothing but zeros.
  public var blankCount: Int { bounds.count { $0 == 0 } }

  /// Scale and blank maps in words, for a caption.
  public var description: String {
    let blank =
      blankCount == 0
      ? "" : "; \(blankCount) of \(bounds.count) \(blankCount == 1 ? "is" : "are") zero everywhere"
    return policy.description + blank
  }

  /// Pictures of planes.
  public init(_ planes: [FloatPlane], map: Map, policy: ScalePolicy) {
    let own = planes.map { plane -> Double in
      guard case .perMap(let percentile) = policy else { return Plate.bound([plane], 100) }
      return Plate.bound([plane], percentile)
    }
    let common: Double? =
      switch policy {
      case .perMap: nil
      case .shared(let percentile): Plate.bound(planes, percentile)
      case .maximum: own.max() ?? 0
      case .fixed(let bound): bound
      }
    self.policy = policy
    bounds = own.map { $0 == 0 ? 0 : common ?? $0 }
    pictures = zip(planes, bounds).map { plane, bound in
      .themed(
        light: Plate.image(plane, map: map, bound: bound, appearance: .light),
        dark: Plate.image(plane, map: map, bound: bound, appearance: .dark))
    }
  }

  /// All pictures on one sheet, row by row, with invisible gutters.
  public func sheet(columns: Int, gutter: Int = 2) -> Picture {
    Plate.sheet(pictures, columns: columns, gutter: gutter)
  }

  /// Pictures of equal size on one sheet, row by row, with invisible gutters.
  ///
  /// - Parameters:
  ///   - pictures: The pictures.
  ///   - columns: How many stand beside one another.
  ///   - gutter: Pixels between columns.
  ///   - rowGutter: Pixels between rows, if not as many.
  /// - Returns: The sheet.
  /// - Precondition: there is at least one column, and all pictures have the size of the first.
  public static func sheet(
    _ pictures: [Picture], columns: Int, gutter: Int = 2, rowGutter: Int? = nil
  ) -> Picture {
    let rowGutter = rowGutter ?? gutter
    precondition(columns >= 1, "Plate.sheet: \(columns) columns")
    let isInk = pictures.allSatisfy { if case .ink = $0 { true } else { false } }
    func sheet(_ appearance: Appearance) -> PixelImage {
      let images = pictures.map {
        let pixels = $0.pixels(appearance)
        return isInk ? pixels.blackInk() : pixels.convertedToRGBA()
      }
      let (width, height) = (images.first?.width ?? 0, images.first?.height ?? 0)
      let across = min(columns, max(images.count, 1))
      let down = (images.count + across - 1) / across
      var sheet = PixelImage(
        width: max(0, across * (width + gutter) - gutter),
        height: max(0, down * (height + rowGutter) - rowGutter),
        channels: isInk ? 2 : 4)
      for (index, image) in images.enumerated() {
        precondition(image.width == width && image.height == height, "Plate.sheet: sizes differ")
        sheet.paste(
          image, x: index % across * (width + gutter), y: index / across * (height + rowGutter))
      }
      return sheet
    }
    if isInk { return .ink(sheet(.light)) }
    let isFixed = pictures.allSatisfy { if case .fixed = $0 { true } else { false } }
    return isFixed
      ? .fixed(sheet(.light)) : .themed(light: sheet(.light), dark: sheet(.dark))
  }

  /// A grey picture as ink: numbers from 0 (page) to 1 (full ink), clamped.
  public static func ink(_ plane: FloatPlane) -> Picture {
    .ink(
      PixelImage(
        width: plane.width, height: plane.height, channels: 2,
        pixels: plane.values.flatMap { [0, byte($0)] }))
  }

  /// A color picture from its red, green and blue planes with numbers from 0 to 1, clamped.
  ///
  /// - Precondition: the planes have the same size.
  public static func rgb(red: FloatPlane, green: FloatPlane, blue: FloatPlane) -> Picture {
    precondition(
      red.values.count == green.values.count && red.values.count == blue.values.count,
      "Plate.rgb: planes of different sizes")
    let pixels = red.values.indices.flatMap { index in
      [byte(red.values[index]), byte(green.values[index]), byte(blue.values[index])]
    }
    return .fixed(PixelImage(width: red.width, height: red.height, channels: 3, pixels: pixels))
  }

  private static func byte(_ value: Float) -> UInt8 {
    value.isFinite ? UInt8((min(max(value, 0), 1) * 255).rounded()) : 0
  }

  /// A percentile of the magnitudes; the largest where that percentile is zero.
  private static func bound(_ planes: [FloatPlane], _ percentile: Double) -> Double {
    let magnitudes = planes.flatMap(\.values).map { $0.isFinite ? abs($0) : 0 }.sorted()
    guard let largest = magnitudes.last else { return 0 }
    // Linear interpolation between the two nearest ranks.
    let rank = min(max(percentile, 0), 100) / 100 * Double(magnitudes.count - 1)
    let (low, share) = (Int(rank), Float(rank - rank.rounded(.down)))
    let next = magnitudes[min(low + 1, magnitudes.count - 1)]
    let value = magnitudes[low] + (next - magnitudes[low]) * share
    return Double(value > 0 ? value : largest)
  }

  private static func image(
    _ plane: FloatPlane, map: Map, bound: Double, appearance: Appearance
  ) -> PixelImage {
    let colors = map.colors(appearance)
    let page = Theme(appearance: appearance).color(.background)
    var pixels = [UInt8]()
    pixels.reserveCapacity(plane.values.count * 3)
    for value in plane.values {
      let share = value.isFinite && bound > 0 ? Double(value) / bound : 0
      let color =
        share == 0 ? page : colors.color(at: map == .signed ? (share + 1) / 2 : share)
      pixels += [color.red, color.green, color.blue]
    }
    return PixelImage(width: plane.width, height: plane.height, channels: 3, pixels: pixels)
  }
}
