import Datasets
import Engine
import Files
import Networks
import TestSupport
import Testing
import Training

private func images(_ count: Int, stream: UInt64) -> LabeledImages {
  // Two classes that differ in which half is bright.
  let noise = hashed(count * 36, stream)
  let labels = (0..<count).map { $0 % 2 }
  let pixels = noise.indices.map { i -> UInt8 in
    let bright = (i % 36 < 18) == (labels[i / 36] == 0)
    return UInt8(noise[i] * 100 + (bright ? 80 : 0))
  }
  return LabeledImages(channels: 1, height: 6, width: 6, pixels: pixels, labels: labels)
}

@Suite struct TrainerTests {
  private let train = images(150, stream: 1)
  private let validation = images(40, stream: 2)
  private let text = "conv(4,3) norm relu maxpool(2) flatten dropout(0.2) linear(8) relu linear(2)"

  private func trainer(
    _ configuration: TrainingConfiguration, threads: Int = 2
  ) throws -> Trainer {
    Trainer(
      try hashedNetwork(text, (1, 6, 6)), train: train, validation: validation,
      configuration: configuration, pool: WorkerPool(threads: threads))
  }

  @Test(arguments: LearningRateSchedule.allCases)
  func `training learns, and tells how`(schedule: LearningRateSchedule) throws {
    let trainer = try trainer(
      TrainingConfiguration(epochs: 6, batchSize: 16, learningRate: 0.01, schedule: schedule))
    var records: [EpochRecord] = []
    var images = 0
    trainer.run { event in
      switch event {
      case .epoch(let record): records.append(record)
      case .progress(let progress): images = max(images, progress.images)
      }
    }
    #expect(trainer.isFinished && records.map(\.epoch) == Array(1...6))
    #expect(records[5].trainLoss < records[0].trainLoss)
    #expect((records[5].validationAccuracy ?? 0) > 0.9)
    #expect(records[0].losses.last?.step == 10 && images == 144)
    // Measured in the middle of each epoch: a network between those at its ends.
    let halves = records.compactMap(\.halfEpoch)
    #expect(halves.count == 6 && halves.allSatisfy { $0.validationLoss != nil })
    #expect(halves[0].evaluatedTrainLoss > records[0].evaluatedTrainLoss ?? .infinity)
    #expect(
      records.allSatisfy { $0.gradientNorm > 0 && Set($0.deadUnits.keys) == ["relu1", "relu2"] })
  }

  @Test(arguments: [150, 16])
  func `numbers that overflow in the last step before a look are a divergence`(batch: Int) throws {
    // Each step makes the weights some hundred times as large; the losses stay numbers for long.
    let trainer = Trainer(
      try hashedNetwork("flatten linear(2)", (1, 6, 6)), train: train, validation: validation,
      configuration: TrainingConfiguration(
        epochs: 40, batchSize: batch, optimizer: .sgd(momentum: 0, weightDecay: 0.9),
        learningRate: 1000, schedule: .constant), pool: WorkerPool(threads: 2))
    var looks = 0
    trainer.run { event in if case .epoch = event { looks += 1 } }
    #expect(trainer.hasDiverged && !trainer.isFinished && trainer.history.count == looks)
    for record in trainer.history {
      #expect(
        record.evaluatedTrainLoss?.isFinite == true && record.validationLoss?.isFinite == true)
      #expect(record.halfEpoch.map { $0.evaluatedTrainLoss.isFinite } ?? true)
    }
  }

  /// A run from end to end, and the same stopped after some steps and gone on with from its resume file.
  private func stopped(
    _ run: RunConfiguration, _ configuration: TrainingConfiguration, after steps: Int
  ) throws -> (whole: Trainer, resumed: Trainer) {
    let whole = try trainer(configuration, threads: 1)
    whole.run()
    let first = try trainer(configuration)
    var count = 0
    first.run(while: {
      count += 1
      return count < steps
    })
    let folder = try TemporaryFolder()
    let path = folder.file("run.resume.safetensors")
    try ResumeFile(run: run, images: 150, state: first.currentState).write(to: path)
    let file = try ResumeFile.read(
      path, network: try hashedNetwork(text, (1, 6, 6)), run: run, images: 150)
    let resumed = Trainer(
      file.state, train: train, validation: validation, configuration: configuration,
      pool: WorkerPool(threads: 3))
    resumed.run()
    return (whole, resumed)
  }

  @Test(arguments: [1, 4, 5, 7, 10, 13, 29])
  func `a run that is stopped and resumed gives the same bits`(steps: Int) throws {
    var run = RunConfiguration()
    run.model = text
    let (whole, second) = try stopped(
      run,
      TrainingConfiguration(
        epochs: 3, batchSize: 16, learningRate: 0.01, patience: 2, seed: 5), after: steps)
    #expect(second.result == whole.result)
    #expect(second.currentState.history == whole.currentState.history)
    #expect(second.currentState.moments.second == whole.currentState.moments.second)
  }

  @Test(arguments: WeightAverage.allCases, [3, 12, 27])
  func `averaged and looking ahead, a resumed run gives the same bits`(
    average: WeightAverage, steps: Int
  ) throws {
    var run = RunConfiguration()
    run.model = text
    (run.epochs, run.batchSize, run.learningRate, run.seed) = (4, 16, 0.01, 5)
    (run.average, run.lookahead, run.clipNorm, run.labelSmoothing) = (average, true, 1, 0.1)
    run.rateFactors = ["conv1": 0.5]
    try run.check()
    let (whole, second) = try stopped(run, run.training, after: steps)
    #expect(second.result == whole.result)
    #expect(second.currentState.history == whole.currentState.history)
    #expect(second.currentState.slowWeights == whole.currentState.slowWeights)
    // What is kept is the average: another network than the last, and it reads the images.
    #expect(whole.result != whole.currentState.network)
    #expect((whole.currentState.history.last?.validationAccuracy ?? 0) > 0.75)
  }

  @Test func `an autoencoder trains, and resumes to the same bits`() throws {
    let text = "flatten linear(6) relu linear(36)"
    let configuration = TrainingConfiguration(
      epochs: 20, batchSize: 16, learningRate: 0.01, lesson: .pixels, seed: 5)
    func trainer(_ state: TrainingState? = nil, threads: Int = 2) throws -> Trainer {
      let pool = WorkerPool(threads: threads)
      if let state {
        return Trainer(
          state, train: train, validation: validation, configuration: configuration, pool: pool)
      }
      return Trainer(
        try hashedNetwork(text, (1, 6, 6)), train: train, validation: validation,
        configuration: configuration, pool: pool)
    }
    let whole = try trainer(threads: 1)
    whole.run()
    let history = whole.currentState.history
    let (start, end) = (
      try #require(history.first?.validationLoss), try #require(history.last?.validationLoss)
    )
    // Two kinds of images with noise of variance 100²/12 on a scale of 255: six numbers tell the kind, not the noise.
    #expect(start > 0.05 && end < 0.025, "\(start) \(end)")
    #expect(history.allSatisfy { $0.trainAccuracy == nil && $0.validationAccuracy == nil })
    let first = try trainer()
    var steps = 0
    first.run(while: {
      steps += 1
      return steps < 33
    })
    let second = try trainer(first.currentState, threads: 3)
    second.run()
    #expect(second.result == whole.result && second.currentState.history == history)
  }

  @Test func `a resume file of another run, or damaged, is refused`() throws {
    let trainer = try trainer(TrainingConfiguration(epochs: 1, batchSize: 50))
    let folder = try TemporaryFolder()
    let path = folder.file("x.resume.safetensors")
    let network = try hashedNetwork(text, (1, 6, 6))
    let run = RunConfiguration()
    var other = run
    other.seed = 2
    try ResumeFile(run: run, images: 150, state: trainer.currentState).write(to: path)
    let error = try #require(throws: CheckpointFileError.self) {
      try ResumeFile.read(path, network: network, run: other, images: 150)
    }
    #expect("\(error)".contains("seed 1, not 2"))
    let fewer = try #require(throws: CheckpointFileError.self) {
      try ResumeFile.read(path, network: network, run: run, images: 149)
    }
    #expect("\(fewer)".contains("training images 150, not 149"))
    let small = try hashedNetwork("flatten linear(2)", (1, 6, 6))
    #expect(throws: CheckpointFileError.self) {
      try ResumeFile.read(path, network: small, run: run, images: 150)
    }
    var far = trainer.currentState
    far.epoch.steps = 100_000
    try ResumeFile(run: run, images: 150, state: far).write(to: folder.file("far"))
    #expect(throws: CheckpointFileError.self) {
      try ResumeFile.read(folder.file("far"), network: network, run: run, images: 150)
    }
    far.step = 100_000
    #expect(
      !Trainer(
        far, train: train, validation: validation, configuration: TrainingConfiguration(),
        pool: WorkerPool(threads: 1)
      ).isConsistent)
    let bytes = try FileBytes.read(path)
    try folder.write(bytes.dropLast(5), "cut")
    #expect(throws: CheckpointFileError.self) {
      try ResumeFile.read(folder.file("cut"), network: network, run: run, images: 150)
    }
  }

  @Test func `early stopping keeps the best epoch and ends`() throws {
    // A rate so large that the loss soon rises.
    let trainer = try trainer(
      TrainingConfiguration(
        epochs: 40, batchSize: 16, optimizer: .sgd(momentum: 0.9, weightDecay: 0),
        learningRate: 0.5, schedule: .constant, patience: 2))
    trainer.run()
    let state = trainer.currentState
    let best = try #require(state.bestEpoch)
    #expect(state.history.count < 40 && state.history.count - 1 - best == 2)
    #expect(trainer.result == state.best && trainer.result != state.network)
  }

  @Test func `without validation images there is no validation loss`() throws {
    let trainer = Trainer(
      try hashedNetwork(text, (1, 6, 6)), train: train, validation: images(0, stream: 3),
      configuration: TrainingConfiguration(epochs: 1, batchSize: 200), pool: WorkerPool(threads: 1))
    trainer.run()
    #expect(trainer.currentState.history[0].validationLoss == nil)
  }

  @Test func `schedules start and end where they should`() {
    func rates(_ schedule: LearningRateSchedule) -> [Double] {
      (0..<100).map { schedule.rate(step: $0, of: 100, peak: 1) }
    }
    #expect(rates(.constant).allSatisfy { $0 == 1 })
    #expect(
      Set(rates(.step)) == [1, 0.1, 0.01] && rates(.step)[49] == 1 && rates(.step)[50] == 0.1)
    #expect(rates(.cosine)[0] == 1 && abs(rates(.cosine)[50] - 0.5) < 1e-12)
    // torch.optim.lr_scheduler.OneCycleLR(max_lr=1, total_steps=100): first, peak, last.
    let cycle = rates(.oneCycle)
    #expect(abs(cycle[0] - 0.04) < 1e-12 && cycle[29] == 1 && abs(cycle[99] - 4e-6) < 1e-12)
    #expect(cycle[..<30] == cycle[..<30].sorted()[...] && cycle.max() == 1)
    // numpy.interp(step / 100, [0, 0.23, 1], [0.2, 1, 0.07])
    let line = rates(.linear)
    #expect(abs(line[0] - 0.2) < 1e-12 && line[23] == 1 && line.max() == 1)
    #expect(abs(line[10] - 0.547_826_086_956_521_7) < 1e-12)
    #expect(abs(line[60] - 0.553_116_883_116_883_1) < 1e-12)
    for schedule in LearningRateSchedule.allCases {
      #expect(schedule.rate(step: 0, of: 1, peak: 1).isFinite)
    }
  }
}
