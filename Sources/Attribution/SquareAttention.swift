package import Networks

/// How a network that cuts images into squares and lets them look at each other comes to its answer.
package struct SquareAttention: Sendable {
  /// What the answer is read from behind the last layer of the sequence.
  package enum Source: Hashable, Sendable {
    /// One place: the class token, or a square.
    case place(Int)
    /// All places.
    case all
  }

  /// The layers of attention, first to last.
  package let layers: [Architecture.Entry]
  /// Pixels of a square's side.
  package let side: Int
  /// Rows of squares.
  package let rows: Int
  /// Columns of squares.
  package let columns: Int
  /// Places before the squares' own: a class token, or none.
  package let leading: Int
  /// What gives the answer.
  package let source: Source
  /// The position of the layer that ends the sequence.
  package let end: Int

  /// `nil` for a network that is not cut once, looks among other places than its squares and a class token before them, or
  /// goes other ways beside.
  package init?(_ network: Architecture) {
    let entries = network.entries
    let cuts = entries.indices.filter {
      if case .patches = entries[$0].layer.exportForm { true } else { false }
    }
    let looking = entries.filter {
      if case .attention = $0.layer.exportForm { true } else { false }
    }
    let ends = entries.indices.filter {
      entries[$0].inputShape.isSequence && !entries[$0].outputShape.isSequence
    }
    guard let cut = cuts.first, cuts.count == 1, entries[cut].inputs == [0],
      case .patches(let side) = entries[cut].layer.exportForm, network.isPassedByAll(cut),
      let end = ends.first, ends.count == 1, network.isPassedByAll(end), !looking.isEmpty
    else { return nil }
    let (rows, columns) = (network.inputShape.height / side, network.inputShape.width / side)
    let places = entries[end].inputShape.count / entries[end].inputShape.channels
    let leading = places - rows * columns
    let tokens = entries.count { $0.layer.exportForm == .classToken }
    guard leading == tokens, leading < 2,
      looking.allSatisfy({ $0.inputShape.count / $0.inputShape.channels == places })
    else { return nil }
    switch entries[end].layer.exportForm {
    case .selection(.first): source = .place(0)
    case .selection(.last): source = .place(places - 1)
    case .meanOfPlaces, .flattening: source = .all
    case .convolution, .linear, .batchNormalization, .layerNormalization, .groupNormalization,
      .activation, .pooling, .globalPooling, .unflattening, .upsampling, .rows, .patches,
      .classToken, .positions, .attention, .recurrence, .dropout, .gaussianNoise, .sampling, .sum,
      .concatenation, .mixture:
      return nil
    }
    (layers, self.side, self.rows, self.columns) = (looking, side, rows, columns)
    (self.leading, self.end) = (leading, end)
  }

  /// Squares of the image.
  package var squares: Int { rows * columns }
  /// Squares, and a class token.
  package var places: Int { squares + leading }
  /// True if a class token gives the answer.
  package var isAnsweredByToken: Bool { leading == 1 && source == .place(0) }

  /// What the answer's place has of lists that each place has one of, or the mean of all places'.
  ///
  /// - Parameter lists: `[place][number]`.
  /// - Returns: as many numbers as a place has.
  package func answer(of lists: ArraySlice<Float>) -> [Float] {
    let width = lists.count / places
    switch source {
    case .place(let place):
      let start = lists.startIndex + place * width
      return Array(lists[start..<start + width])
    case .all:
      return (0..<width).map { i in
        (0..<places).reduce(0) { $0 + lists[lists.startIndex + $1 * width + i] } / Float(places)
      }
    }
  }
}
