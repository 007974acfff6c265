import Datasets
import Engine
import Networks
import Training

/// How a kind of generator learns from a mini-batch: what the trainer asks of each.
protocol GeneratorLesson: AnyObject {
  /// What its losses are called, in the order in which `step` gives them.
  var losses: [String] { get }
  /// The networks that learn; the first is the one that draws.
  var learners: [Learner] { get }
  /// The network that would be kept now.
  var kept: Network { get }

  /// One step.
  ///
  /// - Returns: sums over the images of the losses.
  func step(_ batch: LessonBatch) -> [Double]

  /// How the network that would be kept does on images that it does not learn from.
  func validate(_ generator: Generator, _ images: LabeledImages) -> [GeneratorEpoch.Loss]
}

/// A mini-batch and the circumstances of its step.
struct LessonBatch {
  /// Places of its images among the training images.
  let places: ArraySlice<Int>
  /// Epochs that are done.
  let epoch: Int
  /// 0 for the first step.
  let number: Int
  let learningRate: Double
  /// How far the mean of the weights goes towards them; `nil` for none.
  let averageStep: Float?
  let longestGradient: Float?

  /// What an optimizer does in this step.
  func update(by optimizer: Optimizer, beta1: Double = Optimizer.beta1) -> ParameterUpdate {
    var update = optimizer.update(learningRate: learningRate, step: number + 1, beta1: beta1)
    update.longestGradient = longestGradient
    update.averageStep = averageStep
    return update
  }
}
