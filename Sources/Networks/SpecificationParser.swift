extension Specification {
  /// Reads a specification such as `conv(32,3) relu maxpool(2) flatten linear(10)`, in which blocks hold branches:
  /// `2*residual(conv(32,3) relu conv(32,3) | conv(32,1))`.
  ///
  /// - Throws: `SpecificationError` with the place of the first mistake.
  public init(text: String) throws(SpecificationError) {
    let blocks = LayerKinds.all.filter { $0 is any JointLayer.Type }.flatMap { $0.words }
    let words = try WordArguments.list(in: text, noun: "layer", blocks: Set(blocks))
    guard !words.isEmpty else {
      throw SpecificationError(
        message: "the specification is empty; try: flatten linear(128) relu linear(10)",
        text: text, place: 0..<1)
    }
    self.init(
      layers: try words.layers, sourceText: text, places: words.flatMap(\.placesInOrder))
  }
}

extension [WordArguments] {
  /// The layers that the words stand for.
  var layers: [any Layer] {
    get throws(SpecificationError) {
      var layers: [any Layer] = []
      for var word in self {
        guard let kind = LayerKinds.named(word.word) else {
          throw word.error(
            "there is no layer “\(word.word)”; layers are"
              + " \(LayerKinds.words.joined(separator: ", "))")
        }
        layers.append(try kind.init(&word))
        try word.finish()
      }
      return layers
    }
  }
}

extension WordArguments {
  /// Where each layer of the word stands, in the order of `Architecture.entries`: a block behind its branches.
  fileprivate var placesInOrder: [Range<Int>] {
    branches.flatMap { $0.flatMap(\.placesInOrder) } + [span]
  }
}
