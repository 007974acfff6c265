/// Training images whose labels are likely to be wrong.
public struct LabelNoiseFacts: Codable, Sendable {
  /// An image with the label that it has and the class that it is read as.
  package struct Suspect: Codable, Sendable {
    /// Its place among the training images.
    package var index: Int
    /// Where it lies in a data set that is a folder; `nil` for others.
    package var file: String?
    /// Its label.
    package var label: Int
    /// What the network that had not seen it answers.
    package var predicted: Int
    /// The probability of the label.
    package var labelProbability: Float
    /// The probability of the answer.
    package var confidence: Float
    /// The image.
    package var pixels: Plane
  }

  /// Training images that were looked at.
  package var count: Int
  /// Those that the networks, not having seen them, read as their label.
  package var agreed: Int
  /// Passes over each half.
  package var epochs: Int
  /// How many labels are doubted.
  package var doubted: Int
  /// The most doubtful, the surest first.
  package var suspects: [Suspect]
}
