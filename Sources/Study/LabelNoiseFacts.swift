/// Training images whose labels are likely to be wrong.
public struct LabelNoiseFacts: Codable, Sendable {
  /// An image with the label that it has and the class that it is read as.
  public struct Suspect: Codable, Sendable {
    /// Its place among the training images.
    public var index: Int
    /// Where it lies in a data set that is a folder; `nil` for others.
    public var file: String?
    /// Its label.
    public var label: Int
    /// What the network that had not seen it answers.
    public var predicted: Int
    /// The probability of the label.
    public var labelProbability: Float
    /// The probability of the answer.
    public var confidence: Float
    /// The image.
    public var pixels: Plane
  }

  /// Training images that were looked at.
  public var count: Int
  /// Those that the networks, not having seen them, read as their label.
  public var agreed: Int
  /// Passes over each half.
  public var epochs: Int
  /// How many labels are doubted.
  public var doubted: Int
  /// The most doubtful, the surest first.
  public var suspects: [Suspect]
}
