/// A user's own picture made into what a network reads.
public enum PicturePreparation {
  /// What to do about pictures whose ink and ground lie the other way round than in the training images.
  public enum Inversion: Sendable {
    /// Invert if they do.
    case detect
    /// Always invert.
    case always
    /// Never.
    case never
  }

  /// What a network reads, and what may be doubted about it.
  public struct Prepared: Sendable {
    /// Pixels `[C][H][W]` in [0, 1].
    public var pixels: [Float]
    /// True if nothing is to be seen.
    public var isBlank: Bool
    /// True if the ground was uneven, or ruled, and had to be taken away.
    public var hadUnevenGround: Bool
  }

  /// The longer side of pictures in which ink is looked for; larger ones are scaled down first.
  private static let largestSide = 1024
  /// Scaled down by more than this, ink can be told from ruled lines and shade by its strength alone.
  private static let sharpScale = 3.0

  /// A picture as a network reads it.
  ///
  /// A picture of the network's own size is only laid on paper and, if need be, inverted, so that training images come out
  /// as they were trained on. In others, where the network was trained on ink that was scaled and centred, the ground is
  /// taken away place by place, and the ink is scaled and centred as in the training images.
  ///
  /// - Parameters:
  ///   - image: any picture.
  ///   - size: the network's input.
  ///   - preparation: what the network was trained on.
  ///   - inversion: whether dark and light are exchanged.
  /// - Returns: the pixels with what may be doubted.
  public static func prepared(
    _ image: PixelImage, size: ImageScaling.Size, for preparation: Preparation,
    inversion: Inversion = .detect
  ) -> Prepared {
    var paper = preparation.paper
    if image.hasAlpha, preparation.polarity != .mixed {
      // What can only be seen on the other paper was drawn for that.
      let small = Self.reduced(image, channels: 1, paper: paper)
      if contrast(small.values) < 0.05 { paper = 1 - paper }
    }
    if image.height == size.height, image.width == size.width {
      var planes = ImageScaling.planes(image, channels: size.channels, paper: paper)
      let look = InkLook(planes.gray)
      if inverts(look, preparation.polarity, inversion) { planes.invert() }
      return Prepared(
        pixels: planes.values, isBlank: look.isLight == nil, hadUnevenGround: false)
    }
    guard let box = preparation.inkBox, size.channels == 1 else {
      var planes = ImageScaling.resized(
        image, channels: size.channels, paper: paper, height: size.height, width: size.width)
      let look = InkLook(planes.gray)
      if inverts(look, preparation.polarity, inversion) { planes.invert() }
      return Prepared(
        pixels: planes.values, isBlank: look.isLight == nil, hadUnevenGround: false)
    }
    var planes = reduced(image, channels: 1, paper: paper)
    let look = InkLook(planes)
    // Ink as strength from 0 to 1, whichever way it lay.
    let isLight =
      switch inversion {
      case .detect: look.isLight ?? (preparation.polarity == .lightOnDark)
      case .always: preparation.polarity != .lightOnDark
      case .never: preparation.polarity == .lightOnDark
      }
    if isLight { planes.invert() }
    let ink = InkSeparation(planes, isSharp: scale(planes, box) >= sharpScale)
    var pixels = centered(ink.strength, planes, size, box)
    if preparation.polarity == .darkOnLight { pixels = pixels.map { 1 - $0 } }
    return Prepared(
      pixels: pixels, isBlank: look.isLight == nil || ink.isBlank,
      hadUnevenGround: ink.hadUnevenGround)
  }

  /// True if the picture has to be inverted to lie as the training images do.
  private static func inverts(
    _ look: InkLook, _ polarity: Preparation.Polarity, _ inversion: Inversion
  ) -> Bool {
    switch inversion {
    case .always: true
    case .never: false
    case .detect:
      switch polarity {
      case .mixed: false
      case .lightOnDark: look.isLight == false
      case .darkOnLight: look.isLight == true
      }
    }
  }

  private static func reduced(
    _ image: PixelImage, channels: Int, paper: Float
  ) -> ImageScaling.Planes {
    let scale = min(1, Double(largestSide) / Double(max(image.height, image.width, 1)))
    func side(_ length: Int) -> Int { max(1, Int((Double(length) * scale).rounded())) }
    return ImageScaling.resized(
      image, channels: channels, paper: paper, height: side(image.height),
      width: side(image.width))
  }

  /// How many times larger than its box in the training images the ink is, by a first look.
  private static func scale(_ planes: ImageScaling.Planes, _ box: Int) -> Double {
    Double(max(planes.height, planes.width)) / Double(2 * box)
  }

  private static func contrast(_ values: [Float]) -> Float {
    (values.max() ?? 0) - (values.min() ?? 0)
  }

  /// The ink scaled to the box, its centre of mass in the middle.
  private static func centered(
    _ strength: [Float], _ planes: ImageScaling.Planes, _ size: ImageScaling.Size, _ side: Int
  ) -> [Float] {
    var result = [Float](repeating: 0, count: size.height * size.width)
    guard let box = InkLook.box(strength, planes.height, planes.width) else { return result }
    var ink = ImageScaling.Planes(
      channels: 1, height: box.rows.count, width: box.columns.count, values: [])
    for y in box.rows {
      let row = y * planes.width
      ink.values += strength[row + box.columns.lowerBound..<row + box.columns.upperBound]
    }
    let scale = Double(side) / Double(max(ink.height, ink.width))
    func scaled(_ length: Int) -> Int { max(1, Int((Double(length) * scale).rounded())) }
    ink = ImageScaling.resized(ink, height: scaled(ink.height), width: scaled(ink.width))
    let strongest = max(ink.values.max() ?? 0, 1e-6)
    ink.values = ink.values.map { min(1, $0 / strongest) }
    guard let small = InkLook.box(ink.values, ink.height, ink.width) else { return result }
    let (left, top) = (
      Int((Double(size.width) / 2 - small.center.x).rounded()),
      Int((Double(size.height) / 2 - small.center.y).rounded())
    )
    for y in 0..<ink.height where (0..<size.height).contains(y + top) {
      for x in 0..<ink.width where (0..<size.width).contains(x + left) {
        result[(y + top) * size.width + x + left] = ink.values[y * ink.width + x]
      }
    }
    return result
  }
}
