import KernelTable

// output[i] = max(input[i], 0)
func relu(_ input: Reading, _ output: Writing, _ count: Int) {
  var i = 0
  while count - i >= 16 {
    store(maximum(.zero, load(input + i)), output + i)
    i += 16
  }
  while i < count {
    output[i] = input[i] > 0 ? input[i] : 0
    i += 1
  }
}

// inputGradient[i] = outputGradient[i] where output[i] > 0
func reluBackward(
  _ output: Reading, _ outputGradient: Reading, _ inputGradient: Writing, _ count: Int
) {
  var i = 0
  while count - i >= 16 {
    let passed = Vector.zero.replacing(
      with: load(outputGradient + i), where: load(output + i) .> Vector.zero)
    store(passed, inputGradient + i)
    i += 16
  }
  while i < count {
    inputGradient[i] = output[i] > 0 ? outputGradient[i] : 0
    i += 1
  }
}

// output[i] = keep(seed, i) ? input[i] / (1 - p) : 0, where keep is a hash of the element's index,
// so that the same seed gives the same mask forward and backward, on any thread.
func dropout(
  _ input: Reading, _ output: Writing, _ count: Int, _ dropped: Float, _ seed: UInt32
) {
  let threshold = UInt32(dropped * 0x1p24)
  let scale = 1 / (1 - dropped)
  for i in 0..<count {
    // The finalizer of MurmurHash3; 24 of its bits are compared.
    var hash = UInt32(truncatingIfNeeded: i) &* 0x9e37_79b9 ^ seed
    hash = (hash ^ (hash >> 16)) &* 0x85eb_ca6b
    hash = (hash ^ (hash >> 13)) &* 0xc2b2_ae35
    hash ^= hash >> 16
    output[i] = hash >> 8 >= threshold ? input[i] * scale : 0
  }
}
