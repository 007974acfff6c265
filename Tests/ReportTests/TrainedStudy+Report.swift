import Foundation
import StudySupport
import Synchronization
import TestSupport

@testable import Report

extension TrainedStudy {
  /// The folder of the written report, or of its single file; written once, removed at the end.
  static func folder(isSingle: Bool = false) throws -> String {
    try (isSingle ? single : several).get()
  }

  private static let several = written { _ = try $0.write(to: $1) }
  private static let single = written { try $0.writeSingleFile(to: "\($1)/index.html") }

  private static func written(_ write: (Report, String) throws -> Void) -> Result<String, any Error>
  {
    Result {
      let folder = try TemporaryFolder()
      kept.withLock { $0.append(folder) }
      atexit { TrainedStudy.kept.withLock { $0 = [] } }
      try write(Report(results, templates: try Fixture.templates()), folder.path)
      return folder.path
    }
  }

  private static let kept = Mutex<[TemporaryFolder]>([])
}
