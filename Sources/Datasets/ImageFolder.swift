import Files
public import Pictures
import Randomness

/// A folder of `CLASS/…` with PNG and JPEG pictures, or of `train/CLASS/…` and `test/CLASS/…`.
public enum ImageFolder {
  /// Without a size asked for, images of one common size up to this are taken as they are.
  fileprivate static let largestNative = 64
  /// Of a folder that is not divided, the share of each class that is for the test.
  private static let testShare = 0.1
  /// Pictures whose brightest value is below this are nearly black: something is wrong with their range.
  private static let dimmest = 16

  /// How pictures become images.
  public enum Form: Sendable, Equatable {
    /// As the pictures themselves have it: images of one common size up to 64 × 64 keep it; others become
    /// 28 × 28, or 32 × 32 if any has colour.
    case native
    /// Of this height and width, in grey or in colour as the pictures are.
    case sized(height: Int, width: Int)
    /// As a network reads them: its size, and what shows through transparent parts.
    case fixed(ImageScaling.Size, paper: Float)
  }

  /// Reads a folder.
  ///
  /// Classes are the subfolders' names in one normal form (NFC), sorted; pictures in deeper folders belong to the class
  /// above. Beside `train/`, `test/` holds the test images and `val/` or `validation/` those for validation, or for the
  /// test if there is no `test/`. In a folder that is not divided, each picture's content decides whether it is one of
  /// the tenth for the test. Grey that was saved as colour is grey. Transparent parts show white paper, or black where
  /// all pictures together are told apart better on it.
  ///
  /// - Parameters:
  ///   - folder: the folder.
  ///   - form: how pictures become images.
  ///   - progress: told how many pictures of how many are read.
  /// - Returns: the set, with notes of what was left out or scaled.
  /// - Throws: `FileError`, or `DatasetError` if there are no images or one is bad.
  public static func read(
    _ folder: String, form: Form = .native, progress: (Int, Int) -> Void = { _, _ in }
  ) throws -> Dataset {
    let parts = try Parts(folder)
    let items = parts.train.items + parts.validation + parts.test
    var reader = Reader(form)
    for (place, item) in items.enumerated() {
      try reader.look(at: item)
      progress(place, 2 * items.count)
    }
    let size = reader.size
    var loaded: [(bytes: [UInt8], label: Int)] = []
    for (place, item) in items.enumerated() {
      loaded.append((try reader.load(item), item.label))
      progress(items.count + place + 1, 2 * items.count)
    }
    func images(_ places: [Int]) -> LabeledImages {
      LabeledImages(
        channels: size.channels, height: size.height, width: size.width,
        pixels: places.flatMap { loaded[$0].bytes }, labels: places.map { loaded[$0].label })
    }
    let contents = reader.contents
    var train = Array(parts.train.items.indices)
    let validation = Array(train.count..<train.count + parts.validation.count)
    var test = Array(train.count + validation.count..<items.count)
    if !parts.isDivided {
      test = tested(parts.train, contents)
      let drawn = Set(test)
      train.removeAll(where: drawn.contains)
    }
    guard !train.isEmpty, !test.isEmpty else {
      throw DatasetError.missing(
        "\(folder): \(items.count) different pictures are too few to learn from and to test on")
    }
    var dataset = Dataset(
      name: name(of: folder), classes: parts.train.classes, train: images(train),
      test: images(test))
    if !validation.isEmpty { dataset.validation = images(validation) }
    dataset.draws = Draws(
      train: train.map { contents[$0] }, validation: validation.map { contents[$0] },
      test: test.map { contents[$0] })
    for (item, image) in zip(items, loaded) {
      let identity = LabeledImages.identity(
        of: image.bytes[...], [size.channels, size.height, size.width])
      let path = item.path.dropFirst(folder.count).drop { $0 == "/" }
      if dataset.files[identity]?[item.label] == nil {
        dataset.files[identity, default: [:]][item.label] = String(path)
      }
    }
    dataset.paper = reader.paper
    dataset.notes = parts.notes + reader.notes
    let brightest = loaded.lazy.compactMap { $0.bytes.max() }.max() ?? 0
    if brightest < dimmest {
      dataset.notes.append(
        "\(folder): the brightest value of all pictures is \(brightest) of 255; were they saved with the right range?"
      )
    }
    return dataset
  }

  /// The paths of all pictures in a folder and in the folders within it, in the order of their bytes, but what systems
  /// leave behind.
  ///
  /// - Throws: `FileError`.
  package static func pictures(in folder: String) throws -> [String] {
    try FolderListing.pictures(in: folder)
  }

  /// The places of the test images of a folder that is not divided: a tenth of each class, at least one content.
  private static func tested(_ listing: FolderListing, _ contents: [UInt64]) -> [Int] {
    listing.classes.indices.flatMap { label in
      let own = listing.items.indices.filter { listing.items[$0].label == label }
      return Draws.places(
        own.map { contents[$0] }, share: testShare, seed: 0, purpose: "folder test"
      ).map { own[$0] }
    }
  }

  /// A folder that is called as a published set must not be taken for it.
  private static func name(of folder: String) -> String {
    let last = folder.split(separator: "/").last { $0 != "." }.map(String.init) ?? folder
    let isTaken = KnownDataset.named(last) != nil || last == DrawnDigits.name
    return isTaken ? "folder \(last)" : last
  }
}

/// Where a folder's pictures for each part of the data are.
private struct Parts {
  let train: FolderListing
  var validation: [FolderListing.Item] = []
  var test: [FolderListing.Item] = []
  /// True if the folder says which pictures are for the test.
  let isDivided: Bool
  var notes: [String]

  init(_ folder: String) throws {
    let names = try FolderListing.subfolders(of: folder)
    func own(_ part: String) -> String? {
      names.first { $0.lowercased() == part }.map { "\(folder)/\($0)" }
    }
    let training = own("train") ?? own("training")
    let watched = own("validation") ?? own("val") ?? own("valid")
    let tests = own("test") ?? own("testing")
    guard let training, let last = tests ?? watched else {
      isDivided = false
      // train/ alone, unless it is a class beside others.
      let only = training.flatMap { names.count == 1 ? $0 : nil }
      train = try FolderListing(only ?? folder)
      notes =
        train.notes
        + (only.map { ["\(folder): there is only \($0), so a part of it is for the test"] } ?? [])
      try Self.check(train, only ?? folder)
      return
    }
    isDivided = true
    train = try FolderListing(training)
    try Self.check(train, training)
    let tested = try FolderListing(last, classes: train.classes)
    test = tested.items
    notes = train.notes + tested.notes
    guard tests != nil else {
      notes.append("\(folder): there is no test/, so \(last) is for the test")
      return
    }
    if let watched {
      let listing = try FolderListing(watched, classes: train.classes)
      validation = listing.items
      notes += listing.notes
    }
  }

  private static func check(_ listing: FolderListing, _ folder: String) throws {
    guard listing.classes.count >= 2 else {
      let found = listing.classes.isEmpty ? "none" : "only “\(listing.classes[0])”"
      let inner = "\(folder)/\(listing.classes.first ?? "")"
      let isWrapper =
        !listing.classes.isEmpty && (try? FolderListing.subfolders(of: inner).isEmpty) == false
      throw DatasetError.missing(
        "\(folder): expected a folder of PNG or JPEG pictures for each class, at least two, or"
          + " train/CLASS and test/CLASS; found \(found)\(isWrapper ? ": is it \(inner) that you mean?" : "")"
      )
    }
  }
}

/// Reads pictures twice: once to find out what they are, once to bring them to one form.
private struct Reader {
  private let form: ImageFolder.Form
  private var sizes: [[Int]: Int] = [:]
  private var isColor = false
  /// How much more there is to be seen of transparent pictures on white paper than on black.
  private var whiteContrast = 0.0
  private var hasAlpha = false
  /// A hash of each picture's pixels as they lie in the file.
  private(set) var contents: [UInt64] = []

  init(_ form: ImageFolder.Form) { self.form = form }

  mutating func look(at item: FolderListing.Item) throws {
    let image = try Self.image(item.path)
    sizes[[image.height, image.width], default: 0] += 1
    isColor = isColor || image.hasColor
    contents.append(
      LabeledImages.identity(
        of: image.pixels[...], [image.channels, image.height, image.width]))
    guard image.hasAlpha else { return }
    hasAlpha = true
    whiteContrast += image.contrast(on: 1) - image.contrast(on: 0)
  }

  var size: ImageScaling.Size {
    let channels = isColor ? 3 : 1
    switch form {
    case .fixed(let size, _): return size
    case .sized(let height, let width):
      return ImageScaling.Size(channels: channels, height: height, width: width)
    case .native:
      if sizes.count == 1, let only = sizes.keys.first,
        only.allSatisfy({ $0 <= ImageFolder.largestNative })
      {
        return ImageScaling.Size(channels: channels, height: only[0], width: only[1])
      }
      let side = isColor ? 32 : 28
      return ImageScaling.Size(channels: channels, height: side, width: side)
    }
  }

  var paper: Float {
    if case .fixed(_, let paper) = form { return paper }
    return hasAlpha && whiteContrast >= 0 ? 1 : 0
  }

  var notes: [String] {
    let size = size
    let scaled = sizes.filter { $0.key != [size.height, size.width] }
    guard let smallest = scaled.keys.min(by: { $0[0] * $0[1] < $1[0] * $1[1] }),
      let largest = scaled.keys.max(by: { $0[0] * $0[1] < $1[0] * $1[1] })
    else { return [] }
    let count = scaled.values.reduce(0, +)
    let from =
      smallest == largest
      ? "\(smallest[0]) × \(smallest[1])"
      : "\(smallest[0]) × \(smallest[1]) … \(largest[0]) × \(largest[1])"
    return [
      "\(count) of \(contents.count) pictures are scaled from \(from) to \(size.height) × \(size.width) pixels;"
        + " --image-size takes another size"
    ]
  }

  func load(_ item: FolderListing.Item) throws -> [UInt8] {
    let (size, paper) = (size, paper)
    return ImageScaling.resized(
      try Self.image(item.path), channels: size.channels, paper: paper, height: size.height,
      width: size.width
    ).values.map { UInt8((min(max($0, 0), 1) * 255).rounded()) }
  }

  private static func image(_ path: String) throws -> PixelImage {
    let bytes = try FileBytes.read(path, limit: 1 << 30)
    do {
      return try PictureFile.read(bytes)
    } catch {
      throw DatasetError.damaged(path: path, reason: "\(error)", offset: nil)
    }
  }
}

extension PixelImage {
  /// True if red, green and blue differ anywhere that is not invisible.
  fileprivate var hasColor: Bool {
    guard channels >= 3 else { return false }
    for at in stride(from: 0, to: pixels.count, by: channels) {
      let isGray = pixels[at] == pixels[at + 1] && pixels[at] == pixels[at + 2]
      let isVisible = channels == 3 || pixels[at + 3] > 0
      if !isGray, isVisible { return true }
    }
    return false
  }

  /// The standard deviation of its brightness on a paper.
  fileprivate func contrast(on paper: Float) -> Double {
    let values = ImageScaling.planes(self, channels: 1, paper: paper).values
    let mean = values.reduce(0.0) { $0 + Double($1) } / Double(max(1, values.count))
    let square = values.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
    return (square / Double(max(1, values.count))).squareRoot()
  }
}
