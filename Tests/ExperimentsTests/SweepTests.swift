import Experiments
import Foundation
import TestSupport
import Testing
import Training

/// What a sweep tries.
@Suite struct SweepTests {
  private let toml = """
    model = "flatten {layers}*(linear({width}) relu) linear({classes})"
    dataset = "drawn"
    drawn_count = 300
    epochs = 9
    strategy = "halving"
    seeds = 2
    [parameters]
    layers = [1, 2]
    learning-rate = [0.1, 1e-3]
    width = [8, 16]
    """

  @Test func `TOML, JSON and what is written are the same sweep`() throws {
    let sweep = try Sweep(toml: toml)
    #expect(sweep.base.passes == 9 && sweep.base.drawnCount == 300 && sweep.seeds == 2)
    #expect(sweep.strategy == .halving && sweep.trials == nil)
    #expect(sweep.parameters.map(\.name) == ["layers", "learning-rate", "width"])
    #expect(try Sweep(json: sweep.json.utf8) == sweep)
    let json = """
      {"model": "flatten {layers}*(linear({width}) relu) linear({classes})", "dataset": "drawn",
       "drawn_count": 300, "epochs": 9, "strategy": "halving", "seeds": 2,
       "parameters": {"layers": [1, 2], "learning_rate": [0.1, 0.001], "width": [8, 16]}}
      """
    #expect(try Sweep(json: json.utf8) == sweep)
    let ranges = try Sweep(
      toml:
        "strategy = 'random'\ntrials = 7\n[parameters]\nweight-decay = {low = 0.0, high = 0.5}\n"
        + "learning-rate = {low = 1e-4, high = 0.1, log = true}")
    #expect(try Sweep(json: ranges.json.utf8) == ranges)
    #expect(
      ranges.parameters.map(\.domain) == [
        .range(low: 1e-4, high: 0.1, isLogarithmic: true),
        .range(low: 0, high: 0.5, isLogarithmic: false),
      ])
  }

  @Test(arguments: [
    ("[parameters]\nwidth = [1]", "no option of a run"),
    ("model = 'linear({width})'", "{width} stands in the network's text"),
    ("[parameters]\nlearning_rate = [0.1]\nlearning-rate = [0.2]", "learning-rate is given twice"),
    ("split_scheme = 'course'\nseeds = 2", "seeds must be 1"),
    (
      "seeds = 1000\nstrategy = 'random'\ntrials = 1000\n[parameters]\nbatch-size = [8]",
      "more than"
    ),
    ("[parameters]\nseed = [1, 2]", "seed is the same in all trials"),
    ("[parameters]\nepochs = [1, 2]", "epochs is the same"),
    ("[parameters]\nbatch-size = []", "empty"),
    ("[parameters]\nbatch-size = [8, 8]", "stands twice"),
    ("[parameters]\nbatch-size = 8", "batch-size must be a list of values, or low and high"),
    ("[parameters]\nbatch-size = {low = 8}", "batch-size must be a list"),
    ("[parameters]\nbatch-size = {low = 8, high = 4}", "low must be below high"),
    (
      "trials = 3\nstrategy = 'random'\n[parameters]\nlearning-rate = {low = 0.0, high = 1.0, log = true}",
      "above 0"
    ),
    (
      "[parameters]\nbatch-size = {low = 8, high = 16}", "a range, of which there is no every value"
    ),
    ("strategy = 'random'", "the number of trials"),
    ("trials = 3", "a grid has every one"),
    ("strategy = 'best'", "strategy must be one of grid, random, halving"),
    ("seeds = 0", "from 1 to 1,000"), ("seeds = 'two'", "seeds is of the wrong type"),
    ("epoch = 3", "there is no “epoch”"), ("epochs = = 3", "line 1, column"),
    ("epochs = 0", "epochs must be from 1"), ("validation = 0.0", "chooses by validation images"),
    ("[parameters]\nbatch-size = [0, 1]", "batch-size must be from 1"),
    ("[parameters]\noptimizer = ['adagrad']", "sgd, adam, adamw"),
  ])
  func `what is wrong in a file is named`(toml: String, words: String) {
    let error = #expect(throws: (any Error).self) {
      _ = try Sweep(toml: toml).configurations(classes: 10)
    }
    #expect("\(error.map { "\($0)" } ?? "")".contains(words), "\(error.map { "\($0)" } ?? "none")")
  }

  @Test func `the course's grid has every combination once`() throws {
    let course = Sweep.course
    let configurations = try course.configurations(classes: 10)
    #expect(configurations.count == 3 * 4 * 4 * 4 * 4 * 2)
    #expect(Set(configurations.flatMap(\.trials).map(\.id)).count == 1536)
    #expect(course.rungs == [1, 3, 9])
    let rungs = [1536, Sweep.survivors(of: 1536), Sweep.survivors(of: Sweep.survivors(of: 1536))]
    #expect(rungs == [1536, 512, 171])
    let run = try #require(
      configurations.first {
        $0.values.map(\.description) == ["64", "0.2", "2", "0.01", "sgd", "128"]
      }?.trials.first?.run)
    #expect(
      run.model
        == "flatten linear(128) relu dropout(0.2) linear(128) relu dropout(0.2) linear(10)")
    #expect(run.batchSize == 64 && run.peakRate == 0.01 && run.optimizer == .sgd && run.passes == 9)
  }

  @Test func `a trial is the same in every sweep that has it, and never twice in one`() throws {
    let wide = try Sweep(toml: toml).configurations(classes: 10)
    var narrow = try Sweep(toml: toml)
    narrow.parameters = narrow.parameters.filter { $0.name != "layers" }
    narrow.base.model = "flatten linear({width}) relu linear(10)"
    let ids = Set(wide.flatMap(\.trials).map(\.id))
    let own = try narrow.configurations(classes: 10).flatMap(\.trials).map(\.id)
    #expect(own.count == 8 && Set(own).isSubset(of: ids) && ids.count == 16)
    // The seeds of one configuration are trials of their own.
    #expect(wide.allSatisfy { $0.trials.map(\.run.seed) == [1, 2] })
    // Momentum decides nothing beside Adam.
    let momentum = try Sweep(
      toml: "[parameters]\noptimizer = ['sgd', 'adam']\nmomentum = [0.5, 0.9]")
    #expect(try momentum.configurations(classes: 10).count == 3)
    // The usual rate is the optimizer's own.
    #expect(
      Set(try momentum.configurations(classes: 10).map { $0.trials[0].run.peakRate }) == [
        0.05, 0.001,
      ])
  }

  @Test func `draws stay in their ranges, and are the same again`() throws {
    let text = """
      strategy = "random"
      trials = 60
      model = "flatten linear({width}) relu linear(10)"
      [parameters]
      width = { low = 8, high = 11 }
      learning-rate = { low = 1e-4, high = 0.1, log = true }
      optimizer = ["sgd", "adam"]
      """
    let sweep = try Sweep(toml: text)
    let drawn = try sweep.configurations(classes: 10)
    #expect(drawn.count == 60)
    #expect(try sweep.configurations(classes: 10) == drawn)
    let values = drawn.map(\.values)
    let widths = values.map(\.[2].description)
    #expect(Set(widths) == ["8", "9", "10", "11"])
    #expect(Set(values.map(\.[1].description)) == ["sgd", "adam"])
    let rates = drawn.map { $0.trials[0].run.peakRate }
    #expect(rates.allSatisfy { (1e-4...0.1).contains($0) })
    // Every power is as likely: about a third of the draws in each, 20 with a deviation of 3.7.
    for power in [1e-4, 1e-3, 1e-2] {
      let count = rates.count { $0 >= power && $0 < 10 * power }
      #expect((8...32).contains(count), "\(power): \(count)")
    }
    var other = sweep
    other.base.seed = 2
    #expect(try other.configurations(classes: 10).map(\.values) != values)
    // A space that is smaller than what is asked for is drawn whole.
    let small = try Sweep(
      toml: "strategy = 'random'\ntrials = 50\n[parameters]\nbatch-size = [8, 16]")
    #expect(try small.configurations(classes: 10).count == 2)
  }

  @Test func `every trial has the sweep's epochs, and placeholders may be any word`() throws {
    // Adversarial training would take ten epochs by itself.
    let sweep = try Sweep(
      toml: "model = 'flatten linear({w_1}) relu linear(10)'\n[parameters]\nw_1 = [4, 8]\n"
        + "adversarial = ['fgsm', 'pgd']")
    let configurations = try sweep.configurations(classes: 10)
    #expect(configurations.count == 4 && sweep.rungs == [5])
    #expect(configurations.allSatisfy { $0.trials[0].run.passes == 5 })
    #expect(configurations[0].trials[0].run.model.hasPrefix("flatten linear("))
  }

  @Test func `values of the command line are numbers, yes or no, or words`() {
    #expect(ParameterValue(words: "1e-4") == .number(1e-4))
    #expect(ParameterValue(words: "64").description == "64")
    #expect(ParameterValue(words: "yes") == .flag(true))
    #expect(ParameterValue(words: "inf") == .text("inf"))
    #expect(ParameterValue(words: "shift(2)") == .text("shift(2)"))
  }
}
