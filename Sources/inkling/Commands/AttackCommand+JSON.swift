import Attacks
import Evaluation

/// What `attack --json` prints.
extension AttackCommand {
  struct CurvePoint: Encodable {
    let epsilon: Float
    let robustAccuracy: Double
    let robustAccuracy8bit: Double
    let interval: [Double]

    init(_ point: AttackCurve.Point) {
      let outcome = point.outcome
      epsilon = point.epsilon
      robustAccuracy = outcome.robustAccuracy
      robustAccuracy8bit = outcome.robustAccuracy8bit
      interval = Interval.wilson(share: robustAccuracy, of: outcome.labels.count).ends
    }

    enum CodingKeys: String, CodingKey {
      case epsilon, interval
      case robustAccuracy
      case robustAccuracy8bit = "robust_accuracy_8bit"
    }
  }

  struct Result: Encodable {
    let method: String
    let count: Int
    @Nullable var epsilon: Float?
    @Nullable var norm: String?
    let cleanAccuracy: Double
    let robustAccuracy: Double
    let robustAccuracy8bit: Double
    /// 95 %, by Wilson.
    let robustAccuracyInterval: [Double]
    @Nullable var successRate: Double?
    @Nullable var meanL0: Double?
    @Nullable var meanL2: Double?
    @Nullable var medianL2: Double?
    /// The smallest change that flips each image, in the norm: 0 if it was wrong before, `nil` if none was found. Of an
    /// attack in a ball, the smallest size of the curve.
    @Nullable var flippingDistances: [Float?]?
    @Nullable var medianFlippingDistance: Double?
    let queriesPerImage: Double
    let maxLinf: Double
    let seconds: Double
    var curve: [CurvePoint]?
    var grid: Grid?
    var transfer: [Transfer]?
    var masking: [Masking]?
    var figures: [String]

    enum CodingKeys: String, CodingKey {
      case method, count, epsilon, norm, cleanAccuracy, robustAccuracy, successRate, maxLinf
      case robustAccuracyInterval, flippingDistances, medianFlippingDistance
      case queriesPerImage, seconds, curve, grid, transfer, masking, figures
      case robustAccuracy8bit = "robust_accuracy_8bit"
      case meanL0 = "mean_l0"
      case meanL2 = "mean_l2"
      case medianL2 = "median_l2"
    }
  }

  /// How each class's images pass for each other class.
  struct Grid: Encodable {
    let counts: [Int]
    let hits: [[Int]]
    let rates: [[Double?]]
    @Nullable var meanRate: Double?

    init(_ grid: TargetGrid) {
      counts = grid.counts
      hits = grid.hits
      rates = grid.rates
      meanRate = grid.meanRate
    }
  }

  /// What the changed images do to another network.
  struct Transfer: Encodable {
    let checkpoint: String
    let cleanAccuracy: Double
    let accuracy: Double
    @Nullable var transferRate: Double?
  }

  /// A sign of masked gradients, or none.
  struct Masking: Encodable {
    let check: String
    let baseline: Double
    let accuracy: Double
    let passes: Bool
    let verdict: String

    init(_ check: MaskingCheck) {
      self.check = check.kind.rawValue
      baseline = check.baseline
      accuracy = check.accuracy
      passes = check.passes
      verdict = check.verdict
    }
  }
}

extension Interval {
  /// Both ends, as JSON has them.
  var ends: [Double] { [low, high] }
}
