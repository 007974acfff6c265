package import Foundation

/// Misread images for a reader to repair, pixel by pixel, and the smallest repairs that a search found.
package struct RepairFacts: Codable, Sendable {
  /// The images as a PNG, each a row of its pixels.
  package var sheet: Data
  /// What is known of each, the surest mistake first.
  package var images: [Image]
  /// One repair, step by step; `nil` if the search found none.
  package var worked: Worked?

  /// A misread image.
  package struct Image: Codable, Sendable {
    /// Its place among the test images.
    package var index: Int
    /// Its class.
    package var label: Int
    /// What the network reads.
    package var predicted: Int
    /// How few changed pixels the search needed; `nil` if it was not tried, or found nothing.
    package var smallest: Int?
  }

  /// A repair that the search found.
  package struct Worked: Codable, Sendable {
    /// The image.
    package var before: ExampleFacts
    /// The image with some pixels changed, and what is read then.
    package var after: ExampleFacts
    /// How many pixels are changed.
    package var changed: Int
  }
}
