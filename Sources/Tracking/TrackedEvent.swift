/// What is told of a run at one of its steps.
package struct TrackedEvent: Sendable, Equatable {
  /// Training steps (mini-batches) made so far, 0 before the first.
  package var step: Int
  /// What is told, each under a tag of its own.
  package var values: [TrackedValue]

  /// What is told at a step.
  package init(step: Int, _ values: [TrackedValue]) {
    self.step = step
    self.values = values
  }

  /// Its numbers alone, with their tags.
  package var scalars: [(tag: String, value: Double)] {
    values.compactMap { value in
      if case .scalar(let number) = value.content { (value.tag, number) } else { nil }
    }
  }
}

/// One thing that is told of a run, again and again in the course of it.
package struct TrackedValue: Sendable, Equatable {
  /// What is told.
  package enum Content: Sendable, Equatable {
    /// A number.
    case scalar(Double)
    /// A picture, as the bytes of a PNG file.
    case image(png: [UInt8])
    /// How many numbers lie in which range.
    case histogram(ValueHistogram)
  }

  /// What it is of, in parts between slashes of which TensorBoard makes groups, as in `loss/validation`.
  package let tag: String
  /// What is told.
  package let content: Content

  /// A value under a tag.
  package init(_ tag: String, _ content: Content) {
    self.tag = tag
    self.content = content
  }
}
