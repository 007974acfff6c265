import ArgumentParser
import Datasets
import Engine
import Experiments
import Figures
import Files
import Generators
import Networks
import Report
import Study
import Training

/// What a course goes on with: networks that read sequences, look around or draw, each with a report of its own.
struct AdvancedCourse {
  let set: Dataset
  let split: Split
  let strangers: [Study.Strangers]
  /// The course's network, which reads what is drawn and which the others are compared with.
  let course: Study.Subject
  /// The course's folder.
  let output: String
  let isQuick: Bool
  let options: DatasetOptions
  let seed: UInt64
  let templates: Templates
  let date: String?
  let pool: WorkerPool

  /// In the order in which they are told of.
  private static let recipes: [Recipe] = [.lstm, .vit, .vae, .gan, .flow]

  /// What it leaves in the folder of the course's models.
  static let fileNames = recipes.map { $0.rawValue + CheckpointName.ending }

  /// Checks, before anything is trained, that every report can be written.
  ///
  /// - Throws: `FileError` if one cannot.
  static func check(in output: String) throws {
    for recipe in recipes { try Report.check("\(output)/\(page(of: recipe))") }
  }

  private static func page(of recipe: Recipe) -> String { "advanced/\(recipe.rawValue)" }

  /// Trains each and writes its report.
  ///
  /// - Returns: what the course's own report tells of them.
  func run() throws -> [FurtherNetwork] {
    try Self.recipes.compactMap { recipe in
      let run = configuration(recipe)
      let path = "\(output)/models/\(recipe.rawValue)\(CheckpointName.ending)"
      Terminal.inform("6 \(recipe.rawValue): \(run.passes) epoch\(run.passes == 1 ? "" : "s")")
      do {
        return run.generator == nil
          ? try classifier(recipe, run, at: path) : try generator(recipe, run, at: path)
      } catch let error as SpecificationError {
        return leftOut(recipe, error.description)
      } catch let error as RunRefusal {
        return leftOut(recipe, error.description)
      } catch let failure as Failure where failure.status != .interrupted {
        // What one of them comes to is no reason to lose the others.
        return leftOut(recipe, failure.message)
      }
    }
  }

  /// Images of some sizes cannot be cut into squares, or halved and doubled again; some runs diverge.
  private func leftOut(_ recipe: Recipe, _ reason: String) -> FurtherNetwork? {
    let line = reason.split(separator: "\n").first.map(String.init) ?? reason
    Terminal.inform("  note: \(recipe.rawValue) is left out: \(line)")
    return nil
  }

  private func configuration(_ recipe: Recipe) -> RunConfiguration {
    var run = recipe.run
    options.apply(to: &run)
    run.seed = seed
    // Two latents are a plane that can be looked at.
    if recipe == .vae { run.latents = 2 }
    if isQuick { run.epochs = recipe == .vae ? 4 : 1 }
    return run
  }

  private func classifier(
    _ recipe: Recipe, _ run: RunConfiguration, at path: String
  ) throws -> FurtherNetwork? {
    var training = try TrainingRun(run, on: set, split: split, output: path, pool: pool)
    training.canResume = false
    _ = try training.train()
    let subject = try Study.Subject(path: path, foreign: ForeignOptions.parse([]))
    let extent: Study.Extent.Preset = isQuick ? .quick : .full
    var line = ProgressLine()
    var results = Study.run(
      subject, comparedWith: [course], on: set, split: split, strangers: strangers,
      extent: extent.extent, pool: pool
    ) { line.stage("  \($0)") }
    line.finish()
    results.extent = extent
    let page = try write(Report(results, templates: templates, date: date), of: recipe)
    return FurtherNetwork(results, page: page)
  }

  private func generator(
    _ recipe: Recipe, _ run: RunConfiguration, at path: String
  ) throws -> FurtherNetwork? {
    let prepared = try PreparedGenerator(
      run, on: PreparedImages(for: run, of: set, split: split))
    _ = try GeneratorRun(
      prepared: prepared, output: path, resumes: false, canResume: false, pool: pool
    ).train()
    guard let subject = try GeneratorStudy.Subject(path: path) else { return nil }
    var line = ProgressLine()
    let results = GeneratorStudy.run(
      subject, readBy: course, on: set, split: split, strangers: strangers,
      extent: isQuick ? .quick : nil, pool: pool
    ) { line.stage("  \($0)") }
    line.finish()
    let page = try write(Report(results, templates: templates, date: date), of: recipe)
    return FurtherNetwork(results, page: page)
  }

  /// Writes a report.
  ///
  /// - Returns: its page, relative to the course's.
  private func write(_ report: Report, of recipe: Recipe) throws -> String {
    let folder = Self.page(of: recipe)
    return "\(folder)/\(try report.write(to: "\(output)/\(folder)")[0])"
  }
}
