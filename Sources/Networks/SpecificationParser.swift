extension Specification {
  /// Reads a specification such as `conv(32,3) relu maxpool(2) flatten linear(10)`.
  ///
  /// - Throws: `SpecificationError` with the place of the first mistake.
  public init(text: String) throws(SpecificationError) {
    var layers: [any Layer] = []
    var places: [Range<Int>] = []
    for var word in try WordArguments.list(in: text, noun: "layer") {
      guard let kind = LayerKinds.named(word.word) else {
        throw word.error(
          "there is no layer “\(word.word)”; layers are"
            + " \(LayerKinds.words.joined(separator: ", "))")
      }
      layers.append(try kind.init(&word))
      try word.finish()
      places.append(word.span)
    }
    guard !layers.isEmpty else {
      throw SpecificationError(
        message: "the specification is empty; try: flatten linear(128) relu linear(10)",
        text: text, place: 0..<1)
    }
    self.init(layers: layers, sourceText: text, places: places)
  }
}
