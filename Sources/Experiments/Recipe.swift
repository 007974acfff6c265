import Networks
package import Training

/// Networks with the run that makes the most of them, by name.
package enum Recipe: String, CaseIterable, Sendable {
  /// One network for digits, trained with patience: six convolutions with batch normalisation,
  /// images changed anew each time, label smoothing, and a mean of the weights over the way.
  case best
  /// A network for photographs of 32 x 32 pixels, trained in minutes: a convolution that begins by the images' own windows and
  /// stays so, then six that begin by letting channels through, each two behind one pooling.
  ///
  /// Reference: Jordan, 94 % on CIFAR-10 in 3.29 Seconds on a Single GPU (2024), whose airbench93 it is but for
  /// batches of half the size and no Lookahead.
  case colour
  /// A recurrent network that reads an image row by row: an LSTM of 128 units.
  case lstm
  /// A small vision transformer: squares of 4 x 4 pixels, 64 features, six blocks with four heads.
  ///
  /// Reference: Dosovitskiy et al., An Image is Worth 16x16 Words (2021).
  case vit
  /// A variational autoencoder with hidden layers of 512 and 256 units on either side. With the single one of 400 of
  /// PyTorch's example the bound of MNIST's validation images is 102.4 nats instead of 96.7 after 30 epochs.
  case vae
  /// A generative adversarial network: a generator of four convolutions, which doubles maps twice, against a critic of three.
  ///
  /// Reference: Radford, Metz, Chintala, Unsupervised Representation Learning with Deep Convolutional Generative
  /// Adversarial Networks (2016).
  case gan
  /// Flow matching by a small network of convolutions that looks at the picture at three sizes.
  ///
  /// Reference: Ronneberger et al., U-Net (2015).
  case flow

  /// What decides the run, the data set and the seed left open.
  package var run: RunConfiguration {
    var run = RunConfiguration()
    switch self {
    case .best:
      run.model =
        [32, 64, 128].map { "2*(conv(\($0),3) norm relu)" }.joined(separator: " maxpool(2) ")
        + " globalpool dropout(0.2) linear({classes})"
      run.augment = "shear(8) scale(0.15) rotate(12) shift(2)"
      (run.labelSmoothing, run.average) = (0.1, .ema)
      (run.schedule, run.learningRate, run.epochs) = (.oneCycle, 0.003, 16)
    case .colour:
      let stages = [64, 128, 128].map { width in
        let (first, second) = (
          "conv(\(width),3,bias=no,init=dirac) maxpool(2) norm(momentum=0.4) gelu",
          "conv(\(width),3,bias=no,init=dirac) norm(momentum=0.4) gelu"
        )
        return "\(first) \(second)"
      }
      run.model =
        "conv(24,2,padding=0,init=whitening) gelu \(stages.joined(separator: " ")) maxpool(3) flatten"
        + " linear({classes},bias=no) multiply(0.111)"
      run.augment = "flip(alternating) crop(2,reflect)"
      (run.optimizer, run.nesterov, run.momentum) = (.sgd, true, 0.85)
      (run.batchSize, run.learningRate, run.weightDecay) = (512, 0.75, 0.00133)
      (run.schedule, run.epochs, run.labelSmoothing) = (.linear, 8, 0.2)
      // Normalisation only moves, and fast: its factors stay 1, its numbers added learn at a rate of their own.
      let norms = (1...2 * stages.count).map { "norm\($0)" }
      run.freeze = ["conv1.weight"] + norms.map { "\($0).weight" }
      run.rateFactors = Dictionary(uniqueKeysWithValues: norms.map { ("\($0).bias", 64) })
      run.decayFactors = run.rateFactors.mapValues { 1 / $0 }
    case .lstm:
      run.model = "rows lstm(128) last linear({classes})"
      (run.schedule, run.learningRate, run.epochs) = (.oneCycle, 0.004, 12)
    case .vit:
      run.model =
        "patches(4) linear(64) class-token positions 6*(residual(layernorm attention(4))"
        + " residual(layernorm linear(128) gelu linear(64))) layernorm first linear({classes})"
      run.augment = "digits"
      (run.optimizer, run.weightDecay, run.batchSize) = (.adamW, 0.05, 128)
      (run.schedule, run.learningRate, run.epochs) = (.oneCycle, 0.002, 20)
    case .vae:
      run.generator = .vae
      run.model =
        "flatten linear(512) gelu linear(256) gelu linear({2*latents})"
        + " concat( | sample linear(256) gelu linear(512) gelu linear({pixels}))"
      (run.schedule, run.learningRate, run.epochs, run.batchSize) = (.oneCycle, 0.003, 30, 128)
    case .gan:
      run.generator = .gan
      run.model =
        "flatten linear({8*area},bias=no) unflatten(128,{height/4},{width/4}) norm relu conv(128,3,bias=no) norm relu"
        + " upsample(2) conv(64,3,bias=no) norm relu upsample(2) conv(16,3,bias=no) norm relu conv({channels},3)"
        + " sigmoid flatten"
      run.critic =
        "conv(64,4,stride=2,padding=1) leaky-relu(0.2) conv(128,4,stride=2,padding=1) leaky-relu(0.2)"
        + " conv(256,3,stride=2,padding=1) leaky-relu(0.2) flatten linear(1)"
      (run.schedule, run.learningRate, run.epochs, run.batchSize) = (.cosine, 0.0004, 12, 32)
      (run.latents, run.average) = (32, .ema)
    case .flow:
      run.generator = .flow
      run.model =
        "conv(32,3) silu concat( | avgpool(2) conv(64,3) silu concat( | avgpool(2) conv(128,3) silu"
        + " conv(128,3) silu conv(64,3) silu upsample(2)) conv(64,3) silu conv(32,3) silu upsample(2))"
        + " conv(32,3) silu conv({channels},3) flatten"
      (run.schedule, run.learningRate, run.epochs, run.batchSize) = (.oneCycle, 0.002, 12, 128)
      run.average = .ema
    }
    return run
  }
}
