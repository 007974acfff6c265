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

  /// The share of images that have to agree.
  private static let agreement = 0.9
  /// A centre of mass that lies so many pixels off the middle was put there.
  private static let tolerance = 1.0

  /// What images have in common.
  ///
  /// - Parameters:
  ///   - images: some of those that a network is trained on, all of one size; of none nothing is learned (`mixed`).
  ///   - paper: what showed through their transparent parts.
  package init(learnedFrom images: [ImageScaling.Planes], paper: Float) {
    let most = Self.agreement * Double(images.count)
    let looks = images.map { InkLook($0.gray) }
    let (light, dark) = (looks.count { $0.isLight == true }, looks.count { $0.isLight == false })
    self.init(
      polarity: images.first?.channels != 1
        ? .mixed
        : Double(light) >= most ? .lightOnDark : Double(dark) >= most ? .darkOnLight : .mixed,
      paper: paper, inkBox: nil)
    guard polarity != .mixed else { return }
    let boxes = looks.compactMap(\.box)
    var sides: [Int: Int] = [:]
    for box in boxes { sides[max(box.rows.count, box.columns.count), default: 0] += 1 }
    let isCentered = { (box: InkLook.Box) in
      abs(box.center.x - Double(images[0].width) / 2) <= Self.tolerance
        && abs(box.center.y - Double(images[0].height) / 2) <= Self.tolerance
    }
    let usual = sides.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? 0
    let near = (usual - 1...usual + 1).reduce(0) { $0 + sides[$1, default: 0] }
    if usual < min(images[0].height, images[0].width), Double(near) >= most,
      Double(boxes.count(where: isCentered)) >= most
    {
      inkBox = usual
    }
  }
}
