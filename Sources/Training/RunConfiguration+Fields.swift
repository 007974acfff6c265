import Attacks
import Datasets
import Networks

extension RunConfiguration {
  /// A field for people: named as its option is.
  package struct Field: Hashable, Sendable {
    /// Such as `batch-size`.
    package let name: String
    /// Such as “Batch size”.
    package var title: String {
      name.prefix(1).uppercased() + name.dropFirst().replacing("-", with: " ")
    }
    /// Its value; `nil` if there is none, or if it decides nothing in this run.
    package let value: String?
    /// True for an option without a value, which stands for yes.
    package let isFlag: Bool
    /// True if there is no value or the usual one.
    package let isUsual: Bool
  }

  /// Every field, in the order in which a person thinks of them.
  package var fields: [Field] {
    let usual = RunConfiguration()
    func field(_ name: String, _ value: some CustomStringConvertible, isUsual: Bool) -> Field {
      Field(name: name, value: value.description, isFlag: false, isUsual: isUsual)
    }
    func field(_ name: String, _ value: (some CustomStringConvertible)?) -> Field {
      Field(name: name, value: value?.description, isFlag: false, isUsual: value == nil)
    }
    func flag(_ name: String, _ isOn: Bool) -> Field {
      Field(name: name, value: isOn ? "yes" : nil, isFlag: true, isUsual: !isOn)
    }
    func factors(_ name: String, _ factors: [String: Float]) -> Field {
      let words = factors.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
      return field(name, words.isEmpty ? nil : words.joined(separator: ","))
    }
    return [
      field("model", model, isUsual: false),
      field("generator", generator?.rawValue),
      field("latents", latents),
      field("critic", critic),
      field("dataset", dataset),
      field("drawn-count", drawnCount),
      field("image-size", imageSize.map { $0.map(String.init).joined(separator: ",") }),
      field("split-scheme", splitScheme.rawValue, isUsual: splitScheme == usual.splitScheme),
      field("validation", validation, isUsual: validation == usual.validation),
      field("training-images", trainingImages),
      field("examples", examples),
      flag("random-labels", randomLabels),
      field("from", from?.name),
      field("augment", augment),
      field("optimizer", optimizer.rawValue, isUsual: optimizer == usual.optimizer),
      optimizer == .sgd
        ? field("momentum", momentum, isUsual: momentum == usual.momentum)
        : field("momentum", Double?.none),
      flag("nesterov", nesterov),
      field("weight-decay", weightDecay, isUsual: weightDecay == usual.weightDecay),
      field("learning-rate", peakRate, isUsual: peakRate == optimizer.usualRate),
      field("schedule", schedule.rawValue, isUsual: schedule == usual.schedule),
      field(
        "label-smoothing", labelSmoothing, isUsual: labelSmoothing == usual.labelSmoothing),
      field("clip-norm", clipNorm),
      flag("lookahead", lookahead),
      field("average", average?.rawValue),
      field("layer-decay", layerDecay),
      field("freeze", freeze.isEmpty ? nil : freeze.joined(separator: ",")),
      factors("rate-factors", rateFactors),
      factors("decay-factors", decayFactors),
      field("batch-size", batchSize, isUsual: batchSize == usual.batchSize),
      field("epochs", passes, isUsual: false),
      field("early-stopping", earlyStopping),
      field("adversarial", adversarial),
      field("adversarial-epsilon", adversarialEpsilon),
      adversarial == nil
        ? field("adversarial-steps", Int?.none)
        : field(
          "adversarial-steps", adversarialSteps, isUsual: adversarialSteps == usual.adversarialSteps
        ),
      adversarial == InnerAttack.trades
        ? field("trades-beta", tradesBeta, isUsual: tradesBeta == usual.tradesBeta)
        : field("trades-beta", Float?.none),
      field("seed", seed, isUsual: false),
      field("ensemble", ensemble),
    ]
  }

  /// The options of `train` that ask for this run, without those that have their usual values.
  package var options: [String] {
    fields.filter { !$0.isUsual }.flatMap { field in
      ["--\(field.name)"] + (field.isFlag ? [] : [field.value].compactMap { $0 })
    }
  }

  private static func words(_ origin: Origin) -> String {
    "\(origin.name) (SHA-256 \(origin.sha256.prefix(12))…)"
  }

  /// The first field in which another run differs, with both values.
  package func difference(
    from other: RunConfiguration
  ) -> (name: String, own: String?, other: String?)? {
    if from != other.from {
      return ("from", from.map(Self.words), other.from.map(Self.words))
    }
    return zip(fields, other.fields).first { $0.value != $1.value }.map {
      ($0.name, $0.value, $1.value)
    }
  }
}
