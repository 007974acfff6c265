import KernelTable

/// log(1 + u) for u in 0...1, to 1e-7 (Moshier's Cephes).
@inline(__always) private func logarithm(onePlus u: Vector) -> Vector {
  let isLarge = u .> 0.414_213_56
  // Above √2 half of it, and a log 2 more.
  let x = u.replacing(with: (u - 1) * 0.5, where: isLarge)
  let tail = x.times(7.037_683_6e-2, plus: -0.115_146_1)
    .times(x, plus: 0.116_769_99).times(x, plus: -0.124_201_41).times(x, plus: 0.142_493_23)
    .times(x, plus: -0.166_680_58).times(x, plus: 0.200_007_15).times(x, plus: -0.249_999_94)
    .times(x, plus: 0.333_333_31)
  let square = x * x
  let result = multiplyAdd(multiplyAdd(x, square, Vector(repeating: -0.5)), square * x, tail)
  return result.replacing(with: result + 0.693_147_18, where: isLarge)
}

/// exp(-|x|), put in place where it is used.
@inline(__always) private func fading(_ x: Vector) -> Vector { (-x.magnitude).exponential }

/// A sum over lanes, in a fixed order.
@inline(__always) private func total(_ lanes: Vector) -> Float {
  let eight = lanes.lowHalf + lanes.highHalf
  let four = eight.lowHalf + eight.highHalf
  let two = four.lowHalf + four.highHalf
  return two.x + two.y
}

/// The losses of sixteen logits, and their slopes: max(z, 0) - z t + log(1 + exp(-|z|)), σ(z) - t.
@inline(__always) private func losses(
  _ logits: Vector, _ targets: Vector
) -> (losses: Vector, slopes: Vector) {
  let power = fading(logits)
  let share = 1 / (power + 1)
  let slopes = (power * share).replacing(with: share, where: logits .> 0) - targets
  let positive = maximum(logits, Vector.zero)
  return (positive - logits * targets + logarithm(onePlus: power), slopes)
}

// gradient[i] = scale (σ(z_i) - t_i)
func binaryCrossEntropy(
  _ logits: Reading, _ targets: Reading, _ count: Int, _ scale: Float, _ gradient: Writing
) -> Float {
  var sum = Vector.zero
  let whole = count / 16 * 16
  for i in stride(from: 0, to: whole, by: 16) {
    let found = losses(load(logits + i), load(targets + i))
    sum += found.losses
    store(found.slopes * scale, gradient + i)
  }
  if whole < count {
    // What is behind the end is not read: a logit far below 0 with the target 0 costs nothing.
    var (z, t) = (Vector(repeating: -100), Vector.zero)
    for i in whole..<count { (z[i - whole], t[i - whole]) = (logits[i], targets[i]) }
    let found = losses(z, t)
    sum += found.losses
    for i in whole..<count { gradient[i] = found.slopes[i - whole] * scale }
  }
  return total(sum)
}
