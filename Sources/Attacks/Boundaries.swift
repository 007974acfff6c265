import Engine

/// Where the network's decision would fall if it were linear around an image: what DeepFool and FAB step to.
struct Boundaries {
  /// For each image of the selection the nearest boundary: how far its rival is behind (above 0 while the image is
  /// right), and the gradient of that lead, `[n][size]`.
  var leads: [Float]
  var gradients: [Float]
  var logits: [ArraySlice<Float>]

  /// Looks from pixels that belong to images of a selection: towards the aim's target, or the nearest
  /// of the ten strongest other classes.
  ///
  /// Distance is the lead over the gradient's length in the dual norm.
  init(_ pixels: [Float], _ problem: Problem, _ selection: [Int], _ norm: Norm) {
    let size = problem.size
    logits = problem.logits(pixels)
    leads = [Float](repeating: 0, count: selection.count)
    gradients = [Float](repeating: 0, count: pixels.count)
    var distances = [Float](repeating: .infinity, count: selection.count)
    let rivals = zip(selection, logits).map { image, row in
      Self.rivals(row, problem.aims[image])
    }
    for rank in 0..<(rivals.map(\.count).max() ?? 0) {
      let pairs = zip(selection, rivals).map { (problem.aims[$0].label, $1[rank]) }
      let found = problem.executor.inputGradients(
        pixels,
        of: Objective { place, logits in
          let (label, rival) = pairs[place]
          var gradient = [Float](repeating: 0, count: logits.count)
          gradient[label] += 1
          gradient[rival] -= 1
          return (logits[label] - logits[rival], gradient)
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

  private static func rivals(_ logits: ArraySlice<Float>, _ aim: Aim) -> [Int] {
    if let target = aim.target { return [target] }
    let order = logits.indices.sorted { (logits[$0], $1) > (logits[$1], $0) }
    return Array(order.map { $0 - logits.startIndex }.filter { $0 != aim.label }.prefix(10))
  }
}
