public import Drawing

/// Where the lines of a chart are, so that a page can show the values under the pointer.
public struct Readout: Hashable, Sendable {
  /// One line.
  public struct Line: Hashable, Sendable {
    /// What it is called.
    public let name: String
    /// Its points in figure pixels.
    public let points: [Point]
    /// The words to show for each point, such as `0.029`.
    public let values: [String]
  }

  /// The part of the figure that the lines live in.
  public let plot: Rectangle
  /// The lines that are worth reading.
  public let lines: [Line]
}
