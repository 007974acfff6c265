import Networks

/// A network as the text of a PyTorch module's class.
struct PyTorchModule {
  private let architecture: Architecture
  private let normalization: NormalizationPlace
  /// Classes and functions of the file's own that the module needs, each once.
  let helpers: [PyTorchHelper]

  init(_ architecture: Architecture, normalization: NormalizationPlace) {
    self.architecture = architecture
    self.normalization = normalization
    let needed = architecture.entries.map { PyTorchLayer($0) }.compactMap(\.helper)
    helpers = [.normalize] + PyTorchHelper.allCases.filter(needed.contains)
  }

  /// The class.
  var source: String {
    let isInside = normalization == .inside
    let attributes = architecture.entries.flatMap { entry in
      let layer = PyTorchLayer(entry)
      return layer.module?.lines(after: "self.\(layer.name) = ", indent: 8) ?? []
    }
    let lines =
      ["", "class Model(nn.Module):", "    def __init__(self):", "        super().__init__()"]
      + (isInside ? ["        self.normalize = Normalize()"] : []) + attributes
      + ["", "    def forward(self, \(Self.argument)):"]
      + (isInside ? ["        \(names[0]) = self.normalize(\(Self.argument))"] : [])
      + statements + ["        return \(Self.running)"]
    return lines.map { "\($0)\n" }.joined()
  }

  /// What the module is called with.
  private static let argument = "image"
  /// The variable of what is handed from one layer to the next.
  private static let running = "x"

  /// The variables of the network's values: one name for all that only the next layer reads, their layer's for others.
  private var names: [String] {
    let readers = architecture.readerCounts
    return (0...architecture.entries.count).map { value in
      guard value > 0 || normalization == .inside else { return Self.argument }
      let isLast = value == architecture.entries.count
      if isLast || readers[value] == 1 && architecture.entries[value].inputs.contains(value) {
        return Self.running
      }
      return value == 0 ? "normalized" : PyTorchLayer(architecture.entries[value - 1]).name
    }
  }

  private var statements: [String] {
    let names = names
    return architecture.entries.enumerated().flatMap { place, entry in
      PyTorchLayer(entry).output(of: entry.inputs.map { names[$0] })
        .lines(after: "\(names[place + 1]) = ", indent: 8)
    }
  }
}
