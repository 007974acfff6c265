import Figures
import TestSupport
import Testing

/// Drawings that were looked at: a change of one shows in the diff of the commit.
@Suite struct SVGSnapshotTests {
  @Test(arguments: [
    "loss", "trail", "bars", "signed bars", "dots", "counts", "reliability", "3 classes", "heat",
    "parallel",
  ])
  func `a small chart is drawn as it was looked at`(name: String) throws {
    let chart = try #require(Samples.charts.first { $0.0 == name }?.1)
    let figure = chart.figure(FigureText(name: "chart", title: "A chart"), width: 472)
    // A line for each mark, so that a difference can be read.
    let svg = try figure.svg(standalone: true).replacing("><", with: ">\n<")
    #expect(try Snapshot("\(name).svg").difference(from: svg + "\n") == nil)
  }
}
