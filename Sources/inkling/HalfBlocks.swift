import Datasets
import Drawing
import Evaluation
import Figures

/// A small picture in the terminal: two pixels to a character, as Unicode half blocks.
enum HalfBlocks {
  /// Lines that show a grey picture, 1 drawn as full ink.
  ///
  /// - Parameters:
  ///   - values: `[height][width]` in [0, 1].
  ///   - height: rows.
  ///   - width: columns.
  ///   - color: true to use 24 grey levels, false for half blocks of full ink alone.
  /// - Returns: one line for two rows of pixels.
  private static func lines(_ values: [Float], height: Int, width: Int, color: Bool) -> [String] {
    stride(from: 0, to: height, by: 2).map { row in
      var line = ""
      for column in 0..<width {
        let upper = values[row * width + column]
        let lower = row + 1 < height ? values[(row + 1) * width + column] : 0
        line += color ? colored(upper, lower) : plain(upper, lower)
      }
      return line + (color ? "\u{1b}[0m" : "")
    }
  }

  /// Prints an image, colours as their mean.
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
    let gray = (0..<plane).map { i in
      (0..<channels).reduce(Float(0)) { $0 + pixels[$1 * plane + i] } / Float(channels)
    }
    return lines(gray, height: height, width: width, color: Terminal.hasColor)
  }

  private static func colored(_ upper: Float, _ lower: Float) -> String {
    func level(_ value: Float) -> Int { 232 + Int(bounding: value * 23, in: 0...23) }
    return "\u{1b}[38;5;\(level(upper));48;5;\(level(lower))m▀"
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
