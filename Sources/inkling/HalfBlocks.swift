import Datasets
import Drawing
import Evaluation
import Figures

/// A small picture in the terminal: two pixels to a character, as Unicode half blocks.
enum HalfBlocks {
  /// Prints an image: in its colours or greys where the terminal has them, else by half blocks of full ink.
  ///
  /// - Parameters:
  ///   - pixels: `[C][H][W]` in [0, 1].
  ///   - height: rows.
  ///   - width: columns.
  static func show(_ pixels: [Float], height: Int, width: Int) {
    lines(pixels, height: height, width: width).forEach(Terminal.print)
  }

  /// Prints two images of one size beside each other, as `show`.
  static func show(_ left: [Float], beside right: [Float], height: Int, width: Int) {
    let halves = [left, right].map { lines($0, height: height, width: width) }
    for (a, b) in zip(halves[0], halves[1]) { Terminal.print("\(a)  \(b)") }
  }

  /// The mistake that confidence would not have warned of, if there is any.
  static func showSurestMistake(
    _ predictions: Predictions, _ images: LabeledImages, _ noun: String, _ names: [String]
  ) {
    let wrong = (0..<predictions.count).filter { !predictions.isCorrect($0) }
    guard let surest = wrong.max(by: { predictions.confidence($0) < predictions.confidence($1) })
    else { return }
    Terminal.print("")
    Terminal.print(
      "the surest mistake: \(noun) \(surest), \(names[predictions.labels[surest]]) read as"
        + " \(names[predictions.predicted[surest]])"
        + " (\(Format.probability(Double(predictions.confidence(surest)))))")
    show(images.floats([surest]), height: images.height, width: images.width)
  }

  private static func lines(_ pixels: [Float], height: Int, width: Int) -> [String] {
    let plane = height * width
    let channels = pixels.count / plane
    func values(_ row: Int, _ column: Int) -> [Float] {
      guard row < height else { return [Float](repeating: 0, count: channels) }
      return (0..<channels).map { pixels[$0 * plane + row * width + column] }
    }
    return stride(from: 0, to: height, by: 2).map { row in
      let cells = (0..<width).map { column in
        let (upper, lower) = (values(row, column), values(row + 1, column))
        return Terminal.hasColor
          ? "\u{1b}[38;\(color(upper));48;\(color(lower))m▀" : plain(mean(upper), mean(lower))
      }
      return cells.joined() + (Terminal.hasColor ? "\u{1b}[0m" : "")
    }
  }

  private static func mean(_ values: [Float]) -> Float {
    values.reduce(0, +) / Float(max(values.count, 1))
  }

  /// A colour as a terminal is told it: red, green and blue, or the nearest of 24 greys or of 216 colours.
  private static func color(_ values: [Float]) -> String {
    guard values.count == 3 else {
      return "5;\(232 + Int(bounding: mean(values) * 23, in: 0...23))"
    }
    guard Terminal.hasEveryColor else {
      let steps = values.prefix(3).map { Int(bounding: $0 * 5, in: 0...5) }
      return "5;\(16 + 36 * steps[0] + 6 * steps[1] + steps[2])"
    }
    return "2;"
      + values.prefix(3).map { "\(Int(bounding: $0 * 255, in: 0...255))" }
      .joined(separator: ";")
  }

  private static func plain(_ upper: Float, _ lower: Float) -> String {
    switch (upper > 0.4, lower > 0.4) {
    case (true, true): "█"
    case (true, false): "▀"
    case (false, true): "▄"
    case (false, false): upper + lower > 0.4 ? "·" : " "
    }
  }
}
