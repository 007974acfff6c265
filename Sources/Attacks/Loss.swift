import Engine

/// What an attack raises: a number worked out from an image's logits that is larger the better the attack does.
enum Loss {
  /// The cross-entropy with the label, or minus that with the target.
  case crossEntropy
  /// The best other logit minus the label's; with a target, its logit minus the best other if it must be hit, else
  /// minus the label's. Above 0, the aim is met, or near.
  case margin
  /// The difference of logits ratio: the margin as a share of the logits' spread, so that their scale does not
  /// matter. With fewer classes than the spread needs, the margin.
  ///
  /// Reference: Croce, Hein, Reliable Evaluation of Adversarial Robustness ... (2020).
  case logitRatio
  /// The Kullback-Leibler divergence from the aim's answer to that of the image, whatever the label.
  case divergence

  /// The value and its gradient with respect to the logits.
  func evaluate(_ logits: [Float], _ aim: Aim) -> (value: Float, gradient: [Float]) {
    switch self {
    case .crossEntropy:
      let sign: Float = aim.target == nil ? 1 : -1
      let (value, gradient) = CrossEntropy.rising(logits, label: aim.target ?? aim.label)
      return (sign * value, gradient.map { sign * $0 })
    case .margin:
      let (up, down) = Self.rivals(logits, aim)
      var gradient = [Float](repeating: 0, count: logits.count)
      gradient[up] += 1
      gradient[down] -= 1
      return (logits[up] - logits[down], gradient)
    case .logitRatio:
      return Self.ratio(logits, aim)
    case .divergence:
      return CrossEntropy.divergence(from: aim.answer, to: logits)
    }
  }

  /// The class whose logit should grow and the one whose logit should fall: the best other and the label; with a
  /// target it and the best other if it must be hit, else it and the label, as AutoAttack's aimed stages have it.
  static func rivals(_ logits: [Float], _ aim: Aim) -> (up: Int, down: Int) {
    func best(except class: Int) -> Int {
      logits.indices.reduce(`class` == 0 ? 1 : 0) {
        $1 != `class` && logits[$1] > logits[$0] ? $1 : $0
      }
    }
    guard let target = aim.target else { return (best(except: aim.label), aim.label) }
    return (target, aim.mustHit ? best(except: target) : aim.label)
  }

  private static func ratio(_ logits: [Float], _ aim: Aim) -> (value: Float, gradient: [Float]) {
    let order = logits.indices.sorted { (logits[$0], $1) > (logits[$1], $0) }
    // (z1 - z3), or (z1 - (z3 + z4) / 2) with a target.
    let isAimed = aim.target != nil
    guard logits.count >= (isAimed ? 4 : 3) else { return Loss.margin.evaluate(logits, aim) }
    let low = isAimed ? [order[2], order[3]] : [order[2]]
    let share = 1 / Float(low.count)
    let spread = logits[order[0]] - low.reduce(0) { $0 + share * logits[$1] } + 1e-12
    let rivals = Self.rivals(logits, aim)
    let value = (logits[rivals.up] - logits[rivals.down]) / spread
    var gradient = [Float](repeating: 0, count: logits.count)
    gradient[rivals.up] += 1 / spread
    gradient[rivals.down] -= 1 / spread
    gradient[order[0]] -= value / spread
    for k in low { gradient[k] += share * value / spread }
    return (value, gradient)
  }
}
