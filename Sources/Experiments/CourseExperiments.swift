package import Networks

/// Small experiments that answer the course's questions with numbers of the learner's own data.
public struct CourseExperiments: Codable, Sendable {
  /// The data set.
  package var dataset: String
  /// One network trained with several learning rates, the largest first.
  package var learningRates: [Run]
  /// The same network without its activation functions, at the best of these rates.
  package var withoutActivations: Run?
  /// A wider network, trained longer.
  package var withoutDropout: Run?
  /// The same with dropout before its last layer.
  package var withDropout: Run?

  /// One training.
  package struct Run: Codable, Sendable {
    /// The specification.
    package var specification: String
    /// The learning rate.
    package var learningRate: Double
    /// One record an epoch; none of those after it diverged.
    package var history: [EpochRecord]
    /// Share of the test images that are right.
    package var accuracy: Double
    /// By which runs are compared: the validation images' accuracy at the end, or the test images' if there are none.
    package var score: Double { history.last?.validationAccuracy ?? accuracy }

    /// A training.
    package init(
      specification: String, learningRate: Double, history: [EpochRecord], accuracy: Double
    ) {
      self.specification = specification
      self.learningRate = learningRate
      self.history = history
      self.accuracy = accuracy
    }
  }

  /// Which images the runs' scores are of.
  package var scored: String {
    let runs = learningRates + [withoutDropout, withDropout].compactMap { $0 }
    let isValidated = runs.allSatisfy { $0.history.last?.validationAccuracy != nil }
    return isValidated ? "validation" : "test"
  }

  /// Experiments.
  package init(
    dataset: String, learningRates: [Run], withoutActivations: Run?, withoutDropout: Run? = nil,
    withDropout: Run? = nil
  ) {
    self.dataset = dataset
    self.learningRates = learningRates
    self.withoutActivations = withoutActivations
    self.withoutDropout = withoutDropout
    self.withDropout = withDropout
  }
}
