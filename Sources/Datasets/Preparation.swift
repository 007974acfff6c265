/// What a network expects of a picture, learned from the images that it was trained on: a part of the model, kept in its
/// checkpoint.
public struct Preparation: Codable, Sendable, Equatable {
  /// How ink and ground lie in the training images.
  public enum Polarity: String, Codable, Sendable {
    /// Light on a dark ground, as MNIST.
    case lightOnDark = "light-on-dark"
    /// Dark on a light ground, as ink on paper.
    case darkOnLight = "dark-on-light"
    /// Neither for nearly all of them: photographs.
    case mixed
  }

  /// How ink and ground lie.
  public var polarity: Polarity
  /// The brightness that shows through transparent parts, from 0 to 1.
  public var paper: Float
  /// Of images whose ink was scaled and centred by its mass, as MNIST's, the longer side of its box in pixels.
  public var inkBox: Int?

  /// A preparation.
  public init(polarity: Polarity, paper: Float, inkBox: Int?) {
    self.polarity = polarity
    self.paper = paper
    self.inkBox = inkBox
  }

  /// MNIST's: light on dark, the ink in a box of 20 pixels with its centre of mass in the middle.
  public static let mnist = Preparation(polarity: .lightOnDark, paper: 1, inkBox: 20)
  /// Pictures as they are.
  public static let none = Preparation(polarity: .mixed, paper: 0, inkBox: nil)

  private enum CodingKeys: String, CodingKey {
    case polarity, paper
    case inkBox = "ink_box"
  }

  // MARK: Learning

  /// Images that are looked at.
  private static let looked = 1000
  /// The share of images that have to agree.
  private static let agreement = 0.9
  /// A centre of mass that lies so many pixels off the middle was put there.
  private static let tolerance = 1.0

  /// What the images of a data set have in common.
  ///
  /// - Parameters:
  ///   - images: those that a network is trained on.
  ///   - paper: what showed through their transparent parts.
  public init(of images: LabeledImages, paper: Float) {
    let count = min(Self.looked, images.count)
    // Spread over all, for sets that lie class by class.
    let places = (0..<count).map { $0 * images.count / max(count, 1) }
    let most = Self.agreement * Double(count)
    let looks = places.map { place in
      InkLook(
        ImageScaling.Planes(
          channels: images.channels, height: images.height, width: images.width,
          values: images.floats([place])
        ).gray)
    }
    let (light, dark) = (looks.count { $0.isLight == true }, looks.count { $0.isLight == false })
    self.init(
      polarity: images.channels != 1
        ? .mixed
        : Double(light) >= most ? .lightOnDark : Double(dark) >= most ? .darkOnLight : .mixed,
      paper: paper, inkBox: nil)
    guard polarity != .mixed else { return }
    let boxes = looks.compactMap(\.box)
    var sides: [Int: Int] = [:]
    for box in boxes { sides[max(box.rows.count, box.columns.count), default: 0] += 1 }
    let isCentered = { (box: InkLook.Box) in
      abs(box.center.x - Double(images.width) / 2) <= Self.tolerance
        && abs(box.center.y - Double(images.height) / 2) <= Self.tolerance
    }
    let usual = sides.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? 0
    let near = (usual - 1...usual + 1).reduce(0) { $0 + sides[$1, default: 0] }
    if usual < min(images.height, images.width), Double(near) >= most,
      Double(boxes.count(where: isCentered)) >= most
    {
      inkBox = usual
    }
  }
}

/// Where the ink of a grey image is, and whether it is lighter than its ground.
struct InkLook {
  /// The box of the ink and its centre of mass.
  struct Box {
    var rows: Range<Int>
    var columns: Range<Int>
    var center: (x: Double, y: Double)
  }

  /// Ink fainter than this, of the strongest, is taken for noise of the ground.
  static let faintest: Float = 0.1
  /// The middle of the border's values: the ground.
  let ground: Float
  /// True for ink that is lighter than the ground; `nil` if nothing stands out.
  let isLight: Bool?
  /// `nil` without ink.
  let box: Box?

  init(_ planes: ImageScaling.Planes) {
    let (h, w) = (planes.height, planes.width)
    var edge: [Float] = []
    for x in 0..<w { edge += [planes.values[x], planes.values[(h - 1) * w + x]] }
    for y in 0..<h { edge += [planes.values[y * w], planes.values[y * w + w - 1]] }
    edge.sort()
    ground = edge[edge.count / 2]
    // What stands out must stand out from the border as a whole: shade and noise lie on both sides of its middle.
    let sorted = planes.values.sorted()
    let last = sorted.count - 1
    let (low, high) = (sorted[last / 200], sorted[last - last / 200])
    let (below, above) = (ground - min(low, ground), max(high, ground) - ground)
    guard max(below, above) > 0.05 else {
      (isLight, box) = (nil, nil)
      return
    }
    let isLight = above > below
    self.isLight = isLight
    let ground = ground
    box = Self.box(
      planes.values.map { isLight ? max(0, $0 - ground) : max(0, ground - $0) }, h, w)
  }

  /// The box of what is not faint.
  static func box(_ ink: [Float], _ height: Int, _ width: Int) -> Box? {
    let limit = faintest * (ink.max() ?? 0)
    guard limit > 0 else { return nil }
    let rows = (0..<height).filter { y in (0..<width).contains { ink[y * width + $0] > limit } }
    let columns = (0..<width).filter { x in (0..<height).contains { ink[$0 * width + x] > limit } }
    guard let top = rows.first, let bottom = rows.last, let left = columns.first,
      let right = columns.last
    else { return nil }
    var (mass, sumX, sumY) = (1e-9, 0.0, 0.0)
    for y in top...bottom {
      for x in left...right {
        let value = Double(ink[y * width + x])
        mass += value
        sumX += value * (Double(x) + 0.5)
        sumY += value * (Double(y) + 0.5)
      }
    }
    return Box(
      rows: top..<bottom + 1, columns: left..<right + 1, center: (sumX / mass, sumY / mass))
  }
}

extension ImageScaling.Planes {
  /// One plane: the mean of the channels.
  var gray: ImageScaling.Planes {
    guard channels > 1 else { return self }
    let plane = height * width
    return ImageScaling.Planes(
      channels: 1, height: height, width: width,
      values: (0..<plane).map { i in
        (0..<channels).reduce(Float(0)) { $0 + values[$1 * plane + i] } / Float(channels)
      })
  }
}
