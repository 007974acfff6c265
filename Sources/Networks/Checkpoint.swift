import Foundation

/// A trained network with what was known when it was saved: the contents of one safetensors file.
public struct Checkpoint: Sendable {
  /// The network.
  public var network: Network
  /// One name a class, in the order of the outputs.
  public var classes: [String]
  /// The data set it was trained on: a known name or a folder's; empty if unknown.
  public var dataset: String
  /// The seed of the run.
  public var seed: UInt64
  /// One record an epoch.
  public var history: [EpochRecord]
  /// The images that it was trained on; `nil` if the file does not say.
  public var trainedOn: TrainedImages?
  /// What it expects of a person's own pictures, as JSON that this room need not understand; `nil` if the file does
  /// not say.
  public var preparation: String?
  /// True if the class names are not the file's own: given by a person, or mere numbers.
  package var hasForeignClasses = false
  /// True if the file, or a person, says what each output stands for; false for mere numbers.
  package var namesItsClasses = true
  /// True for a network that Inkling did not train.
  package var isForeign = false
  /// What a network from elsewhere does to pixels itself, behind what a person says is done before it.
  package var ownNormalization: Normalization?
  /// How what is in a file from elsewhere was understood; for people.
  package var notes: [String] = []
  /// The run that made it, as JSON that this room need not understand; `nil` if the file does not say. Never a path, a
  /// time or a speed.
  public var run: String?
  /// What a file of the first edition says of its run in words.
  package private(set) var recipe: [String: String] = [:]

  /// A checkpoint of a network.
  public init(
    network: Network, classes: [String], dataset: String, seed: UInt64,
    history: [EpochRecord] = [], run: String? = nil,
    trainedOn: TrainedImages? = nil, preparation: String? = nil
  ) {
    self.network = network
    self.classes = classes
    self.dataset = dataset
    self.seed = seed
    self.history = history
    self.run = run
    self.trainedOn = trainedOn
    self.preparation = preparation
  }

  /// What `format` says in the metadata of a file that Inkling wrote.
  package static let formatName = "inkling"

  /// The file's contents: tensors in PyTorch's names and shapes, and in the metadata `format`, `model`,
  /// `classes`, `input_shape`, `mean`, `standard_deviation`, `dataset`, `seed`, `history`, `run`, `trained_on` and
  /// `preparation`.
  package func safeTensors() -> SafeTensors {
    let architecture = network.architecture
    var file = SafeTensors(metadata: [
      "format": Self.formatName,
      "model": architecture.specification.description,
      "classes": Self.json(classes),
      "input_shape": Self.json(architecture.inputShape.dimensions),
      "mean": Self.json(network.normalization.mean),
      "standard_deviation": Self.json(network.normalization.standardDeviation),
      "dataset": dataset,
      "seed": String(seed),
      "history": Self.json(history),
    ])
    file.metadata["run"] = run
    file.metadata["trained_on"] = trainedOn?.text
    file.metadata["preparation"] = preparation
    for tensor in network.tensors { file.append(tensor.name, shape: tensor.shape, tensor.values) }
    return file
  }

  /// What stands in for the metadata of a file that Inkling did not write.
  public struct Assumptions: Sendable {
    /// The specification; the file's own where `nil`.
    public var model: String?
    /// The images it reads; where `nil`, the first of `usualShapes` that the tensors fit.
    public var inputShape: ImageShape?
    /// Class names; 0...K-1 where `nil`.
    public var classes: [String]?
    /// The normalisation; mean 0 and standard deviation 1 where `nil`.
    public var normalization: Normalization?

    /// Assumptions about a file from elsewhere.
    public init(
      model: String? = nil, inputShape: ImageShape? = nil, classes: [String]? = nil,
      normalization: Normalization? = nil
    ) {
      self.model = model
      self.inputShape = inputShape
      self.classes = classes
      self.normalization = normalization
    }
  }

  /// Grey digits as MNIST's, colour pictures as CIFAR-10's.
  package static let usualShapes = [
    ImageShape(channels: 1, height: 28, width: 28), ImageShape(channels: 3, height: 32, width: 32),
  ]

  /// Reads a checkpoint from a safetensors file.
  ///
  /// - Parameters:
  ///   - file: the file's contents.
  ///   - assumptions: used for files without Inkling's metadata; its model wins over the file's.
  ///   - isOrdered: true if the arrays are in the order in which the network's layers were made.
  /// - Throws: `CheckpointError` if metadata is missing or bad, or tensors do not fit the model.
  package init(
    _ file: SafeTensors, assuming assumptions: Assumptions? = nil, isOrdered: Bool = false
  ) throws(CheckpointError) {
    let own = file.metadata["format"] == Self.formatName
    guard !GeneratorCheckpoint.isOne(file) else {
      throw CheckpointError(
        "it is a generator, which draws pictures and names no classes: inkling sample draws from it, inkling report shows it"
      )
    }
    guard own || assumptions?.model != nil else {
      throw CheckpointError(
        SpecificationGuess(
          file.entries.map { ($0.name, $0.shape) }, isOrdered: isOrdered,
          inputShapes: assumptions?.inputShape.map { [$0] } ?? Self.usualShapes
        ).question, asksForNetwork: true)
    }
    let model: String
    if let assumed = assumptions?.model {
      model = assumed
    } else {
      model = try Self.string("model", file)
    }
    let shapes =
      own
      ? [try Self.shape("input_shape", file)]
      : assumptions?.inputShape.map { [$0] } ?? Self.usualShapes
    let (architecture, tensors, notes) = try Self.fitting(
      model, shapes, file, isOwn: own, isOrdered: isOrdered)
    let channels = architecture.inputShape.channels
    let normalization =
      own
      ? try Self.normalization(file, channels: channels)
      : assumptions?.normalization ?? .identity(channels: channels)
    guard normalization.mean.count == channels else {
      throw CheckpointError(
        "\(normalization.mean.count) means were given for images of \(channels) channels")
    }
    network = Network(
      architecture: architecture, normalization: normalization,
      tensors: tensors)
    self.notes = notes
    if let names = assumptions?.classes {
      classes = names
    } else if own {
      classes = try Self.decoded("classes", file)
    } else {
      classes = (0..<architecture.outputs).map(String.init)
    }
    isForeign = !own
    hasForeignClasses = !own || assumptions?.classes != nil
    namesItsClasses = own || assumptions?.classes != nil
    guard classes.count == architecture.outputs else {
      throw CheckpointError(
        "it names \(classes.count) class\(classes.count == 1 ? "" : "es"), but the network has \(architecture.outputs) outputs"
      )
    }
    dataset = own ? file.metadata["dataset"] ?? "" : ""
    seed = file.metadata["seed"].flatMap { UInt64($0) } ?? 0
    history = own && file.metadata["history"] != nil ? try Self.decoded("history", file) : []
    run = own ? file.metadata["run"] : nil
    recipe = own && file.metadata["recipe"] != nil ? try Self.decoded("recipe", file) : [:]
    preparation = own ? file.metadata["preparation"] : nil
    trainedOn = own ? try Self.trainedOn(file) : nil
  }

  // MARK: Parts

  /// The outputs of the file's last linear layer, for a preset's name given without them.
  private static func lastOutputs(_ file: SafeTensors) -> Int {
    let biases = file.entries.filter { $0.name.hasPrefix("linear") && $0.name.hasSuffix(".bias") }
    let last =
      biases.max { ($0.name.count, $0.name) < ($1.name.count, $1.name) }
      ?? file.entries.last { $0.shape.count == 2 }
    return max(2, last?.shape.first ?? 10)
  }

  /// The architecture and tensors for the first shape that fits; the first shape's error if none does.
  private static func fitting(
    _ model: String, _ shapes: [ImageShape], _ file: SafeTensors, isOwn: Bool, isOrdered: Bool
  ) throws(CheckpointError) -> (Architecture, [Tensor], notes: [String]) {
    var first: CheckpointError?
    for shape in shapes {
      do throws(CheckpointError) {
        let architecture = try architecture(
          model: model, classes: lastOutputs(file), inputShape: shape)
        let (named, notes) =
          isOwn ? (file, []) : try Self.named(file, for: architecture, isOrdered: isOrdered)
        return (architecture, try tensors(named, for: architecture), notes)
      } catch {
        first = first ?? error
      }
    }
    throw first ?? CheckpointError("no shape of image was given")
  }

  private static func architecture(
    model: String, classes: Int, inputShape: ImageShape
  ) throws(CheckpointError) -> Architecture {
    do throws(SpecificationError) {
      return try Architecture(
        Specification(model: model, classes: classes), inputShape: inputShape)
    } catch {
      throw CheckpointError("its model cannot be built: \(error)")
    }
  }

  /// The images that a file says were learned from; `nil` if it does not say.
  static func trainedOn(_ file: SafeTensors) throws(CheckpointError) -> TrainedImages? {
    guard let text = file.metadata["trained_on"] else { return nil }
    guard let images = TrainedImages(text: text) else {
      throw CheckpointError("its metadata “trained_on” is not what it should be")
    }
    return images
  }

  /// A shape that the metadata has under a key.
  static func shape(_ key: String, _ file: SafeTensors) throws(CheckpointError) -> ImageShape {
    let dimensions: [Int] = try decoded(key, file)
    guard dimensions.count == 3, dimensions.allSatisfy({ (1...4096).contains($0) }) else {
      throw CheckpointError("its \(key) \(dimensions) is not [channels, height, width]")
    }
    return ImageShape(channels: dimensions[0], height: dimensions[1], width: dimensions[2])
  }

  static func normalization(
    _ file: SafeTensors, channels: Int
  ) throws(CheckpointError) -> Normalization {
    let mean: [Float] = try decoded("mean", file)
    let deviation: [Float] = try decoded("standard_deviation", file)
    guard mean.count == channels, deviation.count == channels,
      mean.allSatisfy(\.isFinite), deviation.allSatisfy({ $0.isFinite && $0 > 0 })
    else {
      throw CheckpointError("its mean and standard_deviation do not fit \(channels) channels")
    }
    return Normalization(mean: mean, standardDeviation: deviation)
  }

  static func tensors(
    _ file: SafeTensors, for architecture: Architecture
  ) throws(CheckpointError) -> [Tensor] {
    var tensors: [Tensor] = []
    for (name, parameter) in architecture.tensors {
      guard let tensor = file.floats(name) else {
        throw CheckpointError("tensor \(name) is missing; the file has \(Self.listed(file))")
      }
      guard tensor.shape == parameter.shape else {
        let hint = Self.layoutHint(tensor.shape, parameter.shape)
        throw CheckpointError(
          "tensor \(name) has shape \(tensor.shape), but the model needs \(parameter.shape)\(hint)")
      }
      guard tensor.values.allSatisfy(\.isFinite) else {
        throw CheckpointError("tensor \(name) holds numbers that are not finite")
      }
      guard !name.hasSuffix(".running_var") || tensor.values.allSatisfy({ $0 >= 0 }) else {
        throw CheckpointError("tensor \(name) holds a variance below 0")
      }
      tensors.append(tensor)
    }
    let known = Set(tensors.map(\.name))
    for entry in file.entries
    where !known.contains(entry.name) && !entry.name.hasSuffix(".num_batches_tracked") {
      throw CheckpointError("the model has no place for tensor \(entry.name)")
    }
    return tensors
  }

  /// How a tensor that other frameworks lay out in another order becomes what the model needs; empty if that is not it.
  private static func layoutHint(_ shape: [Int], _ needed: [Int]) -> String {
    guard shape == needed.reversed() else { return "" }
    // TensorFlow has [inputs, outputs], and for convolutions [height, width, inputs, outputs].
    return switch needed.count {
    case 2: "; it is transposed: PyTorch keeps [outputs, inputs]"
    case 4: "; PyTorch keeps [outputs, inputs, height, width]: permute the axes by (3, 2, 0, 1)"
    default: ""
    }
  }

  /// A file from elsewhere with its tensors under Inkling's names, and how they were found.
  private static func named(
    _ file: SafeTensors, for architecture: Architecture, isOrdered: Bool
  ) throws(CheckpointError) -> (SafeTensors, notes: [String]) {
    if architecture.tensors.allSatisfy({ file.entry($0.name) != nil }) { return (file, []) }
    let prefix = TensorMatching.prefix(of: file.entries.map(\.name))
    let entries = file.entries.map { (String($0.name.dropFirst(prefix.count)), $0.shape) }
    let matching = try TensorMatching(entries, isOrdered: isOrdered, to: architecture)
    var names: [String: String] = [:]
    for (theirs, ours) in matching.pairs {
      for entry in file.entries {
        let name = entry.name.dropFirst(prefix.count)
        guard let dot = name.lastIndex(of: "."), name[..<dot] == theirs else { continue }
        names[entry.name] = ours + name[dot...]
      }
    }
    let moved = matching.pairs.filter { $0.theirs != $0.ours }
    return (
      file.renamed(names),
      (prefix.isEmpty ? [] : ["“\(prefix)” is dropped from the front of every name"])
        + (moved.isEmpty
          ? [] : ["tensors by order: " + moved.map { "\($1) is \($0)" }.joined(separator: ", ")])
    )
  }

  /// The tensors of a file in a line, cut where there are many.
  private static func listed(_ file: SafeTensors) -> String {
    let most = 12
    return file.entries.prefix(most).map { "\($0.name) \($0.shape)" }.joined(separator: ", ")
      + (file.entries.count > most ? ", …" : "")
  }

  // MARK: JSON

  static func string(_ key: String, _ file: SafeTensors) throws(CheckpointError) -> String {
    guard let text = file.metadata[key] else {
      throw CheckpointError("its metadata has no “\(key)”")
    }
    return text
  }

  static func decoded<Value: Decodable>(
    _ key: String, _ file: SafeTensors
  ) throws(CheckpointError) -> Value {
    let text = try string(key, file)
    guard let value = try? JSONDecoder().decode(Value.self, from: Data(text.utf8)) else {
      throw CheckpointError("its metadata “\(key)” is not what it should be")
    }
    return value
  }

  static func json(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Encoding numbers and strings that are finite cannot fail; an empty list would be refused on reading.
    return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "[]"
  }
}
