public import Files

/// A trained generator with what was known when it was saved: the contents of one safetensors file.
public struct GeneratorCheckpoint: Sendable {
  /// The pictures that a generator draws from the same numbers after an epoch.
  public struct Moment: Sendable, Equatable {
    /// 0 for before training.
    public var epoch: Int
    /// 0...255, picture after picture, each in the order channel, row, column.
    public var pixels: [UInt8]

    /// A moment.
    public init(epoch: Int, pixels: [UInt8]) {
      self.epoch = epoch
      self.pixels = pixels
    }
  }

  /// How it learned to draw.
  public var kind: GeneratorKind
  /// The network: of an autoencoder both halves, of a GAN the generator, of a flow the velocity.
  public var network: Network
  /// The pictures that it draws.
  public var imageShape: ImageShape
  /// Numbers that a picture is drawn from: for a flow as many as it has pixels.
  public var latents: Int
  /// One name a class of the data set.
  public var classes: [String]
  /// The data set it was trained on: a known name or a folder's.
  public var dataset: String
  /// The seed of the run.
  public var seed: UInt64
  /// One record an epoch.
  public var history: [GeneratorEpoch]
  /// What it drew from the same numbers before training and after each epoch.
  public var course: [Moment]
  /// The run that made it, as JSON that this room need not understand.
  public var run: String?
  /// The images that it was trained on.
  public var trainedOn: TrainedImages?

  /// A checkpoint of a generator.
  public init(
    kind: GeneratorKind, network: Network, imageShape: ImageShape, latents: Int, classes: [String],
    dataset: String, seed: UInt64, history: [GeneratorEpoch], course: [Moment], run: String?,
    trainedOn: TrainedImages?
  ) {
    self.kind = kind
    self.network = network
    self.imageShape = imageShape
    self.latents = latents
    self.classes = classes
    self.dataset = dataset
    self.seed = seed
    self.history = history
    self.course = course
    self.run = run
    self.trainedOn = trainedOn
  }

  /// True if it can be told which class to draw.
  public var takesClasses: Bool { kind == .flow }

  /// The metadata key by which a file is known as a generator's.
  static let kindKey = "generator"
  private static let courseName = "course"

  /// The file's contents: tensors as a classifier's checkpoint has them, the course as bytes, and in the metadata beside a
  /// checkpoint's keys `generator`, `image_shape`, `latents` and `course_epochs`.
  package func safeTensors() -> SafeTensors {
    var file = Checkpoint(
      network: network, classes: classes, dataset: dataset, seed: seed, run: run,
      trainedOn: trainedOn
    ).safeTensors()
    file.metadata[Self.kindKey] = kind.rawValue
    file.metadata["history"] = Checkpoint.json(history)
    file.metadata["image_shape"] = Checkpoint.json(imageShape.dimensions)
    file.metadata["latents"] = String(latents)
    file.metadata["course_epochs"] = Checkpoint.json(course.map(\.epoch))
    if let first = course.first {
      file.append(
        Self.courseName,
        shape: [course.count, first.pixels.count / imageShape.count] + imageShape.dimensions,
        bytes: course.flatMap(\.pixels))
    }
    return file
  }

  /// Reads a generator from a safetensors file.
  ///
  /// - Throws: `CheckpointError` if it is no generator's, metadata is missing or bad, or tensors do not fit.
  package init(_ file: SafeTensors) throws(CheckpointError) {
    guard file.metadata["format"] == Checkpoint.formatName, let word = file.metadata[Self.kindKey]
    else {
      throw CheckpointError(
        "it is no generator; one is made by inkling train --preset \(GeneratorKind.allCases.map(\.rawValue).joined(separator: "|"))"
      )
    }
    guard let kind = GeneratorKind(rawValue: word) else {
      throw CheckpointError(
        "a later version of Inkling wrote it: there is no generator “\(word)” here")
    }
    self.kind = kind
    imageShape = try Checkpoint.shape("image_shape", file)
    let inputShape = try Checkpoint.shape("input_shape", file)
    let architecture: Architecture
    do {
      architecture = try Architecture(
        Specification(text: Checkpoint.string("model", file)), inputShape: inputShape, for: .numbers
      )
    } catch let error as SpecificationError {
      throw CheckpointError("its model cannot be built: \(error)")
    } catch {
      throw error as? CheckpointError ?? CheckpointError("its model cannot be built")
    }
    let parts = file.parted { $0 == Self.courseName }
    network = Network(
      architecture: architecture,
      normalization: try Checkpoint.normalization(file, channels: inputShape.channels),
      tensors: try Checkpoint.tensors(parts.others, for: architecture))
    classes = try Checkpoint.decoded("classes", file)
    dataset = file.metadata["dataset"] ?? ""
    seed = file.metadata["seed"].flatMap { UInt64($0) } ?? 0
    history = try Checkpoint.decoded("history", file)
    guard GeneratorEpoch.areAlike(history) else {
      throw CheckpointError("its metadata “history” has epochs of different losses")
    }
    run = file.metadata["run"]
    guard let latents = file.metadata["latents"].flatMap({ Int($0) }), latents > 0 else {
      throw CheckpointError("its metadata “latents” is not what it should be")
    }
    self.latents = latents
    trainedOn = try Checkpoint.trainedOn(file)
    let epochs: [Int] = try Checkpoint.decoded("course_epochs", file)
    course = try Self.course(parts.chosen.first, epochs, imageShape)
    try checkFit()
  }

  private static func course(
    _ entry: SafeTensors.Entry?, _ epochs: [Int], _ shape: ImageShape
  ) throws(CheckpointError) -> [Moment] {
    if entry == nil, epochs.isEmpty { return [] }
    guard let entry, entry.type == .uint8, entry.shape.first == epochs.count, !epochs.isEmpty,
      Array(entry.shape.dropFirst(2)) == shape.dimensions, entry.shape[1] > 0,
      epochs[0] >= 0, zip(epochs, epochs.dropFirst()).allSatisfy({ $0 < $1 })
    else { throw CheckpointError("its course is not what it should be") }
    let size = entry.bytes.count / epochs.count
    return epochs.enumerated().map { place, epoch in
      let start = entry.bytes.startIndex + place * size
      return Moment(epoch: epoch, pixels: Array(entry.bytes[start..<start + size]))
    }
  }

  /// Checks that the network reads and gives what its kind needs.
  private func checkFit() throws(CheckpointError) {
    let architecture = network.architecture
    let fits =
      switch kind {
      case .vae:
        architecture.inputShape == imageShape
          && network.autoencoder.map {
            $0.latents == latents && $0.pixels == imageShape.count
          } ?? false
      case .gan:
        architecture.inputShape.count == latents && architecture.outputs == imageShape.count
      case .flow:
        architecture.inputShape
          == FlowPlanes(shape: imageShape, classes: classes.count).inputShape
          && architecture.outputs == imageShape.count && latents == imageShape.count
      }
    guard fits, !classes.isEmpty else {
      throw CheckpointError("its network does not fit a \(kind.noun) of \(imageShape) pixels")
    }
  }

  /// True if a safetensors file of Inkling's is a generator's.
  package static func isOne(_ file: SafeTensors) -> Bool {
    file.metadata["format"] == Checkpoint.formatName && file.metadata[kindKey] != nil
  }

  /// Reads a generator's file.
  ///
  /// - Throws: `FileError` if it cannot be read, `CheckpointFileError` if its contents are bad.
  public static func read(_ path: String) throws -> Self {
    try CheckpointFileError.naming(path) { bytes throws(CheckpointError) in
      try Self(SafeTensors(bytes))
    }
  }

  /// Writes the checkpoint, whole or not at all.
  ///
  /// - Throws: `FileError` if the file cannot be written.
  public func write(to path: String) throws(FileError) {
    try AtomicFile.write(safeTensors().encoded(), to: path)
  }
}
