import ArgumentParser
import Datasets
import Networks
import TestSupport
import Testing
import Training

@testable import inkling

/// What the command line makes of words, without running anything.
@Suite struct ParsingTests {
  private func run(_ options: String...) throws -> RunConfiguration {
    let command = try Inkling.parseAsRoot(["train", "--output", "a.safetensors"] + options)
    return try #require(command as? TrainCommand).configuration()
  }

  @Test func `options of train become the run's fields`() throws {
    #expect(try run() == RunConfiguration())
    let run = try run(
      "--model", "cnn", "--epochs", "3", "--batch-size", "32", "--training-images", "500",
      "--augment", "digits", "--optimizer", "sgd", "--nesterov", "--learning-rate", "0.1",
      "--momentum", "0.8", "--weight-decay", "0.0005", "--label-smoothing", "0.1",
      "--clip-norm", "2", "--lookahead", "--average", "ema", "--freeze", "conv1,norm1",
      "--rate-factors", "conv2=0.1,linear2=2", "--decay-factors", "conv2.bias=0", "--schedule",
      "one-cycle", "--early-stopping", "4",
      "--dataset", "fashion-mnist", "--seed", "7")
    var expected = RunConfiguration()
    expected.model = "cnn"
    (expected.epochs, expected.batchSize, expected.trainingImages) = (3, 32, 500)
    (expected.augment, expected.optimizer, expected.nesterov) = ("digits", .sgd, true)
    (expected.learningRate, expected.momentum, expected.weightDecay) = (0.1, 0.8, 0.0005)
    (expected.labelSmoothing, expected.clipNorm) = (0.1, 2)
    (expected.lookahead, expected.average) = (true, .ema)
    expected.freeze = ["conv1", "norm1"]
    expected.rateFactors = ["conv2": 0.1, "linear2": 2]
    expected.decayFactors = ["conv2.bias": 0]
    (expected.schedule, expected.earlyStopping) = (.oneCycle, 4)
    (expected.dataset, expected.seed) = ("fashion-mnist", 7)
    #expect(run == expected)
  }

  @Test func `a preset is a run, of which options given beside it win`() throws {
    let run = try run("--preset", "best", "--epochs", "3")
    #expect(run.epochs == 3 && run.average == .ema && run.schedule == .oneCycle)
    let network = try Specification(model: run.model, classes: 4)
    #expect(network.description.hasSuffix("linear(4)"))
    do {
      _ = try Inkling.parseAsRoot(
        ["train", "--preset", "best", "--config", "a", "--output", "a.safetensors"])
      Issue.record("both were taken")
    } catch { #expect(Inkling.message(for: error).contains("leave one out")) }
  }

  @Test func `the words of a run are read back as the same run`() throws {
    var run = RunConfiguration()
    run.model = "conv(4,3) relu flatten linear(10)"
    (run.adversarial, run.adversarialSteps, run.tradesBeta) = ("trades", 3, 6)
    (run.imageSize, run.validation, run.splitScheme) = ([20, 24], 0.25, .course)
    (run.freeze, run.rateFactors) = (["conv1"], ["linear1": 0.5])
    run.epochs = 10
    let read = try #require(
      try Inkling.parseAsRoot(["train", "--output", "a.safetensors"] + run.options)
        as? TrainCommand
    ).configuration()
    #expect(read == run)
  }

  @Test(arguments: [
    (["--nesterov"], "goes with sgd and momentum"),
    (["--label-smoothing", "1"], "at least 0 and below 1"),
    (["--batch-size", "0"], "from 1 to 65,536"),
    (["--augment", "turn(3)"], "there is no augmentation “turn”"),
    (["--adversarial", "magic"], "“magic” is no attack to train with; there are"),
    (["--adversarial", "pgd", "--augment", "mixup"], "leave mixup and cutmix out"),
    (["--trades-beta", "2"], "--trades-beta goes with --adversarial trades"),
    (["--adversarial-steps", "2"], "--adversarial-steps goes with --adversarial"),
  ])
  func `a run that cannot be is refused with the option's name`(
    options: [String], words: String
  ) throws {
    let command = try #require(
      try Inkling.parseAsRoot(["train", "--output", "a.safetensors"] + options) as? TrainCommand)
    do {
      _ = try command.configuration()
      Issue.record("it was not refused")
    } catch let failure as Failure {
      #expect(failure.status == .usage)
      #expect(failure.message.hasPrefix("--") && failure.message.contains(words), "\(failure)")
    }
  }

  @Test(arguments: [
    (["train"], "--output"),
    (["train", "--output", "a.bin"], ".safetensors"),
    (["train", "--output", "a.safetensors", "--optimizer", "lion"], "lion"),
    (["train", "--output", "a.safetensors", "--freeze", "a,,b"], "commas between them"),
    (["train", "--output", "a.safetensors", "--rate-factors", "a=x"], "its factor"),
    (["attack", "a", "--method", "magic"], "There is no attack “magic”"),
    (["attack", "a", "--method", "deepfool", "--epsilon", "1"], "has no ball"),
    (["attack", "a", "--curve", "0,x"], "“x” is not a size"),
    (["attack", "a", "--count", "0"], "at least 1"),
    (["attack", "a", "--grid", "--target", "3"], "leave --target out"),
    (["render", "chart", "a", "--output", "f"], "chart"),
    (["report", "--output", "r"], "checkpoint"),
    (["report", "a", "--single-file", "--output", "r"], ".html"),
    (["evaluate"], "checkpoint"),
    (["paint"], "paint"),
  ])
  func `words that cannot be read are refused before anything is done`(
    arguments: [String], words: String
  ) {
    do {
      _ = try Inkling.parseAsRoot(arguments)
      Issue.record("\(arguments) was read")
    } catch {
      let message = Inkling.message(for: error)
      #expect(message.contains(words), "\(message)")
      #expect(!Inkling.exitCode(for: error).isSuccess)
    }
  }

  @Test func `the help of every command is what was looked at`() throws {
    let commands: [any ParsableCommand.Type] = Inkling.configuration.subcommands
    #expect(commands.count == 16)
    let sweeps: [any ParsableCommand.Type] = SweepCommand.configuration.subcommands
    #expect(sweeps.count == 7)
    for (family, command) in commands.map({ ("", $0) }) + sweeps.map({ ("sweep-", $0) }) {
      let name = family + (try #require(command.configuration.commandName))
      let help = Inkling.helpMessage(for: command, columns: 80)
      let difference = try Snapshot("help-\(name).txt").difference(from: help + "\n")
      #expect(difference == nil, "\(difference ?? "")")
      #expect(help.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }
  }

  @Test func `the help itself is what was looked at`() throws {
    let help = Inkling.helpMessage(columns: 80)
    #expect(try Snapshot("help.txt").difference(from: help + "\n") == nil)
  }
}
