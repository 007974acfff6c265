import Datasets
import Engine
import Evaluation
import Foundation
import Networks
import TestSupport
import Testing

/// Measures of pictures that a generator drew.
@Suite struct GeneratedTests {
  private let pool = WorkerPool(threads: 2)

  /// The features of Scripts/reference/generated.py.
  private func features(
    _ count: Int, _ dimensions: Int, _ stream: UInt64, scale: Double = 1, shift: Double = 0
  ) -> [Float] {
    let x = hashed(count * dimensions, stream).map(Double.init)
    return x.indices.map { at in
      let mixed = at.isMultiple(of: dimensions) ? x[at] : 0.5 * x[at] + 0.5 * x[at - 1]
      return Float(scale * mixed + shift)
    }
  }

  // MARK: Fréchet distance

  @Test func `the Fréchet distance is what scipy's square root gives`() {
    func distance(_ a: [Float], _ b: [Float]) -> Double {
      FeatureDistribution(a, dimensions: 12).frechetDistance(
        to: FeatureDistribution(b, dimensions: 12))
    }
    let a = features(200, 12, 1)
    let far = distance(a, features(150, 12, 2, scale: 1.2, shift: 0.1))
    #expect(abs(far - 0.6133757321396733) < 1e-9, "\(far)")
    let near = distance(a, features(150, 12, 3))
    #expect(abs(near - 0.02101211742627913) < 1e-9, "\(near)")
    // Nine images span eight directions; scipy's root of a singular product is right to the root of a rounding.
    let singular = distance(features(9, 12, 4), features(200, 12, 5))
    #expect(abs(singular - 0.22263758374842632) < 1e-6, "\(singular)")
    #expect(distance(a, a) < 1e-12)
    #expect(abs(distance(features(150, 12, 3), a) - near) < 1e-9)
  }

  @Test func `features that never change, or are no numbers, are borne`() {
    // Two constant features that lie 3 and 4 apart.
    let a = FeatureDistribution([1, 0, 1, 0, 1, 0], dimensions: 2)
    let b = FeatureDistribution([4, 4, 4, 4], dimensions: 2)
    #expect(a.frechetDistance(to: b) == 25)
    let broken = FeatureDistribution([.nan, 0, 1, 1], dimensions: 2)
    #expect(a.frechetDistance(to: broken).isNaN)
  }

  @Test(arguments: [1, 2, 7, 40])
  func `a square root times itself is the matrix, and its vectors are the matrix's`(n: Int) {
    let x = signed(2 * n * n, 3).map(Double.init)
    let matrix = (0..<n * n).map { at in
      (0..<2 * n).reduce(0.0) { $0 + x[$1 * n + at / n] * x[$1 * n + at % n] }
    }
    let root = SymmetricEigenvalues.squareRoot(matrix, count: n)
    for i in 0..<n {
      for j in 0..<n {
        let product = (0..<n).reduce(0.0) { $0 + root[i * n + $1] * root[$1 * n + j] }
        #expect(abs(product - matrix[i * n + j]) < 1e-10)
        #expect(abs(root[i * n + j] - root[j * n + i]) < 1e-10)
      }
    }
    for (value, vector) in SymmetricEigenvalues.vectors(matrix, count: n) {
      for i in 0..<n {
        let image = (0..<n).reduce(0.0) { $0 + matrix[i * n + $1] * vector[$1] }
        #expect(abs(image - value * vector[i]) < 1e-9)
      }
    }
  }

  // MARK: Precision and recall

  /// Word for word as the paper has it.
  private func literal(
    _ a: [[Float]], lieAmong b: [[Float]], neighbors: Int
  ) -> Int {
    func distance(_ x: [Float], _ y: [Float]) -> Float {
      zip(x, y).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    return a.count { x in
      b.indices.contains { at in
        let others = b.indices.filter { $0 != at }.map { distance(b[at], b[$0]) }.sorted()
        return distance(x, b[at]) <= others[neighbors - 1]
      }
    }
  }

  @Test(arguments: [1, 3, 5])
  func `precision and recall are the paper's, word for word`(neighbors: Int) {
    let pictures = features(61, 5, 11, scale: 1.1)
    let reals = features(47, 5, 12, shift: 0.15)
    let measured = PrecisionRecall(
      pictures: pictures, reals: reals, dimensions: 5, neighbors: neighbors, pool: pool)
    let (a, b) = (rows(pictures, 5), rows(reals, 5))
    #expect(measured.believable == literal(a, lieAmong: b, neighbors: neighbors))
    #expect(measured.covered == literal(b, lieAmong: a, neighbors: neighbors))
    #expect((measured.count, measured.realCount) == (61, 47))
    #expect(measured.precision > 0 && measured.recall < 1)
    let alone = PrecisionRecall(
      pictures: pictures, reals: reals, dimensions: 5, neighbors: neighbors,
      pool: WorkerPool(threads: 1))
    #expect(alone == measured)
  }

  private func rows(_ values: [Float], _ dimensions: Int) -> [[Float]] {
    stride(from: 0, to: values.count, by: dimensions).map {
      Array(values[$0..<$0 + dimensions])
    }
  }

  @Test func `one picture over and over is believable and covers little`() {
    let reals = features(100, 4, 21)
    // A collapsed generator: the first real image with next to no change.
    let same = features(100, 4, 22, scale: 1e-4).enumerated().map { reals[$0 % 4] + $1 }
    let collapsed = PrecisionRecall(pictures: same, reals: reals, dimensions: 4, pool: pool)
    #expect(collapsed.precision == 1 && collapsed.recall <= 0.01)
    let own = PrecisionRecall(pictures: reals, reals: reals, dimensions: 4, pool: pool)
    #expect(own.precision == 1 && own.recall == 1)
  }

  // MARK: What a classifier reads

  /// Logits whose answer is a class, surely or not.
  private func predictions(_ answers: [(label: Int, isSure: Bool)], classes: Int) -> Predictions {
    Predictions(
      logits: answers.flatMap { answer in
        (0..<classes).map { $0 == answer.label ? answer.isSure ? 9 : 0.1 : 0 }
      }, labels: answers.map(\.label), classes: classes)
  }

  @Test func `a class that is hardly ever drawn is missing, by its number`() {
    // 98 of class 0, 1 of class 2, 1 of class 3, and none of class 1; an even share is 25, a tenth of it 2.5.
    let answers = (0..<100).map { (label: $0 == 4 ? 2 : $0 == 5 ? 3 : 0, isSure: $0 < 90) }
    let readings = SampleReadings(predictions(answers, classes: 4), asked: answers.map(\.label))
    #expect(readings.counts == [98, 0, 1, 1] && readings.missing == [1, 2, 3])
    #expect(readings.covered == 1 && readings.sure == 90 && readings.sureShare == 0.9)
    #expect(readings.asAsked == 100)
    // Exactly a tenth of an even share is enough.
    let even = SampleReadings(counts: [75, 10, 10, 5], sure: 0)
    #expect(even.missing == [] && even.covered == 4)
    let few = SampleReadings(counts: [98, 2, 0, 0], sure: 0)
    #expect(few.missing == [1, 2, 3])
    #expect(SampleReadings(counts: [0, 0], sure: 0).missing == [0, 1])
    let notAsked = SampleReadings(predictions([(1, true)], classes: 3), asked: [2])
    #expect(notAsked.asAsked == 0)
  }

  // MARK: Copies

  private func images(_ count: Int, _ stream: UInt64) -> LabeledImages {
    LabeledImages(
      channels: 1, height: 5, width: 7,
      pixels: hashed(count * 35, stream).map { UInt8($0 * 255) },
      labels: [Int](repeating: 0, count: count))
  }

  @Test func `the nearest image is the one that a literal search finds`() {
    let (train, others) = (images(73, 31), images(37, 32))
    let found = NearestImages.find(others.pixels, among: train, pool: pool)
    for (picture, match) in found.enumerated() {
      let distances = (0..<train.count).map { image in
        zip(others.bytes(picture), train.bytes(image)).reduce(0) { sum, pair in
          sum + (Int(pair.0) - Int(pair.1)) * (Int(pair.0) - Int(pair.1))
        }
      }
      let least = distances.min() ?? 0
      #expect(match.image == distances.firstIndex(of: least))
      #expect(match.squaredDistance == Double(least) / 65_025)
    }
    // A copy is found at no distance, and the first of two that are the same.
    let twice = LabeledImages(joining: [train, train])
    let own = NearestImages.find(Array(train.bytes(40)), among: twice, pool: pool)
    #expect(own == [NearestImages.Match(image: 40, squaredDistance: 0)])
    #expect(NearestImages.find([], among: train, pool: pool) == [])
  }

  @Test func `large pictures that differ everywhere are as far apart as can be`() {
    let side = 200
    func flat(_ value: UInt8) -> LabeledImages {
      LabeledImages(
        channels: 3, height: side, width: side,
        pixels: [UInt8](repeating: value, count: 3 * side * side), labels: [0])
    }
    let found = NearestImages.find(flat(255).pixels, among: flat(0), pool: pool)
    #expect(found[0].squaredDistance == Double(3 * side * side))
  }

  @Test func `pictures nearer than nearly all test images are counted`() {
    let tests = (1...600).map(Double.init)
    let check = MemoryCheck(pictures: [0, 1, 6.5, 8, 20, 30, 31, 300], tests: tests.shuffled())
    // Thirty test images of 600 lie below 31, six below 7.
    #expect(check.limits.map(\.squaredDistance) == [31, 7])
    #expect(check.limits.map(\.nearer) == [6, 3])
    #expect(check.limits.map(\.testNearer) == [30, 6])
    #expect(check.limits.map(\.share) == [0.05, 0.01])
    #expect((check.count, check.testCount) == (8, 600))
    // Copies of the test images are no nearer than they are.
    let same = MemoryCheck(pictures: tests, tests: tests)
    #expect(same.limits.map(\.nearer) == [30, 6])
    // A limit that less than five test images set is left out, unless there is no other.
    #expect(MemoryCheck(pictures: [1], tests: Array(tests[..<200])).limits.map(\.share) == [0.05])
    #expect(MemoryCheck(pictures: [1], tests: [2]).limits.map(\.nearer) == [1])
  }

  @Test func `the doubt of both shares is in their difference`() throws {
    // Newcombe's table II, method 10: 56/70 and 48/80, 0.0524 to 0.3339.
    let json = """
      {"count":70,"testCount":80,"limits":[
        {"share":0.6,"squaredDistance":4,"nearer":56,"testNearer":48}]}
      """
    let check = try JSONDecoder().decode(MemoryCheck.self, from: Data(json.utf8))
    let excess = check.excess(check.limits[0])
    #expect(excess.contains(0.2))
    #expect(abs(excess.low - 0.0524) < 5e-5)
    #expect(abs(excess.high - 0.3339) < 5e-5)
  }

  // MARK: Strangers

  @Test func `the area under the curve is scikit-learn's, ties and all`() {
    func tenths(_ values: [Float], plus shift: Float = 0) -> [Double] {
      values.map { Double(((($0 + shift) * 10).rounded(.toNearestOrEven) / 10)) }
    }
    let area = AreaUnderCurve(
      positives: tenths(hashed(40, 6), plus: 0.3), negatives: tenths(hashed(60, 7)))
    #expect(abs(area.value - 0.7058333333333333) < 1e-12, "\(area)")
  }

  @Test(
    arguments: [
      // By scipy's brentq on the formula of the paper.
      (40, 60, 0.8, 0.6949103116260459, 0.87235780577787),
      (10, 10, 0.5, 0.27351558818989397, 0.726484411810106),
      (20, 30, 1.0, 0.91593893, 1),
    ])
  func `the interval is Newcombe's fifth`(
    positives: Int, negatives: Int, area: Double, low: Double, high: Double
  ) {
    // So many of the first kind are above all of the second, and the others below.
    let above = Int((area * Double(positives)).rounded())
    let measured = AreaUnderCurve(
      positives: (0..<positives).map { $0 < above ? 2 : 0 },
      negatives: [Double](repeating: 1, count: negatives))
    #expect(measured.value == area)
    #expect(abs(measured.interval.low - low) < 1e-6 && abs(measured.interval.high - high) < 1e-6)
    #expect(measured.interval.contains(area))
  }
}
