import Datasets
package import Engine
import Experiments
import Files
import Foundation
import Networks
import Training

/// The file that an interrupted generator's run goes on from: every network with the optimizer's moments, what was drawn so
/// far, and the position within the epoch.
package enum GeneratorResumeFile {
  private static let formatName = "inkling-generator-resume"
  private static let courseName = "course"

  private struct Contents: Codable {
    var run: RunConfiguration
    var images: Int
    var position: GeneratorTrainer.Position
  }

  /// Writes where a trainer stands, whole or not at all.
  ///
  /// - Throws: `FileError` if the file cannot be written.
  package static func write(
    _ trainer: GeneratorTrainer, of prepared: PreparedGenerator, to path: String
  ) throws {
    let state = trainer.currentState
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let contents = Contents(
      run: prepared.run, images: prepared.images.split.train.count, position: state.position)
    var file = SafeTensors(metadata: [
      "format": formatName,
      "position": String(decoding: try encoder.encode(contents), as: UTF8.self),
    ])
    for ((name, _), learner) in zip(prepared.beginnings, state.learners) {
      for (group, tensors) in [
        ("", learner.network.tensors), ("first.", learner.moments.first),
        ("second.", learner.moments.second), ("average.", learner.averaged),
      ] {
        for tensor in tensors {
          file.append("\(name).\(group)\(tensor.name)", shape: tensor.shape, tensor.values)
        }
      }
    }
    file.append(
      courseName, shape: [state.course.count, state.course.first?.pixels.count ?? 0],
      bytes: state.course.flatMap(\.pixels))
    try AtomicFile.write(file.encoded(), to: path)
  }

  /// The trainer of a run, where a file says that it stands.
  ///
  /// - Throws: `FileError` or `CheckpointFileError` if the file is bad or of another run.
  package static func trainer(
    _ path: String, of prepared: PreparedGenerator, pool: WorkerPool
  ) throws -> GeneratorTrainer {
    let bytes = try FileBytes.read(path)
    do {
      let state = try state(SafeTensors(bytes), of: prepared)
      let trainer = GeneratorTrainer(prepared, from: state, pool: pool)
      guard trainer.isConsistent else {
        throw CheckpointError("its position does not fit this run; delete it to start anew")
      }
      return trainer
    } catch let error as CheckpointError {
      throw CheckpointFileError(path: path, reason: error)
    }
  }

  private static func state(
    _ file: SafeTensors, of prepared: PreparedGenerator
  ) throws -> GeneratorTrainer.State {
    guard file.metadata["format"] == formatName, let json = file.metadata["position"] else {
      throw CheckpointError("it is not a resume file of a generator; delete it to start anew")
    }
    guard let contents = try? JSONDecoder().decode(Contents.self, from: Data(json.utf8)) else {
      throw CheckpointError(
        "it is damaged, or another version of Inkling wrote it; delete it to start anew")
    }
    try contents.run.check(
      isOf: prepared.run, images: (contents.images, prepared.images.split.train.count))
    let learners = try prepared.beginnings.map { name, network in
      func tensors(_ group: String, learnedOnly: Bool) throws -> [Tensor] {
        try file.tensors(
          "\(name).\(group)", of: network.architecture, learnedOnly: learnedOnly)
      }
      return Learner.State(
        Network(
          architecture: network.architecture, normalization: network.normalization,
          tensors: try tensors("", learnedOnly: false)),
        moments: (
          try tensors("first.", learnedOnly: true), try tensors("second.", learnedOnly: true)
        ),
        averaged: prepared.isAveraged(name) ? try tensors("average.", learnedOnly: true) : [])
    }
    guard let course = file.entry(courseName), course.type == .uint8, course.shape.count == 2,
      course.shape[0] == contents.position.history.count + 1,
      course.shape[1] > 0, course.shape[1].isMultiple(of: prepared.imageShape.count)
    else { throw CheckpointError("what was drawn so far is not in it; delete it to start anew") }
    let size = course.shape[1]
    let moments = (0..<course.shape[0]).map { epoch in
      let start = course.bytes.startIndex + epoch * size
      return GeneratorCheckpoint.Moment(
        epoch: epoch, pixels: Array(course.bytes[start..<start + size]))
    }
    return GeneratorTrainer.State(
      position: contents.position, learners: learners, course: moments)
  }
}
