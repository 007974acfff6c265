import Engine

/// Where the network's decision would fall if it were linear around an image: what DeepFool and FAB step to.
struct Boundaries {
  /// For each image of the selection the nearest boundary: how far the wanted class is behind (above 0 until the aim
  /// is met), and the gradient of that lead, `[n][size]`.
  var leads: [Float]
  var gradients: [Float]
  var logits: [ArraySlice<Float>]

  /// Looks from pixels that belong to images of a selection: towards the nearest of the ten strongest other
  /// classes, or towards the aim's target. A target that must be hit has to pass whichever other class is best here, not
  /// the label alone: beyond the label a third class may be waiting.
  ///
  /// Distance is the lead over the gradient's length in the dual norm.
  init(_ pixels: [Float], _ problem: Problem, _ selection: [Int], _ norm: Norm) {
    let size = problem.size
    logits = problem.logits(pixels)
    leads = [Float](repeating: 0, count: selection.count)
    gradients = [Float](repeating: 0, count: pixels.count)
    var distances = [Float](repeating: .infinity, count: selection.count)
    let rivals = zip(selection, logits).map { image, row in
      Self.rivals(Array(row), problem.aims[image])
    }
    for rank in 0..<(rivals.map(\.count).max() ?? 0) {
      let pairs = rivals.map { $0[rank] }
      let found = problem.executor.inputGradients(
        pixels,
        of: Objective { place, logits in
          let (up, down) = pairs[place]
          var gradient = [Float](repeating: 0, count: logits.count)
          gradient[down] += 1
          gradient[up] -= 1
          return (logits[down] - logits[up], gradient)
        })
      for place in selection.indices {
        let gradient = found.pixels[place * size..<(place + 1) * size]
        let length =
          norm == .l2 ? Ball.length(gradient) : gradient.reduce(0) { $0 + abs($1) }
        let distance = abs(found.values[place]) / max(length, .leastNormalMagnitude)
        guard distance < distances[place] else { continue }
        distances[place] = distance
        leads[place] = found.values[place]
        gradients.put(found.pixels, place, at: place, size: size)
      }
    }
  }

  /// Pairs of a class that should grow and one that should fall.
  private static func rivals(_ logits: [Float], _ aim: Aim) -> [(up: Int, down: Int)] {
    guard aim.target == nil else { return [Loss.rivals(logits, aim)] }
    let order = logits.indices.sorted { (logits[$0], $1) > (logits[$1], $0) }
    return order.filter { $0 != aim.label }.prefix(10).map { ($0, aim.label) }
  }
}
