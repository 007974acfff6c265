import Networks
import Tracking
import Training

/// The numbers of a run's history as they are tracked, each at the training step at which it was measured.
enum TrackedScalars {
  /// What is told on the way through an epoch; `nil` for a step at which nothing is measured.
  static func event(_ progress: TrainingEvent.Progress) -> TrackedEvent? {
    let values =
      (progress.lossSample.map { [loss($0)] } ?? []) + (progress.halfEpoch.map(values) ?? [])
    return values.isEmpty ? nil : TrackedEvent(step: progress.step, values)
  }

  /// What is told at an epoch's end, the last of its loss samples included.
  static func event(_ record: EpochRecord) -> TrackedEvent {
    TrackedEvent(
      step: lastStep(of: record), (record.losses.last.map { [loss($0)] } ?? []) + values(record))
  }

  /// The step at which an epoch ended. Histories of other programs may not tell: then epochs stand in place of steps.
  static func lastStep(of record: EpochRecord) -> Int { record.losses.last?.step ?? record.epoch }

  /// The same events as `event` gives while training goes on, from what is kept of it.
  static func events(_ history: [EpochRecord]) -> [TrackedEvent] {
    var start = 0
    return history.flatMap { record -> [TrackedEvent] in
      let end = lastStep(of: record)
      defer { start = end }
      var events = record.losses.dropLast().map { TrackedEvent(step: $0.step, [loss($0)]) }
      if let half = record.halfEpoch {
        let step = start + (end - start) / 2
        if let place = events.firstIndex(where: { $0.step == step }) {
          events[place].values += values(half)
        } else {
          let place = events.firstIndex { $0.step > step } ?? events.endIndex
          events.insert(TrackedEvent(step: step, values(half)), at: place)
        }
      }
      return events + [event(record)]
    }
  }

  private static func loss(_ sample: EpochRecord.LossSample) -> TrackedValue {
    TrackedValue("loss/batch", .scalar(sample.loss))
  }

  /// Those values that exist.
  private static func scalars(_ values: KeyValuePairs<String, Double?>) -> [TrackedValue] {
    values.compactMap { tag, value in value.map { TrackedValue(tag, .scalar($0)) } }
  }

  private static func values(_ half: EpochRecord.HalfEpoch) -> [TrackedValue] {
    scalars([
      "loss/evaluated_train": half.evaluatedTrainLoss,
      "loss/validation": half.validationLoss,
      "accuracy/evaluated_train": half.evaluatedTrainAccuracy,
      "accuracy/validation": half.validationAccuracy,
    ])
  }

  private static func values(_ record: EpochRecord) -> [TrackedValue] {
    scalars([
      "loss/train": record.trainLoss,
      "loss/evaluated_train": record.evaluatedTrainLoss,
      "loss/validation": record.validationLoss,
      "loss/validation_standard_error": record.validationLossError,
      "accuracy/train": record.trainAccuracy,
      "accuracy/evaluated_train": record.evaluatedTrainAccuracy,
      "accuracy/validation": record.validationAccuracy,
      "training/epoch": Double(record.epoch),
      "training/learning_rate": record.learningRate,
      "training/gradient_norm": record.gradientNorm,
    ])
      + record.deadUnits.sorted { $0.key < $1.key }.map {
        TrackedValue("dead_units/\($0.key)", .scalar(Double($0.value)))
      }
  }
}
