import Datasets
import Foundation
import Networks
import TestSupport
import Testing
import Training

@Suite struct RunConfigurationTests {
  private var odd: RunConfiguration {
    var run = RunConfiguration()
    run.model = "flatten linear(10)"
    run.dataset = "drawn"
    run.drawnCount = 300
    run.imageSize = [20, 24]
    run.splitScheme = .course
    run.validation = 0.25
    run.examples = 4
    run.from = .init(name: "source.safetensors", sha256: "0123456789abcdef")
    run.layerDecay = 0.5
    run.ensemble = 3
    run.augment = "shift(2.0) flip(0.5)"
    run.optimizer = .sgd
    run.momentum = 0.5
    run.nesterov = true
    run.weightDecay = 0.001
    run.clipNorm = 2.5
    run.lookahead = true
    run.average = .swa
    run.freeze = ["conv1", "norm1"]
    run.rateFactors = ["linear2": 2, "linear1": 0.1]
    run.decayFactors = ["linear2.bias": 0]
    run.learningRate = 0.2
    run.schedule = .oneCycle
    run.batchSize = 7
    run.epochs = 3
    run.earlyStopping = 2
    run.adversarial = "trades"
    run.adversarialEpsilon = 0.1
    run.adversarialSteps = 2
    run.tradesBeta = 6
    run.seed = .max
    return run
  }

  @Test func `a run becomes JSON and the same run again`() throws {
    for run in [RunConfiguration(), RunConfiguration().resolved, odd] {
      #expect(try RunConfiguration(json: run.json.utf8) == run)
    }
    #expect(try RunConfiguration(json: "{}".utf8) == RunConfiguration())
    #expect(try RunConfiguration(json: #"{"epochs":9}"#.utf8).passes == 9)
  }

  @Test(arguments: [
    (#"{"epoch":3}"#, "epoch", "there is no “epoch”"),
    (#"{"epochs":"3"}"#, "epochs", "wrong type"),
    (#"{"epochs":0}"#, "epochs", "from 1"),
    (#"{"optimizer":"adagrad"}"#, "optimizer", "sgd, adam, adamw"),
    (#"{"validation":1}"#, "validation", "below 1"),
    (#"{"learning_rate":0}"#, "learning-rate", "above 0"),
    (#"{"learning_rate":1e999}"#, "the run", "no JSON"),
    (#"{"nesterov":true}"#, "nesterov", "goes with sgd"),
    (#"{"label_smoothing":1}"#, "label-smoothing", "below 1"),
    (#"{"label_smoothing":0.1,"adversarial":"trades"}"#, "label-smoothing", "trades"),
    (#"{"clip_norm":0}"#, "clip-norm", "above 0"),
    (#"{"average":"mean"}"#, "average", "ema, swa"),
    (#"{"rate_factors":{"conv1":-1}}"#, "rate-factors", "from 0"),
    (#"{"decay_factors":{"conv1":1e9}}"#, "decay-factors", "from 0"),
    (#"{"batch_size":1e9}"#, "batch-size", "65,536"),
    (#"{"adversarial_epsilon":0.1}"#, "adversarial-epsilon", "goes with"),
    (#"{"ensemble":1}"#, "ensemble", "from 2 to 100"),
    (#"{"ensemble":3,"random_labels":true}"#, "ensemble", "random labels"),
    (#"{"examples":0}"#, "examples", "at least 1"),
    (#"{"examples":3,"training_images":9}"#, "examples", "training-images"),
    (#"{"layer_decay":0}"#, "layer-decay", "above 0"),
    (#"{"augment":"shift"}"#, "augment", "pixels"),
    (#"{"augment":"mixup","adversarial":"pgd"}"#, "augment", "attacked"),
    (#"{"seed":-1}"#, "seed", "is"), ("[]", "the run", "wrong type"), ("{", "the run", "no JSON"),
  ])
  func `what is wrong in a file is named`(json: String, field: String, word: String) throws {
    let error = try #require(throws: RunConfigurationError.self) {
      try RunConfiguration(json: json.utf8)
    }
    #expect(error.description.contains(word), "\(error)")
    // What the decoder of this system calls broken has no place.
    #expect(error.field == field || error.field == "the run", "\(error)")
  }

  private var drawing: RunConfiguration {
    var run = RunConfiguration()
    (run.model, run.generator, run.latents) = ("flatten linear(4)", .gan, 8)
    (run.critic, run.average) = ("flatten linear(1)", .ema)
    return run
  }

  @Test func `a generator's run becomes JSON and options, and the same run again`() throws {
    #expect(try RunConfiguration(json: drawing.json.utf8) == drawing)
    #expect(
      drawing.options.starts(with: [
        "--model", "flatten linear(4)", "--generator", "gan", "--latents", "8", "--critic",
        "flatten linear(1)",
      ]))
    var other = drawing
    other.latents = 9
    #expect(drawing.difference(from: other)?.name == "latents")
  }

  @Test(arguments: [
    #"{"latents":3}"#, #"{"critic":"linear(1)"}"#, #"{"generator":"flow","latents":3}"#,
    #"{"generator":"vae","latents":0}"#, #"{"generator":"vae","critic":"linear(1)"}"#,
    #"{"generator":"vae","ensemble":3}"#, #"{"generator":"vae","average":"swa"}"#,
    #"{"generator":"vae","augment":"digits"}"#, #"{"generator":"vae","early_stopping":3}"#,
    #"{"generator":"dream"}"#,
  ])
  func `what does not go with a generator is refused by name`(json: String) throws {
    let error = try #require(throws: RunConfigurationError.self) {
      try RunConfiguration(json: json.utf8)
    }
    let fields = json.matches(of: /"(\w+)":/).map { String($0.output.1) }
    #expect(fields.contains(error.field.replacing("-", with: "_")), "\(error)")
  }

  @Test func `every field that matters is told, and the options ask for it`() throws {
    let fields = odd.fields
    let encoded = try #require(
      try JSONSerialization.jsonObject(with: Data(odd.json.utf8)) as? [String: Any])
    // The flag that is off and the fields of the JSON are the same list.
    #expect(
      Set(fields.map { $0.name.replacing("-", with: "_") })
        // It does not go with examples; the others are a generator's.
        == Set(encoded.keys).union(["training_images", "generator", "latents", "critic"]))
    #expect(
      odd.options.joined(separator: " ") == """
        --model flatten linear(10) --dataset drawn --drawn-count 300 --image-size 20,24 --split-scheme course --validation 0.25 \
        --examples 4 --from source.safetensors --augment shift(2.0) flip(0.5) --optimizer sgd --momentum 0.5 --nesterov --weight-decay 0.001 --learning-rate 0.2 --schedule \
        one-cycle --clip-norm 2.5 --lookahead --average swa --layer-decay 0.5 --freeze conv1,norm1 --rate-factors linear1=0.1,linear2=2.0 --decay-factors linear2.bias=0.0 --batch-size 7 --epochs 3 --early-stopping 2 --adversarial trades --adversarial-epsilon 0.1 \
        --adversarial-steps 2 --trades-beta 6.0 --seed 18446744073709551615 --ensemble 3
        """)
    var usual = RunConfiguration()
    #expect(usual.options == ["--model", "mlp", "--epochs", "5", "--seed", "1"])
    usual.randomLabels = true
    #expect(usual.options.contains("--random-labels") && usual.passes == 120)
  }

  @Test func `few examples are seen more often`() {
    var run = RunConfiguration()
    let passes = [1, 10, 50, 1000].map { count in
      run.examples = count
      return run.passes
    }
    #expect(passes == [40, 40, 8, 5])
  }

  @Test func `another file of the same name is another beginning`() throws {
    var other = odd
    other.from?.sha256 = "fedc"
    let found = try #require(odd.difference(from: other))
    #expect(found.name == "from" && found.own != found.other)
  }

  @Test func `two runs differ in the first field that decides something`() throws {
    var other = odd
    #expect(other.difference(from: odd) == nil)
    other.seed = 3
    other.batchSize = 8
    let found = try #require(odd.difference(from: other))
    #expect(found.name == "batch-size" && found.own == "7" && found.other == "8")
    // Momentum decides nothing for Adam.
    var adam = RunConfiguration()
    adam.momentum = 0.1
    #expect(adam.difference(from: RunConfiguration()) == nil)
  }

  @Test func `a checkpoint of the first edition is understood`() throws {
    let network = try hashedNetwork("flatten linear(10)")
    let saved = Checkpoint(
      network: network, classes: (0..<10).map(String.init), dataset: "mnist", seed: 4)
    var file = saved.safeTensors()
    #expect(try Checkpoint(file).configuration() == nil)
    let recipe = [
      "epochs": "3", "batch size": "32", "optimizer": "sgd", "learning rate": "0.05",
      "schedule": "cosine", "momentum": "0.8", "split scheme": "course", "validation": "0.1",
      "adversarial": "pgd", "adversarial epsilon": "0.3", "adversarial steps": "5",
    ]
    file.metadata["recipe"] = String(decoding: try JSONEncoder().encode(recipe), as: UTF8.self)
    let run = try #require(try Checkpoint(file).configuration())
    #expect(run.model == "flatten linear(10)" && run.dataset == "mnist" && run.seed == 4)
    #expect(run.passes == 3 && run.batchSize == 32 && run.optimizer == .sgd && run.momentum == 0.8)
    #expect(run.splitScheme == .course && run.validation == 0.1 && run.adversarialEpsilon == 0.3)
    for (key, value) in [("epochs", "many"), ("optimizer", "x"), ("validation", "nan")] {
      var wrong = recipe
      wrong[key] = value
      file.metadata["recipe"] = String(decoding: try JSONEncoder().encode(wrong), as: UTF8.self)
      #expect(throws: RunConfigurationError.self) { try Checkpoint(file).configuration() }
    }
    // The control of the first edition.
    let control = ["labels": "random", "training images": "2000"]
    file.metadata["recipe"] = String(decoding: try JSONEncoder().encode(control), as: UTF8.self)
    let random = try #require(try Checkpoint(file).configuration())
    #expect(random.randomLabels && random.trainingImages == nil)
  }
}
