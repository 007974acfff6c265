import Attribution
import Evaluation
import Experiments
import Foundation
import Networks
import Pictures
import Training

@testable import Report
@testable import Study

/// Small made-up results: no network stands behind them.
enum Fixture {
  /// Results about images of a shape; image `i` belongs to class `i % classes.count`.
  ///
  /// One image in seven is misread as the next class.
  static func results(
    classes: [String] = ["0", "1", "2"], shape: [Int] = [1, 8, 8], dataset: String = "mnist",
    name: String = "cnn", count: Int = 42
  ) -> StudyResults {
    let many = classes.count
    let labels = (0..<count).map { $0 % many }
    let logits = labels.enumerated().flatMap { index, label -> [Float] in
      let answer = index % 7 == 3 ? (label + 1) % many : label
      return (0..<many).map { $0 == answer ? 2 + Float(index % 5) : 0.5 }
    }
    let predictions = Predictions(logits: logits, labels: labels, classes: many)
    let examples = (0..<count).map { example($0, predictions, shape) }
    let wrong = examples.filter { $0.label != $0.predicted }.sorted {
      $0.confidence > $1.confidence
    }
    let right = examples.filter { $0.label == $0.predicted }
    return StudyResults(
      model: model(classes, shape, name), data: data(classes, shape, dataset, right[0]),
      untrained: UntrainedComparison(
        untrained: [Float](repeating: 1 / Float(many), count: many),
        trained: right[0].probabilities, accuracy: 1 / Double(many), count: 1000),
      history: (1...3).map { record($0, train: 0.4 / Double($0), validation: 0.5 / Double($0)) },
      quality: quality(predictions, classes, wrong), mistakes: wrong,
      features: features(shape, many),
      explanations: explanations(Array(right.prefix(3) + wrong.prefix(2)), shape),
      doubt: DoubtFacts(
        layer: "relu1",
        points: examples.map {
          DoubtFacts.Point(
            image: $0.index, x: Float($0.label), y: Float($0.index % 5), label: $0.label,
            predicted: $0.predicted)
        }, explained: [0.4, 0.2], leastSure: Array(right.prefix(4)),
        neighborhood: examples.map {
          DoubtFacts.Point(
            image: $0.index, x: Float($0.index % 5), y: Float($0.label), label: $0.label,
            predicted: $0.predicted)
        },
        path: right.prefix(3).map {
          DoubtFacts.Step(
            pixels: $0.pixels, predicted: $0.predicted, probability: 0.7)
        }, pathShares: (0...10).map { [1 - Float($0) / 10, Float($0) / 10] }, ends: [1, 2],
        pixelPoints: examples.map {
          DoubtFacts.Point(
            image: $0.index, x: Float($0.index), y: 0, label: $0.label, predicted: $0.predicted)
        }, slice: slice(Array(right.prefix(3))), strangers: [stranger(sure: 30, right[0])],
        confidence: [Int](repeating: 3, count: 20)),
      robustness: robustness(right[0], shape, many),
      live: live(shape, many, Array(right.prefix(2))), comparisons: [],
      timeLapse: timeLapse(shape, many), cases: cases(Array(wrong + right.prefix(2)), shape),
      experiments: experiments(), worked: worked(shape), ledger: ledger(wrong[0]),
      practice: practice(shape, many), descent: descent(), blame: blame(wrong[0], shape))
  }

  /// The valley w² with its lowest place at 0; each rate goes by itself.
  static func descent(rates: [Double] = [0.05, 0.5, 1.25]) -> DescentFacts {
    func place(_ weight: Double) -> DescentFacts.Place {
      DescentFacts.Place(weight: weight, loss: 0.1 + weight * weight)
    }
    return DescentFacts(
      layer: "linear1", source: "relu1", unit: 2, label: 1, images: 30, trained: place(0.25),
      lowest: place(0), curve: (-8...8).map { place(Double($0) / 4) }, slope: -2,
      runs: rates.map { rate in
        DescentFacts.Run(
          learningRate: rate, multiple: 2 * rate,
          places: (0...5).map { step in place(-(0..<step).reduce(1) { w, _ in w * (1 - 2 * rate) })
          })
      })
  }

  /// Unit 2 is handed half of what is too much; a quarter of the weights lets a hundredth through.
  static func blame(_ example: ExampleFacts, _ shape: [Int] = [1, 8, 8]) -> BlameFacts {
    func parts(_ share: Double) -> [Double] {
      example.probabilities.indices.map { $0 == example.predicted ? share : 0 }
    }
    func depth(_ start: BlameFacts.Start, _ factor: Double) -> BlameFacts.Depth {
      BlameFacts.Depth(start: start, lengths: [1, factor, factor * factor])
    }
    return BlameFacts(
      example: example, source: "relu2",
      scores: example.probabilities.enumerated().map {
        Double($1) - ($0 == example.label ? 1 : 0)
      },
      units: [(2, 0.5), (1, -0.25)].map {
        BlameFacts.Unit(unit: $0, activation: 1, blame: $1, parts: parts($1))
      }, count: 4, stopped: 2, pixels: plane(shape, 2, signed: true),
      stations: ["linear2", "relu2", "pool1"],
      depths: [
        depth(.trained, 1), depth(.untrained(factor: 0.25), 0.1), depth(.untrained(factor: 1), 0.4),
        depth(.untrained(factor: 4), 2),
      ], images: 42)
  }

  private static func worked(_ shape: [Int]) -> WorkedNumber {
    WorkedNumber(
      image: 0, layer: "conv1", isWindow: true, channel: 1, row: 0, column: 2, top: -1, left: 1,
      window: plane([shape[0], 3, 3]), weights: plane([shape[0], 3, 3], 2, signed: true),
      bias: 0.25, sum: 1.5,
      stages: [WorkedNumber.Stage(layer: "relu1", type: "relu", role: .rectifier, value: 1.5)])
  }

  /// Unit 2 adds 1.5 to a lead of 1.
  private static func ledger(_ example: ExampleFacts) -> LedgerFacts {
    LedgerFacts(
      example: example, layer: "linear1", source: "relu1",
      classes: [example.predicted, example.label], units: 4, active: 2,
      entries: [
        LedgerFacts.Entry(unit: 2, activation: 3, weights: [0.75, 0.25]),
        LedgerFacts.Entry(unit: 1, activation: 1, weights: [0.25, 0.75]),
      ], rest: [0, 0], biases: [0.5, 0.5], logits: [3, 2], favorites: [0, 1, 0, nil], images: 42)
  }

  static func practice(
    _ shape: [Int] = [1, 8, 8], _ many: Int = 3, ends: [Double] = [0.2, 12], broken: Bool = false
  ) -> PracticeFacts? {
    guard shape[0] != 2 else { return nil }
    let plane = shape[1] * shape[2]
    let picture = PixelImage(
      width: plane, height: 40, channels: shape[0],
      pixels: (0..<40 * plane * shape[0]).map { UInt8($0 * 37 % 16 * 17) })
    func run(_ rate: Double, _ end: Double) -> PracticeFacts.Run {
      PracticeFacts.Run(
        learningRate: rate,
        points: zip([0, 1, 2], [2.3, (2.3 + end) / 2, end]).map {
          PracticeFacts.Point(epoch: $0, train: $1, validation: 1.1 * $1)
        }, isBroken: broken && rate > 1, accuracy: 0.8)
    }
    return PracticeFacts(
      inputShape: shape, classCount: many, trainLabels: (0..<30).map { $0 % many },
      validationLabels: (0..<10).map { $0 % many }, mean: [Float](repeating: 0.5, count: shape[0]),
      standardDeviation: [Float](repeating: 0.3, count: shape[0]),
      sheet: Data((try? PNG.write(picture)) ?? []),
      specification: "flatten linear(32) relu linear(\(many))", batchSize: 32,
      runs: zip([0.01, 3], ends).map(run))
  }

  static func slice(_ corners: [ExampleFacts], predicted: [Int] = [0, 0, 1, 1]) -> DoubtFacts.Slice
  {
    DoubtFacts.Slice(
      corners: corners, side: 2, range: [0, 1], predicted: predicted,
      confidence: [90, 40, 80, 100])
  }

  static func stranger(sure: Int, _ example: ExampleFacts) -> DoubtFacts.Stranger {
    DoubtFacts.Stranger(
      name: "Strangers", count: 40, confidence: [Int](repeating: 2, count: 20), sure: sure,
      examples: [example])
  }

  static func timeLapse(_ shape: [Int], _ many: Int) -> TimeLapseFacts {
    TimeLapseFacts(
      epochs: [0, 1, 2], weights: (0..<3).map { plane([4, shape[0], 3, 3], $0, signed: true) },
      layer: "relu1", maps: (0..<3).map { plane([4, shape[1], shape[2]], $0) },
      recall: (0..<3).map { epoch in
        (0..<many).map { 0.3 * Double(epoch) + 0.001 * Double($0) }
      }, isValidation: true)
  }

  static func experiments(accuracies: [Double] = [0.2, 0.96, 0.97]) -> CourseExperiments {
    CourseExperiments(
      dataset: "mnist",
      learningRates: zip([0.1, 0.01, 0.001], accuracies).map { rate, accuracy in
        var end = record(1, train: 1, validation: 1)
        end.validationAccuracy = accuracy
        return CourseExperiments.Run(
          specification: "flatten linear(128) relu linear(10)", learningRate: rate,
          history: [end], accuracy: accuracy - 0.001)
      },
      withoutActivations: CourseExperiments.Run(
        specification: "flatten linear(128) linear(10)", learningRate: 0.001, history: [],
        accuracy: 0.91))
  }

  private static func cases(_ examples: [ExampleFacts], _ shape: [Int]) -> CaseFacts {
    CaseFacts(
      methods: ["gradient", "lrp"].map { ExplanationFacts.Method(name: $0, summary: "a map") },
      areBlind: [false, true], layer: "relu1", searched: 300,
      cases: examples.enumerated().map { index, example in
        CaseFacts.Case(
          example: example, maps: [1, 2].map { plane(shape, $0, signed: true).rounded() },
          activations: [
            FeatureFacts.Activation(
              layer: "relu1", values: plane([3, shape[1], shape[2]]).rounded())
          ],
          neighbors: (0..<2).map {
            CaseFacts.Neighbor(label: 0, distance: Float($0), pixels: plane(shape, $0))
          },
          change: index == 0
            ? nil
            : CaseFacts.Change(
              adversarial: plane(shape, 8), predicted: 0, confidence: 0.6, l2: 1.5, linf: 0.3))
      })
  }

  static func record(_ epoch: Int, train: Double, validation: Double?) -> EpochRecord {
    EpochRecord(
      epoch: epoch, learningRate: 0.001, trainLoss: train, trainAccuracy: 0.9,
      validationLoss: validation, validationAccuracy: validation == nil ? nil : 0.88,
      gradientNorm: 1, deadUnits: ["relu1": 0],
      losses: [EpochRecord.LossSample(step: epoch * 10, loss: train)])
  }

  static func comparison(pValue: Double) -> ComparisonFacts {
    ComparisonFacts(
      name: "mlp", specification: "flatten linear(3)", isConvolutional: false, parameters: 200,
      errors: 9,
      accuracy: 0.78, interval: Interval(low: 0.6, high: 0.9), onlyStudiedRight: 5,
      onlyOtherRight: 2, pValue: pValue, history: [record(1, train: 1, validation: 1)],
      firstLayer: FirstLayer(
        weights: plane([2, 1, 8, 8], 1, signed: true), layer: "linear1", units: 3,
        areTemplates: true),
      robustness: points([0.8, 0.4, 0.1]), transfer: points([0.7, 0.6]))
  }

  static func plane(_ shape: [Int], _ seed: Int = 1, signed: Bool = false) -> Plane {
    let values = (0..<shape.reduce(1, *)).map { Float(($0 * 37 + seed * 11) % 101) / 100 }
    return Plane(shape: shape, values: signed ? values.map { $0 - 0.5 } : values)
  }

  private static func example(_ index: Int, _ from: Predictions, _ shape: [Int]) -> ExampleFacts {
    let many = from.classes
    return ExampleFacts(
      index: index, label: from.labels[index], predicted: from.predicted[index],
      probabilities: Array(from.probabilities[index * many..<(index + 1) * many]),
      pixels: plane(shape, index))
  }

  private static func model(_ classes: [String], _ shape: [Int], _ name: String) -> ModelFacts {
    func layer(
      _ input: Int, _ name: String, _ type: String, _ noun: String, _ role: ModelFacts.Role,
      _ shape: [Int], _ size: Int = 0, _ work: Int = 0
    ) -> ModelFacts.Layer {
      ModelFacts.Layer(
        name: name, type: type, noun: noun, role: role, inputs: [input], outputShape: shape,
        parameters: size, hasBias: size > 0, multiplications: work)
    }
    let maps = [4, shape[1], shape[2]]
    return ModelFacts(
      name: name, specification: "conv(4,3) relu flatten linear(\(classes.count))",
      inputShape: shape, classes: classes,
      layers: [
        layer(0, "conv1", "conv(4,3)", "convolution layer", .convolution, maps, 40, 2304),
        layer(1, "relu1", "relu", "rectifier", .rectifier, maps),
        layer(2, "flatten1", "flatten", "flattening", .reshape, [maps.reduce(1, *)]),
        layer(
          3, "linear1", "linear(\(classes.count))", "linear layer", .linear, [classes.count], 771,
          768),
      ], parameters: 811, seed: 1, run: RunConfiguration().resolved,
      sha256: String(repeating: "0123456789abcdef", count: 4))
  }

  private static func data(
    _ classes: [String], _ shape: [Int], _ name: String, _ example: ExampleFacts
  ) -> DataFacts {
    DataFacts(
      name: name, trainCount: 300, validationCount: 30, testCount: 42,
      classCounts: classes.indices.map { 100 + $0 },
      mean: [Float](repeating: 0.13, count: shape[0]),
      standardDeviation: [Float](repeating: 0.31, count: shape[0]),
      meanImages: classes.indices.map { plane(shape, $0) },
      samples: classes.indices.map { label in (0..<2).map { plane(shape, label * 2 + $0) } },
      histogram: [500] + [Int](repeating: 1, count: 255), example: example)
  }

  private static func quality(
    _ predictions: Predictions, _ classes: [String], _ wrong: [ExampleFacts]
  ) -> QualityFacts {
    QualityFacts(
      evaluation: EvaluationResult(predictions, classNames: classes),
      bands: Calibration.bands(predictions, edges: [0, 0.5, 0.7, 0.9, 0.99, 0.999, 1]),
      temperature: 1.2,
      squares: classes.indices.map { label in
        predictions.labels.indices.filter { predictions.labels[$0] == label }.map {
          QualityFacts.Square(probability: 0.95, isRight: predictions.isCorrect($0))
        }
      },
      cells: wrong.prefix(1).map {
        QualityFacts.Cell(
          actual: $0.label, predicted: $0.predicted, count: 3, images: [$0.index, 7],
          confidence: [0.9, 0.6],
          pixels: [$0.pixels, $0.pixels],
          lookAlikes: [
            QualityFacts.LookAlike(index: 11, distance: 0.5, pixels: plane($0.pixels.shape, 11))
          ])
      })
  }

  private static func features(_ shape: [Int], _ many: Int) -> FeatureFacts {
    FeatureFacts(
      weights: plane([4, shape[0], 3, 3], 1, signed: true),
      untrainedWeights: plane([4, shape[0], 3, 3], 2, signed: true), layer: "conv1", units: 4,
      areTemplates: false,
      activations: [
        FeatureFacts.Activation(layer: "relu1", values: plane([4, shape[1], shape[2]])),
        FeatureFacts.Activation(layer: "linear1", values: plane([many], 1, signed: true)),
      ], ideals: (0..<min(many, 10)).map { plane(shape, $0) },
      channels: FeatureFacts.ChannelFacts(
        layer: "relu1", areUnits: false, count: 4, dead: 1, duplicates: 2, effectiveRank: 2.5,
        images: 42,
        channels: (0..<2).map {
          channel($0, many, patches: [plane([shape[0], 3, 3]), plane([shape[0], 2, 3])], shape)
        }, all: (0..<4).map { channel($0, many, patches: [], shape) }))
  }

  private static func channel(
    _ index: Int, _ many: Int, patches: [Plane], _ shape: [Int]
  ) -> FeatureFacts.Channel {
    FeatureFacts.Channel(
      index: index, favorite: many - 1, selectivity: 0.5, patches: patches,
      classMeans: (1...many).map { Double($0) / Double(many) },
      ideal: plane([shape[0], 3, 3], index))
  }

  private static func live(_ shape: [Int], _ many: Int, _ examples: [ExampleFacts]) -> LiveFacts {
    let size = shape.reduce(1, *)
    return LiveFacts(
      inputShape: shape, mean: [Float](repeating: 0, count: shape[0]),
      standardDeviation: [Float](repeating: 1, count: shape[0]),
      layers: [
        LiveLayer(kind: "flatten", name: "flatten1", shape: [size]),
        LiveLayer(
          kind: "linear", name: "linear1", shape: [many], offset: 0, precision: "int8",
          factors: [Float](repeating: 0.01, count: many),
          bias: [Float](repeating: 0, count: many)),
      ], precision: "int8",
      weights: Data((0..<many * size).map { UInt8($0 % 100) }).base64EncodedString(),
      agreement: 0.999, count: 42, largestGap: 0.001, largestGapOfAll: 0.004, examples: examples,
      fragile: Array(examples.suffix(1)))
  }

  private static func explanations(_ rows: [ExampleFacts], _ shape: [Int]) -> ExplanationFacts {
    ExplanationFacts(
      methods: [
        ExplanationFacts.Method(name: "gradient", summary: "which pixel matters"),
        ExplanationFacts.Method(name: "integrated-gradients", summary: "what each pixel adds"),
      ],
      rows: rows.map { example in
        ExplanationFacts.Row(
          example: example, maps: [1, 2].map { plane(shape, $0, signed: true) },
          untrainedMaps: [3, 4].map { plane(shape, $0, signed: true) })
      }, convergenceDelta: 0.01, similarityToUntrained: [0.2, 0.6].map { Estimate([$0]) },
      similarityOverAllPixels: [0.3, 0.9].map { Estimate([$0]) },
      agreement: Agreement([[[1, 2, 3], [3, 1, 2]], [[1, 2, 3], [-1, -2, -4]]]),
      cards: ["gradient", "integrated-gradients", "random map"].enumerated().map { index, name in
        ExplanationFacts.Card(
          name: name, isControl: index == 2, deletion: Estimate([0.1, 0.2 * Double(index + 1)]),
          deletionCurve: [1, 0.5 + 0.1 * Double(index), 0.3, 0.2, 0.1],
          insertion: Estimate([0.9, 0.8]), failsSanityCheck: index == 0,
          similarityToUntrained: index == 2 ? nil : Estimate([0.3]))
      }, judged: 2, checked: 2)
  }

  private static func points(_ accuracies: [Double]) -> [RobustnessFacts.Point] {
    zip([0, 0.1, 0.2].suffix(accuracies.count), accuracies).map {
      RobustnessFacts.Point(
        epsilon: $0, accuracy: $1, interval: Interval(low: $1 * 0.9, high: min(1, $1 * 1.1)),
        accuracy8bit: $1)
    }
  }

  private static func robustness(
    _ example: ExampleFacts, _ shape: [Int], _ many: Int
  ) -> RobustnessFacts {
    func curve(_ method: RobustnessFacts.Method, _ accuracies: [Double]) -> RobustnessFacts.Curve {
      RobustnessFacts.Curve(method: method, points: points(accuracies))
    }
    return RobustnessFacts(
      count: 42,
      curves: [
        curve(.noise, [0.86, 0.85, 0.8]), curve(.fgsm, [0.86, 0.5, 0.2]),
        curve(.pgd, [0.86, 0.3, 0]),
      ],
      examples: [
        RobustnessFacts.Example(
          before: example, adversarial: plane(shape, 9), epsilon: 0.1,
          predicted: (example.label + 1) % many,
          probabilities: [Float](repeating: 1 / Float(many), count: many))
      ], smallest: [0, 0.1, 0.2, nil])
  }

  /// The templates of this package.
  static func templates() throws -> Templates {
    try Templates(folder: folder)
  }

  /// Where the templates of this package are.
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("templates")
    .path

  /// Runs something with a new folder that is removed afterwards.
  static func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("inkling-report-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try body(path)
  }
}
