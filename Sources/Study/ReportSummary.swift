import Evaluation
package import Foundation
package import Training

/// What a report says, as far as a later one can be held against it.
package struct ReportSummary: Codable, Sendable {
  /// The network.
  package var model: Model
  /// The data set's name.
  package var dataset: String
  /// Training, validation and test images.
  package var counts: [Int]
  /// What tells these images from others; `nil` if the report does not say.
  package var fingerprints: DataFacts.Fingerprints?
  /// Test images by true and answered class.
  package var confusion: [[Int]]
  /// Mean cross-entropy on the test images; `nil` if it is no number.
  package var loss: Double?
  /// Expected calibration error.
  package var calibrationError: Double
  /// The temperature that fits the validation images best.
  package var temperature: Double
  /// Images that PGD attacked, its steps, and what held at each size; `nil` if it was not tried.
  package var attacked: Attacked?
  /// The misread test images of each class by their place; `nil` if the report does not name all of them.
  package var misread: [[Int]]?

  /// A network.
  package struct Model: Codable, Sendable {
    /// Its name.
    package var name: String
    /// Its specification.
    package var specification: String
    /// Class names.
    package var classes: [String]
    /// Learned numbers.
    package var parameters: Int
    /// The run's seed.
    package var seed: UInt64
    /// The run that made it; `nil` if it is not known.
    package var run: RunConfiguration?
    /// SHA-256 of the checkpoint file.
    package var sha256: String
  }

  /// What an attack came to.
  package struct Attacked: Codable, Sendable {
    /// Test images.
    package var count: Int
    /// Gradient steps.
    package var steps: Int
    /// Accuracy at each size.
    package var points: [RobustnessFacts.Point]
  }

  /// Test images.
  package var count: Int { confusion.reduce(0) { $0 + $1.reduce(0, +) } }
  /// Those read correctly.
  package var right: Int { confusion.indices.reduce(0) { $0 + confusion[$1][$1] } }
  /// The share of them.
  package var accuracy: Double { Double(right) / Double(max(1, count)) }
  /// Images of a class, and those of them read correctly.
  package func recall(_ label: Int) -> (right: Int, count: Int) {
    (confusion[label][label], confusion[label].reduce(0, +))
  }

  /// What the results of a study say.
  package init(_ results: StudyResults) {
    let model = results.model
    self.model = Model(
      name: model.name, specification: model.specification, classes: model.classes,
      parameters: model.parameters, seed: model.seed, run: model.run, sha256: model.sha256)
    dataset = results.data.name
    counts = [results.data.trainCount, results.data.validationCount, results.data.testCount]
    fingerprints = results.data.fingerprints
    let evaluation = results.quality.evaluation
    confusion = evaluation.confusion
    loss = evaluation.loss.isFinite ? evaluation.loss : nil
    calibrationError = evaluation.ece
    temperature = results.quality.temperature
    attacked = results.robustness.points(.pgd).map {
      Attacked(count: results.robustness.count, steps: results.robustness.steps, points: $0)
    }
    misread = Self.misread(
      results.quality.cells.map { ($0.actual, $0.count, $0.images) }, classes: confusion.count)
  }

  /// The places of the misread images by class, if the cells of the confusion matrix name all of them.
  private static func misread(
    _ cells: [(actual: Int, count: Int, images: [Int])], classes: Int
  ) -> [[Int]]? {
    var images = [[Int]](repeating: [], count: classes)
    for cell in cells {
      guard images.indices.contains(cell.actual), cell.images.count == cell.count else {
        return nil
      }
      images[cell.actual] += cell.images
    }
    return images
  }
}

// MARK: From a file

extension ReportSummary {
  /// Why a file is no report that can be held against another.
  package struct Unreadable: Error {
    /// In a few words, as they follow the file's name.
    package let reason: String
  }

  /// What a `report.json` says.
  ///
  /// - Parameter json: The bytes of the file.
  /// - Throws: `Unreadable` for anything else, for what a version wrote that did not yet say enough, and for numbers that
  ///   contradict each other.
  package init(json: Data) throws(Unreadable) {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    let stored: Stored
    do {
      stored = try decoder.decode(Stored.self, from: json)
    } catch DecodingError.keyNotFound(let key, let context) {
      let place = (context.codingPath + [key]).map(\.stringValue).joined(separator: ".")
      throw Unreadable(
        reason:
          "it does not say “\(place)”: it is no report.json, or that of another version; make that report again"
      )
    } catch {
      throw Unreadable(reason: "it is no report.json of a report")
    }
    let (quality, evaluation) = (stored.quality, stored.quality.evaluation)
    let classes = stored.model.classes.count
    guard classes > 0, evaluation.confusion.count == classes,
      evaluation.confusion.allSatisfy({ row in
        row.count == classes && row.allSatisfy { (0...Self.mostImages).contains($0) }
      }), evaluation.ece.isFinite, (0...1).contains(evaluation.ece), quality.temperature.isFinite,
      quality.cells.allSatisfy({ (0...Self.mostImages).contains($0.count) })
    else {
      throw Unreadable(
        reason: "its numbers contradict each other, so it is no report.json of a report")
    }
    let points = stored.robustness.curves.first { $0.method == RobustnessFacts.Method.pgd.rawValue }
    let counts = [stored.data.trainCount, stored.data.validationCount, stored.data.testCount]
    model = stored.model
    dataset = stored.data.name
    self.counts = counts
    fingerprints = stored.data.fingerprints
    confusion = evaluation.confusion
    loss = evaluation.loss.isFinite ? evaluation.loss : nil
    calibrationError = evaluation.ece
    temperature = quality.temperature
    attacked = points.map {
      Attacked(count: stored.robustness.count, steps: stored.robustness.steps, points: $0.points)
    }
    misread = Self.misread(
      quality.cells.map { ($0.actual, $0.count, $0.images) }, classes: classes)
    let isTrue =
      count == counts[2] && count > 0 && (misread.map { agrees($0) } ?? true)
      && (attacked?.points ?? []).allSatisfy { (0...1).contains($0.accuracy) && $0.epsilon >= 0 }
      && (attacked.map { (1...Self.mostImages).contains($0.count) } ?? true)
    guard isTrue else {
      throw Unreadable(
        reason: "its numbers contradict each other, so it is no report.json of a report")
    }
  }

  /// True if misread images are as many of each class as the confusion matrix says, each a test image of one class.
  private func agrees(_ misread: [[Int]]) -> Bool {
    let places = 0..<count
    return Set(misread.joined()).count == count - right
      && misread.indices.allSatisfy { label in
        let (right, all) = recall(label)
        return Set(misread[label]).count == all - right
          && misread[label].allSatisfy { places.contains($0) }
      }
  }

  /// More images than any data set has.
  private static let mostImages = 1 << 32

  /// The parts of a `report.json` that are read.
  private struct Stored: Decodable {
    struct Data: Decodable {
      var name: String
      var trainCount: Int
      var validationCount: Int
      var testCount: Int
      var fingerprints: DataFacts.Fingerprints?
    }
    struct Evaluation: Decodable {
      var confusion: [[Int]]
      var loss: Double
      var ece: Double
    }
    struct Cell: Decodable {
      var actual: Int
      var count: Int
      var images: [Int]
    }
    struct Quality: Decodable {
      var evaluation: Evaluation
      var temperature: Double
      var cells: [Cell]
    }
    struct Curve: Decodable {
      var method: String
      var points: [RobustnessFacts.Point]
    }
    struct Robustness: Decodable {
      var count: Int
      var steps: Int
      var curves: [Curve]
    }

    var model: Model
    var data: Data
    var quality: Quality
    var robustness: Robustness
  }
}
