/// Training images are spoken of as the network answers them after an epoch; histories of earlier versions only have means
/// over the epoch, with dropout on.
extension EpochRecord {
  /// The epoch's loss on training images.
  package var answeredTrainLoss: Double { evaluatedTrainLoss ?? trainLoss }
  /// The epoch's accuracy on training images.
  package var answeredTrainAccuracy: Double { evaluatedTrainAccuracy ?? runningTrainAccuracy }
  /// The epoch's accuracy on training images as they were trained on; every epoch of a classification has one.
  package var runningTrainAccuracy: Double { trainAccuracy ?? .nan }
  /// The accuracy by which an epoch is told: of validation images, or of training images where there are none.
  package var toldAccuracy: Double { validationAccuracy ?? runningTrainAccuracy }
}
