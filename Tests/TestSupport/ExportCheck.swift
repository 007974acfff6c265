import Foundation

/// What `Scripts/reference/check_exports.py` says of exported networks.
public struct ExportCheck: Decodable {
  /// The versions of the packages; `nil` for PyTorch if it is not there.
  public let versions: [String: String?]
  /// The largest difference of a logit from Inkling's, in parts of the largest logit, by case and file.
  public let differences: [String: Double]
  /// What failed, by case and file.
  public let failures: [String: String]

  /// Checks the cases in a folder.
  ///
  /// - Throws: if the script fails as a whole.
  public init(_ folder: String) throws {
    let result = try ReferencePython.run("check_exports.py", [folder])
    guard result.status == 0 else { throw Failure(errors: result.errors) }
    self = try JSONDecoder().decode(Self.self, from: Data(result.output.utf8))
  }

  private struct Failure: Error { let errors: String }
}
