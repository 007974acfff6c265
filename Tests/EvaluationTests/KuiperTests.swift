import Evaluation
import Randomness
import Testing

@Suite struct KuiperTests {
  @Test func `marks that crowd are found where they are`() throws {
    let middle = Set((0..<40).map { 4000 + 20 * $0 })
    let found = try #require(Kuiper((0..<10_000).map(middle.contains)))
    #expect(found.stretch == 4000..<4781 && found.pValue < 1e-9)
    // Around a stretch without any.
    let ends = Set((0..<30).map { $0 * 20 } + (0..<30).map { 9400 + $0 * 20 })
    #expect(try #require(Kuiper((0..<10_000).map(ends.contains))).stretch == 581..<9400)
    #expect(Kuiper([true, true]) == nil && Kuiper([false]) == nil && Kuiper([]) == nil)
  }

  @Test func `even marks are as even as can be`() throws {
    // astropy.stats.kuiper_two gives 1.
    #expect(try #require(Kuiper((0..<10_000).map { $0 % 500 == 7 })).pValue > 0.999)
  }

  @Test func `the size of a crowd is astropy's`() throws {
    // kuiper_two gives 5.4e-5 and 1.7e-7, by a slightly other series.
    let early = Set((0..<62).map { $0 * 80 } + (0..<18).map { 5000 + $0 * 270 })
    let first = try #require(Kuiper((0..<10_000).map(early.contains))).pValue
    #expect(first > 2e-5 && first < 1e-4)
    let few = Set((0..<12).map { 400 + 2 * $0 } + [10, 50, 700, 900])
    let second = try #require(Kuiper((0..<1000).map(few.contains))).pValue
    #expect(second > 1e-8 && second < 1e-6)
  }

  @Test(arguments: [(20, 400), (80, 1000), (300, 600)])
  func `one in twenty random orders looks like one in twenty`(marked: Int, count: Int) {
    var generator = SplitMix64(seed: 9)
    let draws = 600
    let rare = (0..<draws).count { _ in
      let places = Set(generator.permutation(count).prefix(marked))
      return (Kuiper((0..<count).map(places.contains))?.pValue ?? 1) < 0.05
    }
    #expect((0.02...0.08).contains(Double(rare) / Double(draws)), "\(rare) of \(draws)")
  }
}
