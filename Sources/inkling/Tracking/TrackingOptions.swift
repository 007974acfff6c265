import ArgumentParser
import Tracking

/// Who is told how a run goes.
struct TrackingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Write TensorBoard's events into a folder while training goes on: numbers, pictures, histograms of weights and gradients.",
      valueName: "dir"))
  var tensorboard: String?

  @Option(
    help: ArgumentHelp(
      "Tell an MLflow server how training goes, as in http://127.0.0.1:5000.", valueName: "uri"))
  var mlflow: String?

  @Option(
    help: ArgumentHelp("The server's experiment. (default: inkling)", valueName: "name"))
  var mlflowExperiment: String?

  mutating func validate() throws {
    if mlflowExperiment != nil, mlflow == nil {
      throw ValidationError("--mlflow-experiment goes with --mlflow.")
    }
    _ = try server()
  }

  /// True if anybody is told.
  var isOn: Bool { tensorboard != nil || mlflow != nil }

  /// Checks that what is told can be written, of each member if there are several networks.
  ///
  /// - Throws: `FileError` if it cannot.
  func check(members: Int?) throws {
    guard let tensorboard else { return }
    guard let members else { return try EventLog.check(tensorboard) }
    for place in 0..<members { try EventLog.check(ofMember(place).tensorboard ?? "") }
  }

  /// The same of a member of an ensemble, which has a folder of its own.
  func ofMember(_ place: Int) -> TrackingOptions {
    var options = self
    options.tensorboard = tensorboard.map { "\($0)/\(EnsembleRun.memberName(place))" }
    return options
  }

  /// The MLflow server; `nil` for none.
  ///
  /// - Throws: `ValidationError` if its address is none.
  func server() throws -> MLflowServer? {
    try mlflow.map { try MLflowAddress.server($0, option: "--mlflow") }
  }

  /// The server's experiment.
  var experiment: String { mlflowExperiment ?? MLflowAddress.usualExperiment }
}

/// An MLflow server as a person names it.
enum MLflowAddress {
  /// The experiment of runs that name none.
  static let usualExperiment = "inkling"

  /// The server at an address.
  ///
  /// - Throws: `ValidationError` if it is none.
  static func server(_ address: String, option: String) throws -> MLflowServer {
    do throws(MLflowError) {
      return try MLflowServer(address)
    } catch {
      throw ValidationError("\(option): \(error).")
    }
  }
}
