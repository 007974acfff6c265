package import Foundation

/// A thousand images on which a page trains a small network, and what Inkling's own trainer makes of them.
public struct PracticeFacts: Codable, Sendable {
  /// One training of the network.
  package struct Run: Codable, Sendable {
    /// The learning rate, the same in every step.
    package var learningRate: Double
    /// The losses at the start and after each half and whole epoch, as far as they are numbers.
    package var points: [Point]
    /// True if the loss was no number in the end.
    package var isBroken: Bool
    /// Share of the validation images that are right in the end; `nil` if the loss was no number.
    package var accuracy: Double?
  }

  /// The losses at a time, all units on.
  package struct Point: Codable, Sendable {
    /// Passes over the training images.
    package var epoch: Double
    /// Mean cross-entropy of the training images.
    package var train: Double
    /// Mean cross-entropy of the validation images.
    package var validation: Double
  }

  /// What became of a run.
  package enum Outcome: Equatable, Sendable {
    /// The training loss fell.
    case fell
    /// The training loss was no number any more.
    case broke
    /// The training loss ended above where it began.
    case rose
    /// It never came far below its start.
    case stayed
  }

  /// Channels, height and width of an image, at most 784 numbers.
  package var inputShape: [Int]
  /// How many classes there are.
  package var classCount: Int
  /// The classes of the training images, one image of each class after the other, so that the first few have all of them.
  package var trainLabels: [Int]
  /// The classes of the validation images.
  package var validationLabels: [Int]
  /// Mean of the training pixels, one a channel.
  package var mean: [Float]
  /// Their standard deviation, 1 where all are equal.
  package var standardDeviation: [Float]
  /// The images as a PNG, first those for training: each a row of its pixels, in 16 steps of brightness.
  package var sheet: Data
  /// The network that was trained.
  package var specification: String
  /// Images to a step.
  package var batchSize: Int
  /// A run with a rate that fits, and one with a rate too high.
  package var runs: [Run]
}

extension PracticeFacts.Run {
  /// The loss of training images from which on a run has left the start behind.
  private static let isBelow = 0.9
  /// How far above the start a loss is that no fitting rate ever comes to.
  private static func isAbove(_ loss: Double, _ start: Double) -> Bool {
    loss > 1.25 * start + 0.2
  }

  /// What became of it.
  package var outcome: PracticeFacts.Outcome {
    guard !isBroken, let start = points.first?.train, let end = points.last?.train else {
      return .broke
    }
    if Self.isAbove(end, start) { return .rose }
    return end < Self.isBelow * start ? .fell : .stayed
  }
}
