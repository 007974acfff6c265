import Datasets
import Engine
import Evaluation
import Networks
import Representations

/// Test images laid out on a plane by what a layer makes of them.
package struct EmbeddingFacts: Sendable {
  /// An image on the plane.
  package struct Point: Sendable {
    /// Its place.
    package let x, y: Double
    /// Its true class.
    package let label: Int
    /// True if the network misreads it.
    package let isWrong: Bool
  }

  /// The method: `pca`, `t-sne` or `umap`.
  package let method: String
  /// True if distances mean something, and not only who stands beside whom.
  package let keepsDistances: Bool
  /// The layer; `nil` for the pixels themselves.
  package let layer: String?
  /// The images.
  package let points: [Point]
}

extension Study {
  /// Test images that are laid out.
  private static let laidOut = 4000

  /// Test images by each way of laying them out.
  ///
  /// - Parameters:
  ///   - layer: the layer's name; the last hidden one if `nil`.
  ///   - seed: of what a method draws.
  /// - Returns: the maps.
  package func embeddings(of layer: String?, seed: UInt64) -> [EmbeddingFacts] {
    let chosen = sample(Self.laidOut, for: "maps")
    let hidden =
      architecture.entries.first { $0.name == layer }
      ?? architecture.hiddenLayer
    let images = test.floats(chosen)
    let values = hidden.flatMap { executor.tracer.activations(images, of: [$0.name])[$0.name] }
    return Embedding.allCases.map { method in
      let places = method.points(
        values ?? images, dimensions: hidden?.outputShape.count ?? architecture.inputShape.count,
        seed: seed, pool: pool)
      return EmbeddingFacts(
        method: method.rawValue, keepsDistances: method == .pca, layer: hidden?.name,
        points: chosen.enumerated().map { row, image in
          EmbeddingFacts.Point(
            x: Double(places[2 * row]), y: Double(places[2 * row + 1]), label: test.labels[image],
            isWrong: !predictions.isCorrect(image))
        })
    }
  }
}
