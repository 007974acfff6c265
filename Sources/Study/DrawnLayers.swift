import Networks

/// Which layers of a network are worth drawing: all of a small one, and what a deep one hands from stage to stage.
struct DrawnLayers {
  /// More than this many are not drawn, but for those of one block.
  private static let most = 10

  private let architecture: Architecture
  private let outline: LayerOutline

  init(_ architecture: Architecture) {
    self.architecture = architecture
    outline = LayerOutline(inputs: architecture.entries.map(\.inputs))
  }

  /// Their places, in order: those of activation functions and poolings, the last layer, what each branch of an
  /// unfolded block hands to its joint, and joints with no activation function behind them.
  ///
  /// A network with too many for a figure has its first block unfolded and no other; of the blocks in a row that keep
  /// the shape it shows the last.
  var places: [Int] {
    let blocks = outline.parts.filter { $0.isBlock }
    guard let first = blocks.first else { return drawn(outline.parts) { _ in false } }
    let all = drawn(outline.parts) { _ in true }
    guard all.count > Self.most else { return all }
    let one = drawn(outline.parts) { $0 == first.last }
    return one.count > Self.most ? stages(one, behind: first.last) : one
  }

  /// Those whose maps stand for the whole network: in no branch, with places, behind an activation function or a joint.
  var watched: [Architecture.Entry] {
    drawn(outline.parts) { _ in false }.map { architecture.entries[$0] }.filter {
      $0.outputShape.hasPlaces && ($0.layer.family.isActivation || $0.inputs.count > 1)
    }
  }

  private func drawn(_ parts: [LayerOutline.Part], unfolding: (_ joint: Int) -> Bool) -> [Int] {
    parts.indices.flatMap { place -> [Int] in
      let next = parts.indices.contains(place + 1) ? parts[place + 1] : nil
      switch parts[place] {
      case .layer(let index):
        let family = architecture.entries[index].layer.family
        return family.isActivation || family.isPooling || next == nil ? [index] : []
      case .block(let branches, let joint):
        let inner =
          unfolding(joint) ? branches.flatMap { drawn($0, unfolding: unfolding) } : []
        return inner + (isBent(by: next) ? [] : [joint])
      }
    }
  }

  /// True if an activation function follows: a joint is seen behind it.
  private func isBent(by next: LayerOutline.Part?) -> Bool {
    guard case .layer(let index) = next else { return false }
    return architecture.entries[index].layer.family.isActivation
  }

  /// Without those of blocks that another follows in the same shape.
  private func stages(_ places: [Int], behind unfolded: Int) -> [Int] {
    let parts = outline.parts
    let blocks = parts.indices.filter { parts[$0].isBlock && parts[$0].last > unfolded }
    func shape(_ part: Int) -> Shape { architecture.entries[parts[part].last].outputShape }
    let passed = zip(blocks, blocks.dropFirst()).filter { own, next in
      (own..<next).allSatisfy { shape($0) == shape(next) }
    }.flatMap { own, next in parts[own..<next].flatMap(\.layers) }
    return places.filter { !passed.contains($0) }
  }
}
