import Datasets
import Foundation
import Networks
import Pictures
import Training

/// What something trained says of the images that it is about.
struct ImageOrigin {
  /// A known name or a folder's; empty if unknown.
  let dataset: String
  let seed: UInt64
  let trainedOn: TrainedImages?
  let classes: [String]
  /// True if the names are not the file's own.
  let hasForeignClasses: Bool
  /// True if it says what its classes are called.
  let namesItsClasses: Bool
  /// The images that it reads or draws.
  let shape: ImageShape
  /// How many classes there must be.
  let outputs: Int
  /// What it does with images.
  let verb: String
  /// The run that made it; `nil` if it does not say.
  let configuration: () throws -> RunConfiguration?
  /// The file, if it is of a classifier that Inkling did not train.
  private let foreign: Checkpoint?
  /// What it expects of a person's pictures; `nil` if it does not say.
  let preparation: () throws -> Preparation?

  /// What a classifier says.
  init(_ checkpoint: Checkpoint) {
    dataset = checkpoint.dataset
    seed = checkpoint.seed
    trainedOn = checkpoint.trainedOn
    classes = checkpoint.classes
    hasForeignClasses = checkpoint.hasForeignClasses
    namesItsClasses = checkpoint.namesItsClasses
    shape = checkpoint.network.architecture.inputShape
    outputs = checkpoint.network.architecture.outputs
    verb = "reads"
    foreign = checkpoint.isForeign ? checkpoint : nil
    configuration = { try checkpoint.configuration() }
    preparation = { try checkpoint.ownPreparation }
  }

  /// What a generator says.
  init(_ checkpoint: GeneratorCheckpoint) {
    dataset = checkpoint.dataset
    seed = checkpoint.seed
    trainedOn = checkpoint.trainedOn
    classes = checkpoint.classes
    (hasForeignClasses, namesItsClasses) = (false, true)
    shape = checkpoint.imageShape
    outputs = checkpoint.classes.count
    verb = "draws"
    foreign = nil
    configuration = { try checkpoint.configuration() }
    preparation = { nil }
  }

  /// Says where it may have been understood in another way than it was meant, if Inkling did not train it.
  func tellDoubts(on split: Split, classes: [String]) {
    if let foreign { ForeignNotes.tell(of: foreign, on: split, classes: classes) }
  }
}

extension ImageShape {
  /// The same, as what scales pictures has it.
  var size: ImageScaling.Size {
    ImageScaling.Size(channels: channels, height: height, width: width)
  }
}

extension Checkpoint {
  /// What the network expects of a picture, as its file says; `nil` if it does not.
  ///
  /// - Throws: `Failure` if the file says something else.
  var ownPreparation: Preparation? {
    get throws {
      guard let preparation else { return nil }
      do {
        return try JSONDecoder().decode(Preparation.self, from: Data(preparation.utf8))
      } catch {
        throw Failure("the checkpoint's “preparation” is not what it should be", .badData)
      }
    }
  }
}
