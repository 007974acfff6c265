// Trains a small network on drawn digits, measures it, and draws why it read one of them as it did:
//
//     swift run -c release --package-path Examples first-network

import Attribution
import Datasets
import Engine
import Evaluation
import Figures
import Files
import Networks
import Training

let pool = WorkerPool(threads: WorkerPool.processors)
let digits = DrawnDigits.dataset(count: 6000, seed: 1)
let split = Split(digits, seed: 1)

// The network, in the order of the diagram.
let specification = Specification {
  Conv2D(16, kernel: 3)
  ReLU()
  Pool2D(.maximum, 2)
  Flatten()
  Linear(10)
}
let statistics = split.train.statistics()
let network = Network.untrained(
  try Architecture(
    specification, inputShape: ImageShape(channels: 1, height: 28, width: 28)),
  normalization: Normalization(
    mean: statistics.mean, standardDeviation: statistics.standardDeviation), seed: 1)

// Training tells what happens; validation images only watch.
let trainer = Trainer(
  network, train: split.train, validation: split.validation,
  configuration: TrainingConfiguration(epochs: 2), pool: pool)
trainer.run { event in
  guard case .epoch(let record) = event else { return }
  print(
    "epoch \(record.epoch): loss \(record.trainLoss), validation \(record.validationAccuracy ?? 0)")
}

// The test images are for the end.
let executor = Executor(trainer.result, pool: pool)
let answers = Predictions(of: executor, on: split.test)
let result = EvaluationResult(answers, classNames: digits.classes)
print("\(result.errors) errors in \(result.count), 95 % interval \(result.accuracyInterval)")

// Which pixels spoke for the answer to the first digit?
let image = split.test.floats([0])
let maps = IntegratedGradients().attribution(
  of: image, in: executor, for: [answers.predicted[0]])
let plate = Plate(
  [FloatPlane(width: 28, height: 28, values: Array(maps.map(0)))], map: .signed,
  policy: .attribution)
let figure = ImageGrid([ImageGrid.Tile(plate.pictures[0])], scale: 8).figure(
  FigureText(
    name: "why", title: "Why \(digits.classes[answers.predicted[0]])?",
    caption: "Integrated gradients: orange speaks for the answer, blue against it."), width: 320)
try AtomicFile.write(try figure.withWords.png(theme: .light), to: "why.png")
print("why.png shows what spoke for the answer to the first digit")
