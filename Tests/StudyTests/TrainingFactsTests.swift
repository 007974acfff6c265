import Evaluation
import Networks
import Testing

@testable import Study

/// What the records of a run come to.
@Suite struct TrainingFactsTests {
  private func record(
    _ epoch: Int, after: Double? = nil, validation: Double?, error: Double? = 0.001
  ) -> EpochRecord {
    EpochRecord(
      epoch: epoch, learningRate: 0.001, trainLoss: 0.5, trainAccuracy: 0.9,
      evaluatedTrainLoss: after, validationLoss: validation, validationLossError: error,
      validationAccuracy: validation == nil ? nil : 0.88, gradientNorm: 1, deadUnits: [:],
      losses: [EpochRecord.LossSample(step: epoch * 10, loss: 0.5)])
  }

  /// Epochs by their losses on training images, and on validation images with a standard error.
  private func facts(_ losses: [(Double?, Double?)], error: Double? = 0.001) -> TrainingFacts {
    TrainingFacts(
      losses.enumerated().map {
        record($0 + 1, after: $1.0, validation: $1.1, error: error)
      })
  }

  @Test func `validation losses tell memorizing, improving and the lowest`() {
    #expect(facts([(0.5, nil)]).course == .unknown)
    #expect(facts([(0.5, 0.5)]).course == .unknown)
    #expect(
      facts([(0.3, 0.4), (0.15, 0.4), (0.05, 0.41)]).course == .memorized(from: 2, isLast: false))
    #expect(
      facts([(0.3, 0.4), (0.3, 0.4), (0.05, 0.41)]).course == .memorized(from: 3, isLast: true))
    // Half the loss of few validation images may be chance: 1.96 standard errors are 0.41.
    #expect(
      facts([(0.2, 0.5), (0.1, 0.5)], error: 0.21).course == .lowest(at: 1, of: 2, rivals: 1))
    #expect(facts([(0.5, 0.5), (0.4, 0.4)]).course == .improving)
    // The difference of two losses has √2 times the error of one: 1.96 · 0.0505 √2 is just below 0.14.
    let close = facts([(0.5, 0.54), (0.5, 0.4), (0.5, 0.41)], error: 0.0505)
    #expect(close.course == .lowest(at: 2, of: 3, rivals: 1))
    #expect(
      facts([(0.5, 0.54), (0.5, 0.4), (0.5, 0.41)], error: 0.051).course
        == .lowest(at: 2, of: 3, rivals: 2))
    #expect(facts([(0.5, .nan), (0.5, 0.4)]).best?.epoch == 2)
  }

  @Test func `a step too small to matter is no improvement`() {
    var history = [record(1, after: 0.5, validation: 0.5), record(2, after: 0.4, validation: 0.4)]
    history[1].learningRate = history[0].learningRate / 101
    #expect(TrainingFacts(history).course == .lowest(at: 2, of: 2, rivals: 0))
  }

  @Test func `the lowest loss may lie in the middle of an epoch`() {
    var history = [record(1, after: 0.5, validation: 0.5), record(2, after: 0.4, validation: 0.4)]
    func half(_ loss: Double) -> EpochRecord.HalfEpoch {
      EpochRecord.HalfEpoch(
        evaluatedTrainLoss: 0.4, evaluatedTrainAccuracy: 0.9, validationLoss: loss,
        validationAccuracy: 0.9)
    }
    history[1].halfEpoch = half(0.4)
    #expect(!TrainingFacts(history).isLowerHalfway)
    history[1].halfEpoch = half(0.39)
    #expect(TrainingFacts(history).isLowerHalfway)
    #expect(TrainingFacts(history).isEvaluated && TrainingFacts(history).isValidated)
    history[0].evaluatedTrainLoss = nil
    #expect(!TrainingFacts(history).isEvaluated)
  }

  @Test func `a gap has its interval, and without one a fifth of a point is chance`() throws {
    var last = record(1, validation: 1)
    #expect(abs(try #require(TrainingFacts([last]).gap).value - 0.02) < 1e-12)
    #expect(try #require(TrainingFacts([last]).gap).isReal)
    last.validationAccuracy = 0.8985
    #expect(try #require(TrainingFacts([last]).gap).isChance)
    (last.evaluatedTrainAccuracy, last.validationAccuracy) = (0.9962, 0.9884)
    (last.evaluatedTrainCount, last.validationCount) = (5000, 5000)
    // statsmodels confint_proportions_2indep(4981, 5000, 4942, 5000, method="newcomb")
    let interval = try #require(TrainingFacts([last]).gap?.interval)
    #expect(abs(interval.low - 0.0044) < 5e-5 && abs(interval.high - 0.0114) < 5e-5)
    last.validationAccuracy = 0.9999
    let turned = try #require(TrainingFacts([last]).gap)
    #expect(turned.value < 0 && !turned.isChance && !turned.isReal)
    last.validationAccuracy = nil
    #expect(TrainingFacts([last]).gap == nil && TrainingFacts([]).gap == nil)
  }

  @Test func `the gap begins at an epoch from which on no half epoch contradicts it`() {
    func line(_ values: [Double]) -> [TrainingFacts.Sample] {
      values.enumerated().map { (0.5 + 0.5 * Double($0.offset), $0.element) }
    }
    func start(_ training: [Double], _ validation: [Double]) -> Double? {
      TrainingFacts.gapStart(line(training), line(validation), where: <)
    }
    // Half epochs: 0.5, 1, 1.5, 2, 2.5, 3.
    let flat = [0.4, 0.4, 0.4, 0.4, 0.4, 0.4]
    #expect(start([0.5, 0.3, 0.3, 0.3, 0.3, 0.3], flat) == 1)
    #expect(start([0.5, 0.3, 0.5, 0.3, 0.3, 0.3], flat) == 2)
    #expect(start([0.5, 0.3, 0.3, 0.3, 0.5, 0.3], flat) == nil)
    #expect(start([0.5, 0.3, 0.3, 0.3, 0.3, 0.5], flat) == nil)
    #expect(start([0.3, 0.3, 0.3, 0.3, 0.3, .nan], flat) == nil)
    #expect(start(flat.map { $0 - 0.1 }, []) == nil)
  }

  @Test func `networks are told apart by the loss they ended with, if each has one`() throws {
    func run(_ name: String, _ loss: Double?) -> (name: String, history: [EpochRecord]) {
      (name, [record(1, validation: loss)])
    }
    let ends = try #require(TrainingFacts.ends([run("a", 0.2), run("b", 0.1), run("c", 0.3)]))
    #expect(ends.best == ("b", 0.1) && ends.worst == ("c", 0.3))
    for runs in [[run("a", 1)], [run("a", 1), run("b", 1)], [run("a", 1), run("b", nil)], []] {
      #expect(TrainingFacts.ends(runs) == nil)
    }
  }

  @Test func `losses along the way lie at their time in epochs`() {
    var history = [record(1, validation: nil), record(2, validation: nil)]
    history[0].losses = [5, 10].map { EpochRecord.LossSample(step: $0, loss: 1) }
    history[1].losses = [15, 18].map { EpochRecord.LossSample(step: $0, loss: 2) }
    let facts = TrainingFacts(history)
    #expect(facts.stepsPerEpoch == 9 && facts.stepsPerLoss == 5)
    let epochs: [Double] = [5, 10, 15, 18].map { $0 / 9 }
    #expect(facts.losses.map(\.epoch) == epochs)
    #expect(facts.losses.map(\.value) == [1, 1, 2, 2])
    #expect(TrainingFacts([]).stepsPerEpoch == 1 && TrainingFacts([]).stepsPerLoss == nil)
  }

  @Test func `dead units cost the weights that lead to them and away from them`() throws {
    // conv1 4 · 9 + 4 numbers; linear1 10 · 64 weights and 10 biases.
    let layers = [
      layer("conv1", .convolution, [0], [4, 4, 4], parameters: 40),
      layer("relu1", .rectifier, [1], [4, 4, 4], parameters: 0),
      layer("flatten1", .reshape, [2], [64], parameters: 0),
      layer("linear1", .linear, [3], [10], parameters: 650),
    ]
    var (first, last) = (record(1, validation: 1), record(2, validation: 1))
    #expect(TrainingFacts([first, last]).deadUnits(in: layers) == nil)
    (first.deadUnits, last.deadUnits) = (["relu1": 1], ["relu1": 2])
    let dead = try #require(TrainingFacts([first, last]).deadUnits(in: layers))
    #expect(dead.layer == "relu1" && dead.units == 4)
    #expect(dead.first == 1 && dead.last == 2)
    // Each unit has 10 numbers of conv1 and 160 weights of linear1.
    let share: Double = 340 / 690
    #expect(abs(dead.parameters - share) < 1e-12)
    let (names, worst) = TrainingFacts([last]).mortal(among: layers)
    #expect(names == ["relu1"] && worst == "relu1")
    #expect(TrainingFacts([]).deadUnits(in: layers) == nil)
  }

  private func layer(
    _ name: String, _ role: ModelFacts.Role, _ inputs: [Int], _ shape: [Int], parameters: Int
  ) -> ModelFacts.Layer {
    ModelFacts.Layer(
      name: name, type: name, noun: name, role: role, inputs: inputs, outputShape: shape,
      parameters: parameters, hasBias: parameters > 0, multiplications: 2 * parameters)
  }

  @Test func `the layer that costs most is told with those that cost as much`() {
    let layers = [
      layer("conv1", .convolution, [0], [4, 4, 4], parameters: 40),
      layer("relu1", .rectifier, [1], [4, 4, 4], parameters: 0),
      layer("conv2", .convolution, [2], [4, 4, 4], parameters: 40),
      layer("linear1", .linear, [3], [10], parameters: 20),
    ]
    #expect(
      ModelFacts.largest(\.parameters, of: layers)
        == ModelFacts.Largest(layer: "conv1", alike: 2, share: 0.8))
    #expect(ModelFacts.largest(\.parameters, of: [layers[1]]) == nil)
    let model = ModelFacts(
      name: "a", specification: "", inputShape: [1, 4, 4], classes: [], layers: layers,
      parameters: 100, seed: 1, run: nil, sha256: "")
    #expect(model.multiplications == 200)
    #expect(model.convolutions == (80, 160))
    #expect(model.largestLayers(3).map(\.name) == ["conv1", "conv2", "linear1"])
    #expect(model.largestLayers(2).map(\.name) == ["conv1", "conv2"])
    // Small ones of equal size do not stand in the way of large ones behind them.
    var late = model
    late.layers[0].parameters = 20
    #expect(late.largestLayers(2).map(\.name) == ["conv1", "conv2"])
    late.layers[3].parameters = 30
    #expect(late.largestLayers(2).map(\.name) == ["conv2", "linear1"])
    #expect(layers[0].parametersPerOutput == 10)
  }

  @Test func `the class that is read worst is told with its rivals`() {
    var facts = TimeLapseFacts(
      epochs: [0, 1, 2], weights: [], layer: "", maps: [],
      recall: [[0, 0, 0], [0.9, 0.8, 0.95], [0.97, 0.965, 0.97]], counts: [500, 500, 500],
      isValidation: true)
    #expect(facts.ranking == [1, 0, 2] && facts.worst == 1 && facts.best == 0)
    #expect(facts.lowest == TimeLapseFacts.Lowest(first: 1, last: 1, rivals: 2, isOneEpoch: false))
    facts.recall[2] = [0.8, 0.99, 0.99]
    #expect(facts.lowest == TimeLapseFacts.Lowest(first: 1, last: 0, rivals: 0, isOneEpoch: false))
    (facts.epochs, facts.recall) = ([0, 1], Array(facts.recall.prefix(2)))
    #expect(facts.lowest?.isOneEpoch == true)
  }

  @Test func `the first epoch's share of the way is counted`() throws {
    func weights(_ value: Float) -> Plane { Plane(shape: [1, 1, 1, 2], values: [value, 0]) }
    func maps(_ values: [Float]) -> Plane { Plane(shape: [1, 1, 3], values: values) }
    var facts = TimeLapseFacts(
      epochs: [0, 1, 2], weights: [weights(0), weights(3), weights(4)], layer: "relu1",
      maps: [maps([3, 2, 1]), maps([2, 4, 6]), maps([1, 2, 3])], recall: [], isValidation: true)
    #expect(facts.firstStride == 0.75)
    let likeness = try #require(facts.likenessToEnd)
    #expect(abs(likeness.random + 1) < 1e-12 && abs(likeness.first - 1) < 1e-12)
    facts.weights[2] = weights(0)
    facts.maps[2] = maps([1, 1, 1])
    #expect(facts.firstStride == nil && facts.likenessToEnd == nil)
  }
}
