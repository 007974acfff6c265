import Engine
import KernelTable
import TestSupport
import Testing

/// Pixels of moved pictures, at every level that this machine has, against bilinear interpolation written out.
@Suite struct ResampleTests {
  private static let (width, height) = (9, 6)
  private static let (rowStep, ground) = (width + 3, Float(0.25))

  /// A picture in its frame, row after row.
  private let framed: [Float] = {
    let (width, height) = (Self.width, Self.height)
    var framed = [Float](repeating: Self.ground, count: Self.rowStep * (height + 3))
    for (i, value) in hashed(width * height, 1).enumerated() {
      framed[(i / width + 1) * Self.rowStep + i % width + 1] = value
    }
    return framed
  }()

  private func pixel(_ x: Int, _ y: Int, isReflected: Bool) -> Double {
    func mirrored(_ place: Int, _ count: Int) -> Int {
      let rest = abs(place) % (2 * (count - 1))
      return min(rest, 2 * (count - 1) - rest)
    }
    let (width, height) = (Self.width, Self.height)
    let isInside = (0..<width).contains(x) && (0..<height).contains(y)
    if !isInside && !isReflected { return Double(Self.ground) }
    return Double(
      framed[(mirrored(y, height) + 1) * Self.rowStep + mirrored(x, width) + 1])
  }

  private func exact(_ x: Double, _ y: Double, isReflected: Bool) -> Double {
    let (left, top) = (x.rounded(.down), y.rounded(.down))
    var sum = 0.0
    for (column, row) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
      let weight =
        (column == 0 ? 1 - (x - left) : x - left) * (row == 0 ? 1 - (y - top) : y - top)
      sum += weight * pixel(Int(left) + column, Int(top) + row, isReflected: isReflected)
    }
    return sum
  }

  private func resampled(
    _ kernels: KernelTable, x: Float, y: Float, xStep: Float, yStep: Float, isReflected: Bool,
    field: [Float]?, count: Int
  ) -> [Float] {
    var result = [Float](repeating: 9, count: count + 1)
    framed.withUnsafeBufferPointer { framed in
      (field ?? []).withUnsafeBufferPointer { numbers in
        result.withUnsafeMutableBufferPointer { result in
          guard let framed = framed.baseAddress, let result = result.baseAddress else { return }
          let fields = field == nil ? nil : numbers.baseAddress
          kernels.resample(
            ResampleTask(
              picture: framed + Self.rowStep + 1, rowStep: Self.rowStep, width: Self.width,
              height: Self.height, x: x, y: y, xStep: xStep, yStep: yStep, xField: fields,
              yField: fields.map { $0 + count }, isReflected: isReflected, target: result,
              count: count))
        }
      }
    }
    #expect(result.removeLast() == 9)
    return result
  }

  @Test(arguments: [1, 7, 8, 13, 24], [false, true])
  func `places in and around a picture are between four pixels`(count: Int, isReflected: Bool)
    throws
  {
    let field = signed(2 * count, 2).map { 3 * $0 }
    for (x, y, xStep, yStep) in [
      (-3.25, -2.5, 0.75, 0.5), (8, 5, -1, 0), (20.5, 1.25, -1.5, -0.25), (-30, 40, 2.25, -3),
    ] as [(Float, Float, Float, Float)] {
      for field in [nil, field] {
        let all = InstructionSet.available.map {
          resampled(
            $0, x: x, y: y, xStep: xStep, yStep: yStep, isReflected: isReflected, field: field,
            count: count)
        }
        for values in all { #expect(values == all[0]) }
        for (i, value) in all[0].enumerated() {
          let wanted = exact(
            Double(x) + Double(xStep) * Double(i) + Double(field?[i] ?? 0),
            Double(y) + Double(yStep) * Double(i) + Double(field?[count + i] ?? 0),
            isReflected: isReflected)
          #expect(abs(Double(value) - wanted) < 1e-5, "\(i) of \(count) from \(x), \(y)")
        }
      }
    }
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity, 1e30, -1e30], [false, true])
  func `far away, and where there is no place, is the ground`(place: Float, isReflected: Bool)
    throws
  {
    for kernels in InstructionSet.available {
      let values = resampled(
        kernels, x: place, y: place, xStep: 1, yStep: 1, isReflected: isReflected, field: nil,
        count: 9)
      // A finite place in a mirrored image is somewhere in it.
      if isReflected, place.isFinite {
        #expect(values.allSatisfy { (0...1).contains($0) })
      } else {
        #expect(values.allSatisfy { $0 == Self.ground })
      }
    }
  }
}
