import Datasets
import Engine
import Evaluation
import Networks

extension TrainingRun {
  /// What `train` says of a network that it has saved, and how it answers the validation images.
  struct Outcome {
    var result: Result
    let validation: Predictions
    /// What it learned from, and was looked at with.
    let split: Split
    /// What those who follow it could not be told.
    var missed: Failure?

    /// Measures a checkpoint on the images it learned from, on validation and, if that is asked for, on test images.
    init(
      _ checkpoint: Checkpoint, at path: String, seconds: Double, images: Int, on split: Split,
      tests: Bool, pool: WorkerPool
    ) {
      let network = checkpoint.network
      self.split = split
      validation = Predictions(of: Executor(network, pool: pool), on: split.validation)
      result = Result(
        checkpoint: path, epochs: checkpoint.history.count, seconds: seconds,
        imagesPerSecond: seconds > 0 ? Double(images) / seconds : 0,
        train: Self.score(network, on: split.train, pool: pool),
        validation: validation.count > 0 ? Self.score(validation) : nil,
        test: tests ? Self.score(network, on: split.test, pool: pool) : nil, members: nil,
        history: checkpoint.history)
    }

    /// How a network answers some images.
    static func score(
      _ network: Network, on images: LabeledImages, pool: WorkerPool
    ) -> Result.Score {
      score(Predictions(of: Executor(network, pool: pool), on: images))
    }

    private static func score(_ predictions: Predictions) -> Result.Score {
      let names = (0..<predictions.classes).map(String.init)
      let result = EvaluationResult(predictions, classNames: names)
      return Result.Score(accuracy: result.accuracy, loss: result.loss)
    }
  }

  /// What `train --json` prints.
  struct Result: Encodable {
    struct Score: Encodable {
      let accuracy: Double
      let loss: Double
    }

    let checkpoint: String
    let epochs: Int
    let seconds: Double
    let imagesPerSecond: Double
    let train: Score
    @Nullable var validation: Score?
    /// `nil` unless it was asked for: the test images are for the end.
    @Nullable var test: Score?
    /// How each member of an ensemble answers the validation images by itself.
    @Nullable var members: [Score]?
    let history: [EpochRecord]
  }
}
