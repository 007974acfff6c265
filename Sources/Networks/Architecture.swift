/// A specification bound to an input shape: every layer with its name, shapes and tensors.
public struct Architecture: Sendable, Equatable {
  /// One layer in its place.
  public struct Entry: Sendable {
    /// The kind and a counter, such as `conv2`; both poolings count as `pool`.
    public let name: String
    /// The layer.
    public let layer: any Layer
    /// The shape of what it gets.
    public let inputShape: Shape
    /// The shape of what it gives.
    public let outputShape: Shape
    /// Its tensors, named within the layer (`weight`).
    public let parameters: [ParameterShape]

    /// True for weights that are the same at every place of feature maps.
    public var isConvolution: Bool { layer.family == .affine && outputShape.hasPlaces }
    /// Learned numbers.
    public var parameterCount: Int {
      parameters.filter(\.isLearned).reduce(0) { $0 + $1.count }
    }
    /// Multiplications that one image costs here.
    public var multiplications: Int { layer.multiplications(for: inputShape) }
  }

  /// What was written.
  public let specification: Specification
  /// The images it reads.
  public let inputShape: ImageShape
  /// The layers, input first.
  public let entries: [Entry]
  /// Number of outputs, one per class.
  public let outputs: Int

  /// More numbers than this in one network are refused: 1 GiB of float32.
  public static let maximumParameters = 1 << 28
  /// More numbers than this in one activation are refused.
  public static let maximumActivation = 1 << 26

  /// Works out every shape.
  ///
  /// - Throws: `SpecificationError` with the layer that cannot stand where it is.
  public init(_ specification: Specification, inputShape: ImageShape) throws(SpecificationError) {
    self.specification = specification
    self.inputShape = inputShape
    func fault(_ message: String, at index: Int) -> SpecificationError {
      SpecificationError(
        message: message, text: specification.sourceText, place: specification.places[index])
    }
    var shape = Shape.image(
      channels: inputShape.channels, height: inputShape.height, width: inputShape.width)
    var counters: [String: Int] = [:]
    var entries: [Entry] = []
    var total = 0
    for (index, layer) in specification.layers.enumerated() {
      let stem = type(of: layer).stem
      counters[stem, default: 0] += 1
      let output: Shape
      do {
        output = try layer.outputShape(for: shape)
      } catch {
        throw fault(error.description, at: index)
      }
      let entry = Entry(
        name: "\(stem)\(counters[stem, default: 1])", layer: layer, inputShape: shape,
        outputShape: output, parameters: layer.parameters(for: shape))
      total += entry.parameters.reduce(0) { $0 + $1.count }
      guard total <= Self.maximumParameters, output.count <= Self.maximumActivation else {
        throw fault("the network is too large from here on", at: index)
      }
      entries.append(entry)
      shape = output
    }
    guard case .vector(let outputs) = shape, outputs >= 2, entries.last?.layer.family == .affine
    else {
      throw fault(
        "the last layer must be linear(N) with one output per class, at least two",
        at: specification.layers.count - 1)
    }
    self.entries = entries
    self.outputs = outputs
  }

  /// Learned numbers of the whole network.
  public var parameterCount: Int { entries.reduce(0) { $0 + $1.parameterCount } }

  /// Every tensor in order, with its full name (`conv1.weight`).
  public var tensors: [(name: String, parameter: ParameterShape)] {
    entries.flatMap { entry in
      entry.parameters.map { ("\(entry.name).\($0.name)", $0) }
    }
  }

  /// The position of a layer.
  public func index(of name: String) -> Int? { entries.firstIndex { $0.name == name } }

  /// Equal by what they describe.
  public static func == (a: Self, b: Self) -> Bool {
    a.specification == b.specification && a.inputShape == b.inputShape
  }
}
