import Datasets
import Engine
import Files
import Networks
import Study

extension ReportCommand {
  /// The generator that the report is about; `nil` if it is about a classifier.
  ///
  /// - Throws: `Failure` if a generator stands beside other checkpoints, or options do not go with one.
  func generator() throws -> GeneratorStudy.Subject? {
    let found = try checkpoints.compactMap(GeneratorStudy.Subject.init(path:))
    guard let first = found.first else { return nil }
    guard checkpoints.count == 1 else {
      throw Failure("a report on a generator is on that one alone", .usage)
    }
    let others = [
      ("--label-noise", labelNoise), ("--sweep", sweep != nil), ("--baseline", baseline != nil),
      ("--workbook", workbook.workbook != nil), ("--extent", extent != nil),
    ]
    if let (name, _) = others.first(where: \.1) {
      throw Failure("\(name) does not go with a generator", .usage)
    }
    guard classifier != nil || foreign.words.isEmpty else {
      throw Failure(
        "\(foreign.words[0]) says what a classifier from elsewhere is, and there is none", .usage)
    }
    return first
  }

  /// Studies a generator, with the classifier that reads its pictures if there is one.
  func study(_ subject: GeneratorStudy.Subject, pool: WorkerPool) throws -> GeneratorResults {
    let reader = try classifier.map { try Study.Subject(path: $0, foreign: foreign) }
    let generator = subject.checkpoint
    let source = DatasetSource(
      options: dataset, generator: generator, readBy: reader.map { [$0.checkpoint] } ?? [])
    let (set, split) = try source.load()
    if let classifier, let other = reader?.checkpoint, other.namesItsClasses,
      other.classes != set.classes
    {
      throw Failure(
        "\(classifier): it reads other classes than the generator learned from", .badData)
    }
    var line = ProgressLine()
    defer { line.finish() }
    return GeneratorStudy.run(
      subject, readBy: reader, on: set, split: split, strangers: try source.strangers(to: set),
      pool: pool
    ) { line.stage($0) }
  }
}

extension GeneratorStudy.Subject {
  /// A generator's file as the subject of a study; `nil` for any other file.
  ///
  /// - Throws: `FileError` if it cannot be read, `CheckpointFileError` if it is a damaged generator.
  init?(path: String) throws {
    guard let found = try GeneratorCheckpoint.found(at: path) else { return nil }
    self.init(
      name: CheckpointName.stem(of: path.split(separator: "/").last.map(String.init) ?? path),
      checkpoint: found.checkpoint, sha256: found.sha256.hexadecimal)
  }
}
