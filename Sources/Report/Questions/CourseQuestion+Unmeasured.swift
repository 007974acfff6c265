import Files
import Questions
import Study

extension CourseQuestion {
  /// The question in words, with the command that measures it: for a run that does not know the answer.
  ///
  /// - Parameter results: what the run knows.
  /// - Returns: The question.
  func unmeasured(_ results: StudyResults) -> Question {
    let words = self.words(results)
    return Question(
      rawValue, words.text, points: words.points,
      answer: words.answer
        + (words.command.map { " To see it for yourself: \($0)" } ?? ""))
  }

  private struct Words {
    var text: String
    var points: [String]
    var answer: String
    /// What would measure it; `nil` for what no measurement answers.
    var command: String?

    init(_ text: String, _ points: [String], _ answer: String, _ command: String? = nil) {
      (self.text, self.points, self.answer, self.command) = (text, points, answer, command)
    }
  }

  private func words(_ results: StudyResults) -> Words {
    let file = "models/\(results.model.name).safetensors"
    let set = Shell.command([DatasetPlace(results.data.name).words])
    let classes = results.model.classes.count
    let isColor = results.model.inputShape.first == 3
    return switch self {
    case .imageNumbers:
      Words(
        "What does an image look like as numbers?",
        [
          "Each pixel is a number for each channel.",
          "So many numbers are all that the network sees.",
        ],
        "Each pixel of each channel is a number from 0 to 1, and a network sees nothing else.",
        "inkling explore --dataset \(set) --output output/explore")
    case .hardClasses:
      Words(
        "Why might some classes be harder than others?",
        [
          "Some classes come in more forms than others.",
          "Two classes can share most of their shape.",
        ],
        "Classes can look alike, and some come in more forms than others.",
        "inkling evaluate \(file)")
    case .tellingApart:
      Words(
        "How would you explain to a computer how to tell two classes apart?",
        [
          "It says where to look, in numbers.",
          "It asks what becomes of the rule when an image is shifted.",
        ],
        "Any rule about single pixels breaks when an image is shifted. Training finds the weights from the examples instead.",
        "inkling explore --dataset \(set) --output output/explore")
    case .parameters:
      Words(
        "How many parameters does it have?",
        ["It counts weights and biases.", "It says where most are."],
        "Each output of a layer has its weights and one bias.", "inkling describe \(file)")
    case .randomPredictions:
      Words(
        "Why are the first predictions random?",
        ["The weights are drawn at random.", "Only training ties scores to classes."],
        "With weights drawn at random the scores mean nothing.", "inkling describe mlp --predict 0")
    case .noActivations:
      Words(
        "What would happen without the activation functions?",
        ["Layers of sums in a row are one such layer.", "More layers would bring nothing."],
        "Layers that only multiply and add are, in a row, one such layer.",
        "inkling train --dataset \(set) --model 'flatten linear(128) linear(\(classes))' --output models/straight.safetensors"
      )
    case .lossCourse:
      Words(
        "How does the loss change as training progresses?",
        [
          "It falls fast at first, then ever more slowly.", "Later steps have less left to repair.",
        ],
        "The first steps repair what is plainly wrong; the later ones have less left to repair.",
        "inkling train --dataset \(set) --model mlp --output models/mlp.safetensors")
    case .epochAccuracy:
      Words(
        "What accuracy does it have after 10 epochs?",
        ["It says on which images.", "It says how much the last epochs still brought."],
        "Most of the way is gone in the first epochs.",
        "inkling train --dataset \(set) --model mlp --epochs 10 --output models/mlp.safetensors")
    case .learningRate:
      Words(
        "What happens if you change the learning rate, to 0.1, 0.01 or 0.001?",
        ["Too large a step leaps over the valley.", "Too small a one takes for ever to get down."],
        "Too large a step leaps over the valley; too small a one takes for ever to get down.",
        "inkling train --dataset \(set) --model mlp --learning-rate 0.1 --output models/rate.safetensors"
      )
    case .bestSettings:
      Words(
        "What combination of settings gives the best accuracy?",
        ["It was chosen on validation images.", "It says which differences are more than luck."],
        "What is chosen is chosen on validation images; of many that are equally good, one comes first by luck.",
        "inkling sweep plan --preset course --dataset \(set) --output output/course, then inkling sweep run output/course"
      )
    case .above98:
      Words(
        "Can you get above 98% with a simple fully connected network?",
        ["It says on which images.", "It says what it took: width, epochs, rate."],
        "On MNIST, yes: with some width and enough epochs. On clothes, as in Fashion-MNIST, or photographs such a network stays below.",
        "inkling train --dataset \(set) --model 'flatten linear(256) relu linear(\(classes))' --epochs 10 --output models/wide.safetensors"
      )
    case .dropout:
      Words(
        "How does dropout affect the accuracies on training and on validation images?",
        [
          "Training accuracy falls more than validation accuracy.",
          "Learning by heart becomes harder.",
        ],
        "Half of the units are off in every step, so none can be relied on, and learning by heart is harder.",
        "inkling train --dataset \(set) --model 'flatten linear(256) relu dropout(0.5) linear(\(classes))' --output models/dropout.safetensors"
      )
    case .cnnAccuracy:
      Words(
        "How does the accuracy of a network with convolutions compare with that of a simple one?",
        [
          "It compares them on the same images.",
          "It asks whether the difference is more than luck.",
        ],
        "They are compared on the same images, by those on which they disagree. On MNIST a simple one reads 97 to 98%, and one "
          + "with convolutions above 99%.",
        "inkling report models/cnn.safetensors models/mlp.safetensors --output output/both")
    case .cnnParameters:
      Words(
        "How many parameters does a network with convolutions have, and how many a simple one?",
        [
          "A convolution uses the same few weights everywhere.",
          "It says where most parameters are.",
        ],
        "A convolution uses the same few weights everywhere, so it does much of the work with few of them.",
        "inkling describe cnn")
    case .firstFilters:
      Words(
        "What do the filters of a first convolution detect?",
        ["Edges in different directions.", "Ink or brightness itself."],
        "Often edges in some direction, or plain brightness; many fit neither description.",
        "inkling render filters models/cnn.safetensors --output output/filters")
    case .explainPrediction:
      Words(
        "Can you explain to a friend how a network makes a prediction?",
        [
          "An image is numbers.",
          "Layers multiply them by learned weights, add up, and bend the sums.",
          "Softmax turns the last scores into probabilities.", "No word of it needs a formula.",
        ],
        "Pixels are numbers. Each unit weighs the numbers before it, adds them up, and passes on what is positive. The last layer "
          + "has one score for each class, and the highest names the answer. Chapter 2 follows one image all the way."
      )
    case .whyBackpropagation:
      Words(
        "Why does backpropagation work?",
        [
          "The loss says how wrong the answer was.",
          "The chain rule passes the blame back, layer by layer, along the same weights.",
          "So every weight learns which way would make the loss smaller, at the price of one pass back.",
        ],
        "Every step from pixels to loss has a slope. Multiplied along the way back they say, for every weight at once, how the "
          + "loss would change if it moved; a small step the other way makes the loss smaller.")
    case .biggestImpact:
      Words(
        "Which settings had the biggest impact?",
        ["It compares effects on the same images.", "It says how far each setting was varied."],
        "A setting matters as far as it was varied: a learning rate tried from 0.1 to 0.0001 usually matters more than "
          + "anything else.",
        "inkling sweep plan --preset course --dataset \(set) --output output/course, then inkling sweep run output/course"
      )
    case .mostConfused:
      Words(
        "Which classes does it confuse most often?",
        [
          "It tells what was read from what was there.",
          "No mistake on these images is no promise.",
        ],
        "None: it made no mistake on these images. More images might find some.")
    case .otherProblems:
      Words(
        "What real problems could you solve with similar techniques?",
        [
          "It names what goes in and what comes out.", "There are labeled examples of it.",
          "It says what a mistake would cost, and who would notice.",
        ],
        "Whatever can be shown as numbers and has labeled examples: sorting parts or plants, reading forms, finding a tumor for a "
          + "doctor to look at. Ask first what a mistake costs, and how one would notice it.")
    case .limitations:
      Words(
        "What are the limitations of what you built?",
        [
          "It always names a class, also for what is none.",
          "A small change, well aimed, turns the answer.",
          "It knows only images like those it learned from.",
          "Its confidence is not a promise.",
        ],
        "It knows only images like its training images, names a class for anything, can be turned by small changes that are well aimed, "
          + "and cannot give reasons: a map of pixels is a hypothesis.")
    case .otherImages:
      Words(
        isColor
          ? "How does this network handle colored images? How would you handle other sizes?"
          : "How would you handle colored images? Other sizes?",
        [
          "Color is three channels: each filter has weights for each of them.",
          "Another size changes what a linear layer reads; a global pooling does not mind.",
          "Or images are scaled to the size that the network knows.",
        ],
        "Color images have three channels, and the first layer has three times as many weights, one slice of each filter for each color; nothing else changes. For "
          + "other sizes scale the images, or end with a global pooling, which makes one number of a map of any size: "
          + "inkling train --dataset cifar-10 --model 'conv(32,3) relu maxpool(2) conv(64,3) relu globalpool linear(10)' trains such a network."
      )
    case .whyConvolutions:
      Words(
        "Why are convolutions better for images than one weight for each pixel?",
        [
          "The same small filter is used everywhere, so a shape learned in one place is known in all.",
          "Neighboring pixels are looked at together.", "Fewer weights do more work.",
        ],
        "They use the same small filters everywhere, so a shape learned in one place is known in all, with few weights."
      )
    case .bestAccuracy:
      Words(
        "What accuracy did you achieve with your best model?",
        ["It is of test images, looked at once.", "It comes with an interval."],
        "Of test images that decided nothing.", "inkling evaluate models/cnn.safetensors")
    }
  }
}
