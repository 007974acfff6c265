import Files
import Foundation
public import Networks

/// The file that an interrupted run goes on from: a checkpoint with the optimizer's moments and the
/// position within the epoch.
public struct ResumeFile: Sendable {
  /// What has to be the same for the run to go on.
  public var run: RunConfiguration
  /// Training images, whose number has to be the same too.
  public var images: Int
  /// Where the run stands.
  public var state: TrainingState

  /// A file for a run and its state.
  public init(run: RunConfiguration, images: Int, state: TrainingState) {
    self.run = run
    self.images = images
    self.state = state
  }

  private static let formatName = "inkling-resume"

  /// `models/cnn.safetensors` resumes from `models/cnn.resume.safetensors`; where that name would be too long, from one
  /// made of its hash.
  package static func path(for output: String) -> String {
    let path = CheckpointName.path("resume", beside: output)
    let name = path.split(separator: "/").last.map { Array($0.utf8) } ?? []
    guard name.count > OutputPlace.longestName else { return path }
    let digits = SHA256(of: name).hexadecimal.prefix(16)
    return "\(Folder.parentFolder(of: output))/\(digits).resume\(CheckpointName.ending)"
  }

  private struct Position: Codable {
    var step: Int
    var epoch: EpochProgress
    var history: [EpochRecord]
    var run: RunConfiguration
    var images: Int
  }

  /// Writes the file, whole or not at all.
  ///
  /// - Throws: `FileError` if it cannot be written.
  public func write(to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let position = Position(
      step: state.step, epoch: state.epoch, history: state.history, run: run, images: images)
    var file = SafeTensors(metadata: [
      "format": Self.formatName,
      "position": String(decoding: try encoder.encode(position), as: UTF8.self),
    ])
    let groups = [
      ("network", state.network.tensors), ("first", state.moments.first),
      ("second", state.moments.second), ("slow", state.slowWeights),
      ("average", state.averagedWeights), ("best", state.best?.tensors ?? []),
    ]
    for (group, tensors) in groups {
      for tensor in tensors {
        file.append("\(group).\(tensor.name)", shape: tensor.shape, tensor.values)
      }
    }
    try AtomicFile.write(file.encoded(), to: path)
  }

  /// Reads the file.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - network: any network of the run's architecture.
  ///   - run: what the run has to be.
  ///   - images: how many training images it has to have.
  /// - Returns: the run with its state.
  /// - Throws: `FileError` or `CheckpointFileError` if the file is bad or of another run.
  public static func read(
    _ path: String, network: Network, run: RunConfiguration, images: Int
  ) throws -> ResumeFile {
    let bytes = try FileBytes.read(path)
    do {
      return try decode(SafeTensors(bytes), network: network, run: run, images: images)
    } catch let error as CheckpointError {
      throw CheckpointFileError(path: path, reason: error)
    }
  }

  private static func decode(
    _ file: SafeTensors, network: Network, run: RunConfiguration, images: Int
  ) throws -> ResumeFile {
    guard file.metadata["format"] == formatName, let json = file.metadata["position"] else {
      throw CheckpointError("it is not a resume file of Inkling; delete it to start anew")
    }
    guard let position = try? JSONDecoder().decode(Position.self, from: Data(json.utf8)) else {
      throw CheckpointError(
        "it is damaged, or another version of Inkling wrote it; delete it to start anew")
    }
    try position.run.check(isOf: run, images: (position.images, images))
    let epoch = position.epoch
    guard position.step >= 0, position.step < 1 << 40, epoch.images >= 0, epoch.steps >= 0,
      epoch.steps <= position.step, epoch.recentImages >= 0,
      position.history.map(\.epoch) == Array(1..<position.history.count + 1)
    else {
      throw CheckpointError("its position in the run makes no sense; delete it to start anew")
    }
    let names = Set(file.entries.map(\.name))
    func tensors(_ group: String, learnedOnly: Bool) throws -> [Tensor] {
      try file.tensors("\(group).", of: network.architecture, learnedOnly: learnedOnly)
    }
    func rebuilt(_ group: String) throws -> Network {
      Network(
        architecture: network.architecture, normalization: network.normalization,
        tensors: try tensors(group, learnedOnly: false))
    }
    func has(_ group: String) -> Bool { names.contains { $0.hasPrefix("\(group).") } }
    var state = TrainingState(
      network: try rebuilt("network"),
      moments: (
        try tensors("first", learnedOnly: true), try tensors("second", learnedOnly: true)
      ),
      history: position.history, step: position.step, epoch: position.epoch,
      best: has("best") ? try rebuilt("best") : nil)
    let training = position.run.training
    if training.looksAhead { state.slowWeights = try tensors("slow", learnedOnly: true) }
    if training.average != nil { state.averagedWeights = try tensors("average", learnedOnly: true) }
    return ResumeFile(run: position.run, images: position.images, state: state)
  }
}

// What files of unfinished runs of any kind have in common.

extension SafeTensors {
  /// A network's tensors, or what stands in their shapes, under names that begin with `prefix`.
  ///
  /// - Parameters:
  ///   - prefix: before each name.
  ///   - architecture: the network's.
  ///   - learnedOnly: true for what there is of learned tensors alone.
  /// - Returns: tensors under the network's own names.
  /// - Throws: `CheckpointError` for the first that is missing, misshapen or not finite.
  package func tensors(
    _ prefix: String, of architecture: Architecture, learnedOnly: Bool
  ) throws -> [Tensor] {
    try architecture.tensors.filter { $0.parameter.isLearned || !learnedOnly }.map {
      name, parameter in
      guard let tensor = floats("\(prefix)\(name)"), tensor.shape == parameter.shape,
        tensor.values.allSatisfy(\.isFinite)
      else {
        throw CheckpointError("tensor \(prefix)\(name) is missing, misshapen or not finite")
      }
      return Tensor(name: name, shape: tensor.shape, values: tensor.values)
    }
  }
}

extension RunConfiguration {
  /// Checks that what was interrupted is a run, on as many training images.
  ///
  /// - Throws: `CheckpointError` with what differs.
  package func check(
    isOf other: RunConfiguration, images: (own: Int, other: Int)
  ) throws(CheckpointError) {
    let counts =
      images.own == images.other ? nil : ("training images", "\(images.own)", "\(images.other)")
    guard let (name, own, wanted) = difference(from: other) ?? counts else { return }
    throw CheckpointError(
      "it belongs to a run with \(name) \(own ?? "left out"), not \(wanted ?? "left out"); use the same options or"
        + " delete it to start anew")
  }
}
