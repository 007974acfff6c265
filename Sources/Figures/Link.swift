package import Drawing

/// A part of a figure that leads somewhere in a page.
package struct Link: Hashable, Sendable {
  /// The part, in figure pixels.
  package let box: Rectangle
  /// The id of the place that it leads to.
  package let target: String
  /// What is there, for those who cannot see the figure.
  package let words: String
}
