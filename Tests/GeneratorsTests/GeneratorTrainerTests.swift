import Datasets
import Engine
import Experiments
import Files
import Generators
import Networks
import TestSupport
import Testing
import Training

/// Pictures of 8 x 8 pixels and two classes, which differ in which half is bright.
func halves(_ count: Int, stream: UInt64) -> LabeledImages {
  let noise = hashed(count * 64, stream)
  let labels = (0..<count).map { $0 % 2 }
  let pixels = noise.indices.map { i -> UInt8 in
    let bright = (i % 64 < 32) == (labels[i / 64] == 0)
    return UInt8(noise[i] * 40 + (bright ? 210 : 0))
  }
  return LabeledImages(channels: 1, height: 8, width: 8, pixels: pixels, labels: labels)
}

/// A small run of each kind.
func smallRun(_ kind: GeneratorKind) -> RunConfiguration {
  var run = RunConfiguration()
  run.generator = kind
  (run.batchSize, run.epochs, run.learningRate, run.seed) = (32, 3, 0.01, 5)
  switch kind {
  case .vae:
    run.latents = 2
    run.model =
      "flatten linear(16) relu linear({2*latents}) concat( | sample linear(16) relu linear({pixels}))"
  case .flow:
    run.model = "conv(8,3) silu conv(8,3) silu conv({channels},3) flatten"
    (run.average, run.clipNorm) = (.ema, 1)
  case .gan:
    run.latents = 4
    run.model =
      "flatten linear(32,bias=no) unflatten(8,{height/4},{width/4}) norm relu upsample(4) conv({channels},3)"
      + " sigmoid flatten"
    run.critic = "conv(8,4,stride=2,padding=1) leaky-relu(0.2) dropout(0.2) flatten linear(1)"
    run.average = .ema
  }
  return run
}

func prepared(
  _ run: RunConfiguration, train: Int = 110, validation: Int = 30
) throws -> PreparedGenerator {
  let dataset = Dataset(
    name: "halves", classes: ["upper", "lower"], train: halves(train + validation, stream: 1),
    test: halves(20, stream: 2))
  let split = Split(
    dataset, scheme: .standard, validation: Double(validation) / Double(train + validation), seed: 1
  )
  return try PreparedGenerator(run, on: PreparedImages(for: run, of: dataset, split: split))
}

@Suite struct GeneratorTrainerTests {
  static let kinds = GeneratorKind.allCases

  @Test(arguments: [GeneratorKind.vae, .flow])
  func `training learns, and tells how`(kind: GeneratorKind) throws {
    var run = smallRun(kind)
    run.epochs = 12
    let trainer = GeneratorTrainer(try prepared(run), pool: WorkerPool(threads: 2))
    var (epochs, images): ([GeneratorEpoch], Int) = ([], 0)
    trainer.train { event in
      switch event {
      case .epoch(let record): epochs.append(record)
      case .progress(_, let seen, let losses):
        images = max(images, seen)
        #expect(losses.count == 1)
      }
    }
    #expect(trainer.isFinished && epochs.map(\.epoch) == Array(1...12) && images == 96)
    #expect(epochs == trainer.checkpoint.history)
    let (first, last) = (epochs[0], epochs[11])
    #expect(last.losses[0].value < 0.9 * first.losses[0].value)
    #expect(last.validation[0].value < first.validation[0].value)
    #expect(last.validation[0].error ?? 0 > 0 && last.validationCount == 30)
    #expect(last.samples.map(\.step) == Array(45...48))
    #expect(trainer.checkpoint.course.map(\.epoch) == Array(0...12))
    #expect(trainer.checkpoint.course[0] != trainer.checkpoint.course[12])
    if kind == .vae {
      #expect(last.validation.map(\.name) == ["bound", "reconstruction", "divergence"])
      #expect(
        abs(last.validation[0].value - last.validation[1].value - last.validation[2].value) < 1e-9)
    }
  }

  @Test(arguments: kinds, [1, 3, 4, 5, 9])
  func `a run that is stopped and resumed gives the same bits`(
    kind: GeneratorKind, steps: Int
  ) throws {
    let prepared = try prepared(smallRun(kind))
    let whole = GeneratorTrainer(prepared, pool: WorkerPool(threads: 1))
    whole.train()
    let first = GeneratorTrainer(prepared, pool: WorkerPool(threads: 2))
    var count = 0
    first.train(while: {
      count += 1
      return count < steps
    })
    #expect(!first.isFinished)
    let folder = try TemporaryFolder()
    let path = folder.file("run.resume.safetensors")
    try GeneratorResumeFile.write(first, of: prepared, to: path)
    let resumed = try GeneratorResumeFile.trainer(
      path, of: prepared, pool: WorkerPool(threads: 3))
    resumed.train()
    #expect(
      resumed.checkpoint.safeTensors().encoded() == whole.checkpoint.safeTensors().encoded())
  }

  @Test(arguments: kinds)
  func `resume files of other runs and damaged ones are refused`(kind: GeneratorKind) throws {
    let own = try prepared(smallRun(kind))
    let trainer = GeneratorTrainer(own, pool: WorkerPool(threads: 1))
    trainer.train(while: { false })
    let folder = try TemporaryFolder()
    let path = folder.file("a.resume.safetensors")
    try GeneratorResumeFile.write(trainer, of: own, to: path)
    func refusal(_ prepared: PreparedGenerator, _ path: String) throws -> String {
      try #require(
        throws: CheckpointFileError.self
      ) {
        _ = try GeneratorResumeFile.trainer(path, of: prepared, pool: WorkerPool(threads: 1))
      }.description
    }
    var other = smallRun(kind)
    other.learningRate = 0.02
    #expect(try refusal(prepared(other), path).contains("learning-rate"))
    #expect(try refusal(prepared(smallRun(kind), train: 100), path).contains("training images"))
    let bytes = try FileBytes.read(path)
    for length in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 40)) {
      let cut = try folder.write(bytes.prefix(length), "cut.safetensors")
      #expect(try refusal(own, cut).contains("cut.safetensors: "))
    }
    var file = try SafeTensors(bytes)
    file.metadata["position"] = file.metadata["position"]?.replacing(
      "\"step\":1", with: "\"step\":7")
    #expect(
      try refusal(own, folder.write(file.encoded(), "moved.safetensors")).contains("position"))
  }

  @Test(arguments: [0, 30])
  func `weights that overflow in an epoch's last step are a divergence`(validation: Int) throws {
    // One step an epoch: its loss is that of the weights before it.
    var run = smallRun(.vae)
    (run.learningRate, run.schedule, run.optimizer, run.momentum) = (1000, .constant, .sgd, 0)
    (run.batchSize, run.weightDecay, run.epochs) = (1000, 0.9, 40)
    let trainer = GeneratorTrainer(
      try prepared(run, validation: validation), pool: WorkerPool(threads: 2))
    trainer.train()
    #expect(trainer.hasDiverged && !trainer.isFinished)
    #expect(trainer.checkpoint.course.count == trainer.history.count + 1)
  }

  @Test func `without validation images training goes on, and measures none`() throws {
    let trainer = GeneratorTrainer(
      try prepared(smallRun(.flow), validation: 0), pool: WorkerPool(threads: 2))
    trainer.train()
    #expect(trainer.isFinished && trainer.history.allSatisfy { $0.validation.isEmpty })
  }

  @Test func `numbers that overflow are a divergence`() throws {
    var run = smallRun(.vae)
    (run.learningRate, run.schedule, run.optimizer, run.momentum) = (1000, .constant, .sgd, 0)
    let trainer = GeneratorTrainer(try prepared(run), pool: WorkerPool(threads: 2))
    trainer.train()
    #expect(trainer.hasDiverged && !trainer.isFinished)
  }

  @Test func `networks that do not fit are refused in a line`() throws {
    func refusal(_ change: (inout RunConfiguration) -> Void, _ kind: GeneratorKind) throws -> String
    {
      var run = smallRun(kind)
      change(&run)
      do {
        _ = try prepared(run)
        return "taken"
      } catch { return "\(error)" }
    }
    #expect(
      try refusal({ $0.model = "flatten linear(4) concat( | sample linear(60))" }, .vae)
        .contains("linear(4) concat( | sample linear(400) relu linear(64))"))
    #expect(try refusal({ $0.model = "flatten linear(64)" }, .vae).contains("2 latents"))
    #expect(try refusal({ $0.latents = 3 }, .vae) == "taken")
    #expect(try refusal({ $0.model = "conv(3,3) flatten" }, .flow).contains("192 numbers"))
    #expect(try refusal({ $0.model = "conv(1,3)" }, .flow).contains("list of numbers"))
    #expect(try refusal({ $0.model = "flatten linear(63)" }, .gan).contains("63 numbers"))
    #expect(try refusal({ $0.critic = nil }, .gan).contains("--preset gan"))
    #expect(try refusal({ $0.critic = "flatten linear(2)" }, .gan).contains("linear(1)"))
    #expect(try refusal({ $0.critic = "linear(1)" }, .gan).contains("linear"))
    #expect(try refusal({ $0.generator = nil }, .vae).contains("classifier"))
    #expect(
      try refusal({ $0.model = "conv(4,3) norm relu conv(1,3) flatten" }, .flow)
        .contains("groupnorm"))
  }
}
