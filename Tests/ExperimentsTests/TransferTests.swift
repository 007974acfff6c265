import Datasets
import Engine
import Experiments
import Networks
import TestSupport
import Testing
import Training

@Suite struct TransferTests {
  private let pool = WorkerPool(threads: 2)
  private let digits = DrawnDigits.dataset(count: 600, testCount: 100)

  private func split() -> Split { Split(digits, seed: 1) }

  private func images(_ run: RunConfiguration) -> PreparedImages {
    PreparedImages(for: run, of: digits, split: split())
  }

  private func run(_ change: (inout RunConfiguration) -> Void = { _ in }) -> RunConfiguration {
    var run = RunConfiguration()
    run.model = "conv(4,3) norm relu maxpool(4) flatten linear(8) relu linear(10)"
    run.epochs = 1
    change(&run)
    return run
  }

  private let origin = RunConfiguration.Origin(name: "source.safetensors", sha256: "ab")

  private func source() throws -> Checkpoint {
    let prepared = try PreparedRun(run { $0.seed = 8 }, on: images(run { $0.seed = 8 }))
    let trainer = prepared.trainer(pool: pool)
    trainer.run()
    return prepared.checkpoint(trainer.result, history: trainer.history)
  }

  private func trained(_ run: RunConfiguration, from source: Checkpoint?) throws -> Network {
    let trainer = try PreparedRun(run, on: images(run), from: source).trainer(pool: pool)
    trainer.run()
    #expect(!trainer.hasDiverged)
    return trainer.result
  }

  @Test(arguments: [WeightAverage?.none, .ema])
  func `frozen layers keep every bit, running statistics too, and the head learns`(
    average: WeightAverage?
  ) throws {
    let source = try source()
    let run = run {
      ($0.from, $0.freeze, $0.average) = (origin, [Architecture.allButHead], average)
    }
    let network = try trained(run, from: source)
    for tensor in network.tensors {
      let before = try #require(source.network.tensor(tensor.name))
      #expect((tensor == before) == !tensor.name.hasPrefix("linear2"), "\(tensor.name)")
    }
    #expect(network.tensor("norm1.running_mean") != nil)
    #expect(network.normalization == source.network.normalization)
  }

  @Test func `a run begins with its source, whose images are no new ones to it`() throws {
    let source = try source()
    let few = run { ($0.from, $0.examples) = (origin, 2) }
    let prepared = try PreparedRun(few, on: images(few), from: source)
    #expect(prepared.beginning == source.network && prepared.notes.isEmpty)
    let made = prepared.checkpoint(prepared.beginning, history: [])
    let split = split()
    #expect(
      (0..<split.train.count).allSatisfy {
        made.trainedOn?.contains(split.train.identity($0)) ?? false
      })
    // Without the file there is nothing to begin with.
    #expect(throws: RunRefusal.self) { try PreparedRun(few, on: images(few)) }
  }

  @Test(arguments: [
    (["conv1"], "conv1"), (["conv1"], "conv1.weight"), (["all-but-head"], "conv1.bias"),
    (["conv1.weight"], "conv1.weight"),
  ])
  func `what is frozen has no rate of its own`(frozen: [String], name: String) throws {
    let run = run {
      $0.model = "conv(4,3) relu flatten linear({classes})"
      ($0.freeze, $0.rateFactors) = (frozen, [name: 2])
    }
    let images = images(run)
    let error = #expect(throws: RunRefusal.self) { try PreparedRun(run, on: images) }
    #expect(error.map { "\($0)" }?.contains("\(name) is frozen and has a factor too") == true)
  }

  @Test func `only a convolution of the image can begin by the images' windows`() throws {
    for (text, isRefused) in [
      ("conv(4,3,init=whitening) relu flatten linear({classes})", false),
      ("conv(4,3) relu conv(4,3,init=whitening) relu flatten linear({classes})", true),
      ("flatten linear(8,init=whitening) relu linear({classes})", true),
    ] {
      let run = run { $0.model = text }
      let images = images(run)
      if isRefused {
        let error = #expect(throws: RunRefusal.self) { try PreparedRun(run, on: images) }
        #expect(error.map { "\($0)" }?.contains("init=whitening is for a convolution") == true)
      } else {
        let prepared = try PreparedRun(run, on: images)
        #expect(
          prepared.beginning
            == .untrained(
              prepared.architecture, on: images.split.train,
              normalization: prepared.beginning.normalization, seed: run.seed))
      }
    }
  }

  @Test func `other classes get a new head, even as many`() throws {
    var source = try source()
    source.classes = source.classes.map { "other \($0)" }
    let prepared = try PreparedRun(
      run { $0.from = origin }, on: images(run()), from: source)
    #expect(prepared.notes.count == 1 && prepared.notes[0].contains("linear2 begins anew"))
    #expect(prepared.beginning.tensor("conv1.weight") == source.network.tensor("conv1.weight"))
    #expect(prepared.beginning.tensor("linear2.weight") != source.network.tensor("linear2.weight"))
    let own = Network.untrained(
      prepared.architecture, normalization: .identity(channels: 1), seed: 1)
    #expect(prepared.beginning.tensor("linear2.bias") == own.tensor("linear2.bias"))
  }

  private func network(_ text: String, _ shape: (Int, Int, Int)) throws -> Network {
    try hashedNetwork(text, shape)
  }

  private func checkpoint(_ network: Network, _ classes: Int = 3) -> Checkpoint {
    Checkpoint(
      network: network, classes: (0..<classes).map(String.init), dataset: "", seed: 1)
  }

  @Test func `channels are summed or shared out, so that grey stays grey`() throws {
    let text = "conv(2,3) relu globalpool linear(3)"
    let colour = try network(text, (3, 8, 8))
    let names = ["0", "1", "2"]
    let grey = try TransferStart(
      from: checkpoint(colour), to: try network(text, (1, 6, 6)), classes: names)
    #expect(grey.notes.count == 1 && grey.notes[0].contains("summed"))
    // A grey picture and the same in three channels give the same answer, with the same normalisation.
    let pixels = hashed(36, 3)
    let both = try TransferStart(
      from: checkpoint(grey.network), to: try network(text, (3, 6, 6)), classes: names)
    #expect(both.notes[0].contains("shared out"))
    let (one, three) = (
      Executor(grey.network, pool: pool).logits(pixels),
      Executor(both.network, pool: pool).logits(pixels + pixels + pixels)
    )
    for (a, b) in try paired(one, three) { #expect(abs(a - b) < 1e-5) }
  }

  @Test(arguments: [
    (
      "conv(2,3) flatten linear(3)", (1, 8, 8), "conv(2,3) flatten linear(3)", (1, 6, 6),
      "globalpool"
    ),
    (
      "conv(2,3) flatten linear(3)", (1, 6, 6), "conv(4,3) flatten linear(3)", (1, 6, 6),
      "own network"
    ),
    ("flatten linear(3)", (1, 6, 6), "flatten linear(5) linear(3)", (1, 6, 6), "shape"),
  ])
  func `what cannot be taken over is refused with the reason`(
    text: String, shape: (Int, Int, Int), other: String, otherShape: (Int, Int, Int), words: String
  ) throws {
    do {
      _ = try TransferStart(
        from: checkpoint(try network(text, shape)), to: try network(other, otherShape),
        classes: ["0", "1", "2"])
      Issue.record("\(other) was made from \(text)")
    } catch { #expect("\(error)".contains(words), "\(error)") }
  }

  @Test func `layers further from the output learn more slowly`() throws {
    let source = try source()
    // With a decay of next to nothing only the head moves to speak of.
    let run = run { ($0.from, $0.layerDecay) = (origin, 1e-6) }
    let network = try trained(run, from: source)
    func moved(_ name: String) -> Float {
      zip(network.tensor(name)?.values ?? [], source.network.tensor(name)?.values ?? [])
        .map { abs($0 - $1) }.max() ?? -1
    }
    #expect(moved("linear2.weight") > 1e-3)
    #expect(moved("linear1.weight") < 1e-5 && moved("conv1.weight") < 1e-6)
    #expect(moved("conv1.weight") >= 0)
  }

  @Test func `examples are as many of each class as asked for, others for each seed`() {
    let split = split()
    let few = split.limited(perClass: 3, seed: 4)
    #expect(few.train.counts(classes: 10) == Array(repeating: 3, count: 10))
    #expect(few.validation == split.validation && few.test == split.test)
    #expect(few.train == split.limited(perClass: 3, seed: 4).train)
    #expect(few.train != split.limited(perClass: 3, seed: 5).train)
    #expect(split.limited(perClass: 100_000, seed: 4).train == split.train)
  }

  @Test func `a head alone is nothing to begin with, an adapted layer is`() throws {
    let text = "conv(2,3) relu globalpool linear(3)"
    let colour = checkpoint(try network(text, (3, 8, 8)))
    // Other channels and other classes: the convolution is taken over all the same.
    let start = try TransferStart(
      from: colour, to: try network(text, (1, 6, 6)), classes: ["a", "b", "c"])
    #expect(start.notes.count == 2)
    #expect(throws: RunRefusal.self) {
      try TransferStart(
        from: checkpoint(try network("flatten linear(3)", (1, 4, 4))),
        to: try network("flatten linear(3)", (1, 4, 4)), classes: ["a", "b", "c"])
    }
  }

  // MARK: Ensembles

  @Test func `members that are too many for a text are refused before any is trained`() throws {
    let many = run {
      $0.model =
        (0..<30).map { _ in "conv(2,3) relu" }.joined(separator: " ") + " flatten linear(10)"
      $0.ensemble = 40
    }
    #expect(throws: SpecificationError.self) {
      try PreparedEnsemble(many, on: images(many))
    }
  }

  @Test func `the members of an ensemble are the runs of its seeds on the same images`() throws {
    let run = run { ($0.ensemble, $0.seed) = (3, 5) }
    let images = images(run)
    let ensemble = try PreparedEnsemble(run, on: images)
    let networks = try ensemble.members.enumerated().map { place, member in
      #expect(member.run.seed == 5 + UInt64(place) && member.run.ensemble == nil)
      let trainer = member.trainer(pool: pool)
      trainer.run()
      let alone = try PreparedRun(
        self.run { $0.seed = 5 + UInt64(place) }, on: images
      ).trainer(pool: WorkerPool(threads: 1))
      alone.run()
      #expect(trainer.result == alone.result)
      return trainer.result
    }
    #expect(Set(networks.map { $0.tensors[0].values }).count == 3)
    let checkpoint = try ensemble.checkpoint(networks, history: [])
    #expect(checkpoint.network.members == networks && checkpoint.seed == 5)
    let read = try Checkpoint(SafeTensors(checkpoint.safeTensors().encoded()))
    #expect(read.network == checkpoint.network)
    // The run is that of a member, and says how many there are.
    let told = try #require(try read.configuration())
    #expect(told.ensemble == 3 && told.model == networks[0].architecture.specification.description)
    #expect(throws: RunRefusal.self) { try PreparedRun(run, on: images) }
  }

  // MARK: Learning rates

  @Test func `the range test rises until it breaks, and is never without a number`() throws {
    let prepared = try PreparedRun(run(), on: images(run()))
    let search = prepared.rateSearch(pool: pool, progress: { _ in }, while: { true })
    #expect(search.rates.count == search.losses.count && search.rates.count > 40)
    #expect((search.losses + search.smoothed).allSatisfy { $0.isFinite })
    #expect(zip(search.rates, search.rates.dropFirst()).allSatisfy { $0 < $1 })
    #expect(search.rates.first == 1e-7 && (search.rates.last ?? 11) <= 10.000001)
    let suggestion = try #require(search.suggestion)
    #expect(suggestion > 1e-5 && suggestion < 1 && search.rates.contains(suggestion))
    #expect(
      search
        == prepared.rateSearch(pool: WorkerPool(threads: 1), progress: { _ in }, while: { true }))
    // It stops where the loss is four times its lowest.
    let lowest = try #require(search.smoothed.min())
    #expect(
      search.smoothed.dropLast().allSatisfy { $0 <= 4 * lowest + 1e-9 } || search.rates.count == 100
    )
  }

  @Test func `the suggestion lies halfway down the longest descent`() {
    let rates = (0..<20).map(Double.init)
    // Flat, then nine steps down, then up.
    let losses = [2, 2, 2, 2.0] + (1...11).map { 2 - 0.1 * Double($0) } + [3, 4, 5, 6, 7]
    let found = RateSearch.suggestion(rates, losses)
    #expect(found == rates[9] || found == rates[8])
    #expect(RateSearch.suggestion(rates, rates) == nil)
    #expect(RateSearch.suggestion([], []) == nil)
  }

  // MARK: The study

  @Test func `a study trains each way with the same examples, and says what came of it`() throws {
    let checkpoint = try source()
    let study = TransferStudy(
      [TransferStudy.Source(name: "source", origin: origin, checkpoint: checkpoint)],
      on: digits, split: split(), base: run { $0.epochs = 2 }, counts: [2, 5, 100_000],
      draws: (2, 1))
    // More examples than there are would be all of them.
    #expect(study.counts == [2, 5])
    let tasks = study.tasks
    #expect(tasks.count == 3 * (2 * 2 + 1) && study.leftOut == [100_000])
    #expect(try Set(tasks.map(study.key)).count == tasks.count)
    var outcomes: [TransferStudy.Task: TransferStudy.Outcome] = [:]
    for task in tasks { outcomes[task] = try study.outcome(of: task, pool: pool) { true } }
    #expect(outcomes.values.allSatisfy { $0.accuracy != nil } && outcomes.count == tasks.count)
    let first = tasks[0]
    #expect(try study.outcome(of: first, pool: pool) { false } == nil)
    let prepared = try study.prepared(first)
    #expect(prepared.images.split.validation.count == 0 && prepared.images.split.train.count == 20)
    let untouched = try #require(study.untouched(0, pool: pool))
    let results = study.results(outcomes, untouched: [untouched])
    #expect(results.series.map(\.way) == [.scratch, .frozen, .fineTuned])
    for series in results.series {
      #expect(series.points.map(\.examples) == [2, 5, nil])
      #expect(series.points.map(\.accuracies.count) == [2, 2, 1])
      #expect(series.points[2].interval == nil && series.points[0].interval != nil)
    }
    // The source learned from these very images.
    #expect(results.sources[0].known == split().train.count)
    #expect(results.series[0].source == nil && results.series[1].source == "source")
  }
}
