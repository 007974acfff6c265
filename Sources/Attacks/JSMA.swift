public import Engine

/// The saliency map attack: pairs of pixels set to white, those that help the target most and hurt the others.
///
/// Of all pairs of pixels that are not yet white it takes the one with the largest `-α β`, where α > 0 is the sum of the
/// target logit's gradients at the two and β < 0 that of all others'. Without a target it goes for the second
/// best class of the clean image (torchattacks: the next label).
///
/// Reference: Papernot et al., The Limitations of Deep Learning in Adversarial Settings (2016); its θ = 1 and γ = 0.1: at most
/// a tenth of the pixels.
public struct JSMA: Attack {
  /// The name on the command line and in figures.
  public static let name = "jsma"
  /// One line that says what it does.
  public static let summary = "few pixels, set to white in pairs"
  /// None: it counts pixels.
  public static let norms: [Norm] = []
  /// None: a tenth of the pixels at most.
  public static func defaultEpsilon(_ norm: Norm) -> Float? { nil }

  private let steps: Int?
  private let target: Int?

  /// An attack with these settings; a step is a pair of pixels.
  public init(_ settings: AttackSettings) {
    steps = settings.steps
    target = settings.target
  }

  /// The changed images; see `Attack`.
  public func adversarial(
    _ images: [Float], labels: [Int], against executor: Executor
  ) -> [Float] {
    var problem = Problem(images, labels: labels, target: target, executor)
    let size = problem.size
    let answers = problem.logits(images)
    for image in labels.indices where target == nil {
      problem.aims[image].target = Loss.rivals(Array(answers[image]), problem.aims[image]).up
    }
    let targets = problem.aims.map { $0.target ?? 0 }
    var current = images
    var open = problem.unmet()
    for _ in 0..<(steps ?? size / 20) where !open.isEmpty {
      let pixels = current.picked(open, size: size)
      let aims = open.map { targets[$0] }
      let wanted = executor.inputGradients(pixels, of: .logit(aims)).pixels
      // Of the sum of all logits, and so of the others by difference.
      let all = executor.inputGradients(
        pixels,
        of: Objective { _, logits in
          (logits.reduce(0, +), [Float](repeating: 1, count: logits.count))
        }
      ).pixels
      var staying: [Int] = []
      for (place, image) in open.enumerated() {
        let range = place * size..<(place + 1) * size
        let pair = pair(
          Array(wanted[range]), zip(all[range], wanted[range]).map { $0 - $1 },
          Array(pixels[range]))
        guard let pair else { continue }
        current[image * size + pair.0] = 1
        current[image * size + pair.1] = 1
        staying.append(image)
      }
      let changed = problem.logits(current.picked(staying, size: size))
      open = zip(staying, changed).filter { !problem.aims[$0].isMet($1) }.map(\.0)
    }
    return current
  }

  private func pair(_ wanted: [Float], _ others: [Float], _ pixels: [Float]) -> (Int, Int)? {
    let free = pixels.indices.filter { pixels[$0] < 1 }
    let (a, b) = (free.map { wanted[$0] }, free.map { others[$0] })
    var best: Float = 0
    var found: (Int, Int)?
    for p in free.indices {
      for q in 0..<p {
        let (alpha, beta) = (a[p] + a[q], b[p] + b[q])
        if alpha > 0, beta < 0, -alpha * beta > best {
          best = -alpha * beta
          found = (free[p], free[q])
        }
      }
    }
    return found
  }
}
