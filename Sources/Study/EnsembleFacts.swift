import Datasets
import Engine
package import Evaluation
import Networks

/// What the members of an ensemble say each by itself, and what they gain together.
package struct EnsembleFacts: Codable, Sendable {
  /// The figures, on the test images.
  package var result: EnsembleResult
  /// Validation images by which the best member was chosen and the temperatures were fitted.
  package var validationCount: Int
  /// Images that no member reads, those of which the ensemble is surest first; at most 48.
  package var unread: [ExampleFacts]

  /// More images are not shown.
  static let mostUnread = 48

  package init(result: EnsembleResult, validationCount: Int, unread: [ExampleFacts]) {
    self.result = result
    self.validationCount = validationCount
    self.unread = unread
  }
}

extension Study {
  /// What the members of an ensemble gain together; `nil` for any other network.
  func ensembleFacts() -> EnsembleFacts? {
    let members = network.members
    guard members.count > 1 else { return nil }
    let said = members.map { member in
      let executor = Executor(member, pool: pool)
      return (
        test: Predictions(of: executor, on: split.test),
        validation: Predictions(of: executor, on: split.validation)
      )
    }
    let count = split.validation.count
    let result = EnsembleResult(
      said.map(\.test), validation: count > 0 ? said.map(\.validation) : [])
    let unread = Set(result.unread)
    return EnsembleFacts(
      result: result, validationCount: count,
      unread: byConfidence(unread.contains).prefix(EnsembleFacts.mostUnread).map(example))
  }
}
