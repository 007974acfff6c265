import Files
import Networks
import Study
import Training

extension Closing {
  /// What to do next, each with the commands that do it.
  var steps: [StepView] {
    let set = DatasetPlace(results.data.name).words
    let name = results.model.foreign?.name ?? results.model.name + CheckpointName.ending
    let checkpoint = "models/\(name)"
    let preset = results.model.isConvolutional ? "cnn" : "mlp"
    func train(_ options: [String], _ name: String) -> String {
      Shell.command(
        ["inkling", "train", "--dataset", set] + options
          + ["--output", "models/\(name)\(CheckpointName.ending)"])
    }
    func step(_ title: String, _ text: String, _ commands: String?...) -> StepView {
      StepView(title: title, text: text, commands: commands.compactMap { $0 })
    }
    // What this run has done already is no next step.
    let run = results.model.run
    let (other, learning) = (otherArchitecture, otherLearning)
    return [
      step("Try another architecture", other.text, train(["--model", other.model], "other")),
      run?.augment != nil
        ? nil
        : step(
          "Make more of your images",
          "Small changes in each epoch, so that it never sees one twice.",
          train(["--model", preset, "--augment", augmentation], "augmented")),
      run?.ensemble != nil
        ? nil
        : step(
          "Ask several networks",
          "An ensemble of five answers with the mean of their probabilities.",
          train(["--model", preset, "--ensemble", "5"], "ensemble")),
      step(
        "Search the settings", "Many small runs, and which settings matter.",
        Shell.command(
          [
            "inkling", "sweep", "plan", "--preset", "course", "--dataset", set, "--output",
            "output/course",
          ]),
        "inkling sweep run output/course",
        "inkling sweep report output/course --output output/course/report"),
      learning.isEmpty
        ? nil
        : StepView(
          title: "Change how it learns",
          text: Wording.capitalized(Wording.list(learning.map(\.words))) + ".",
          commands: learning.map { train(["--model", preset] + $0.options, $0.name) }),
      step(
        "Try another data set",
        "\(otherSet == "mnist" ? "Handwritten digits" : "Clothes")\(isColor ? "." : ", or photographs in color.")",
        "inkling journey --dataset \(otherSet) --output output/\(otherSet)",
        isColor
          ? nil
          : "inkling train --dataset cifar-10 --model cnn --output models/color.safetensors"),
      step(
        "Use your own images", "A folder with a folder of PNG or JPEG files for each class.",
        "inkling train --dataset MY-IMAGES --model cnn --output models/own.safetensors",
        Shell.command(["inkling", "predict", checkpoint, "MY-PICTURE.png"])),
      step(
        "Begin with what it knows", "Transfer learning: how few examples do other images need?",
        Shell.command(
          [
            "inkling", "transfer", checkpoint, "--dataset", familiarSet, "--output",
            "output/transfer",
          ])),
      step(
        "Take it elsewhere", "The same network for PyTorch, or for any program that reads ONNX.",
        Shell.command([
          "inkling", "convert", checkpoint, "--to", "onnx", "--output", "models/network.onnx",
        ])),
    ].compactMap { $0 }
  }

  /// Ways of learning that this run did not take.
  private var otherLearning: [(words: String, options: [String], name: String)] {
    let run = results.model.run
    return [
      run?.schedule == .oneCycle
        ? nil : ("a schedule that warms up", ["--schedule", "one-cycle"], "one-cycle"),
      run?.optimizer == .sgd
        ? nil
        : (
          "another optimizer",
          ["--optimizer", "sgd", "--learning-rate", "0.05", "--momentum", "0.9"], "sgd"
        ),
      run?.earlyStopping != nil
        ? nil : ("stopping early", ["--epochs", "30", "--early-stopping", "3"], "stopped"),
    ].compactMap { $0 }
  }

  /// A network of another kind than this one.
  private var otherArchitecture: (text: String, model: String) {
    let roles = Set(results.model.layers.map(\.role))
    if !roles.contains(.normalization) || !roles.contains(.convolution) {
      return (
        "Normalization after each convolution, and a pooling over the whole map.",
        "conv(32,3) norm relu maxpool(2) conv(64,3) norm relu globalpool linear(\(classes))"
      )
    }
    if !roles.contains(.sum) {
      return (
        "Residual blocks, whose branches only learn what should change.",
        "conv(16,3) norm relu 3*(residual(conv(16,3) norm relu conv(16,3) norm) relu) maxpool(2) "
          + "conv(32,3) norm relu globalpool linear(\(classes))"
      )
    }
    return (
      "A chain of convolutions without shortcuts: what do these bring?",
      "conv(16,3) norm relu 6*(conv(16,3) norm relu) maxpool(2) conv(32,3) norm relu globalpool linear(\(classes))"
    )
  }

  private var isColor: Bool { results.model.inputShape.first == 3 }

  private var classes: Int { results.model.classes.count }

  private var augmentation: String { subject.isDigits ? "digits" : "things" }

  private var otherSet: String {
    results.data.name == "fashion-mnist" ? "mnist" : "fashion-mnist"
  }

  /// Other images of the kind that the network can read.
  private var familiarSet: String {
    guard isColor else { return otherSet }
    return results.data.name == "cifar-10" ? "MY-IMAGES" : "cifar-10"
  }
}
