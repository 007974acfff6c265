import Datasets
import Engine
import Foundation
import Networks
import Study
import TestSupport
import Testing
import Training

@testable import Report

/// The arithmetic of the network that trains in the page, run in a headless Chromium beside the engine.
@Suite(.serialized) struct TrainHereTests {
  private static let images = 12
  private static let shape = (1, 5, 6)
  private static let normalization = Normalization(mean: [0.2], standardDeviation: [0.4])

  /// Runs an expression beside the page's programs.
  private func evaluate<Value: Decodable>(_ script: String, as type: Value.Type) throws -> Value {
    try Fixture.withFolder { folder in
      let html = """
        <!doctype html><title>train</title><script>\(try Fixture.templates().trainScript);
        Object.assign(window, { InklingDice, InklingLearner, InklingCourse, InklingVerdict });</script>
        """
      try html.write(toFile: "\(folder)/index.html", atomically: true, encoding: .utf8)
      return try Browser().open("\(folder)/index.html").read(script, as: type)
    }
  }

  private func json(_ value: some Encodable) throws -> String {
    String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
  }

  /// A mini-batch: bytes, and what the network reads of them.
  private var batch: (images: LabeledImages, values: [[Float]]) {
    let size = Self.shape.1 * Self.shape.2
    let bytes = hashed(Self.images * size, 7).map { UInt8($0 * 255) }
    let images = LabeledImages(
      channels: 1, height: Self.shape.1, width: Self.shape.2, pixels: bytes,
      labels: (0..<Self.images).map { $0 % 4 })
    let values = (0..<Self.images).map { index in
      images.floats([index]).map { ($0 - 0.2) / 0.4 }
    }
    return (images, values)
  }

  // MARK: Beside the engine

  private struct Learned: Decodable {
    let losses: [Double]
    let gradient: [[Double]]
    let tensors: [[Double]]
  }

  @Test(
    arguments: [
      ("flatten linear(9) relu linear(4)", 9, "relu"),
      ("flatten linear(9) tanh linear(4)", 9, "tanh"),
      ("flatten linear(9) linear(4)", 9, "none"), ("flatten linear(4)", 0, "none"),
    ], ["sgd", "adam"])
  func `loss, gradient and steps are the engine's`(
    network: (text: String, hidden: Int, activation: String), optimizer: String
  ) throws {
    let start = try hashedNetwork(network.text, Self.shape, normalization: Self.normalization)
    let (images, values) = batch
    let rate = optimizer == "adam" ? 0.01 : 0.05
    let found = try evaluate(
      """
      (() => {
        const learner = new InklingLearner({ inputs: 30, hidden: \(network.hidden), classes: 4, activation: "\(network.activation)" });
        const start = \(try json(start.tensors.map(\.values)));
        learner.tensors.forEach((tensor, i) => tensor.set(start[i]));
        const images = \(try json(values)).map((x) => Float32Array.from(x)), labels = \(try json(images.labels));
        const losses = [];
        let gradient = null;
        for (let step = 0; step < 6; step++) {
          losses.push(images.reduce((sum, x, i) => sum + learner.accumulate(x, labels[i], 1 / images.length), 0) / images.length);
          gradient ??= learner.gradients.map((x) => Array.from(x));
          learner.step("\(optimizer)", \(rate));
        }
        return { losses, gradient, tensors: learner.tensors.map((x) => Array.from(x)) };
      })()
      """, as: Learned.self)
    let pool = WorkerPool(threads: 2)
    // The sample is the whole mini-batch in its order.
    let gradient = SampleGradient(of: images, count: images.count, seed: 1)
      .tensors(of: start, pool: pool)
    let executor = TrainingExecutor(start, batchSize: images.count, seed: 1, pool: pool)
    let kind: Optimizer =
      optimizer == "adam" ? .adam(weightDecay: 0) : .sgd(momentum: 0.9, weightDecay: 0)
    for step in 0..<6 {
      let result = executor.step(
        labels: images.labels, number: step,
        update: kind.update(learningRate: rate, step: step + 1)
      ) { image, pixels in images.copyFloats(image, to: &pixels) }
      #expect(abs(found.losses[step] - result.loss / Double(images.count)) < 1e-4)
    }
    for (name, right) in [(found.gradient, gradient), (found.tensors, executor.network.tensors)] {
      for (values, tensor) in try paired(name, right) {
        for (value, exact) in try paired(values, tensor.values) {
          #expect(abs(value - Double(exact)) < 2e-4, "\(tensor.name)")
        }
      }
    }
  }

  @Test func `weights begin as Inkling draws them`() throws {
    struct Spread: Decodable {
      let largest: [Double]
      let mean: [Double]
    }
    let found = try evaluate(
      """
      (() => {
        const { tensors } = new InklingLearner({ inputs: 400, hidden: 64, classes: 100, seed: 3 });
        const same = new InklingLearner({ inputs: 400, hidden: 64, classes: 100, seed: 3 }).tensors;
        if (tensors.some((x, i) => x.some((value, k) => value !== same[i][k]))) throw new Error("not by the seed alone");
        return {
          largest: tensors.map((x) => x.reduce((a, b) => Math.max(a, Math.abs(b)), 0)),
          mean: tensors.map((x) => x.reduce((a, b) => a + b, 0) / x.length),
        };
      })()
      """, as: Spread.self)
    let network = Network.untrained(
      try Architecture(
        Specification(text: "flatten linear(64) relu linear(100)"),
        inputShape: ImageShape(channels: 1, height: 20, width: 20)),
      normalization: Self.normalization, seed: 3)
    for (index, tensor) in network.tensors.enumerated() {
      let largest = Double(tensor.values.map(abs).max() ?? 0)
      #expect(abs(found.largest[index] / largest - 1) < 0.06, "\(tensor.name)")
      // Six standard errors of the mean of numbers drawn evenly up to the largest.
      #expect(
        abs(found.mean[index]) < 6 * largest / (3 * Double(tensor.values.count)).squareRoot())
    }
  }

  @Test(arguments: [("relu", 0.0), ("tanh", 0), ("none", 0), ("relu", 0.4), ("tanh", 0.4)])
  func `the gradient is that of finite differences`(activation: String, dropout: Double) throws {
    let worst = try evaluate(
      """
      (() => {
        const learner = new InklingLearner({ inputs: 12, hidden: 7, classes: 3, activation: "\(activation)", seed: 5 });
        const dice = new InklingDice(8), images = Array.from({ length: 6 }, () => Float32Array.from({ length: 12 }, () => 2 * dice.next() - 1));
        const losses = () => {
          // The same units are off each time.
          learner.dice = new InklingDice(9);
          return images.reduce((sum, x, i) => sum + learner.accumulate(x, i % 3, 1 / 6, \(dropout)), 0) / 6;
        };
        losses();
        const gradients = learner.gradients.map((x) => Array.from(x)), size = 2e-3;
        let worst = 0;
        learner.tensors.forEach((tensor, t) => tensor.forEach((value, i) => {
          tensor[i] = value + size;
          const [up, above] = [losses(), tensor[i]];
          tensor[i] = value - size;
          const [down, below] = [losses(), tensor[i]];
          tensor[i] = value;
          const slope = (up - down) / (above - below);
          worst = Math.max(worst, Math.abs(slope - gradients[t][i]) - 0.02 * Math.abs(slope));
        }));
        return worst;
      })()
      """, as: Double.self)
    // A float has seven digits: differences over 0.004 have four.
    #expect(worst < 5e-4)
  }

  @Test func `dropout keeps the sum of what is left on`() throws {
    let means = try evaluate(
      """
      (() => {
        const learner = new InklingLearner({ inputs: 4, hidden: 20, classes: 2, activation: "none", seed: 2 });
        const image = Float32Array.of(1, -1, 2, 0.5), exact = Array.from(learner.scores(image));
        const sums = [0, 0];
        for (let i = 0; i < 20000; i++) learner.scores(image, 0.3).forEach((x, k) => { sums[k] += x / 20000; });
        return [...exact, ...sums];
      })()
      """, as: [Double].self)
    #expect(abs(means[0] - means[2]) < 0.02 && abs(means[1] - means[3]) < 0.02)
  }

  // MARK: Words

  private struct Verdict: Decodable {
    let kind: String
    let words: String
  }

  /// What is said of a course that began at a loss, had its best validation and ended; `[step, train, validation]` each.
  private func verdicts(_ cases: [String]) throws -> [Verdict] {
    try evaluate(
      """
      [\(cases.joined(separator: ","))].map(({ points, ...more }) => {
        const measured = points.map(([step, train, validation, trainRight = 0.5, validationRight = 0.5]) =>
          ({ step, train, validation, trainRight, validationRight }));
        const course = Object.assign(Object.create(InklingCourse.prototype), { points: [], best: null, highest: 0 });
        measured.forEach((point) => course.add(point));
        const settings = { rate: 0.01, optimizer: "sgd", hidden: 32, activation: "relu", ...more.settings };
        return InklingVerdict.of({ count: 1000, classes: 10, silent: 0, ...course, ...more, settings });
      })
      """, as: [Verdict].self)
  }

  @Test func `the sentence names what happened, and only that`() throws {
    let cases: [(course: String, kind: String, words: [String])] = [
      ("{ points: [] }", "start", ["10 equally frequent classes", "2.3"]),
      ("{ points: [[0, 2.4, 2.4]] }", "start", []),
      ("{ points: [[0, 2.4, 2.4], [50, 1, 1.1]] }", "learning", ["It learns", "2.4", "1.1"]),
      // Overfitting: validation well above its best while training goes on falling.
      (
        "{ points: [[0, 2.4, 2.4], [50, 0.5, 0.8], [900, 0.01, 1.3]] }", "overfitting",
        ["after 50 steps", "was 0.80,", "is 1.3", "0.50 to 0.010", "1,000"]
      ),
      (
        "{ points: [[0, 2.4, 2.4], [50, 0.5, 3]], count: 20 }", "overfitting",
        ["at the start", "20 images"]
      ),
      // After a spike of the first steps, too.
      (
        "{ points: [[0, 2.3, 2.3], [1, 3.2, 3.2], [30, 0.5, 1.5], [900, 0.001, 4.8]] }",
        "overfitting",
        ["after 30 steps", "1.5", "4.8"]
      ),
      ("{ points: [[0, 2.4, 2.4], [50, 0.5, 0.8], [900, 0.3, 0.85]] }", "learning", []),
      // Both rose: that is no overfitting.
      ("{ points: [[0, 2.4, 2.4], [50, 0.5, 0.8], [60, 0.9, 1.4]] }", "learning", []),
      // By heart, without the validation loss having risen.
      (
        "{ points: [[0, 2.4, 2.4], [50, 0.01, 0.8, 1, 0.62]] }", "heart", ["62%"]
      ),
      ("{ points: [[0, 2.4, 2.4], [50, 0.01, 0.2, 1, 0.95]] }", "learning", []),
      // Too high: no number, above the start, or back from above.
      (
        "{ points: [[0, 2.4, 2.4], [3, NaN, NaN]], settings: { rate: 3 } }", "high",
        ["no longer a number", "rate of 3 is too high"]
      ),
      (
        "{ points: [[0, 2.4, 2.4], [3, 40, 41]], settings: { rate: 3 } }", "high",
        ["2.4 and is 40", "too high"]
      ),
      (
        "{ points: [[0, 2.4, 2.4], [3, 40, 41], [300, 2.3, 2.3]], settings: { rate: 3 } }", "high",
        ["rose to 40", "is 2.3"]
      ),
      ("{ points: [[0, 2.4, 2.4], [3, 40, 41], [300, 0.5, 0.6]] }", "learning", []),
      ("{ points: [[0, 2.4, 2.4], [1, 2.6, 2.6]] }", "learning", ["Under way"]),
      // Too low: hardly moved, at a rate below the usual one.
      (
        "{ points: [[0, 2.4, 2.4], [200, 2.35, 2.36]], settings: { rate: 0.0001 } }", "low",
        ["Hardly moved", "0.0001 is too low"]
      ),
      ("{ points: [[0, 2.4, 2.4], [20, 2.39, 2.4]], settings: { rate: 0.0001 } }", "learning", []),
      (
        "{ points: [[0, 2.4, 2.4], [200, 2.35, 2.36]], settings: { rate: 0.3 } }", "nothing",
        ["lower rate"]
      ),
      ("{ points: [[0, 2.4, 2.4], [200, 2.35, 2.36]] }", "nothing", ["another setting"]),
      // Dead: every unit silent; not so where units cannot be.
      ("{ points: [[0, 2.4, 2.4], [9, 2.4, 2.4]], silent: 32 }", "dead", ["all 32 hidden units"]),
      (
        "{ points: [[0, 2.4, 2.4], [2, 90, 90], [9, 2.4, 2.4]], silent: 32, settings: { rate: 10 } }",
        "dead", ["rate of 10 is too high"]
      ),
      ("{ points: [[0, 2.4, 2.4], [9, 1.4, 1.4]], silent: 31 }", "learning", []),
      (
        "{ points: [[0, 2.4, 2.4], [9, 1.4, 1.4]], silent: 0, settings: { hidden: 0 } }",
        "learning", []
      ),
    ]
    let found = try verdicts(cases.map(\.course))
    for (verdict, expected) in try paired(found, cases) {
      #expect(verdict.kind == expected.kind, "\(expected.course): \(verdict.words)")
      for words in expected.words {
        #expect(verdict.words.contains(words), "\(words) is not in: \(verdict.words)")
      }
      let isBlamed = expected.words.contains { $0.contains("too high") }
      #expect(verdict.words.contains("too high") == (verdict.kind == "high" || isBlamed))
    }
  }

  @Test func `shares and losses are written as they are`() throws {
    let words = try evaluate(
      """
      [...[1, 0.9996, 0.995, 0.62, 0.004, 0.0004, 0].map(InklingVerdict.share),
        ...[NaN, 0, 2.345, 2, 46.2, 0.0123, 0.00012, 1234567, 1234].map(InklingVerdict.nats)]
      """, as: [String].self)
    #expect(
      words == [
        "100%", "99.9%", "99.5%", "62%", "0.4%", "<0.1%", "0%", "no number", "<0.001", "2.3",
        "2.0", "46", "0.012", "<0.001", "1.2 × 10⁶", "1,200",
      ])
  }
}
