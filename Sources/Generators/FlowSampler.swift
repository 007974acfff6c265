import Engine
import Networks

/// Goes from noise to pictures along the velocities that a network gives.
final class FlowSampler {
  /// Steps from noise to picture.
  static let usualSteps = 50
  /// How far it goes beyond what it would draw without being told the class.
  static let usualGuidance: Float = 2

  private let planes: FlowPlanes
  private let executor: Executor
  private let pool: WorkerPool

  init(_ checkpoint: GeneratorCheckpoint, pool: WorkerPool) {
    self.pool = pool
    planes = FlowPlanes(shape: checkpoint.imageShape, classes: checkpoint.classes.count)
    executor = Executor(checkpoint.network, pool: pool)
  }

  /// Pictures that go together: as many as fit in the cache of a processor, planes and all.
  private static let batch = 64

  /// Euler's steps from time 0 to 1, each along the velocity there.
  ///
  /// With guidance w the velocity is `u + w (c - u)`, u without and c with the class.
  ///
  /// Reference: Ho and Salimans, Classifier-Free Diffusion Guidance (2022).
  ///
  /// - Parameters:
  ///   - noise: `[N][C][H][W]`, normal.
  ///   - labels: a class for each.
  ///   - steps: at least 1.
  ///   - guidance: w.
  ///   - tell: given the pictures before the first step and after each.
  /// - Returns: pixels in 0...1, `[N][C][H][W]`.
  func pictures(
    from noise: [Float], of labels: [Int], steps: Int, guidance: Float,
    tell: (([Float]) -> Void)? = nil
  ) -> [Float] {
    var states = noise
    tell?(Self.pixels(states))
    for step in 0..<steps {
      let t = Float(step) / Float(steps)
      let velocities = velocities(states, at: t, labels, guidance: guidance)
      for i in states.indices { states[i] += velocities[i] / Float(steps) }
      tell?(Self.pixels(states))
    }
    return Self.pixels(states)
  }

  /// Numbers from -1 for dark to 1 for light as pixels; what goes beyond is cut.
  private static func pixels(_ states: [Float]) -> [Float] {
    states.map { min(max(($0 + 1) / 2, 0), 1) }
  }

  private func velocities(
    _ states: [Float], at t: Float, _ labels: [Int], guidance: Float
  ) -> [Float] {
    let (size, read) = (planes.shape.count, planes.inputShape.count)
    var result: [Float] = []
    result.reserveCapacity(states.count)
    for first in stride(from: 0, to: labels.count, by: Self.batch) {
      let places = first..<min(first + Self.batch, labels.count)
      // The class is told in the first half, and not in the second, which just as told needs none of.
      let halves = guidance == 1 ? 1 : 2
      let images = [Float](unsafeUninitializedCapacity: halves * places.count * read) {
        target, filled in
        guard let base = target.baseAddress else { return }
        states.withUnsafeBufferPointer { states in
          guard let source = states.baseAddress else { return }
          pool.run(halves * places.count) { index, _ in
            let place = first + index % places.count
            planes.write(
              source + place * size, time: t, label: index < places.count ? labels[place] : nil,
              to: base + index * read)
          }
        }
        filled = halves * places.count * read
      }
      let found = executor.logits(images)
      let count = places.count * size
      result +=
        halves == 1
        ? found
        : (0..<count).map { found[count + $0] + guidance * (found[$0] - found[count + $0]) }
    }
    return result
  }
}
