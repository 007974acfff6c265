#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// e to the power of a number.
public func exponential(_ x: Double) -> Double { exp(x) }
/// The natural logarithm.
public func logarithm(_ x: Double) -> Double { log(x) }

/// Pearson's correlation of two rows of numbers.
public func correlation(_ a: [Float], _ b: [Float]) -> Double {
  let n = Double(a.count)
  let (x, y) = (a.map(Double.init), b.map(Double.init))
  let (meanX, meanY) = (x.reduce(0, +) / n, y.reduce(0, +) / n)
  let xy = zip(x, y).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) }
  let xx = x.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) }
  let yy = y.reduce(0) { $0 + ($1 - meanY) * ($1 - meanY) }
  return xy / (xx * yy).squareRoot()
}
