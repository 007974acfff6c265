import Drawing
import Files
import Randomness

/// A folder of `CLASS/*.png`, or of `train/CLASS/*.png` and `test/CLASS/*.png`.
public enum ImageFolder {
  /// Pictures larger than this are not scaled to a network's input but refused.
  public static let maximumPixels = 64_000_000
  /// Without a size asked for, images of one common size up to this are taken as they are.
  private static let largestNative = 64

  /// What the images are brought to.
  public struct Size: Sendable, Equatable {
    /// 1 for grey, 3 for colour.
    public var channels: Int
    /// Rows.
    public var height: Int
    /// Columns.
    public var width: Int

    /// A size `[C, H, W]`.
    public init(channels: Int, height: Int, width: Int) {
      self.channels = channels
      self.height = height
      self.width = width
    }
  }

  /// Reads a folder.
  ///
  /// Classes are the subfolders' names, sorted. Without `train/` and `test/`, a tenth of each class, chosen by the
  /// seed, is the test set. Without a size, images of one common size up to 64 × 64 keep it; others become
  /// 28 × 28, or 32 × 32 if any has colour.
  ///
  /// - Throws: `FileError`, or `DatasetError` if there are no images or one is bad.
  public static func read(_ folder: String, size: Size? = nil, seed: UInt64 = 1) throws -> Dataset {
    let isSplit = FileBytes.isFolder("\(folder)/train") && FileBytes.isFolder("\(folder)/test")
    let classes = try subfolders(isSplit ? "\(folder)/train" : folder)
    guard classes.count >= 2 else {
      throw DatasetError.missing(
        "\(folder): expected a folder of PNG files for each class, at least two,"
          + " or train/CLASS and test/CLASS")
    }
    let train = try listing(isSplit ? "\(folder)/train" : folder, classes)
    let test = isSplit ? try listing("\(folder)/test", classes) : []
    if isSplit,
      let stranger = try subfolders("\(folder)/test").first(where: { !classes.contains($0) })
    {
      throw DatasetError.missing(
        "\(folder)/test/\(stranger): there is no class of this name in train/")
    }
    let (learned, tested) = isSplit ? (train, test) : divide(train, classes.count, seed)
    guard !learned.isEmpty, !tested.isEmpty else {
      throw DatasetError.missing("\(folder): too few PNG files to learn from and to test on")
    }
    let target = try size ?? nativeSize(train + test)
    let last = folder.split(separator: "/").last.map(String.init) ?? folder
    // A folder that is called as a published set must not be taken for it.
    let isTaken = KnownDataset.named(last) != nil || last == DrawnDigits.name
    let name = isTaken ? "folder \(last)" : last
    return Dataset(
      name: name, classes: classes, train: try load(learned, target),
      test: try load(tested, target))
  }

  private struct Item {
    let path: String
    let label: Int
  }

  private static func subfolders(_ folder: String) throws -> [String] {
    try FileBytes.names(in: folder).filter {
      !$0.hasPrefix(".") && FileBytes.isFolder("\(folder)/\($0)")
    }
  }

  private static func listing(_ folder: String, _ classes: [String]) throws -> [Item] {
    try classes.enumerated().flatMap { label, name in
      let path = "\(folder)/\(name)"
      guard FileBytes.isFolder(path) else { return [Item]() }
      return try FileBytes.names(in: path)
        .filter { $0.lowercased().hasSuffix(".png") && !$0.hasPrefix(".") }
        .map { Item(path: "\(path)/\($0)", label: label) }
    }
  }

  /// A tenth of each class, at least one image, for the test.
  private static func divide(
    _ items: [Item], _ classes: Int, _ seed: UInt64
  ) -> (train: [Item], test: [Item]) {
    var generator = SplitMix64(seed: seed, purpose: "folder")
    var (train, test): ([Item], [Item]) = ([], [])
    for label in 0..<classes {
      let own = items.filter { $0.label == label }
      let order = generator.permutation(own.count)
      let held = own.count < 2 ? 0 : max(1, own.count / 10)
      test += order[..<held].sorted().map { own[$0] }
      train += order[held...].sorted().map { own[$0] }
    }
    return (train, test)
  }

  private static func image(_ path: String) throws -> PixelImage {
    let bytes = try FileBytes.read(path, limit: 1 << 30)
    do {
      return try PNG.read(bytes, maximumPixels: maximumPixels)
    } catch {
      throw DatasetError.damaged(path: path, reason: "\(error)", offset: nil)
    }
  }

  private static func nativeSize(_ items: [Item]) throws -> Size {
    var sizes = Set<[Int]>()
    var isColor = false
    for item in items {
      let image = try image(item.path)
      sizes.insert([image.height, image.width])
      isColor = isColor || image.channels >= 3
    }
    let channels = isColor ? 3 : 1
    if sizes.count == 1, let only = sizes.first, only.allSatisfy({ $0 <= largestNative }) {
      return Size(channels: channels, height: only[0], width: only[1])
    }
    let side = isColor ? 32 : 28
    return Size(channels: channels, height: side, width: side)
  }

  private static func load(_ items: [Item], _ size: Size) throws -> LabeledImages {
    var pixels: [UInt8] = []
    for item in items {
      let planes = ImageScaling.resized(
        ImageScaling.planes(try image(item.path), channels: size.channels, paper: 0),
        height: size.height, width: size.width)
      pixels += planes.values.map { UInt8(min(max($0 * 255, 0), 255).rounded()) }
    }
    return LabeledImages(
      channels: size.channels, height: size.height, width: size.width, pixels: pixels,
      labels: items.map(\.label))
  }
}
