extension CourseExperiments {
  /// How far each of the things that were tried moved the score, as a share of the images.
  package var effects: [(name: String, change: Double)] {
    let scores = learningRates.map(\.score)
    var effects: [(name: String, change: Double)] = []
    if let best = scores.max(), let worst = scores.min(), scores.count > 1 {
      effects.append(("the learning rate", best - worst))
    }
    if let best, let straight = withoutActivations {
      effects.append(("the activation functions", abs(best.score - straight.score)))
    }
    if let best, let wide = withoutDropout {
      effects.append(("more width and more epochs", abs(wide.score - best.score)))
    }
    if let plain = withoutDropout, let thinned = withDropout {
      effects.append(("dropout", abs(thinned.score - plain.score)))
    }
    return effects
  }
}
