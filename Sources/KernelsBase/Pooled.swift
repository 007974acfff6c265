import KernelTable

// ReLU and 2 x 2 max-pooling in one, on pairs of rows [2][column][channel], channels a multiple of 16.
//
// The result's two lowest bits say which of the four places was the largest, 3 for the first down to 0 for the
// last, so that ties go to the first as in PyTorch: backward needs neither the input nor a mask. That moves a
// value by at most 3 units in its last place. Where nothing was above zero, all bits are zero: a value is
// live if its bits, as an integer, exceed 3.

private typealias Bits = SIMD16<Int32>

@inline(__always)
private func coded(_ value: Vector, _ code: Int32) -> Bits {
  (unsafeBitCast(value, to: Bits.self) & Bits(repeating: ~3)) | Bits(repeating: code)
}

@inline(__always)
private func maximum(_ a: Bits, _ b: Bits) -> Bits { a.replacing(with: b, where: b .> a) }

// Numbers above zero are ordered like their bits; those below are negative integers.
@inline(__always)
func codedMaximum(_ a: Vector, _ b: Vector, _ c: Vector, _ d: Vector) -> Vector {
  let largest = maximum(
    maximum(coded(a, 3), coded(b, 2)), maximum(coded(c, 1), coded(d, 0)))
  return unsafeBitCast(
    Bits.zero.replacing(with: largest, where: largest .> Bits(repeating: 3)), to: Vector.self)
}

// output[x][c] = code of max(0, rows[0...1][2x...2x+1][c])
func reluPool(_ rows: Reading, _ output: Writing, _ width: Int, _ channels: Int) {
  for x in 0..<width / 2 {
    for c in stride(from: 0, to: channels, by: 16) {
      let corner = rows + 2 * x * channels + c
      let below = corner + width * channels
      store(
        codedMaximum(
          load(corner), load(corner + channels), load(below), load(below + channels)),
        output + x * channels + c)
    }
  }
}

// result[place] = Σ_k gradient[place][k] patches[k][code of place, k], `count` numbers a patch, a multiple of 16; what is
// not live adds nothing. `live` is room for a number a filter. Filters go in two sums, the even and the odd, so that
// the adders need not wait.
func gatherPatches(
  _ output: Reading, _ gradient: Reading, _ patches: Reading, _ live: Writing, _ result: Writing,
  _ places: Int, _ filters: Int, _ count: Int
) {
  for place in 0..<places {
    let outputs = output + place * filters
    for k in stride(from: 0, to: filters, by: 16) {
      let bits = unsafeBitCast(load(outputs + k), to: Bits.self)
      store(
        Vector.zero.replacing(
          with: load(gradient + place * filters + k), where: bits .> Bits(repeating: 3)), live + k)
    }
    for part in stride(from: 0, to: count, by: 16) {
      @inline(__always) func add(_ sum: Vector, _ k: Int) -> Vector {
        let code = Int(outputs[k].bitPattern & 3)
        return multiplyAdd(
          sum, Vector(repeating: live[k]), load(patches + (4 * k + code) * count + part))
      }
      var (even, odd) = (Vector.zero, Vector.zero)
      for k in stride(from: 0, to: filters, by: 2) {
        even = add(even, k)
        odd = add(odd, k + 1)
      }
      store(even + odd, result + place * count + part)
    }
  }
}

// rows = the gradient at the place that each code names, zero elsewhere.
func reluPoolBackward(
  _ output: Reading, _ gradient: Reading, _ rows: Writing, _ width: Int, _ channels: Int
) {
  for x in 0..<width / 2 {
    for c in stride(from: 0, to: channels, by: 16) {
      let bits = unsafeBitCast(load(output + x * channels + c), to: Bits.self)
      let code = bits & Bits(repeating: 3)
      let live = Vector.zero.replacing(
        with: load(gradient + x * channels + c), where: bits .> Bits(repeating: 3))
      let corner = rows + 2 * x * channels + c
      let below = corner + width * channels
      @inline(__always) func put(_ number: Int32, _ target: Writing) {
        store(Vector.zero.replacing(with: live, where: code .== Bits(repeating: number)), target)
      }
      put(3, corner)
      put(2, corner + channels)
      put(1, below)
      put(0, below + channels)
    }
  }
}
