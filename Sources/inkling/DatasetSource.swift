import Datasets
import Files
import Foundation
import Networks
import Study

/// Finds the data set of a command: the one named, the checkpoint's, or the default.
struct DatasetSource {
  let options: DatasetOptions
  let seed: UInt64
  /// The checkpoint that the command is about, if any.
  var checkpoint: Checkpoint?

  private var locator: DatasetLocator {
    DatasetLocator(explicit: options.data, environment: ProcessInfo.processInfo.environment)
  }

  /// The data set and its split.
  func load() throws -> (dataset: Dataset, split: Split) {
    let dataset = try find()
    try check(dataset)
    let scheme =
      options.splitScheme ?? checkpoint?.recipe["split scheme"].flatMap {
        Split.Scheme(rawValue: $0)
      }
      ?? .standard
    let share =
      options.validation ?? checkpoint?.recipe["validation"].flatMap { Double($0) } ?? 1.0 / 12
    guard share >= 0, share < 1 else {
      throw Failure(
        "the checkpoint says that \(share) of the images were held out; give --validation", .badData
      )
    }
    // A checkpoint's own split must be its own run's, whatever seed this command has.
    let split = Split(dataset, scheme: scheme, validation: share, seed: checkpoint?.seed ?? seed)
    guard split.train.count > 0, split.test.count > 0 else {
      throw Failure(
        "\(dataset.name): too few images are left to learn from or to test on", .badData)
    }
    // A first look trains on the first so many images only.
    guard let images = checkpoint?.recipe["training images"].flatMap({ Int($0) }), images > 0 else {
      return (dataset, split)
    }
    return (dataset, split.limited(train: images))
  }

  /// Checks what can be checked before anything is read or fetched.
  func validate() throws {
    guard let name = options.dataset ?? checkpoint?.dataset, !name.isEmpty else { return }
    if name == DrawnDigits.name || KnownDataset.named(name) != nil || FileBytes.isFolder(name) {
      return
    }
    if options.dataset == nil {
      throw Failure(
        "the checkpoint was trained on the folder “\(name)”; say where it is with --dataset FOLDER",
        .noInput)
    }
    throw Failure(
      "there is no data set and no folder “\(name)”; sets are"
        + " \(KnownDataset.all.map(\.name).joined(separator: ", ")) and \(DrawnDigits.name)",
      .noInput)
  }

  private func find() throws -> Dataset {
    try validate()
    let asked = options.dataset ?? checkpoint?.dataset ?? ""
    if asked == DrawnDigits.name { return drawn() }
    if let known = KnownDataset.named(asked) { return try read(known) }
    if !asked.isEmpty {
      let shape = checkpoint?.network.architecture.inputShape
      return try ImageFolder.read(
        asked,
        size: shape.map {
          ImageFolder.Size(channels: $0.channels, height: $0.height, width: $0.width)
        }, seed: checkpoint?.seed ?? seed)
    }
    do {
      return try read(.mnist)
    } catch DatasetError.unreachable(let reason) {
      return drawn(because: reason)
    } catch let error as FileError where error.operation == .create {
      // A cache that cannot be written is no reason to do without digits.
      return drawn(because: error.description)
    }
  }

  private func drawn(because reason: String) -> Dataset {
    Terminal.inform(
      "MNIST is not here and cannot be fetched (\(reason)); using the digits that Inkling draws"
        + " itself, which are not MNIST")
    return drawn()
  }

  private func drawn() -> Dataset {
    let own = checkpoint?.recipe["drawn count"].flatMap { Int($0) }
      .flatMap { DatasetOptions.drawnCounts.contains($0) ? $0 : nil }
    return DrawnDigits.dataset(count: options.drawnCount ?? own ?? 60_000, seed: 1)
  }

  private func read(_ known: KnownDataset) throws -> Dataset {
    if let folder = try locator.folder(of: known) { return try known.read(from: folder) }
    let folder = try locator.folderForDownload(of: known)
    try Self.fetch(known, into: folder)
    return try known.read(from: folder)
  }

  /// Downloads a set with progress.
  static func fetch(_ known: KnownDataset, into folder: String) throws {
    var line = ProgressLine()
    defer { line.finish() }
    if !known.mirrors.isEmpty { Terminal.inform("downloading \(known.name) to \(folder)") }
    try Downloader().fetch(known, into: folder) { progress in
      line.update(
        progress.file, progress.received, of: progress.total ?? progress.received, unit: "bytes")
    }
  }

  /// The set's folder, for `data list`; `nil` if it would have to be fetched.
  func folder(of known: KnownDataset) throws -> String? { try locator.folder(of: known) }

  /// Images of no class of a set, for a network to be asked about: another set of that shape that is here. Nothing is
  /// downloaded for it.
  func strangers(to dataset: Dataset) throws -> [Study.Strangers] {
    let isFashion = dataset.name == KnownDataset.fashionMNIST.name
    let (other, name): (KnownDataset, _) =
      isFashion ? (.mnist, "MNIST") : (.fashionMNIST, "Fashion-MNIST")
    guard dataset.test.channels == 1, dataset.test.height == 28, dataset.test.width == 28,
      let folder = try? locator.folder(of: other), let found = try? other.read(from: folder)
    else { return [] }
    return [(name, found.test)]
  }

  private func check(_ dataset: Dataset) throws {
    guard let architecture = checkpoint?.network.architecture else { return }
    let images = dataset.train
    let shape = ImageShape(channels: images.channels, height: images.height, width: images.width)
    guard shape == architecture.inputShape else {
      throw Failure(
        "the network reads images of \(architecture.inputShape), but those of \(dataset.name) are"
          + " \(shape); name another set with --dataset", .badData)
    }
    guard dataset.classes.count == architecture.outputs else {
      throw Failure(
        "the network has \(architecture.outputs) outputs, but \(dataset.name) has"
          + " \(dataset.classes.count) classes; name another set with --dataset", .badData)
    }
  }
}
