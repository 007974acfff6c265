import Datasets
import Figures
import Files
import Foundation
import Networks
import Pictures
import Study
import Training

/// Finds the data set of a command: the one named, the checkpoint's, or the default.
struct DatasetSource {
  let options: DatasetOptions
  /// What is asked for where there is no checkpoint to say it.
  let run: RunConfiguration
  /// What the command is about, if it is about something trained.
  private var subject: ImageOrigin?
  /// Further networks that are shown the same images.
  private var others: [ImageOrigin] = []
  /// Networks that a run begins with.
  private var origins: [ImageOrigin] = []

  /// A source for a run that is to be trained, from random weights or beginning with checkpoints: what these have seen
  /// is no new image to what becomes of them.
  init(options: DatasetOptions, run: RunConfiguration, startingFrom origins: [Checkpoint] = []) {
    self.options = options
    self.run = run
    self.origins = origins.map(ImageOrigin.init)
  }

  /// A source for a command about a checkpoint, or about the data alone.
  init(
    options: DatasetOptions, seed: UInt64, checkpoint: Checkpoint? = nil, others: [Checkpoint] = []
  ) {
    var run = RunConfiguration()
    run.seed = seed
    self.init(options: options, run: run)
    subject = checkpoint.map(ImageOrigin.init)
    self.others = others.map(ImageOrigin.init)
  }

  /// A source for a command about a generator, whose pictures classifiers read.
  init(options: DatasetOptions, generator: GeneratorCheckpoint, readBy others: [Checkpoint] = []) {
    self.init(options: options, run: RunConfiguration())
    subject = ImageOrigin(generator)
    self.others = others.map(ImageOrigin.init)
  }

  /// The run whose images are wanted: the checkpoint's own, but for what the options ask for.
  private func wanted() throws -> RunConfiguration {
    var wanted = run
    do {
      if let own = try subject?.configuration() { wanted = own }
    } catch {
      throw Failure("the checkpoint's run: \(error)", .badData)
    }
    options.apply(to: &wanted)
    do {
      try wanted.check()
    } catch {
      throw Failure("--\(error)", .usage)
    }
    return wanted
  }

  private var locator: DatasetLocator {
    DatasetLocator(explicit: options.data, environment: ProcessInfo.processInfo.environment)
  }

  /// What the images are for.
  enum Use {
    /// To be looked at: every image is there.
    case looking
    /// To learn from: no validation or test image is a copy of another.
    case training
    /// To be tested on: the same, and there must be some.
    case testing
  }

  /// The data set and its split, without images that are no new ones: validation and test images that a network was
  /// trained on, or copies of others.
  ///
  /// - Throws: `Failure` if the set does not go with the network, or if nothing is left to test on.
  func load(for use: Use = .testing) throws -> (dataset: Dataset, split: Split) {
    let dataset = inOrder(try find())
    dataset.notes.forEach { Terminal.inform("note: \($0)") }
    try check(dataset)
    let wanted = try wanted()
    // A checkpoint's own split must be its own run's, whatever seed this command has.
    let whole = Split(
      dataset, scheme: wanted.splitScheme, validation: wanted.validation,
      seed: subject?.seed ?? wanted.seed)
    let split = use == .looking && subject == nil ? whole : onlyNew(whole)
    guard split.train.count > 0, split.test.count > 0 || use == .training else {
      throw Failure(
        "\(dataset.name): too few images are left to learn from, or to test on that are new",
        .badData)
    }
    if use == .testing { subject?.tellDoubts(on: split, classes: dataset.classes) }
    return (dataset, split)
  }

  /// The set with its classes in the order in which the network has them, if it has the same.
  private func inOrder(_ dataset: Dataset) -> Dataset {
    guard let subject, subject.namesItsClasses, subject.classes != dataset.classes,
      subject.classes.count == dataset.classes.count,
      Set(subject.classes) == Set(dataset.classes)
    else { return dataset }
    Terminal.inform("note: the classes of \(dataset.name) are put in the order of the network's")
    return dataset.ordered(subject.classes)
  }

  private func onlyNew(_ split: Split) -> Split {
    func tell(_ leftOut: Split.LeftOut, of all: Split, _ reason: String) {
      for (count, images, part) in [
        (leftOut.validation, all.validation.count, "validation"),
        (leftOut.test, all.test.count, "test"),
      ] where count > 0 {
        Terminal.inform(
          "note: \(Format.count(count)) of the \(Format.count(images)) \(part) images \(reason), so they are left"
            + " out; \(Format.count(images - count)) remain")
      }
    }
    guard let trained = subject?.trainedOn else {
      if subject != nil {
        Terminal.inform(
          "note: the checkpoint does not say which images it was trained on; some of the test images may be among"
            + " them")
      }
      let (fresh, leftOut) = split.withoutCopies()
      tell(leftOut, of: split, "are copies of other images of the set")
      return withoutOthers(fresh, tell)
    }
    let (fresh, leftOut) = split.known(by: trained.contains)
    tell(leftOut, of: split, "were trained on")
    return withoutOthers(fresh, tell)
  }

  /// The split without what the further networks were trained on.
  private func withoutOthers(
    _ split: Split, _ tell: (Split.LeftOut, Split, String) -> Void
  ) -> Split {
    var split = split
    for (networks, words) in [(others, "is compared"), (origins, "is begun with")] {
      for trained in networks.compactMap(\.trainedOn) {
        let (fresh, leftOut) = split.excluding(trained.contains)
        tell(leftOut, split, "were trained on by a network that \(words)")
        split = fresh
      }
    }
    return split
  }

  /// Checks what can be checked before anything is read or fetched.
  func validate() throws {
    _ = try wanted()
    guard let name = options.dataset ?? subject?.dataset ?? run.dataset, !name.isEmpty else {
      return
    }
    if name == DrawnDigits.name || KnownDataset.named(name) != nil { return }
    if let refusal = KnownDataset.refusal(of: name) { throw refusal }
    guard options.dataset != nil else {
      // A file may name any folder; which one is read is for the person to say.
      throw Failure(
        "the run was of the folder “\(name)”; say where it is with --dataset FOLDER",
        .noInput)
    }
    if FileBytes.isFolder(name) { return }
    throw Failure(
      "there is no data set and no folder “\(name)”; sets are \(KnownDataset.names) and \(DrawnDigits.name)",
      .noInput)
  }

  private func find() throws -> Dataset {
    try validate()
    let asked = options.dataset ?? subject?.dataset ?? run.dataset ?? ""
    if asked == DrawnDigits.name { return try drawn() }
    if let known = KnownDataset.named(asked) { return try read(known) }
    if !asked.isEmpty {
      return try read(folder: asked)
    }
    do {
      return try read(.mnist)
    } catch DatasetError.unreachable(let reason) {
      return try drawn(because: reason)
    } catch let error as FileError where error.operation == .create {
      // A cache that cannot be written is no reason to do without digits.
      return try drawn(because: error.description)
    }
  }

  private func drawn(because reason: String) throws -> Dataset {
    Terminal.inform(
      "MNIST is not here and cannot be fetched (\(reason)); using the digits that Inkling draws"
        + " itself, which are not MNIST")
    return try drawn()
  }

  /// A folder's pictures, as the checkpoint's network reads them.
  private func read(folder: String) throws -> Dataset {
    var form = ImageFolder.Form.native
    if let size = try wanted().imageSize { form = .sized(height: size[0], width: size[1]) }
    if let subject {
      let preparation = try subject.preparation() ?? .none
      form = .fixed(subject.shape.size, paper: preparation.paper)
    }
    var line = ProgressLine()
    defer { line.finish() }
    return try ImageFolder.read(folder, form: form) {
      line.update("reading pictures", $0 / 2, of: $1 / 2, unit: "pictures")
    }
  }

  private func drawn() throws -> Dataset {
    DrawnDigits.dataset(count: try wanted().drawnCount ?? 60_000, seed: 1)
  }

  private func read(_ known: KnownDataset) throws -> Dataset {
    try (locator.find(known) ?? Self.fetch(known, locator)).read()
  }

  /// Downloads a set into the cache, with progress.
  static func fetch(_ known: KnownDataset, _ locator: DatasetLocator) throws -> FoundDataset {
    let folder = try locator.folderForDownload(of: known)
    var line = ProgressLine()
    defer { line.finish() }
    Terminal.inform("downloading \(known.name) to \(folder)")
    try Downloader().fetch(known, into: folder) { progress in
      switch progress {
      case .downloading(let file, let received, let total):
        line.update(file, received, of: total ?? received, unit: "bytes")
      case .unpacking(let file, let done, let total):
        line.update("unpacking \(file)", done, of: total, unit: "files")
      }
    }
    guard let found = try locator.find(known, inCacheOnly: true) else {
      throw DatasetError.missing("\(folder): the data set \(known.name) is not complete")
    }
    return found
  }

  /// Images of no class of a set, for a network to be asked about: another set of that shape that is here. Nothing is
  /// downloaded for it.
  func strangers(to dataset: Dataset) throws -> [Study.Strangers] {
    let isFashion = dataset.name == KnownDataset.fashionMNIST.name
    let (other, name): (KnownDataset, _) =
      isFashion ? (.mnist, "MNIST") : (.fashionMNIST, "Fashion-MNIST")
    guard dataset.test.channels == 1, dataset.test.height == 28, dataset.test.width == 28,
      let found = try? locator.find(other)?.read()
    else { return [] }
    return [(name, found.test)]
  }

  private func check(_ dataset: Dataset) throws {
    for origin in [subject].compactMap({ $0 }) + others { try Self.check(dataset, origin) }
  }

  private static func check(_ dataset: Dataset, _ origin: ImageOrigin) throws {
    let images = dataset.train
    let shape = ImageShape(channels: images.channels, height: images.height, width: images.width)
    guard shape == origin.shape else {
      throw Failure(
        "the network \(origin.verb) images of \(origin.shape), but those of \(dataset.name) are"
          + " \(shape); name another set with --dataset", .badData)
    }
    guard dataset.classes.count == origin.outputs else {
      throw Failure(
        "the network has \(origin.outputs) outputs, but \(dataset.name) has"
          + " \(dataset.classes.count) classes; name another set with --dataset", .badData)
    }
    guard origin.hasForeignClasses || origin.classes == dataset.classes else {
      throw Failure(
        "the network knows the classes \(list(origin.classes)), but \(dataset.name) has"
          + " \(list(dataset.classes)); name another set with --dataset, or the classes with --classes if they are"
          + " the same under other names", .badData)
    }
  }

  private static func list(_ names: [String]) -> String {
    names.prefix(10).joined(separator: ", ") + (names.count > 10 ? ", …" : "")
  }
}
