import KernelTable

// Pixels of a moved picture. Levels agree to the bit: nothing is fused, so that what a run learns from does not hang on
// the processor.
func resample(_ task: ResampleTask) {
  var i = 0
  while i < task.count {
    if task.count >= 8 {
      // The last eight end with the run.
      i = min(i, task.count - 8)
      let pixels = resampled(task, i) { UnsafeRawPointer($0 + i).loadUnaligned(as: Eight.self) }
      UnsafeMutableRawPointer(task.target + i).storeBytes(of: pixels, as: Eight.self)
      i += 8
    } else {
      task.target[i] = resampled(task, i) { Eight(repeating: $0[i]) }[0]
      i += 1
    }
  }
}

private typealias Eight = SIMD8<Float>

@inline(__always) private func resampled(
  _ task: ResampleTask, _ first: Int, _ read: (Reading) -> Eight
) -> Eight {
  let lanes = Eight(0, 1, 2, 3, 4, 5, 6, 7) + Float(first)
  var (x, y) = (task.x + task.xStep * lanes, task.y + task.yStep * lanes)
  if let field = task.xField { x += read(field) }
  if let field = task.yField { y += read(field) }
  if task.isReflected {
    x = reflected(x, task.width)
    y = reflected(y, task.height)
  }
  return bilinear(task.picture, task.rowStep, inFrame(x, task.width), inFrame(y, task.height))
}

@inline(__always) private func bilinear(
  _ picture: Reading, _ rowStep: Int, _ x: Eight, _ y: Eight
) -> Eight {
  let (left, top) = (floor(x), floor(y))
  let starts = whole(top) &* Int32(truncatingIfNeeded: rowStep) &+ whole(left)
  var below = SIMD16<Float>()
  below.evenHalf = y - top
  below.oddHalf = y - top
  // A pixel and the one on its right lie side by side.
  let (upper, lower) = (pairs(picture, starts), pairs(picture + rowStep, starts))
  let between = upper + below * (lower - upper)
  return between.evenHalf + (x - left) * (between.oddHalf - between.evenHalf)
}

@inline(__always) private func pairs(_ pixels: Reading, _ starts: SIMD8<Int32>) -> SIMD16<Float> {
  @inline(__always) func pair(_ start: Int32) -> SIMD2<Float> {
    UnsafeRawPointer(pixels + Int(start)).loadUnaligned(as: SIMD2<Float>.self)
  }
  @inline(__always) func four(_ starts: SIMD4<Int32>) -> Eight {
    Eight(
      lowHalf: SIMD4(lowHalf: pair(starts.x), highHalf: pair(starts.y)),
      highHalf: SIMD4(lowHalf: pair(starts.z), highHalf: pair(starts.w)))
  }
  return SIMD16(lowHalf: four(starts.lowHalf), highHalf: four(starts.highHalf))
}

// Outside of the frame there is what there is at its edge. What is not a number goes to the first place, which is ground.
@inline(__always) private func inFrame(_ place: Eight, _ count: Int) -> Eight {
  let (first, last) = (Eight(repeating: -1), Eight(repeating: Float(count)))
  let inner = first.replacing(with: place, where: place .> first)
  return inner.replacing(with: last, where: inner .> last)
}

@inline(__always) private func reflected(_ place: Eight, _ count: Int) -> Eight {
  let last = Float(count - 1)
  if last == 0 { return .zero }
  let rest = place - 2 * last * floor(place / (2 * last))
  return rest.replacing(with: 2 * last - rest, where: rest .> last)
}

// 1.5 · 2^23: what is added to it is rounded to a whole number, which its last bits are. Swift rounds and converts lane by
// lane.
private let shift: Float = 0x1.8p23

@inline(__always) private func floor(_ x: Eight) -> Eight {
  let nearest = (x + shift) - shift
  return nearest.replacing(with: nearest - 1, where: nearest .> x)
}

@inline(__always) private func whole(_ x: Eight) -> SIMD8<Int32> {
  unsafeBitCast(x + shift, to: SIMD8<Int32>.self) &- Int32(bitPattern: shift.bitPattern)
}
