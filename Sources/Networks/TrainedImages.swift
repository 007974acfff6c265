import Foundation

/// Which images a network was trained on, by their identities: kept in its checkpoint, so that none of them is ever
/// taken for a new one, whatever data set or split it comes from.
///
/// An identity is a 64-bit hash of an image's pixels, of which 48 bits are kept: of ten thousand new images and sixty
/// thousand known ones, one is mistaken with a probability of about two in a million.
public struct TrainedImages: Sendable, Equatable {
  private static let bytesPerImage = 6
  private var identities: Set<UInt64>

  /// The images of some identities.
  public init(_ identities: some Sequence<UInt64>) {
    self.identities = Set(identities.lazy.map(Self.kept))
  }

  /// The images of both.
  package func union(_ other: TrainedImages) -> TrainedImages {
    var both = self
    both.identities.formUnion(other.identities)
    return both
  }

  /// How many different images there are.
  public var count: Int { identities.count }

  /// True if the network was trained on the image of an identity.
  public func contains(_ identity: UInt64) -> Bool { identities.contains(Self.kept(identity)) }

  private static func kept(_ identity: UInt64) -> UInt64 { identity >> 16 }

  /// The identities in ascending order, six bytes each with the highest first, in base 64.
  var text: String {
    var bytes = Data(capacity: Self.bytesPerImage * identities.count)
    for identity in identities.sorted() {
      for place in (0..<Self.bytesPerImage).reversed() {
        bytes.append(UInt8(truncatingIfNeeded: identity >> (8 * UInt64(place))))
      }
    }
    return bytes.base64EncodedString()
  }

  /// What `text` says; `nil` if it is something else.
  init?(text: String) {
    guard let bytes = Data(base64Encoded: text), bytes.count % Self.bytesPerImage == 0 else {
      return nil
    }
    let starts = stride(from: 0, to: bytes.count, by: Self.bytesPerImage)
    identities = Set(
      starts.map { start in
        bytes[start..<start + Self.bytesPerImage].reduce(0) { $0 << 8 | UInt64($1) }
      })
  }
}
