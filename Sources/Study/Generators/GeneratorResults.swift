package import Evaluation
import Generators
public import Networks

/// Everything that the report of a generator shows: saved as JSON, read back and drawn again without computing anything.
public struct GeneratorResults: Codable, Sendable {
  /// How it learned to draw.
  public var kind: GeneratorKind
  /// The network as a whole, with its file and its run.
  public var model: ModelFacts
  /// The networks that a picture passes, in that order.
  package var parts: [GeneratorPart]
  /// Channels, height and width of a picture.
  package var imageShape: [Int]
  /// Numbers that a picture is drawn from.
  package var latents: Int
  /// What it learned from.
  package var data: DataFacts
  /// One record an epoch.
  package var history: [GeneratorEpoch]
  /// What it drew from the same numbers before training and after each epoch.
  package var course: [Stage]
  /// What it draws.
  package var samples: SampleFacts
  /// From noise to picture in steps; `nil` for what draws at once.
  package var flow: FlowFacts?
  /// What its latents stand for; `nil` for what has none of its own.
  package var latentSpace: LatentFacts?
  /// How good its pictures are; `nil` without a classifier to read them.
  package var quality: GeneratedQuality?
  /// Whether its pictures are copies.
  package var memory: MemoryFacts
  /// How well it tells images of other kinds; empty for what cannot.
  package var strangers: [StrangerBounds]
  /// The decoder for the page to run; `nil` but for two latents.
  package var plane: LatentPlane?

  /// Pictures after an epoch.
  package struct Stage: Codable, Sendable {
    /// 0 for before training.
    package var epoch: Int
    /// `[N][C][H][W]`.
    package var pictures: Plane
  }
}

/// A network that a picture passes when it is drawn, or understood.
package struct GeneratorPart: Codable, Sendable {
  /// What it does.
  package enum Role: String, Codable, Sendable {
    /// From a picture to a distribution of latents.
    case encoder
    /// From latents to a picture.
    case decoder
    /// From random numbers to a picture.
    case generator
    /// From a picture to whether it is real.
    case critic
    /// From a noisy picture to where it should go.
    case velocity
  }

  /// What it does.
  package var role: Role
  /// The network.
  package var model: ModelFacts
  /// What its layers say to one picture; none for a network that was not kept.
  package var activations: [FeatureFacts.Activation]
  /// The picture that comes out, in 0...1; `nil` for a network that draws none.
  package var drawn: Plane?

  /// Gives layers other names.
  mutating func rename(_ names: [String: String]) {
    for place in model.layers.indices {
      let name = model.layers[place].name
      model.layers[place].name = names[name] ?? name
    }
    for place in activations.indices {
      let name = activations[place].layer
      activations[place].layer = names[name] ?? name
    }
  }
}

/// Pictures that were drawn one after the other, none left out.
package struct SampleFacts: Codable, Sendable {
  /// The first of them, `[N][C][H][W]`.
  package var pictures: Plane
  /// The class that each was asked to be of; `nil` for what takes no class.
  package var asked: [Int]?
  /// How a classifier reads each; `nil` without one.
  package var readings: [Reading]?

  /// What is read in a picture.
  package struct Reading: Codable, Sendable {
    /// The class.
    package var label: Int
    /// Its probability.
    package var confidence: Float
  }
}

/// From noise to pictures.
package struct FlowFacts: Codable, Sendable {
  /// The same pictures after some steps, the noise first.
  package var ways: [Plane]
  /// How many steps each of those is after.
  package var shownSteps: [Int]
  /// Steps of the whole way.
  package var steps: Int
  /// The classes that were asked for.
  package var asked: [Int]
  /// What fewer steps come to; empty without a classifier.
  package var trials: [Trial]

  /// Pictures drawn in a number of steps.
  package struct Trial: Codable, Sendable {
    /// Steps.
    package var steps: Int
    /// How they are read.
    package var readings: SampleReadings
  }
}

/// How good pictures are, as the classifier of the learner reads them and in the features of its last hidden layer.
package struct GeneratedQuality: Codable, Sendable {
  /// The classifier's name and the SHA-256 of its file.
  package var classifier: String
  /// SHA-256 of its file, hexadecimal.
  package var sha256: String
  /// Test images that it reads right.
  package var correct: Int
  /// Test images that it was shown.
  package var testCount: Int
  /// The layer whose numbers are the features.
  package var layer: String
  /// Numbers of the layer.
  package var width: Int
  /// How many features that are: of a very wide layer random mixtures of its numbers.
  package var dimensions: Int
  /// How the pictures are read.
  package var readings: SampleReadings
  /// How as many test images are read.
  package var testReadings: SampleReadings
  /// Fréchet distance of the pictures from the test images.
  package var frechet: Double
  /// The same of as many training images: what real images come to.
  package var frechetFloor: Double
  /// Of the pictures against the test images.
  package var precisionRecall: PrecisionRecall
  /// The same of as many training images.
  package var precisionRecallOfTraining: PrecisionRecall

  /// Pictures, and as many test and training images.
  package var count: Int { precisionRecall.count }
  /// How many times the distance is that of real images.
  package var frechetRatio: Double { frechet / frechetFloor }
}

/// Pictures beside the training images that are nearest to them.
package struct MemoryFacts: Codable, Sendable {
  /// How near they are, beside test images.
  package var check: MemoryCheck
  /// Training images that were searched.
  package var trainCount: Int
  /// Of the pictures that are shown the first drawn ones, then the nearest ones of all that were looked at.
  package var first: [Match]
  /// The pictures that come nearest to a training image.
  package var nearest: [Match]
  /// Where the bins of distances begin and end.
  package var edges: [Double]
  /// Pictures in each bin, by the Euclidean distance from the nearest training image.
  package var pictureCounts: [Int]
  /// Test images in each bin.
  package var testCounts: [Int]

  /// A picture with its nearest training image.
  package struct Match: Codable, Sendable {
    /// What was drawn.
    package var picture: Plane
    /// The training image.
    package var image: Plane
    /// Its class.
    package var label: Int
    /// Euclidean distance of their pixels.
    package var distance: Double
  }
}

/// What an autoencoder's bound says of images that it never learned from.
package struct StrangerBounds: Codable, Sendable {
  /// What they are, such as `Fashion-MNIST`.
  package var name: String
  /// How many there are, and test images beside them.
  package var count: Int
  /// Test images beside them.
  package var testCount: Int
  /// Their mean bound, in nats.
  package var meanBound: Double
  /// That of the test images.
  package var testBound: Double
  /// How well the bound tells them from test images.
  package var area: AreaUnderCurve
  /// Where the bins of bounds begin and end, in nats; the last holds all above.
  package var edges: [Double]
  /// Strangers in each bin.
  package var counts: [Int]
  /// Test images in each bin.
  package var testCounts: [Int]
  /// Some of them, `[N][C][H][W]`.
  package var images: Plane
  /// What the decoder makes of those.
  package var drawn: Plane
  /// The bound of each of those, in nats.
  package var bounds: [Double]
}

extension Plane {
  /// Pictures one after the other as a plane `[N][C][H][W]`, in 255ths as they are drawn.
  package init(pictures: [Float], shape: [Int]) {
    let size = max(1, shape.reduce(1, *))
    self.init(
      shape: [pictures.count / size] + shape,
      values: pictures.map { Float(Generator.byte($0)) / 255 })
  }

  /// The pictures of a plane `[N][C][H][W]`.
  package var pictures: [Plane] {
    let own = Array(shape.dropFirst())
    return values.chunks(of: own.reduce(1, *)).map { Plane(shape: own, values: Array($0)) }
  }
}
