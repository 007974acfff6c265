import Testing

@testable import Tracking

@Suite struct ValueHistogramTests {
  /// Numbers of all sizes and signs, from a multiplicative sequence.
  private func numbers(_ count: Int) -> [Float] {
    var state: UInt64 = 88_172_645_463_325_252
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let size = Float(state >> 40) / Float(1 << 24)
      let power = Float(Int(state >> 20 & 31) - 16)
      var scale: Float = 1
      for _ in 0..<Int(power.magnitude) { scale *= power < 0 ? 0.1 : 10 }
      return (state & 1 == 0 ? size : -size) * scale
    }
  }

  @Test(arguments: [1, 2, 17, 1000]) func `every number lies between its bucket's limits`(
    count: Int
  ) throws {
    let numbers = numbers(count)
    let histogram = ValueHistogram(numbers)
    var lower = -Double.infinity
    for bucket in histogram.buckets {
      let inside = numbers.count { (lower..<bucket.limit).contains(Double($0)) }
      #expect(inside == bucket.count, "\(lower) to \(bucket.limit)")
      #expect(bucket.limit > lower)
      lower = bucket.limit
    }
    #expect(histogram.buckets.reduce(0) { $0 + $1.count } == count && histogram.count == count)
    #expect(histogram.least == numbers.map(Double.init).min())
    #expect(histogram.most == numbers.map(Double.init).max())
    let sum = numbers.reduce(0.0) { $0 + Double($1) }
    let squares = numbers.reduce(0.0) { $0 + Double($1) * Double($1) }
    #expect(histogram.sum == sum && histogram.sumOfSquares == squares)
    // No two empty ones side by side.
    for (one, next) in zip(histogram.buckets, histogram.buckets.dropFirst()) {
      #expect(one.count > 0 || next.count > 0)
    }
  }

  /// TensorFlow's own: 1e-12 times powers of 1.1 below 1e20, the largest number, both signs, and 0.
  @Test func `the limits are TensorFlow's`() {
    let limits = ValueHistogram.limits
    #expect(limits.count == 1551 && limits[775] == 0 && limits[776] == 1e-12)
    #expect(limits[777] == 1e-12 * 1.1 && limits.last == .greatestFiniteMagnitude)
    #expect(limits.map { -$0 }.reversed() == limits)
    #expect(zip(limits, limits.dropFirst()).allSatisfy { $0 < $1 })
  }

  @Test func `no numbers, the same number, and what is none`() {
    let nothing = ValueHistogram([])
    #expect(nothing.count == 0 && nothing.least == 0 && nothing.most == 0)
    #expect(nothing.buckets.allSatisfy { $0.count == 0 } && nothing.buckets.count == 1)
    let zeros = ValueHistogram([Float](repeating: 0, count: 5))
    #expect(zeros.buckets.first { $0.count > 0 } == .init(limit: 1e-12, count: 5))
    let odd = ValueHistogram([.nan, .infinity, -.infinity, 2, -0.0])
    #expect(odd.count == 2 && odd.most == 2 && odd.sum == 2)
    let wide = ValueHistogram([.greatestFiniteMagnitude, -.greatestFiniteMagnitude])
    #expect(wide.count == 2 && wide.buckets.reduce(0) { $0 + $1.count } == 2)
  }
}
