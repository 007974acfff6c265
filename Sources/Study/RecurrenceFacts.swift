package import Attribution
import Engine
package import Evaluation
package import Networks

/// How a recurrent network reads an image row by row.
public struct RecurrenceFacts: Codable, Sendable {
  /// The answer that forms for one image.
  package struct Example: Codable, Sendable {
    /// The image.
    package var example: ExampleFacts
    /// The probability of each class if reading stopped behind each row: `[rows, classes]`.
    package var answers: Plane

    /// The rows read, counted from 1, from which on the answer stays what it is in the end.
    package var settled: Int {
      let classes = example.probabilities.count
      let rows = answers.values.count / max(1, classes)
      let other = (0..<rows).last { row in
        CrossEntropy.answer(answers.values[row * classes..<(row + 1) * classes])
          != example.predicted
      }
      return (other ?? -1) + 2
    }
  }

  /// What is inside while one image is read.
  package struct Inside: Codable, Sendable {
    /// What it is.
    package var part: Part
    /// `[rows, units]`, of very many units the first.
    package var values: Plane
  }

  /// A list of numbers that goes from row to row, or decides what does.
  package enum Part: String, Codable, Sendable {
    case state
    case memory = "memory cell"
    case inputGate = "input gate"
    case forgetGate = "forget gate"
    case newMemory = "new memory"
    case outputGate = "output gate"
    case resetGate = "reset gate"
    case updateGate = "update gate"
    case newState = "new state"
  }

  /// How strongly the loss hangs on each row, of one network.
  package struct Slopes: Codable, Sendable {
    /// How the network's state changes.
    package var cell: ExportForm.Cell
    /// True for the network that was studied, false for one with random weights.
    package var isTrained: Bool
    /// The mean length of the loss's gradient with respect to each row of the image.
    package var rows: [Double]
  }

  /// The recurrent layer.
  package var layer: String
  /// How its state changes.
  package var cell: ExportForm.Cell
  /// Numbers of the state.
  package var units: Int
  /// The share that is read correctly if reading stops behind each row.
  package var accuracy: [Double]
  /// Their 95 % Wilson intervals.
  package var intervals: [Interval]
  /// The rows, counted from 1, from which on its answers cannot be told from those in the end.
  package var settled: Int
  /// Test images that the shares are of.
  package var count: Int
  /// Images whose answers are followed.
  package var examples: [Example]
  /// The state, the memory and the gates while the first of them is read.
  package var inside: [Inside]
  /// By how much the probability of the true class falls if a row is blanked, a row each.
  package var hidden: [Estimate]
  /// What integrated gradients credit each row with: the sum of its pixels' shares in the true class's logit, beside that of a
  /// blank image.
  package var credited: [Estimate]
  /// How alike the order of the rows is by what they cost and by what they are credited with: Spearman's, from -1 to 1.
  package var agreement: Double
  /// How far the state behind each row (second place) is from what it would be without one that is blanked (first), in
  /// parts of its length: `[rows, rows]`.
  package var forgetting: Plane
  /// Test images that rows were blanked in, and gradients taken of.
  package var probed: Int
  /// The network itself, and networks of each cell with random weights.
  package var slopes: [Slopes]

  /// Rows of an image.
  package var rows: Int { accuracy.count }
  /// Rows after which half of the images are read correctly; `nil` if they never are.
  package var rowsForHalf: Int? { accuracy.firstIndex { $0 >= 0.5 }.map { $0 + 1 } }
  /// How many rows before or behind it may have half of the images, by their intervals.
  package var halfTolerance: Int {
    guard let half = rowsForHalf else { return 0 }
    let possible = intervals.indices.filter { intervals[$0].contains(0.5) }
    return possible.map { abs($0 + 1 - half) }.max() ?? 0
  }
}
