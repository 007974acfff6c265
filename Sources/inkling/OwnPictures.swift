import Datasets
import Files
import Networks
import Pictures

/// A person's own pictures.
enum OwnPictures {
  /// The paths of pictures: files as they are given, folders as the pictures in them and in the folders within; a folder
  /// without any as it is given, to be refused when it is read.
  ///
  /// - Throws: `FileError`.
  static func paths(_ given: [String]) throws -> [String] {
    try given.flatMap { path in
      guard FileBytes.isFolder(path) else { return [path] }
      let pictures = try ImageFolder.pictures(in: path)
      return pictures.isEmpty ? [path] : pictures
    }
  }

  /// The picture of a file.
  ///
  /// - Throws: `FileError` or `Failure`.
  static func read(_ path: String) throws -> PixelImage {
    guard !FileBytes.isFolder(path) else {
      throw Failure("\(path): there is no PNG or JPEG picture in this folder", .noInput)
    }
    let bytes = try FileBytes.read(path, limit: 1 << 30)
    do {
      return try PictureFile.read(bytes)
    } catch {
      throw Failure("\(path): \(error)", .badData)
    }
  }

  /// What may be doubted about a prepared picture.
  static func doubts(_ prepared: PicturePreparation.Prepared) -> [String] {
    (prepared.isBlank ? ["the picture is blank; what is said of it means nothing"] : [])
      + (prepared.hadUnevenGround
        ? ["the paper is shaded or ruled; its ground was taken away before the ink was read"] : [])
  }
}

extension Checkpoint {
  /// What is expected of a person's own picture: what the file says, or MNIST's way for grey images of its size.
  ///
  /// - Throws: as `ownPreparation`.
  var preparationOfPictures: Preparation {
    get throws { try ownPreparation ?? usualPreparation }
  }

  private var usualPreparation: Preparation {
    let isDigit =
      network.architecture.inputShape.size == ImageScaling.Size(channels: 1, height: 28, width: 28)
    return isDigit
      && (dataset.isEmpty || [KnownDataset.mnist.name, DrawnDigits.name].contains(dataset))
      ? .mnist : .none
  }
}
