import Drawing
import Figures
package import Study

extension ReportFigures {
  /// One number inside the network with all that it is made of.
  package func worked(_ facts: WorkedNumber, of example: ExampleFacts) -> Illustration {
    let (channels, height, width) = facts.window.dimensions
    func planes(_ plane: Plane) -> [FloatPlane] {
      (0..<channels).map { channel in
        FloatPlane(
          width: width, height: height,
          values: Array(
            plane.values[channel * height * width..<(channel + 1) * height * width]))
      }
    }
    let read = facts.source.map { "numbers of \($0)" } ?? "pixels, normalized"
    let place =
      facts.isWindow
      ? "map \(facts.channel), row \(facts.row), column \(facts.column)"
      : "unit \(facts.channel)"
    let window =
      facts.isWindow
      ? "the window of \(height) × \(width) \(read)"
      : "all \(Format.count(facts.window.values.count)) \(read)"
    // The picture with the window, where that is a part of it.
    let isMarked = facts.isWindow && facts.source == nil && facts.image == example.index
    return Illustration(
      text(
        .worked, Findings.worked(facts),
        "The strongest number that \(facts.stages.last?.layer ?? facts.layer) has for test image #\(facts.image), "
          + "\(place): \(window), the weights of \(facts.layer), and their products. \(Findings.workedSum(facts))",
        method: (facts.isWindow
          ? "Rows and columns are counted from 0; outside of the map the window reads 0. " : "")
          + "The numbers are rounded, the sums are of the full ones; each table has its own scale, orange above zero and "
          + "blue below.",
        alt: "A window of numbers, the weights that they are multiplied by, and the products"),
      ProductGrid(
        planes(facts.window), times: planes(facts.weights),
        titles: [facts.isWindow ? "Window" : "What it reads", "Weights", "Products"],
        of: isMarked
          ? NumberGrid.Source(example.pixels.picture, row: facts.top, column: facts.left) : nil))
  }
}

extension Findings {
  /// How many products a number is made of.
  static func worked(_ facts: WorkedNumber) -> String {
    let count = Wording.counted(facts.window.values.count, "product")
    let behind = facts.value == facts.sum ? [] : facts.stages.map(\.layer)
    return "One number, worked out: \(count)\(facts.bias == 0 ? "" : " and a bias") make "
      + Format.fixed(Double(facts.sum), 2)
      + (behind.isEmpty
        ? "." : "; behind \(Wording.list(behind)) that is \(Format.fixed(Double(facts.value), 2)).")
  }

  /// The sum with its bias, and what the layers behind make of it.
  static func workedSum(_ facts: WorkedNumber) -> String {
    func number(_ value: Double) -> String { Format.fixed(value, 3) }
    let products = Double(facts.sum) - Double(facts.bias)
    let bias =
      facts.bias == 0
      ? "Together they make \(number(Double(facts.sum)))"
      : "Together they make \(number(products)), with the bias of \(number(Double(facts.bias))) that is "
        + number(Double(facts.sum))
    var (words, before) = ([bias], facts.sum)
    for stage in facts.stages {
      words.append(
        stage.role == .rectifier
          ? stage.value == before
            ? "ReLU keeps it, for it is not below zero" : "ReLU makes 0 of what is below zero"
          : "\(stage.layer) makes \(number(Double(stage.value))) of it")
      before = stage.value
    }
    return words.joined(separator: "; ") + "."
  }
}

extension FigureName {
  static let worked = FigureName("worked")
}
