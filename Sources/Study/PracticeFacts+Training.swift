package import Datasets
package import Engine
import Evaluation
import Foundation
import Networks
import Pictures
import Randomness
import Training

extension PracticeFacts {
  /// Images for training and for validation, if there are as many.
  private static let (trained, validated) = (1000, 300)
  /// The longer side of an image, grey and in color: at most 784 numbers either way.
  private static let (greySide, colorSide) = (28, 16)
  /// Brightness is kept in so many steps above 0, which a PNG packs well.
  private static let steps: Float = 15
  /// The rate that fits, and those of which the first that does not is shown.
  private static let (fitting, high) = (0.01, [1.0, 3, 10])
  private static let (hidden, batch, epochs) = (32, 32, 20)

  /// Draws images, the same number of each class while there are any, and trains the network on them; `nil` without images
  /// of two classes to train on and some to validate with.
  ///
  /// - Parameters:
  ///   - split: the data; its test images are left alone.
  ///   - classes: how many there are.
  ///   - seed: decides images, weights and order.
  ///   - pool: the threads.
  package init?(_ split: Split, classes: Int, seed: UInt64, pool: WorkerPool) {
    func draw(_ images: LabeledImages, _ count: Int, _ purpose: String) -> LabeledImages {
      var generator = SplitMix64(seed: seed, purpose: purpose)
      let places = Self.drawn(count, of: images.labels, classes: classes, using: &generator)
      return Self.reduced(images.selecting(places))
    }
    guard [1, 3].contains(split.train.channels), split.validation.count > 0 else { return nil }
    let train = draw(split.train, Self.trained, "practice, training")
    let validation = draw(split.validation, Self.validated, "practice, validation")
    guard Set(train.labels).count > 1, let sheet = Self.sheet([train, validation]) else {
      return nil
    }
    let statistics = train.statistics()
    let normalization = Normalization(
      mean: statistics.mean,
      standardDeviation: statistics.standardDeviation.map { $0 > 0 ? $0 : 1 })
    let text = "flatten linear(\(Self.hidden)) relu linear(\(classes))"
    let shape = ImageShape(channels: train.channels, height: train.height, width: train.width)
    guard let specification = try? Specification(text: text),
      let architecture = try? Architecture(specification, inputShape: shape)
    else { return nil }
    let network = Network.untrained(architecture, normalization: normalization, seed: seed)
    func run(_ rate: Double) -> Run {
      Self.run(rate, network, train: train, validation: validation, seed: seed, pool: pool)
    }
    let tooHigh = Self.high.lazy.map(run).first { $0.outcome != .fell }
    self.init(
      inputShape: shape.dimensions, classCount: classes, trainLabels: train.labels,
      validationLabels: validation.labels, mean: normalization.mean,
      standardDeviation: normalization.standardDeviation, sheet: sheet, specification: text,
      batchSize: Self.batch, runs: [run(Self.fitting)] + (tooHigh.map { [$0] } ?? []))
  }

  /// Places of images in a random order that takes one of each class in turn.
  static func drawn(
    _ count: Int, of labels: [Int], classes: Int, using generator: inout SplitMix64
  ) -> [Int] {
    var waiting = [[Int]](repeating: [], count: classes)
    for place in generator.permutation(labels.count) { waiting[labels[place]].append(place) }
    let longest = waiting.map(\.count).max() ?? 0
    let order = (0..<longest).lazy.flatMap { turn in
      waiting.compactMap { $0.indices.contains(turn) ? $0[turn] : nil }
    }
    return Array(order.prefix(count))
  }

  /// Images no larger than a page can hold many of, in few steps of brightness; each new pixel is the mean of its area.
  static func reduced(_ images: LabeledImages) -> LabeledImages {
    let side = images.channels == 1 ? greySide : colorSide
    let scale = min(1, Double(side) / Double(max(images.height, images.width)))
    func scaled(_ size: Int) -> Int { max(1, Int((Double(size) * scale).rounded())) }
    let (height, width) = (scaled(images.height), scaled(images.width))
    let pixels = (0..<images.count).flatMap { index in
      let planes = ImageScaling.Planes(
        channels: images.channels, height: images.height, width: images.width,
        values: images.floats([index]))
      return ImageScaling.resized(planes, height: height, width: width).values.map {
        UInt8((min(max($0, 0), 1) * steps).rounded() * (255 / steps))
      }
    }
    return LabeledImages(
      channels: images.channels, height: height, width: width, pixels: pixels,
      labels: images.labels)
  }

  /// All images in a picture, each a row of its pixels.
  private static func sheet(_ parts: [LabeledImages]) -> Data? {
    let (channels, plane) = (parts[0].channels, parts[0].height * parts[0].width)
    let pixels = parts.flatMap { images in
      (0..<images.count).flatMap { index in
        let bytes = images.bytes(index)
        return (0..<plane * channels).map { place in
          bytes[bytes.startIndex + place % channels * plane + place / channels]
        }
      }
    }
    let count = parts.reduce(0) { $0 + $1.count }
    let picture = PixelImage(width: plane, height: count, channels: channels, pixels: pixels)
    return (try? PNG.write(picture)).map { Data($0) }
  }

  /// One training with momentum at a constant rate.
  private static func run(
    _ rate: Double, _ network: Network, train: LabeledImages, validation: LabeledImages,
    seed: UInt64, pool: WorkerPool
  ) -> Run {
    func loss(_ images: LabeledImages) -> Double {
      Predictions(of: Executor(network, pool: pool), on: images).summedLoss()
        / Double(max(1, images.count))
    }
    let trainer = Trainer(
      network, train: train, validation: validation,
      configuration: TrainingConfiguration(
        epochs: epochs, batchSize: batch, optimizer: .sgd(momentum: 0.9, weightDecay: 0),
        learningRate: rate, schedule: .constant, seed: seed), pool: pool)
    trainer.run()
    let start = Point(epoch: 0, train: loss(train), validation: loss(validation))
    let measured = trainer.history.flatMap { record in
      let epoch = Double(record.epoch)
      return [
        point(
          epoch - 0.5, record.halfEpoch?.evaluatedTrainLoss, record.halfEpoch?.validationLoss),
        point(epoch, record.evaluatedTrainLoss, record.validationLoss),
      ].compactMap { $0 }
    }
    return Run(
      learningRate: rate, points: [start] + measured, isBroken: trainer.hasDiverged,
      accuracy: trainer.hasDiverged ? nil : trainer.history.last?.validationAccuracy)
  }

  /// The losses at a time, if both are numbers.
  private static func point(_ epoch: Double, _ train: Double?, _ validation: Double?) -> Point? {
    guard let train, let validation, train.isFinite, validation.isFinite else { return nil }
    return Point(epoch: epoch, train: train, validation: validation)
  }
}
