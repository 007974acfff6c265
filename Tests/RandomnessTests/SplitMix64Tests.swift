import Randomness
import Testing

@Suite struct SplitMix64Tests {
  @Test func `the numbers are those of the reference`() {
    // The first of Vigna's splitmix64.c for the state 1234567.
    var generator = SplitMix64(seed: 1_234_567)
    let expected: [UInt64] = [
      6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
      4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
    ]
    for number in expected { #expect(generator.next() == number) }
  }

  @Test func `purposes and counters have streams of their own`() {
    var seen: Set<UInt64> = []
    for seed in UInt64(0)..<4 {
      for purpose in ["shuffle", "dropout", "shuffl", ""] {
        for index in UInt64(0)..<4 {
          var generator = SplitMix64(seed: seed, purpose: purpose, index: index)
          var again = SplitMix64(seed: seed, purpose: purpose, index: index)
          let first = generator.next()
          #expect(first == again.next())
          seen.insert(first)
        }
      }
    }
    #expect(seen.count == 64)
  }

  @Test func `uniform numbers fill their interval evenly`() {
    var generator = SplitMix64(seed: 3)
    let count = 100_000
    var bins = [Int](repeating: 0, count: 10)
    for _ in 0..<count {
      let value = generator.uniform(-2, 3)
      #expect(value >= -2 && value < 3)
      bins[min(9, Int((value + 2) * 2))] += 1
    }
    // Chi-squared with 9 degrees of freedom: 27.9 in one of a thousand.
    let expected = Double(count) / 10
    let chi = bins.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
    #expect(chi < 27.9, "\(bins)")
  }

  @Test func `normal numbers have mean 0, deviation 1 and the tails of a bell`() {
    var generator = SplitMix64(seed: 5)
    let count = 100_000
    let values = (0..<count).map { _ in Double(generator.normal()) }
    #expect(values.allSatisfy { $0.isFinite })
    let mean = values.reduce(0, +) / Double(count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
    // Four standard errors.
    #expect(abs(mean) < 0.0127 && abs(variance - 1) < 0.018)
    let beyond = Double(values.count { abs($0) > 1.96 }) / Double(count)
    #expect(abs(beyond - 0.05) < 0.0028)
  }

  @Test(arguments: [0, 1, 2, 7, 1000])
  func `a permutation has every number once`(count: Int) {
    var generator = SplitMix64(seed: 7)
    #expect(generator.permutation(count).sorted() == Array(0..<count))
  }

  @Test func `every order of three comes up as often`() {
    var generator = SplitMix64(seed: 9)
    var counts: [[Int]: Int] = [:]
    for _ in 0..<60_000 { counts[generator.permutation(3), default: 0] += 1 }
    #expect(counts.count == 6)
    // Five standard deviations of a binomial count around 10,000.
    #expect(counts.values.allSatisfy { abs($0 - 10_000) < 457 })
  }

  @Test func `numbers below a bound reach all of them and no other`() {
    var generator = SplitMix64(seed: 11)
    var seen: Set<Int> = []
    for _ in 0..<1000 { seen.insert(generator.below(7)) }
    #expect(seen == Set(0..<7))
  }
}
