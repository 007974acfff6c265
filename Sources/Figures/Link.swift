public import Drawing

/// A part of a figure that leads somewhere in a page.
public struct Link: Hashable, Sendable {
  /// The part, in figure pixels.
  public let box: Rectangle
  /// The id of the place that it leads to.
  public let target: String
  /// What is there, for those who cannot see the figure.
  public let words: String
}
