import Experiments
import Tracking
import Training

/// A sweep's trials as tracked runs: an epoch is a step, for results keep no more.
struct TrackedSweep {
  private let progress: SweepProgress

  /// The trials of a sweep that has begun.
  ///
  /// - Throws: `Failure` if none is done.
  init(_ progress: SweepProgress) throws {
    self.progress = progress
    guard progress.rungs.contains(where: { $0.done > 0 }) else {
      throw Failure("no trial of the sweep is done yet; see sweep status", .badData)
    }
  }

  private var sweep: Sweep { progress.folder.sweep }

  /// What the trials are of.
  var name: String { sweep.base.dataset ?? "sweep" }

  /// By which trials are compared, first the one that decides.
  static let metrics = [
    ComparedMetric("accuracy/validation", title: "validation accuracy", isOfValidation: true),
    ComparedMetric("loss/validation", title: "validation loss", isOfValidation: true),
    ComparedMetric("accuracy/evaluated_train", title: "training accuracy", isOfValidation: false),
    ComparedMetric("loss/evaluated_train", title: "training loss", isOfValidation: false),
  ]

  /// The parameters that are tried, with their values.
  var domains: [HyperparameterDomain] {
    sweep.parameters.map { parameter in
      switch parameter.domain {
      case .list(let values):
        HyperparameterDomain(parameter.name, .list(values.map(\.tracked)))
      case .range(let low, let high, _):
        HyperparameterDomain(parameter.name, .interval(low...high))
      }
    }
  }

  /// Trials of which there is a result, each with what came of it on its furthest rung. Those of a
  /// configuration, which differ in the seed alone, are a group.
  func runs() throws -> [(trial: Trial, run: FinishedRun)] {
    var furthest: [String: TrialResult] = [:]
    for rung in progress.rungs {
      for result in rung.results.joined() {
        if let result { furthest[result.id] = result }
      }
    }
    return progress.folder.configurations.flatMap { configuration in
      configuration.trials.compactMap { trial in
        furthest[trial.id].map { (trial, run(of: configuration, $0)) }
      }
    }
  }

  private func run(
    of configuration: SweepConfiguration, _ result: TrialResult
  ) -> FinishedRun {
    var run = FinishedRun()
    run.group = configuration.trials[0].id
    run.parameters = zip(sweep.parameters, configuration.values).map {
      Hyperparameter($0.name, $1.tracked)
    }
    run.events = result.curve.enumerated().map { place, point in
      let values = [
        ("loss/evaluated_train", point.trainLoss), ("loss/validation", point.validationLoss),
        ("accuracy/evaluated_train", point.trainAccuracy),
        ("accuracy/validation", point.validationAccuracy),
      ]
      return TrackedEvent(
        step: place + 1,
        values.compactMap { tag, value in value.map { TrackedValue(tag, .scalar($0)) } })
    }
    switch result.outcome {
    case .trained: run.ending = .finished
    case .diverged, .refused: run.ending = .failed
    }
    return run
  }
}
