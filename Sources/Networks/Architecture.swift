/// A specification bound to an input shape: a graph of layers, each with its name, shapes and tensors.
///
/// The entries stand in the order of the text, the branches of a block one after the other and then the joint. The
/// network's values are numbered: 0 is the image, i + 1 what entry i gives; in a chain entry i reads value i.
public struct Architecture: Sendable, Equatable {
  /// One layer in its place.
  public struct Entry: Sendable {
    /// The kind and a counter, such as `conv2`; both poolings count as `pool`.
    public let name: String
    /// The layer.
    public let layer: any Layer
    /// The values that it reads, in the order of the branches; one but for joints.
    public let inputs: [Int]
    /// Their shapes.
    public let inputShapes: [Shape]
    /// The shape of what it gives.
    public let outputShape: Shape
    /// Its tensors, named within the layer (`weight`).
    public let parameters: [ParameterShape]

    /// The shape of the first value that it reads.
    public var inputShape: Shape { inputShapes[0] }
    /// True for weights that are the same at every place of feature maps.
    public var isConvolution: Bool { layer.family == .affine && outputShape.hasPlaces }
    /// Learned numbers.
    public var parameterCount: Int {
      parameters.filter(\.isLearned).reduce(0) { $0 + $1.count }
    }
    /// Its tensors by their full names (`conv1.weight`).
    public var tensorNames: [String] { parameters.map { "\(name).\($0.name)" } }
    /// Multiplications that one image costs here.
    public var multiplications: Int { layer.multiplications(for: inputShape) }
  }

  /// What was written.
  public let specification: Specification
  /// The images it reads.
  public let inputShape: ImageShape
  /// The layers, input first.
  public let entries: [Entry]
  /// Number of outputs: one per class, unless it is a network of another purpose.
  public let outputs: Int

  /// Multiplications that one image costs.
  public var multiplications: Int { entries.reduce(0) { $0 + $1.multiplications } }

  /// More numbers than this in one network are refused: 1 GiB of float32.
  public static let maximumParameters = 1 << 28
  /// More numbers than this in one activation are refused.
  public static let maximumActivation = 1 << 26

  /// What becomes of a network's last numbers.
  public enum Purpose: Sendable {
    /// One output per class, at least two: the last layer is `linear` or an ensemble, and only `multiply` may follow.
    case classes
    /// Any list of numbers: a picture, a latent, a critic's single number.
    case numbers
  }

  /// Works out every shape.
  ///
  /// - Parameters:
  ///   - specification: the layers.
  ///   - inputShape: what the network reads; a list of N numbers is an image of N channels and one pixel.
  ///   - purpose: what the network ends in.
  /// - Throws: `SpecificationError` with the layer that cannot stand where it is.
  public init(
    _ specification: Specification, inputShape: ImageShape, for purpose: Purpose = .classes
  ) throws(SpecificationError) {
    self.specification = specification
    self.inputShape = inputShape
    var builder = Builder(specification, inputShape)
    let last = try builder.add(specification.layers, reading: 0)
    func refused(_ message: String) -> SpecificationError {
      builder.fault(message, at: specification.places.count - 1)
    }
    switch (purpose, builder.shapes[last]) {
    case (.numbers, .vector(let count)):
      outputs = count
    case (.numbers, _):
      throw refused("the network must end in a list of numbers, as by flatten or linear(N)")
    case (.classes, .vector(let count)) where count >= 2 && Self.isHead(builder.entries):
      outputs = count
    case (.classes, _):
      throw refused(
        "the last layer must be linear(N) with one output per class, at least two, or an ensemble of such; only multiply may follow"
      )
    }
    entries = builder.entries
  }

  /// True if the last layer gives numbers of which each may be a class's.
  private static func isHead(_ entries: [Entry]) -> Bool {
    entries.map(\.layer.family).last { !$0.isScaling }
      .map { [.affine, .joint(.mixture)].contains($0) } ?? false
  }

  private struct Builder {
    private let specification: Specification
    private(set) var entries: [Entry] = []
    /// Of every value.
    private(set) var shapes: [Shape]
    private var counters: [String: Int] = [:]
    private var total = 0

    init(_ specification: Specification, _ input: ImageShape) {
      self.specification = specification
      shapes = [.image(channels: input.channels, height: input.height, width: input.width)]
    }

    func fault(_ message: String, at index: Int) -> SpecificationError {
      SpecificationError(
        message: message, text: specification.sourceText, place: specification.places[index])
    }

    /// Adds layers one after the other; returns the value that the last one gives.
    mutating func add(
      _ layers: [any Layer], reading value: Int
    ) throws(SpecificationError) -> Int {
      var value = value
      for layer in layers {
        if let joint = layer as? any JointLayer {
          var ends: [Int] = []
          for branch in joint.branches { ends.append(try add(branch, reading: value)) }
          let inputs = ends.map { shapes[$0] }
          try add(layer, reading: ends) { () throws(LayerError) in
            try joint.outputShape(joining: inputs)
          }
        } else {
          let input = shapes[value]
          try add(layer, reading: [value]) { () throws(LayerError) in
            try layer.outputShape(for: input)
          }
        }
        value = entries.count
      }
      return value
    }

    private mutating func add(
      _ layer: any Layer, reading values: [Int], _ shape: () throws(LayerError) -> Shape
    ) throws(SpecificationError) {
      let output: Shape
      do {
        output = try shape()
      } catch {
        throw fault(error.description, at: entries.count)
      }
      let stem = type(of: layer).stem
      counters[stem, default: 0] += 1
      let entry = Entry(
        name: "\(stem)\(counters[stem, default: 1])", layer: layer, inputs: values,
        inputShapes: values.map { shapes[$0] }, outputShape: output,
        parameters: layer.parameters(for: shapes[values[0]]))
      total += entry.parameters.reduce(0) { $0 + $1.count }
      guard total <= Architecture.maximumParameters, output.count <= Architecture.maximumActivation
      else { throw fault("the network is too large from here on", at: entries.count) }
      entries.append(entry)
      shapes.append(output)
    }
  }

  /// The same layers under the same names, none of them without a bias.
  ///
  /// - Returns: an architecture in which every sum has a number added.
  package var withBiases: Architecture {
    Architecture(
      specification: Specification(layers: specification.layers.map(\.withBias)),
      inputShape: inputShape, outputs: outputs,
      entries: entries.map { entry in
        Entry(
          name: entry.name, layer: entry.layer.withBias, inputs: entry.inputs,
          inputShapes: entry.inputShapes, outputShape: entry.outputShape,
          parameters: entry.layer.withBias.parameters(for: entry.inputShape))
      })
  }

  private init(
    specification: Specification, inputShape: ImageShape, outputs: Int, entries: [Entry]
  ) {
    self.specification = specification
    self.inputShape = inputShape
    self.outputs = outputs
    self.entries = entries
  }

  /// Learned numbers of the whole network.
  public var parameterCount: Int { entries.reduce(0) { $0 + $1.parameterCount } }

  /// Every tensor in order, with its full name (`conv1.weight`).
  public var tensors: [(name: String, parameter: ParameterShape)] {
    entries.flatMap { entry in
      Array(zip(entry.tensorNames, entry.parameters))
    }
  }

  /// The entries that read a value, first to last.
  package func readers(of value: Int) -> [Int] {
    entries.indices.filter { entries[$0].inputs.contains(value) }
  }

  /// True if some of its tensors are not learned but measured, as the running statistics of batch normalisations.
  package var keepsStatistics: Bool { tensors.contains { !$0.parameter.isLearned } }

  /// How many entries read each value, the image first; one that reads it twice counts twice.
  package var readerCounts: [Int] {
    var counts = [Int](repeating: 0, count: entries.count + 1)
    for value in entries.flatMap(\.inputs) { counts[value] += 1 }
    return counts
  }

  /// True if all that follows reads what this entry gives, and nothing from before it: it stands in no branch.
  package func isPassedByAll(_ index: Int) -> Bool {
    entries[(index + 1)...].allSatisfy { $0.inputs.allSatisfy { $0 > index } }
  }

  /// The position of the layer whose output an activation function reads: there is a slope even where the function is flat.
  /// The position itself for any other layer, or one that reads the image.
  package func indexBeforeActivation(_ index: Int) -> Int {
    let entry = entries[index]
    return entry.layer.family.isActivation && entry.inputs[0] > 0 ? entry.inputs[0] - 1 : index
  }

  /// A layer as a person reads it in its place: a joint by what it joins, any other as a specification writes it.
  public func text(of entry: Entry) -> String {
    guard let joint = entry.layer as? any JointLayer else { return entry.layer.text }
    let names = entry.inputs.map { $0 == 0 ? "input" : entries[$0 - 1].name }
    return names.joined(separator: " \(type(of: joint).sign) ")
  }

  /// The position of a layer.
  public func index(of name: String) -> Int? { entries.firstIndex { $0.name == name } }

  /// Equal by what they describe.
  public static func == (a: Self, b: Self) -> Bool {
    a.specification == b.specification && a.inputShape == b.inputShape
  }
}
