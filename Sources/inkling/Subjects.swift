import Datasets
import Experiments
import Files
import Foundation
import Networks
import Study

extension Study.Subject {
  /// A checkpoint file as the subject of a study, with the epochs and the controls that were kept beside it.
  init(path: String, as shownName: String? = nil, foreign: ForeignOptions) throws {
    let checkpoint = try foreign.load(path)
    let name = Self.name(path)
    self.init(
      name: shownName ?? name, checkpoint: checkpoint,
      sha256: SHA256(of: try FileBytes.read(path)).hexadecimal,
      epochs: try Self.epochs(of: name, in: Folder.parentFolder(of: path), like: checkpoint),
      randomLabels: try ControlNetwork.randomLabels.network(beside: path, like: checkpoint),
      secondSeed: try ControlNetwork.secondSeed.network(beside: path, like: checkpoint))
    if checkpoint.isForeign {
      self.foreign = ForeignFile(name: Self.file(path), options: foreign.words)
    }
  }

  /// Checkpoint files as subjects; those of the same file name are numbered.
  static func read(_ paths: [String], foreign: ForeignOptions) throws -> [Study.Subject] {
    var counts: [String: Int] = [:]
    return try paths.map { path in
      let name = name(path)
      counts[name, default: 0] += 1
      let count = counts[name] ?? 1
      return try Study.Subject(
        path: path, as: count > 1 ? "\(name) (\(count))" : nil, foreign: foreign)
    }
  }

  /// A file's name without folder and ending.
  private static func name(_ path: String) -> String {
    CheckpointName.stem(of: file(path))
  }

  private static func file(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// The networks of `NAME.epoch-03.safetensors` and its like; those of another run are left aside.
  private static func epochs(
    of name: String, in folder: String, like checkpoint: Checkpoint
  ) throws -> [(epoch: Int, network: Network)] {
    let start = "\(name).epoch-"
    let files = try FileBytes.names(in: folder).filter {
      $0.hasPrefix(start) && $0.hasSuffix(CheckpointName.ending)
    }
    let found = files.compactMap { file -> (epoch: Int, network: Network)? in
      guard let epoch = Int(CheckpointName.stem(of: file).dropFirst(start.count)), epoch > 0,
        let other = try? Checkpoint.read("\(folder)/\(file)"),
        other.network.architecture.specification == checkpoint.network.architecture.specification,
        other.seed == checkpoint.seed, other.dataset == checkpoint.dataset,
        epoch <= checkpoint.history.count,
        other.history == Array(checkpoint.history.prefix(epoch))
      else { return nil }
      return (epoch, other.network)
    }
    return found.sorted { $0.epoch < $1.epoch }
  }
}
