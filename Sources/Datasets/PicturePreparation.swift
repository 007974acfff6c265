public import Drawing

/// A user's own picture made into what a network reads.
public enum PicturePreparation {
  /// What to do about pictures that are dark on a light ground.
  public enum Inversion: Sendable {
    /// Invert if the picture's border is light.
    case detect
    /// Always invert.
    case always
    /// Never.
    case never
  }

  /// MNIST's way: the ink's bounding box scaled to 20 on its longer side, its centre of mass put into the middle.
  private static let inkBox = 20
  /// Ink fainter than this is taken for noise of the ground when the box is sought.
  private static let faintest: Float = 0.1

  /// Pixels `[C][H][W]` in [0, 1] for a network of a given input.
  ///
  /// - Parameters:
  ///   - image: any picture; transparent parts show white, or black if nothing is to be seen on white.
  ///   - size: the network's input.
  ///   - inversion: whether dark on light becomes light on dark.
  ///   - centersInk: true to scale and centre the ink as MNIST's digits were (grey inputs of at least 20 pixels).
  /// - Returns: `[C][H][W]` in [0, 1].
  public static func pixels(
    _ image: PixelImage, size: ImageFolder.Size, inversion: Inversion, centersInk: Bool
  ) -> [Float] {
    var planes = ImageScaling.planes(image, channels: size.channels, paper: 1)
    if image.hasAlpha, contrast(planes.values) < 0.05 {
      planes = ImageScaling.planes(image, channels: size.channels, paper: 0)
    }
    let inverts =
      switch inversion {
      case .always: true
      case .never: false
      case .detect: size.channels == 1 && border(planes) > 0.5
      }
    if inverts { planes.values = planes.values.map { 1 - $0 } }
    guard centersInk, size.channels == 1, min(size.height, size.width) >= inkBox else {
      return ImageScaling.resized(planes, height: size.height, width: size.width).values
    }
    return centered(withoutGround(planes), size)
  }

  private static func contrast(_ values: [Float]) -> Float {
    (values.max() ?? 0) - (values.min() ?? 0)
  }

  /// The median brightness along the border: the ground.
  private static func border(_ planes: ImageScaling.Planes) -> Float {
    let (h, w) = (planes.height, planes.width)
    var edge: [Float] = []
    for x in 0..<w { edge += [planes.values[x], planes.values[(h - 1) * w + x]] }
    for y in 0..<h { edge += [planes.values[y * w], planes.values[y * w + w - 1]] }
    return edge.sorted()[edge.count / 2]
  }

  /// Grey paper becomes 0 and the strongest ink 1.
  private static func withoutGround(_ planes: ImageScaling.Planes) -> ImageScaling.Planes {
    let ground = border(planes)
    let strongest = planes.values.max() ?? 0
    guard strongest - ground > 0.05 else { return planes }
    var result = planes
    result.values = planes.values.map { min(max(($0 - ground) / (strongest - ground), 0), 1) }
    return result
  }

  private static func centered(_ planes: ImageScaling.Planes, _ size: ImageFolder.Size) -> [Float] {
    let (h, w) = (planes.height, planes.width)
    let rows = (0..<h).filter { y in (0..<w).contains { planes.values[y * w + $0] > faintest } }
    let columns = (0..<w).filter { x in (0..<h).contains { planes.values[$0 * w + x] > faintest } }
    guard let top = rows.first, let bottom = rows.last, let left = columns.first,
      let right = columns.last
    else {
      return [Float](repeating: 0, count: size.height * size.width)
    }
    var ink = ImageScaling.Planes(
      channels: 1, height: bottom - top + 1, width: right - left + 1, values: [])
    for y in top...bottom { ink.values += planes.values[y * w + left...y * w + right] }
    let scale = Double(inkBox) / Double(max(ink.height, ink.width))
    ink = ImageScaling.resized(
      ink, height: max(1, Int((Double(ink.height) * scale).rounded())),
      width: max(1, Int((Double(ink.width) * scale).rounded())))
    var (mass, sumX, sumY): (Float, Float, Float) = (1e-6, 0, 0)
    for y in 0..<ink.height {
      for x in 0..<ink.width {
        let value = ink.values[y * ink.width + x]
        mass += value
        sumX += value * (Float(x) + 0.5)
        sumY += value * (Float(y) + 0.5)
      }
    }
    let shiftX = Int((Float(size.width) / 2 - sumX / mass).rounded())
    let shiftY = Int((Float(size.height) / 2 - sumY / mass).rounded())
    var result = [Float](repeating: 0, count: size.height * size.width)
    for y in 0..<ink.height where (0..<size.height).contains(y + shiftY) {
      for x in 0..<ink.width where (0..<size.width).contains(x + shiftX) {
        result[(y + shiftY) * size.width + x + shiftX] = ink.values[y * ink.width + x]
      }
    }
    return result
  }
}
