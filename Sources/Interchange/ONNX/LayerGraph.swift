import Networks

/// A network as layers that read values, before it is written as a specification: 0 is the image, i + 1 what step i gives.
struct LayerGraph {
  /// What a step does with what it reads.
  enum Work {
    /// A layer as a specification writes it: its word and arguments.
    case layer(word: String, arguments: [String])
    /// Weights, of which there may be a bias.
    case affine(word: String, arguments: [String])
    case sum
    case concatenation
  }

  /// A layer in its place.
  struct Step {
    var work: Work
    var inputs: [Int]
    /// Its tensors by Inkling's names.
    var tensors: [Tensor] = []
    let shape: Shape

    /// The tensor of a name.
    func tensor(_ name: String) -> Tensor? { tensors.first { $0.name == name } }

    /// The layer as a specification writes it; empty for joints.
    var text: String {
      switch work {
      case .layer(let word, let arguments): Self.text(word, arguments)
      case .affine(let word, let arguments):
        Self.text(word, arguments + (tensor("bias") == nil ? ["bias=no"] : []))
      case .sum, .concatenation: ""
      }
    }

    private static func text(_ word: String, _ arguments: [String]) -> String {
      arguments.isEmpty ? word : "\(word)(\(arguments.joined(separator: ",")))"
    }
  }

  /// What the image is.
  let inputShape: ImageShape
  private(set) var steps: [Step] = []
  /// Numbers in all tensors.
  private(set) var parameterCount = 0

  init(inputShape: ImageShape) { self.inputShape = inputShape }

  /// The shape of a value.
  func shape(of value: Int) -> Shape {
    value == 0
      ? .image(
        channels: inputShape.channels, height: inputShape.height, width: inputShape.width)
      : steps[value - 1].shape
  }

  /// Adds a step; returns the value that it gives.
  mutating func add(
    _ work: Work, _ inputs: [Int], _ tensors: [Tensor] = [], shape: Shape
  ) -> Int {
    parameterCount += tensors.reduce(0) { $0 + $1.values.count }
    steps.append(Step(work: work, inputs: inputs, tensors: tensors, shape: shape))
    return steps.count
  }

  /// Adds a layer of one word, which keeps the shape unless another is given.
  mutating func add(
    _ word: String, _ arguments: [String] = [], reading value: Int, _ tensors: [Tensor] = [],
    shape: Shape? = nil
  ) -> Int {
    add(
      .layer(word: word, arguments: arguments), [value], tensors,
      shape: shape ?? self.shape(of: value))
  }

  /// True if a factor and an addend for each channel of a value can be taken into the tensors of the step that gives it.
  func takesFactors(_ value: Int) -> Bool {
    value > 0 && steps[value - 1].tensor("weight") != nil
  }

  /// Takes a factor and an addend for each channel into the tensors of the step that gives a value.
  mutating func fold(scale: [Float], offset: [Float], into value: Int) {
    var step = steps[value - 1]
    guard let weight = step.tensors.firstIndex(where: { $0.name == "weight" }) else { return }
    let row = step.tensors[weight].values.count / scale.count
    for place in step.tensors[weight].values.indices {
      step.tensors[weight].values[place] *= scale[place / row]
    }
    if let bias = step.tensors.firstIndex(where: { $0.name == "bias" }) {
      for place in scale.indices {
        step.tensors[bias].values[place] =
          step.tensors[bias].values[place] * scale[place] + offset[place]
      }
    } else if offset.contains(where: { $0 != 0 }) {
      step.tensors.insert(
        Tensor(name: "bias", shape: [offset.count], values: offset), at: weight + 1)
    }
    steps[value - 1] = step
  }

  /// The last layer's word; `nil` for a joint or the image.
  func word(of value: Int) -> String? {
    guard value > 0 else { return nil }
    return switch steps[value - 1].work {
    case .layer(let word, _), .affine(let word, _): word
    case .sum, .concatenation: nil
    }
  }

  /// What a step reads.
  func inputs(of value: Int) -> [Int] { value > 0 ? steps[value - 1].inputs : [] }

  /// Gives a concatenation other inputs, which lie one behind the other as those before did.
  mutating func regroup(_ value: Int, _ inputs: [Int]) { steps[value - 1].inputs = inputs }
}
