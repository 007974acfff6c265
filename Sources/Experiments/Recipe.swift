package import Training

/// Networks with the run that makes the most of them, by name.
package enum Recipe: String, CaseIterable, Sendable {
  /// One network for digits, trained with patience: six convolutions with batch normalisation,
  /// images changed anew each time, label smoothing, and a mean of the weights over the way.
  case best

  /// What decides the run, the data set and the seed left open.
  package var run: RunConfiguration {
    var run = RunConfiguration()
    switch self {
    case .best:
      run.model =
        [32, 64, 128].map { "2*(conv(\($0),3) norm relu)" }.joined(separator: " maxpool(2) ")
        + " globalpool dropout(0.2) linear({classes})"
      run.augment = "shear(8) scale(0.15) rotate(12) shift(2)"
      (run.labelSmoothing, run.average) = (0.1, .ema)
      (run.schedule, run.learningRate, run.epochs) = (.oneCycle, 0.003, 16)
    }
    return run
  }
}
