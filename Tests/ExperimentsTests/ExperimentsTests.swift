import Datasets
import Engine
import Experiments
import Files
import Networks
import TestSupport
import Testing
import Training

@Suite struct ExperimentsTests {
  private let dataset = DrawnDigits.dataset(count: 200, testCount: 50)
  private let pool = WorkerPool(threads: 2)

  @Test func `the experiments run, are kept, and are read for their own data set alone`() throws {
    var told: [String] = []
    let found = try #require(
      try CourseExperiments.run(
        on: dataset, split: Split(dataset, seed: 1), epochs: 1, seed: 2, pool: pool,
        progress: { told.append($0) }))
    #expect(told.count == 8)
    #expect(found.learningRates.map(\.learningRate) == [0.1, 0.01, 0.001])
    #expect(found.learningRates.allSatisfy { $0.history.count <= 1 })
    // The wide networks take three times as long.
    #expect(found.withoutDropout?.history.count == 3 && found.withDropout?.history.count == 3)
    #expect(found.withoutActivations?.specification.contains("relu") == false)
    #expect(
      found.variants?.map(\.name) == ["SGD with momentum, rate 0.05", "batches of 512"])
    #expect(found.variants?.allSatisfy { $0.run.history.count <= 1 } == true)
    #expect(found.validationCount == Split(dataset, seed: 1).validation.count)
    let folder = try TemporaryFolder()
    try found.write(in: folder.path)
    let path = folder.file("cnn.safetensors")
    let read = try #require(try CourseExperiments.read(beside: path, dataset: dataset.name))
    #expect(read.learningRates.map(\.accuracy) == found.learningRates.map(\.accuracy))
    #expect(try CourseExperiments.read(beside: path, dataset: "mnist") == nil)
    try folder.write(Array("{}".utf8), CourseExperiments.fileName)
    #expect(throws: ExperimentFileError.self) {
      try CourseExperiments.read(beside: path, dataset: dataset.name)
    }
  }

  @Test func `experiments that are told to stop give nothing`() throws {
    var steps = 0
    let found = try CourseExperiments.run(
      on: dataset, split: Split(dataset, seed: 1), epochs: 1, seed: 2, pool: pool,
      while: {
        steps += 1
        return steps < 5
      })
    #expect(found == nil && steps == 5)
  }

  /// A checkpoint of a run, written beside others.
  private func checkpoint(
    _ folder: TemporaryFolder, _ name: String, seed: UInt64 = 1, randomLabels: Bool = false,
    text: String = "flatten linear(10)", run: String? = nil
  ) throws -> Checkpoint {
    var configuration = RunConfiguration()
    configuration.model = text
    (configuration.seed, configuration.randomLabels) = (seed, randomLabels)
    let checkpoint = Checkpoint(
      network: try hashedNetwork(text), classes: (0..<10).map(String.init), dataset: "drawn",
      seed: seed, history: [], run: run ?? configuration.json)
    try checkpoint.write(to: folder.file(name))
    return checkpoint
  }

  @Test func `the networks to compare with are found where they belong to the same run`() throws {
    let folder = try TemporaryFolder()
    let own = try checkpoint(folder, "a.safetensors")
    let path = folder.file("a.safetensors")
    for control in ControlNetwork.allCases {
      #expect(try control.network(beside: path, like: own) == nil)
    }
    _ = try checkpoint(folder, "a.random-labels.safetensors", randomLabels: true)
    _ = try checkpoint(folder, "a.second-seed.safetensors", seed: 2)
    for control in ControlNetwork.allCases {
      #expect(try control.network(beside: path, like: own) != nil, "\(control)")
    }
    // True labels, the same seed, another network: none of these is what it is called.
    _ = try checkpoint(folder, "a.random-labels.safetensors")
    _ = try checkpoint(folder, "a.second-seed.safetensors")
    for control in ControlNetwork.allCases {
      #expect(try control.network(beside: path, like: own) == nil, "\(control)")
    }
    let other = "flatten linear(4) linear(10)"
    _ = try checkpoint(
      folder, "a.random-labels.safetensors", randomLabels: true, text: other)
    _ = try checkpoint(folder, "a.second-seed.safetensors", seed: 2, text: other)
    for control in ControlNetwork.allCases {
      #expect(try control.network(beside: path, like: own) == nil, "\(control)")
    }
    _ = try checkpoint(folder, "a.second-seed.safetensors", seed: 2, run: "[]")
    #expect(throws: ExperimentFileError.self) {
      try ControlNetwork.secondSeed.network(beside: path, like: own)
    }
  }

  private func run(
    _ rate: Double, _ score: Double, train: Double = 0.99, evaluated: Double? = nil,
    accuracy: Double = 0.9
  ) -> CourseExperiments.Run {
    CourseExperiments.Run(
      specification: "flatten linear(10)", learningRate: rate,
      history: [
        EpochRecord(
          epoch: 1, learningRate: rate, trainLoss: 1, trainAccuracy: train,
          evaluatedTrainAccuracy: evaluated, validationLoss: 1, validationAccuracy: score,
          gradientNorm: 1, deadUnits: [:],
          losses: (1...12).map { EpochRecord.LossSample(step: 10 * $0, loss: Double($0)) })
      ], accuracy: accuracy)
  }

  @Test func `what served best is told from what one run cannot tell apart`() {
    func found(_ scores: [Double]) -> CourseExperiments {
      CourseExperiments(
        dataset: "", learningRates: zip([0.1, 0.01, 0.001], scores).map { run($0, $1) },
        withoutActivations: nil)
    }
    let equal = found([0.9, 0.9702, 0.97])
    #expect(equal.best?.learningRate == 0.01)
    #expect(equal.served.map(\.learningRate) == [0.01, 0.001])
    #expect(equal.largestRate?.run.learningRate == 0.1 && equal.largestRate?.isTooLarge == true)
    #expect(found([0.95, 0.97, 0.96]).largestRate?.isTooLarge == false)
    // The smaller rate among equals.
    #expect(found([0.97, 0.97, 0.97]).best?.learningRate == 0.001)
    #expect(found([0.97]).largestRate == nil && found([0.97]).bestSimple == nil)
    #expect(equal.bestSimple?.run.learningRate == 0.01 && equal.bestSimple?.isAbove98 == false)
  }

  @Test func `dropout is judged by the gaps at the end`() throws {
    var found = CourseExperiments(
      dataset: "", learningRates: [], withoutActivations: nil,
      withoutDropout: run(0.001, 0.979, train: 0.999, evaluated: 0.9995),
      withDropout: run(0.001, 0.98, train: 0.985, evaluated: 0.9952, accuracy: 0.981))
    let dropout = try #require(found.dropout)
    #expect(abs(dropout.without.gap - 0.0205) < 1e-12 && abs(dropout.with.gap - 0.0152) < 1e-12)
    #expect(dropout.isSmaller && dropout.isEvaluated && dropout.without.epoch == 1)
    #expect(found.bestSimple?.isAbove98 == true && found.simpleRuns.count == 2)
    found.withDropout = run(0.001, 0.97, train: 0.999)
    #expect(found.dropout?.isSmaller == false && found.dropout?.isEvaluated == false)
    found.withDropout = nil
    #expect(found.dropout == nil)
  }

  @Test func `a run's course has every fifth of its losses`() {
    let course = run(0.1, 0.9).course
    // An epoch is 120 steps.
    let epochs: [Double] = [10, 60, 110].map { $0 / 120 }
    #expect(course.map(\.epoch) == epochs)
    #expect(course.map(\.loss) == [1, 6, 11])
  }
}
