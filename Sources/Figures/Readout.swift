package import Drawing

/// Where the lines of a chart are, so that a page can show the values under the pointer.
package struct Readout: Hashable, Sendable {
  /// One line.
  package struct Line: Hashable, Sendable {
    /// What it is called.
    package let name: String
    /// Its points in figure pixels.
    package let points: [Point]
    /// The words to show for each point, such as `0.029`.
    package let values: [String]
  }

  /// The part of the figure that the lines live in.
  package let plot: Rectangle
  /// The lines that are worth reading.
  package let lines: [Line]
}
