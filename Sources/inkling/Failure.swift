import ArgumentParser
import Attribution
import Datasets
import Drawing
import Experiments
import Files
import Networks
import Pictures
import Report
import Tracking
import Training

/// Exit statuses, as in sysexits.
enum ExitStatus: Int32 {
  case usage = 64
  case badData = 65
  case noInput = 66
  case unavailable = 69
  case cannotCreate = 73
  case inputOutput = 74
  case interrupted = 130
}

/// An error as the user sees it: one line, and the status that scripts see.
struct Failure: Error {
  let message: String
  let status: ExitStatus

  init(_ message: String, _ status: ExitStatus) {
    self.message = message
    self.status = status
  }

  /// Says it.
  func tell() { Terminal.note("error: \(message)") }

  /// The failure of any error, in one line.
  init(ofAny error: any Error) {
    let words = Inkling.message(for: error).split(whereSeparator: \.isNewline)
    self = Failure(error) ?? Failure(words.joined(separator: " "), .usage)
  }

  /// The failure of an error; `nil` for those that the argument parser words and exits with itself.
  init?(_ error: any Error) {
    switch error {
    case let failure as Failure: self = failure
    case let error as FileError: self.init(error.description, Self.status(error))
    case let error as DatasetError: self.init(error.description, Self.status(error))
    case let error as CheckpointFileError: self.init(error.description, .badData)
    case let error as ExperimentFileError: self.init(error.description, .badData)
    case let error as RunConfigurationError: self.init(error.description, .badData)
    case let error as SweepError: self.init(error.description, .badData)
    case let error as RunRefusal: self.init(error.description, .usage)
    case let error as SpecificationError: self.init(error.description, .usage)
    case let error as TemplateError: self.init(error.description, Self.status(error))
    case let error as PictureError: self.init(error.description, .badData)
    case let error as AttributionError: self.init(error.description, .usage)
    case let error as MLflowError: self.init(error.description, Self.status(error))
    case let error as CairoError: self.init(error.description, .inputOutput)
    default: return nil
    }
  }

  private static func status(_ error: FileError) -> ExitStatus {
    switch error.operation {
    case .read: error.isNotFound ? .noInput : .inputOutput
    case .create: .cannotCreate
    case .write: .inputOutput
    }
  }

  private static func status(_ error: MLflowError) -> ExitStatus {
    switch error.kind {
    case .address: .usage
    case .unreachable, .refused: .unavailable
    }
  }

  private static func status(_ error: TemplateError) -> ExitStatus {
    switch error {
    case .missingFile, .notFound: .noInput
    case .malformed, .missingValue: .badData
    }
  }

  private static func status(_ error: DatasetError) -> ExitStatus {
    switch error {
    case .damaged: .badData
    case .missing: .noInput
    case .unreachable: .unavailable
    case .unsupported: .usage
    }
  }
}
