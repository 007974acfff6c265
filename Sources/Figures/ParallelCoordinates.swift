import Drawing
import Foundation

/// Lines across parallel axes, one axis a quantity: what many things have in common.
package struct ParallelCoordinates: Chart {
  /// An axis.
  package struct Axis: Hashable, Sendable {
    /// What it measures.
    package var title: String
    /// Words with their places, from 0 at the bottom to 1 at the top.
    package var ticks: [Tick]
    /// True if lines meet only at ticks: then they are spread a little, to be told apart.
    package var isDiscrete: Bool

    /// A place with words.
    package struct Tick: Hashable, Sendable {
      /// The words.
      package var label: String
      /// The place in 0...1.
      package var place: Double

      /// Words at a place.
      package init(_ label: String, at place: Double) { (self.label, self.place) = (label, place) }
    }

    /// An axis of some values, evenly from the bottom to the top.
    package init(_ title: String, values: [String]) {
      self.title = title
      let last = Double(max(1, values.count - 1))
      ticks = values.enumerated().map {
        Tick($0.element, at: values.count == 1 ? 0.5 : Double($0.offset) / last)
      }
      isDiscrete = true
    }

    /// An axis of some numbers from 0 on, each where it belongs: logarithmic where the largest is many times the smallest,
    /// with 0, if it is among them, below.
    package init(_ title: String, numbers: [Double], labels: [String]) {
      self.title = title
      isDiscrete = true
      let above = numbers.filter { $0 != 0 }
      guard let low = above.min(), let high = above.max(), low > 0, high >= 8 * low else {
        let range = (numbers.min() ?? 0)...(numbers.max() ?? 1)
        ticks = zip(numbers, labels).map {
          Tick($1, at: Self.place($0, in: range, isLogarithmic: false))
        }
        return
      }
      let foot = above.count < numbers.count ? 0.2 : 0
      ticks = zip(numbers, labels).map { number, label in
        let place = Self.place(number, in: low...high, isLogarithmic: true)
        return Tick(label, at: number == 0 ? 0 : foot + (1 - foot) * place)
      }
    }

    /// An axis of numbers between two ends.
    package init(
      _ title: String, range: ClosedRange<Double>, isLogarithmic: Bool, style: NumberStyle = .plain
    ) {
      self.title = title
      isDiscrete = false
      let axis = AxisScale(
        [range.lowerBound, range.upperBound], bounds: range, isLogarithmic: isLogarithmic)
      let found = axis.ticks(count: 4)
      ticks = found.values.compactMap { value in
        axis.position(value).map { Tick(style.tick(value, step: found.step), at: $0) }
      }
    }

    /// Where a number of an axis between two ends lies.
    package static func place(
      _ value: Double, in range: ClosedRange<Double>, isLogarithmic: Bool
    ) -> Double {
      AxisScale(
        [range.lowerBound, range.upperBound], bounds: range, isLogarithmic: isLogarithmic
      ).position(value) ?? 0
    }
  }

  /// A line.
  package struct Line: Hashable, Sendable {
    /// Its place on each axis, in 0...1.
    package var places: [Double]
    /// What it says of itself when it is chosen.
    package var words: String

    /// A line through places.
    package init(_ places: [Double], words: String) { (self.places, self.words) = (places, words) }
  }

  /// The axes from left to right.
  package var axes: [Axis]
  /// The lines, the most important first.
  package var lines: [Line]
  /// How many of them stand out.
  package var emphasized: Int

  /// Lines over axes.
  package init(axes: [Axis], lines: [Line], emphasized: Int = 1) {
    (self.axes, self.lines, self.emphasized) = (axes, lines, emphasized)
  }

  /// The marks for a width in pixels.
  package func layout(width: Double) -> FigureLayout {
    let isWide = width >= 450
    let (top, height) = (34.0, isWide ? 260.0 : 200)
    var layout = FigureLayout(width: width, height: top + height + 12)
    guard axes.count > 1 else { return layout }
    let margin = isWide ? 64.0 : 36
    let step = (width - 2 * margin) / Double(axes.count - 1)
    func x(_ axis: Int) -> Double { margin + Double(axis) * step }
    let spread = isWide ? 18.0 : 10
    func point(_ line: Int, _ axis: Int) -> Point {
      let place = lines[line].places[axis]
      let shift =
        axes[axis].isDiscrete && lines.count > 1
        ? (Double(line) / Double(lines.count - 1) - 0.5) * spread : 0
      let inner = height - spread
      return Point(x(axis), top + spread / 2 + (1 - place) * inner + shift)
    }
    for line in lines.indices.reversed() {
      let stroke =
        line < emphasized
        ? Stroke(.positive, width: 2.25) : line < 10 ? Stroke(.ink2) : Stroke(.rule2)
      layout.marks.append(
        .polyline(axes.indices.map { point(line, $0) }, stroke, title: lines[line].words))
    }
    for axis in axes.indices {
      layout.line(x(axis), top, x(axis), top + height, Stroke(.ink3))
      let style = TextStyle(.ink, size: 12, weight: .semibold, anchor: .middle)
      layout.text(
        TextMetrics.truncated(
          axes[axis].title, to: min(step - 6, 2 * min(x(axis), width - x(axis))), style: style),
        x(axis), 14, style)
      var last = Double.infinity
      for tick in axes[axis].ticks.sorted(by: { $0.place < $1.place }) {
        let y = top + spread / 2 + (1 - tick.place) * (height - spread)
        // Words that would stand on others are left out.
        guard last - y >= 13 else { continue }
        last = y
        let style = TextStyle(.ink2, size: isWide ? 12 : 11, anchor: .end)
        let words = TextMetrics.truncated(tick.label, to: min(margin, step) - 8, style: style)
        let wide = TextMetrics.width(of: words, style: style)
        layout.area(x(axis) - 9 - wide, y - 8, wide + 4, 16, .background, opacity: 0.85)
        layout.text(words, x(axis) - 7, y + 4, style)
      }
    }
    for line in lines.indices.prefix(emphasized) {
      for axis in axes.indices {
        layout.marks.append(
          .circle(
            point(line, axis), radius: 3.5, fill: .positive, stroke: nil, title: lines[line].words))
      }
    }
    return layout
  }
}
