import Drawing
import Figures
import Study

extension ReportFigures {
  /// The way through a network with branches, from top to bottom; blocks of which nothing was kept are not unfolded.
  func flow(_ results: StudyResults) -> Illustration {
    let (model, example) = (results.model, results.data.example)
    let width = max(example.pixels.dimensions.width, 1)
    let scale = max(1, 56 / width)
    let builder = FlowBuilder(model, results.features.activations, scale: scale)
    let (inner, rest) = builder.parts
    let image = FlowDiagram.Stop(
      caption: [
        StyledLine("image", .ink, weight: .semibold),
        StyledLine(Self.shape(model.inputShape), .ink3),
      ], pictures: [example.pixels.picture], scale: scale)
    let answer = FlowDiagram.Stop(
      caption: [
        StyledLine("answer", .ink, weight: .semibold),
        StyledLine(Wording.counted(model.classes.count, "probability"), .ink3),
      ] + Self.counted(rest),
      bars: rows(example.probabilities).map {
        ImageGrid.TileBar($0.label, $0.value, ink: $0.isHighlighted ? .ink : .bar)
      })
    var illustration = Illustration(
      text(
        .pass, passTitle(example),
        "Test image #\(example.index) on its way, from top to bottom, with what the layers learned (param.: parameters). "
          + "\(Self.branchWords(model)) \(builder.foldedWords)All maps have one scale, so the picture visibly "
          + "shrinks; the most varied channels come first. Color runs from blank to the 99.8th percentile of each "
          + "layer, orange above zero and blue below where there are signs.",
        alt: "Test image #\(example.index) on its way through the network and its branches"),
      FlowDiagram([.stop(image)] + inner + [.stop(answer)]))
    illustration.isForTablets = true
    return illustration
  }

  /// The layers of a network between what it reads and what it gives, and the learned numbers of those behind the last
  /// that is drawn.
  static func flowParts(
    _ model: ModelFacts, _ activations: [FeatureFacts.Activation], scale: Int
  ) -> (inner: [FlowDiagram.Part], rest: Int) {
    FlowBuilder(model, activations, scale: scale).parts
  }

  /// What happens where branches part and meet.
  private static func branchWords(_ model: ModelFacts) -> String {
    let roles = Set(model.layers.map(\.role))
    let meetings: [String] = [
      roles.contains(.sum) ? "at + their numbers are added, place by place" : nil,
      roles.contains(.concatenation)
        ? "at || they are laid one behind the other" : nil,
      roles.contains(.mixture) ? "at x̄ their probabilities are averaged" : nil,
    ].compactMap { $0 }
    return
      "Where the line parts, every branch reads the same; \(Wording.list(meetings))."
  }
}

extension ModelFacts {
  /// True if something of a block's inside was kept, so that it can be drawn in full.
  func isUnfolded(_ block: LayerOutline.Part, _ drawn: Set<String>) -> Bool {
    block.layers.dropLast().contains { drawn.contains(layers[$0].name) }
  }

  /// True if there are blocks of whose inside nothing was kept.
  func hasFolded(_ activations: [FeatureFacts.Activation]) -> Bool {
    let drawn = Set(activations.map(\.layer))
    return outline.blocks.contains { !isUnfolded($0, drawn) }
  }
}

/// Makes a network's layers into the parts of a diagram.
private struct FlowBuilder {
  private let model: ModelFacts
  private let outline: LayerOutline
  private let activations: [String: Plane]
  private let scale: Int
  /// Maps that are drawn of one layer at most: more never fit.
  private static let mostMaps = 96

  init(_ model: ModelFacts, _ activations: [FeatureFacts.Activation], scale: Int) {
    self.model = model
    outline = model.outline
    self.activations = Dictionary(
      activations.map { ($0.layer, $0.values) }, uniquingKeysWith: { first, _ in first })
    self.scale = scale
  }

  /// All but the image and the answer, and the learned numbers of the layers behind the last of them.
  var parts: (inner: [FlowDiagram.Part], rest: Int) {
    var pending: [LayerOutline.Part] = []
    let inner = parts(outline.parts, last: model.layers.count - 1, &pending)
    return (inner, parameters(pending.flatMap(\.layers)))
  }

  /// What is said of blocks that are not drawn in full; empty if there are none.
  var foldedWords: String {
    let blocks = outline.blocks
    let folded = blocks.count { !isUnfolded($0) }
    guard folded > 0 else { return "" }
    let unfolded = blocks.count - folded
    return
      "\(unfolded == 0 ? "None" : Format.count(unfolded)) of the \(Format.count(blocks.count)) blocks "
      + "\(unfolded == 1 ? "is" : "are") drawn in full; a small loop stands for the others, and of blocks in a row with "
      + "maps of one size only what the last hands on is shown. "
  }

  private func isUnfolded(_ part: LayerOutline.Part) -> Bool {
    model.isUnfolded(part, Set(activations.keys))
  }

  /// What is drawn of a line of layers, but for the last layer if it is drawn as the answer; `pending` are those that no
  /// stop was drawn for yet.
  private func parts(
    _ parts: [LayerOutline.Part], last: Int? = nil, _ pending: inout [LayerOutline.Part]
  ) -> [FlowDiagram.Part] {
    var drawn: [FlowDiagram.Part] = []
    for part in parts {
      guard case .block(let branches, let joint) = part, isUnfolded(part) else {
        pending.append(part)
        guard part.last != last, let plane = activations[model.layers[part.last].name] else {
          continue
        }
        drawn += folded(&pending)
        // A folded block's own joint, where nothing stands behind it.
        let own = pending.isEmpty ? [part.last] : pending.flatMap(\.layers)
        drawn.append(.stop(stop(own, plane)))
        pending = []
        continue
      }
      drawn += folded(&pending)
      let before = pending.flatMap(\.layers)
      pending = []
      // Layers with learned numbers before a block that nothing was kept of are told of where it begins.
      if parameters(before) > 0 { drawn.append(.stop(stop(before, nil))) }
      let inner = branches.map { branch in
        var left: [LayerOutline.Part] = []
        return self.parts(branch, &left)
      }
      let name = model.layers[joint].name
      let meeting = stop([joint], activations[name], words: model.layers[joint].type)
      drawn.append(.block(inner, sign(of: joint), meeting))
    }
    return drawn
  }

  /// The folded blocks among the pending layers as one sign; what stands behind the last of them stays pending.
  private func folded(_ pending: inout [LayerOutline.Part]) -> [FlowDiagram.Part] {
    guard let end = pending.lastIndex(where: \.isBlock) else { return [] }
    let parts = pending[...end]
    pending = Array(pending[(end + 1)...])
    let blocks = parts.filter(\.isBlock)
    let layers = parts.flatMap(\.layers)
    let joint = parts[end].last
    let isBypassed = blocks.allSatisfy {
      guard case .block(let branches, _) = $0 else { return false }
      return branches.contains(where: \.isEmpty)
    }
    let names = "\(model.layers[layers[0]].name) to \(model.layers[joint].name)"
    let words =
      [
        StyledLine("\(Wording.counted(blocks.count, "block")): \(names)", .ink2)
      ] + ReportFigures.counted(parameters(layers))
    return [.folded(sign(of: joint), isBypassed: isBypassed, words)]
  }

  private func stop(_ layers: [Int], _ plane: Plane?, words: String? = nil) -> FlowDiagram.Stop {
    let names = layers.map { model.layers[$0] }.filter { layer in
      layer.parameters > 0 || layer.name == layers.last.map { model.layers[$0].name }
    }.map(\.name)
    // A line that is too long for a branch breaks between maps and their size.
    let shape = layers.last.map {
      ReportFigures.shape(model.layers[$0].outputShape).replacing(" × ", with: "\u{a0}×\u{a0}")
    }
    let caption =
      [StyledLine(names.joined(separator: " + "), .ink, weight: .semibold)]
      + [words, shape].compactMap { $0 }.map { StyledLine($0, .ink3) }
      + ReportFigures.counted(parameters(layers))
    guard let plane else { return FlowDiagram.Stop(caption: caption) }
    let isMaps = plane.shape.count == 3
    let planes =
      isMaps
      ? plane.planesByVariation
      : [ReportFigures.folded(plane.values, columns: 64)]
    let plate = Plate(
      Array(planes.prefix(Self.mostMaps)),
      map: plane.hasNegative ? .signed : .activation, policy: .activations)
    return FlowDiagram.Stop(
      caption: caption, pictures: plate.pictures, scale: isMaps ? scale : 7)
  }

  private func sign(of joint: Int) -> FlowDiagram.Joint {
    switch model.layers[joint].role {
    case .concatenation: .concatenation
    case .mixture: .mixture
    case .sum, .convolution, .linear, .rectifier, .activation, .pooling, .normalization, .reshape,
      .selection, .constants, .memory, .noise:
      .sum
    }
  }

  private func parameters(_ layers: [Int]) -> Int {
    layers.map { model.layers[$0] }.parameters
  }
}
