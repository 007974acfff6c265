import Study
import Testing

@testable import Report

/// What the last pages say of how a report was made.
@Suite struct AppendixViewTests {
  private func appendix(_ extent: Study.Extent.Preset?, multiplications: Int) -> AppendixView {
    var results = Fixture.results()
    results.extent = extent
    results.model.layers[0].multiplications = multiplications
    return Appendix(results: results).view(number: 13)
  }

  @Test func `the command says how much is computed where that is not what is usual`() throws {
    let (little, much) = (1000, Study.Extent.Preset.mostMultiplications + 1)
    for (extent, multiplications, told) in [
      (Study.Extent.Preset.full, little, ""), (.quick, little, "--extent quick "),
      (.quick, much, ""), (.full, much, "--extent full "),
    ] {
      let view = appendix(extent, multiplications: multiplications)
      let command = try #require(view.commands.last)
      #expect(command.hasSuffix(" \(told)--output report"), "\(command)")
      #expect(command.contains("--extent") == !told.isEmpty)
      #expect(view.facts.contains { $0.text.contains("first look") } == (extent == .quick))
    }
    // The dearest of all that are compared counts.
    var compared = Fixture.results()
    compared.extent = .full
    compared.comparisons = [Fixture.comparison(pValue: 0.5)]
    compared.comparisons[0].multiplications = much
    let command = Appendix(results: compared).view(number: 13).commands.last
    #expect(command?.contains("--extent full") == true)
    // Results of earlier versions do not say.
    #expect(appendix(nil, multiplications: much).commands.last?.contains("--extent") == false)
  }

  @Test func `a first look is usual from a cost on`() {
    let most = Study.Extent.Preset.mostMultiplications
    #expect(Study.Extent.Preset.usual(multiplications: most) == .full)
    #expect(Study.Extent.Preset.usual(multiplications: most + 1) == .quick)
  }
}
