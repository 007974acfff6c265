package import Engine
import Networks

/// A generator that learns against a critic, step by step.
///
/// Each step moves the critic first, on as many drawn pictures as there are of the data, then the generator by what the critic
/// then says of the same ones. The critic is asked as it predicts, without what is random in it.
///
/// The steps are those of PyTorch's `dcgan` example, but for that the critic looks at both sorts in one mini-batch.
package final class AdversarialPair {
  /// What draws, reading latents.
  let generator: TrainingExecutor
  /// What judges: its one number is above 0 for pictures of the data.
  let critic: TrainingExecutor
  private let judge: Executor

  /// - Parameters:
  ///   - generator: for mini-batches of some size.
  ///   - critic: for mini-batches of twice that.
  ///   - pool: the threads.
  package init(_ generator: TrainingExecutor, against critic: TrainingExecutor, pool: WorkerPool) {
    self.generator = generator
    self.critic = critic
    judge = Executor(critic.network, pool: pool)
  }

  /// The critic as it would judge now.
  var currentJudge: Executor {
    judge.load(critic.network)
    return judge
  }

  /// One step.
  ///
  /// - Parameters:
  ///   - real: pictures of the data, `[N][C][H][W]`.
  ///   - latents: `[N][latents]`.
  ///   - number: counts steps.
  ///   - criticUpdate: what the optimizer does to the critic.
  ///   - generatorUpdate: and to the generator.
  /// - Returns: sums over N of the critic's losses, each the mean over one picture of either sort, and of the generator's.
  package func step(
    _ real: [Float], _ latents: [Float], number: Int, critic criticUpdate: ParameterUpdate,
    generator generatorUpdate: ParameterUpdate
  ) -> [Double] {
    let (size, width) = (critic.inputShape.count, generator.inputShape.count)
    let count = real.count / size
    let drawn = generator.outputs(of: count, number: number) { image, numbers in
      for i in 0..<width { numbers[i] = latents[image * width + i] }
    }
    let answers = Array(repeating: Float(1), count: count) + Array(repeating: 0, count: count)
    let told = critic.step(
      BinaryObjective(answers, images: 2 * count), number: number, update: criticUpdate
    ) { image, pixels in
      let isReal = image < count
      let start = (isReal ? image : image - count) * size
      for i in 0..<size { pixels[i] = isReal ? real[start + i] : drawn[start + i] }
    }
    let doubt = currentJudge.inputGradients(drawn, of: Self.doubt)
    let moved = generator.step(
      GradientObjective(losses: doubt.values, gradients: doubt.pixels), update: generatorUpdate)
    return [told.loss / 2, moved.loss]
  }

  /// The non-saturating loss: the cross-entropy of a drawn picture with the answer for the data's.
  private static let doubt = Objective { _, logits in
    let found = BinaryObjective.value(logits[0], 1)
    return (found.loss, [found.slope])
  }
}
