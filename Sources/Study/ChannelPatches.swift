import Attribution
import Datasets
import Networks
import Representations

/// The patches of test images that the channels of a layer answer to most strongly, channel by channel.
public struct ChannelPatches: Sendable {
  /// A channel.
  public struct Channel: Sendable {
    /// True if it never changes.
    public let isDead: Bool
    /// The class it answers to most.
    public let favorite: Int
    /// (m - m') / (m + m') of the mean answers to that class and to the others, from 0 to 1.
    public let selectivity: Double
    /// Test images by their numbers, the strongest first, with what lies outside the receptive field left out.
    public let patches: [(image: Int, pixels: Plane)]
  }

  /// The layer.
  public let layer: String
  /// Its first channels.
  public let channels: [Channel]
  /// How many channels it has.
  public let count: Int
  /// Channels that never change.
  public let dead: Int
  /// Pairs of channels that go together, correlation above 0.95; `nil` if there were too many to compare.
  public let duplicates: Int?
  /// Directions that the channels use.
  public let effectiveRank: Double?
  /// Test images looked at.
  public let images: Int
}

extension Study {
  /// Test images looked at for patches.
  private static let searchedImages = 2000
  /// Channels that are drawn.
  private static let drawnChannels = 24

  /// What the channels of a layer answer to most strongly.
  ///
  /// - Parameter layer: its name; the one of class activation maps if `nil`.
  /// - Returns: the patches.
  package func channelPatches(of layer: String?) -> ChannelPatches {
    let position =
      layer.flatMap(architecture.index)
      ?? (try? LayerChoice(nil, in: architecture)).flatMap { architecture.index(of: $0.name) }
      ?? max(0, architecture.entries.count - 2)
    let images = sample(Self.searchedImages, for: "patches")
    let study = ChannelStudy(
      of: position, on: test.floats(images), labels: images.map { test.labels[$0] }, in: executor)
    return ChannelPatches(
      layer: study.layer,
      channels: study.channels.prefix(Self.drawnChannels).map { channel in
        ChannelPatches.Channel(
          isDead: channel.isDead, favorite: channel.favorite, selectivity: channel.selectivity,
          patches: channel.peaks.map { peak in
            (images[peak.image], patch(test.floats([images[peak.image]]), peak.field))
          })
      }, count: study.channels.count, dead: study.channels.count(where: \.isDead),
      duplicates: study.duplicates?.count, effectiveRank: study.effectiveRank,
      images: images.count)
  }

  /// An image with only what a receptive field holds.
  private func patch(_ pixels: [Float], _ field: ReceptiveField) -> Plane {
    let shape = architecture.inputShape
    return plane(
      pixels.indices.map { i in
        let place = i % (shape.height * shape.width)
        return field.rows.contains(place / shape.width)
          && field.columns.contains(place % shape.width) ? pixels[i] : 0
      })
  }
}
