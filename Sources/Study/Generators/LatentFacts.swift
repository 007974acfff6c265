package import Evaluation

/// What the numbers stand for that a picture is drawn from.
package struct LatentFacts: Codable, Sendable {
  /// Ways from one picture to another through the latents.
  package var ways: [Way]
  /// What an autoencoder makes of images; `nil` for a GAN, which reads none.
  package var autoencoder: Autoencoding?

  /// From one picture to another.
  package struct Way: Codable, Sendable {
    /// The test images at its ends with their classes; none for pictures that were drawn.
    package var ends: [End]
    /// Drawn in equal steps, `[N][C][H][W]`.
    package var pictures: Plane
    /// The pixels of the ends mixed in the same steps; `nil` for drawn pictures.
    package var mixed: Plane?
  }

  /// A test image at an end of a way.
  package struct End: Codable, Sendable {
    /// Its place among the test images.
    package var index: Int
    /// Its class.
    package var label: Int
  }

  /// What an autoencoder makes of images.
  package struct Autoencoding: Codable, Sendable {
    /// Test images that the bound and the divergences were measured on.
    package var count: Int
    /// Mean cross-entropy of the pixels, in nats an image.
    package var reconstruction: Double
    /// Mean divergence of the latents from the normal distribution, in nats an image.
    package var divergence: Double
    /// The 95 % interval of the mean of their sum, the negative evidence bound.
    package var interval: Interval?
    /// The mean divergence of each latent, in nats.
    package var divergences: [Double]
    /// Test images, `[N][C][H][W]`, their classes and their places.
    package var originals: Plane
    /// What each is.
    package var ends: [End]
    /// The same from their latents' means.
    package var reconstructed: Plane
    /// Some latents, each turned alone; those that carry most first.
    package var turns: [Turn]
    /// The test image whose latents the turns begin with.
    package var turned: End?
    /// All pictures of a plane; `nil` unless there are two latents.
    package var map: Map?

    /// The bound, in nats an image.
    package var bound: Double { reconstruction + divergence }
    /// The least divergence, in nats, from which a latent counts as carrying something.
    package static let leastDivergence = 0.1
    /// Latents that carry something.
    package var carrying: Int { divergences.count { $0 >= Self.leastDivergence } }
  }

  /// One latent turned from low to high while the others stay.
  package struct Turn: Codable, Sendable {
    /// Its place, from 0.
    package var latent: Int
    /// What it is set to.
    package var values: [Float]
    /// The pictures, `[N][C][H][W]`.
    package var pictures: Plane
  }

  /// The pictures of a plane of two latents, and where test images lie on it.
  package struct Map: Codable, Sendable {
    /// Pictures along each side.
    package var side: Int
    /// What the latents are set to, from low to high: quantiles of the normal distribution.
    package var quantiles: [Float]
    /// Row by row, the second latent falling from row to row, `[N][C][H][W]`.
    package var pictures: Plane
    /// The means of test images drawn at random.
    package var points: [DoubtFacts.Point]
    /// The same, for each latent the share of the normal distribution that lies below it.
    package var shares: [DoubtFacts.Point]
  }
}

/// A decoder of two latents for a page to run.
package struct LatentPlane: Codable, Sendable {
  /// The network.
  package var network: PackedNetwork
  /// Largest difference of a pixel from the checkpoint's on the map of all pictures.
  package var largestGap: Double
}
