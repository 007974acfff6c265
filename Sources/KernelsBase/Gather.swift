import CProcessor
import KernelTable

// A linear layer on images that are mostly background. With x = z + v, z the background's number at each
// place and v zero almost everywhere,
//
//   x W = z W + Σ_(v ≠ 0) v_i W_i        d W_i = z_i Σ_n g_n + Σ_(n: v ≠ 0) v_ni g_n
//
// and the first term of each is the same for all images, or for all places. Rows come in strips of 16 columns.

// The places i where values differ from the background: 16 i and the difference, in order; and for every run of
// sixteen values how many were found before it, the last number being the total.
func findInk(
  _ values: Reading, _ background: Reading, _ count: Int, _ starts: UnsafeMutablePointer<Int32>,
  _ offsets: UnsafeMutablePointer<Int32>, _ differences: Writing
) {
  var found = 0
  @inline(__always) func note(_ i: Int) {
    offsets[found] = Int32(truncatingIfNeeded: 16 &* i)
    differences[found] = values[i] - background[i]
    found += 1
  }
  var i = 0
  while count - i >= 16 {
    starts[i / 16] = Int32(truncatingIfNeeded: found)
    #if KERNELS_V4
      found += Int(
        processor_compress_different(
          load(values + i), load(background + i), Int32(truncatingIfNeeded: i), offsets + found,
          differences + found))
    #else
      forEachBit(where: load(values + i) .!= load(background + i)) { note(i + $0) }
    #endif
    i += 16
  }
  if i < count { starts[i / 16] = Int32(truncatingIfNeeded: found) }
  while i < count {
    if values[i] != background[i] { note(i) }
    i += 1
  }
  starts[(count + 15) / 16] = Int32(truncatingIfNeeded: found)
}

// rows[y], bit x: pixels[y][x] differs from the background. Vectors reach behind the row; what they find there is cut off.
func inkRows(
  _ pixels: Reading, _ background: Float, _ height: Int, _ width: Int,
  _ rows: UnsafeMutablePointer<UInt64>
) {
  let blank = Vector(repeating: background)
  for y in 0..<height {
    var row: UInt64 = 0
    for x in stride(from: 0, to: width, by: 16) {
      row |= UInt64(bits(load(pixels + y * width + x) .!= blank)) << UInt64(x)
    }
    rows[y] = row & (UInt64.max >> UInt64(64 - width))
  }
}

func gather(_ task: GatherTask) {
  var strip = 0
  while task.strips - strip >= 4 {
    gather(task, strip, Pair<Pair<Single>>.self)
    strip += 4
  }
  while strip < task.strips {
    gather(task, strip, Single.self)
    strip += 1
  }
}

@inline(__always)
private func gather<S: Strips>(_ task: GatherTask, _ strip: Int, _: S.Type) {
  let source = task.source + strip * task.sourceStrip
  var sum = S(task.start + 16 * strip, factor: task.startFactor)
  for entry in 0..<task.count {
    sum.add(
      task.values[entry], source + Int(task.offsets[entry]), step: task.sourceStrip)
  }
  sum.write(task.target + strip * task.targetStrip, step: task.targetStrip)
}

/// Neighbouring strips that are summed together, enough of them to keep the adders busy.
private protocol Strips {
  static var count: Int { get }
  init(_ start: Reading, factor: Float)
  mutating func add(_ x: Float, _ row: Reading, step: Int)
  func write(_ pointer: Writing, step: Int)
}

private struct Pair<Half: Strips>: Strips {
  static var count: Int { 2 * Half.count }
  var a, b: Half
  @inline(__always) init(_ start: Reading, factor: Float) {
    a = Half(start, factor: factor)
    b = Half(start + 16 * Half.count, factor: factor)
  }
  @inline(__always) mutating func add(_ x: Float, _ row: Reading, step: Int) {
    a.add(x, row, step: step)
    b.add(x, row + Half.count * step, step: step)
  }
  @inline(__always) func write(_ pointer: Writing, step: Int) {
    a.write(pointer, step: step)
    b.write(pointer + Half.count * step, step: step)
  }
}

private struct Single: Strips {
  static var count: Int { 1 }
  var a: Vector
  @inline(__always) init(_ start: Reading, factor: Float) { a = load(start) * factor }
  @inline(__always) mutating func add(_ x: Float, _ row: Reading, step: Int) {
    a = multiplyAdd(a, Vector(repeating: x), load(row))
  }
  @inline(__always) func write(_ pointer: Writing, step: Int) { store(a, pointer) }
}
