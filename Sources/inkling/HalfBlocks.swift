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
    let plane = height * width
    let channels = pixels.count / plane
    let gray = (0..<plane).map { i in
      (0..<channels).reduce(Float(0)) { $0 + pixels[$1 * plane + i] } / Float(channels)
    }
    lines(gray, height: height, width: width, color: Terminal.hasColor).forEach(Terminal.print)
  }

  private static func colored(_ upper: Float, _ lower: Float) -> String {
    func level(_ value: Float) -> Int { 232 + Int((min(max(value, 0), 1) * 23).rounded()) }
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
