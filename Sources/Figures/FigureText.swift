/// The words that go with a figure.
public struct FigureText: Hashable, Sendable {
  /// The stem of file names, such as `loss`.
  public var name: String
  /// The finding, as a sentence.
  public var title: String
  /// How to read the figure, and the number of samples.
  public var caption: String
  /// What must not be forgotten where the figure stands alone, such as that its images are no real ones.
  public var caveat: String
  /// How it was made, for those who ask.
  public var method: String
  /// What the figure shows, for those who cannot see it.
  public var alternativeText: String

  /// Words; the alternative text is the title unless given.
  public init(
    name: String, title: String, caption: String = "", caveat: String = "",
    method: String = "", alternativeText: String? = nil
  ) {
    self.name = name
    self.title = title
    self.caption = caption
    self.caveat = caveat
    self.method = method
    self.alternativeText = alternativeText ?? title
  }
}
