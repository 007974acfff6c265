import Drawing

/// The layers of a network as boxes in the order in which a picture passes them.
public struct NetworkDiagram: Chart {
  /// One layer.
  public struct Layer: Hashable, Sendable {
    /// Its name, such as `conv 1`.
    public var name: String
    /// What it does, such as `Conv 5 × 5`.
    public var kind: String
    /// The shape of what it gives on, such as `32 maps, 24 × 24`.
    public var shape: String
    /// The number of its parameters.
    public var parameters: Int

    /// A layer from its name, kind, output shape and number of parameters.
    public init(name: String, kind: String, shape: String, parameters: Int) {
      self.name = name
      self.kind = kind
      self.shape = shape
      self.parameters = parameters
    }
  }

  /// The layers from the image to the answer.
  public var layers: [Layer]

  /// A diagram of layers.
  public init(_ layers: [Layer]) { self.layers = layers }

  /// One row per layer.
  public var table: FigureTable? {
    FigureTable(
      header: ["Layer", "Kind", "Output", "Parameters"],
      rows: layers.map { [$0.name, $0.kind, $0.shape, Format.count($0.parameters)] })
  }

  /// The marks for a width in pixels; layers continue in further lines where there is no room.
  public func layout(width: Double) -> Layout {
    var layout = Layout(width: width)
    let gutter = 22.0
    let fitting = max(1, Int((width + gutter) / (112 + gutter)))
    let lines = (layers.count + fitting - 1) / max(fitting, 1)
    let columns = max(1, (layers.count + max(lines, 1) - 1) / max(lines, 1))
    let part = min(200, (width - Double(columns - 1) * gutter) / Double(columns))
    let most = layers.map(\.parameters).max() ?? 0
    var y = 0.0
    for start in stride(from: 0, to: layers.count, by: columns) {
      let end = min(start + columns, layers.count)
      for index in start..<end {
        let x = Double(index - start) * (part + gutter)
        let box = self.layout(of: layers[index], width: part, most: most)
        layout.add(box, x: x, y: y)
        if index + 1 < layers.count {
          drawArrow(x: x + part + 5, y: y + 17, &layout, isLast: index + 1 == end, limit: width)
        }
      }
      y = layout.height + 26
    }
    return layout
  }

  private func layout(of layer: Layer, width: Double, most: Int) -> Layout {
    var layout = Layout(width: width)
    layout.area(0, 0, width, 2, .ink)
    let bold = TextStyle(.ink, size: 13, weight: .semibold)
    var y = 21.0
    for line in TextMetrics.wrapped(layer.kind, to: width, style: bold) {
      layout.text(line, 0, y, bold)
      y += 17
    }
    let parameters =
      layer.parameters == 1 ? "1 parameter" : "\(Format.count(layer.parameters)) parameters"
    let words = [layer.name, layer.shape, layer.parameters == 0 ? "no parameters" : parameters]
    for (index, text) in words.enumerated() where text.lowercased() != layer.kind.lowercased() {
      let style = TextStyle(index == 1 ? .ink2 : .ink3, size: 12)
      for line in TextMetrics.wrapped(text, to: width, style: style) {
        layout.text(line, 0, y, style)
        y += 16
      }
    }
    if layer.parameters > 0, most > 0 {
      // Length is proportional to the number of parameters.
      let length = max(1, Double(layer.parameters) / Double(most) * width)
      layout.area(0, y - 5, length, 4, .bar)
    }
    layout.height = y + 2
    return layout
  }

  private func drawArrow(
    x: Double, y: Double, _ layout: inout Layout, isLast: Bool, limit: Double
  ) {
    guard !isLast, x + 12 <= limit else { return }
    layout.line(x, y, x + 11, y, Stroke(.rule2, width: 1.25))
    layout.marks.append(
      .polyline(
        [Point(x + 7.5, y - 3.5), Point(x + 11.5, y), Point(x + 7.5, y + 3.5)],
        Stroke(.rule2, width: 1.25)))
  }
}
