public import Networks

/// The methods by name.
public enum AttributionMethods {
  /// A method as a list of methods shows it.
  public struct Entry: Sendable {
    /// The name on the command line and in figures, such as `integrated-gradients`.
    public let name: String
    /// One line that says what the map shows.
    public let summary: String
    /// What may follow the name after a colon; empty if nothing may.
    public let variants: [String]
    /// Makes the method of a variant (the usual one if `nil`) for a network.
    let make:
      @Sendable (_ variant: String?, _ settings: AttributionSettings, _ network: Architecture)
        throws(AttributionError) -> any AttributionMethod

    init(
      _ name: String, _ summary: String, variants: [String] = [],
      make:
        @escaping @Sendable (
          _ variant: String?, _ settings: AttributionSettings, _ network: Architecture
        ) throws(AttributionError) -> any AttributionMethod
    ) {
      self.name = name
      self.summary = summary
      self.variants = variants
      self.make = make
    }
  }

  /// Every method.
  public static let all: [Entry] = gradients + relevance + activations + attention + perturbations

  /// The entry of a name, with or without a variant.
  public static func entry(_ name: String) -> Entry? {
    let stem = name.split(separator: ":", maxSplits: 1).first.map(String.init) ?? name
    return all.first { $0.name == stem }
  }

  /// The method of a name, such as `lrp` or `lrp:epsilon`, for a network.
  ///
  /// - Parameters:
  ///   - name: the name, and after a colon the variant, if it has any.
  ///   - settings: what differs from the method's own defaults.
  ///   - network: the network to be explained.
  /// - Returns: the method.
  /// - Throws: `AttributionError` if there is no such method, or if it does not go with this network.
  public static func method(
    _ name: String, _ settings: AttributionSettings = AttributionSettings(),
    for network: Architecture
  ) throws(AttributionError) -> any AttributionMethod {
    try checkName(name)
    let variant = name.split(separator: ":", maxSplits: 1).dropFirst().first.map(String.init)
    guard let entry = entry(name) else { throw unknown(name) }
    return try entry.make(variant, settings, network)
  }

  /// Checks a name before there is a network.
  ///
  /// - Throws: `AttributionError` that lists what there is.
  package static func checkName(_ name: String) throws(AttributionError) {
    guard let entry = entry(name) else { throw unknown(name) }
    guard let colon = name.firstIndex(of: ":") else { return }
    let variant = String(name[name.index(after: colon)...])
    if wrappers.contains(where: { $0.name == entry.name }) {
      guard !wrappers.contains(where: { $0.name == Self.entry(variant)?.name }) else {
        throw AttributionError("\(entry.name) of \(variant): one of them is enough")
      }
      return try checkName(variant)
    }
    guard entry.variants.contains(variant) else {
      throw AttributionError(
        entry.variants.isEmpty
          ? "\(entry.name) has no variants; write --method \(entry.name)"
          : "\(entry.name) has no variant “\(variant)”; variants are"
            + " \(entry.variants.joined(separator: ", "))")
    }
  }

  private static func unknown(_ name: String) -> AttributionError {
    AttributionError(
      "there is no method “\(name)”; methods are \(all.map(\.name).joined(separator: ", "))")
  }

  // MARK: Families

  private static let wrappers: [Entry] = [
    smooth("smoothgrad", "the gradient averaged over noisy copies", .signed),
    smooth("smoothgrad-squared", "the same with the maps squared first", .squared),
    smooth("vargrad", "how much the map varies over noisy copies", .variance),
  ]

  private static func smooth(_ name: String, _ summary: String, _ kind: SmoothGrad.Kind) -> Entry {
    Entry(name, summary, variants: ["METHOD"]) {
      (variant, settings, network) throws(AttributionError) in
      let base = try variant.map { name throws(AttributionError) in
        try method(name, settings, for: network)
      }
      return SmoothGrad(
        base ?? Gradient(), kind: kind, samples: settings.samples ?? 50,
        noise: settings.noise ?? 0.15, seed: settings.seed)
    }
  }

  private static let gradients: [Entry] =
    [
      Entry("gradient", "which pixel, if changed, would change the score") { _, _, _ in Gradient()
      },
      Entry("input-x-gradient", "the gradient times the pixel") { _, _, _ in InputXGradient() },
    ] + wrappers + [
      Entry(
        "integrated-gradients", "what each pixel adds to the score, counted from a blank image",
        variants: ["gauss-legendre", "riemann-middle"]
      ) { (variant, settings, _) throws(AttributionError) in
        IntegratedGradients(
          steps: settings.steps ?? IntegratedGradients.defaultSteps,
          rule: variant == "riemann-middle" ? .riemannMiddle : .gaussLegendre,
          baseline: try Baseline(settings), draws: settings.samples ?? 10)
      },
      Entry("expected-gradients", "the same, counted from many training images") {
        (_, settings, _) throws(AttributionError) in
        try ExpectedGradients(
          background: settings.background,
          samples: settings.samples ?? ExpectedGradients.defaultSamples, seed: settings.seed)
      },
      Entry("gradient-shap", "expected gradients of noisy copies") {
        (_, settings, _) throws(AttributionError) in
        try ExpectedGradients(
          background: settings.background,
          samples: settings.samples ?? ExpectedGradients.defaultSamples,
          noise: settings.noise ?? 0.1, seed: settings.seed)
      },
      Entry("deeplift", "differences from a blank image, passed back through the layers") {
        (_, settings, network) throws(AttributionError) in
        try network.check("deeplift", has: \.isShared)
        return DeepLIFT(baseline: try Baseline(settings))
      },
      Entry("guided-backprop", "the gradient along paths of positive influence only") {
        (_, _, network) throws(AttributionError) in
        try network.check("guided-backprop", has: \.isGuidable)
        return GuidedBackpropagation(.guided)
      },
      Entry("deconvnet", "positive gradients, whatever the rectifiers did") {
        (_, _, network) throws(AttributionError) in
        try network.check("deconvnet", has: \.isGuidable)
        return GuidedBackpropagation(.deconvnet)
      },
      Entry("guided-grad-cam", "guided backpropagation where Grad-CAM finds evidence") {
        (_, settings, network) throws(AttributionError) in
        try network.check("guided-grad-cam", has: \.isGuidable)
        return GuidedGradCAM(at: try LayerChoice(settings.layer, in: network))
      },
    ]

  private static let relevance: [Entry] = [
    Entry(
      "lrp", "the score handed back layer by layer",
      variants: LRP.Composite.allCases.map(\.rawValue)
    ) { (variant, _, network) throws(AttributionError) in
      try network.check("lrp", has: \.isShared)
      return LRP(variant.flatMap { LRP.Composite(rawValue: $0) } ?? LRP.defaultComposite)
    }
  ]

  private static func activationMap(
    _ name: String, _ summary: String,
    _ make: @escaping @Sendable (LayerChoice) -> any AttributionMethod
  ) -> Entry {
    Entry(name, summary) { (_, settings, network) throws(AttributionError) in
      make(try LayerChoice(settings.layer, in: network))
    }
  }

  private static let activations: [Entry] = [
    activationMap("grad-cam", "where a layer's channels hold evidence, by their mean gradients") {
      ClassActivationMap(.gradCAM, at: $0)
    },
    activationMap("grad-cam++", "the same with positive gradients weighted place by place") {
      ClassActivationMap(.gradCAMPlusPlus, at: $0)
    },
    activationMap("xgrad-cam", "the same with gradients weighted by activation") {
      ClassActivationMap(.xGradCAM, at: $0)
    },
    activationMap("hires-cam", "activation times gradient at every place of a layer") {
      ClassActivationMap(.hiResCAM, at: $0)
    },
    activationMap("layer-cam", "activation times positive gradient at every place of a layer") {
      ClassActivationMap(.layerCAM, at: $0)
    },
    activationMap("eigen-cam", "what stands out in a layer, for whatever class") {
      EigenCAM(at: $0)
    },
    activationMap("score-cam", "channels weighted by the score of the image seen through them") {
      ScoreCAM(at: $0)
    },
    activationMap("ablation-cam", "channels weighted by what the score loses without them") {
      AblationCAM(at: $0)
    },
  ]

  private static let attention: [Entry] = [
    Entry("rollout", "where the answer's place looks, through all layers of attention") {
      (_, _, network) throws(AttributionError) in
      try AttentionRollout(network)
    }
  ]

  private static let perturbations: [Entry] = [
    Entry("occlusion", "what the score loses when a window is covered") {
      (_, settings, _) throws(AttributionError) in
      let window = settings.window ?? Occlusion.usualWindow
      return Occlusion(
        window: window, stride: settings.stride ?? min(2, window), baseline: try Baseline(settings))
    },
    Entry("feature-ablation", "what the score loses without each pixel or block") {
      (_, settings, _) throws(AttributionError) in
      let window = settings.window ?? 1
      return Occlusion(window: window, stride: window, baseline: try Baseline(settings))
    },
    Entry("rise", "random smooth masks weighted by the score") { _, settings, _ in
      RISE(
        cell: settings.window ?? 4, samples: settings.samples ?? 2000, seed: settings.seed)
    },
    Entry("kernel-shap", "Shapley values of square blocks") {
      (_, settings, _) throws(AttributionError) in
      KernelSHAP(
        block: settings.window ?? 4, samples: settings.samples ?? 2000,
        baseline: try Baseline(settings), seed: settings.seed)
    },
    Entry("lime", "a linear model of the score, with square blocks switched on and off") {
      (_, settings, _) throws(AttributionError) in
      LIME(
        block: settings.window ?? 4, samples: settings.samples ?? 2000,
        baseline: try Baseline(settings), seed: settings.seed)
    },
  ]
}
