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
  /// The first network with one setting changed; `nil` in results of earlier versions.
  package var variants: [Variant]?
  /// Validation images that the runs were scored on; `nil` in results of earlier versions.
  package var validationCount: Int?

  /// A run with one setting changed.
  package struct Variant: Codable, Sendable {
    /// The setting and its value, as people say them.
    package var name: String
    /// The run.
    package var run: Run

    /// A run with the name of what is changed.
    package init(_ name: String, _ run: Run) {
      self.name = name
      self.run = run
    }
  }

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
    withDropout: Run? = nil, variants: [Variant]? = nil, validationCount: Int? = nil
  ) {
    self.dataset = dataset
    self.learningRates = learningRates
    self.withoutActivations = withoutActivations
    self.withoutDropout = withoutDropout
    self.withDropout = withDropout
    self.variants = variants
    self.validationCount = validationCount
  }
}
