import Datasets
import Foundation
public import Networks

extension RunConfiguration {
  /// Any key of a file.
  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  /// Reads what is given; the rest is as usual.
  ///
  /// - Throws: `DecodingError` for a key that does not exist or a value of another type.
  public init(from decoder: any Decoder) throws {
    let known = Set(CodingKeys.allCases.map(\.rawValue))
    // A checkpoint of a later version may say more; a person's file may not.
    let isForgiving = decoder.userInfo[Self.forgives] != nil
    for key in try decoder.container(keyedBy: Key.self).allKeys
    where !isForgiving && !known.contains(key.stringValue) {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: [key],
          debugDescription: "there is no “\(key.stringValue)” in a run; there are "
            + known.sorted().joined(separator: ", ")))
    }
    let values = try decoder.container(keyedBy: CodingKeys.self)
    func read<Value: Decodable>(_ value: inout Value, _ key: CodingKeys) throws {
      if let found = try values.decodeIfPresent(Value.self, forKey: key) { value = found }
    }
    func read<Value: Decodable>(_ value: inout Value?, _ key: CodingKeys) throws {
      value = try values.decodeIfPresent(Value.self, forKey: key)
    }
    try read(&model, .model)
    try read(&generator, .generator)
    try read(&latents, .latents)
    try read(&critic, .critic)
    try read(&dataset, .dataset)
    try read(&drawnCount, .drawnCount)
    try read(&imageSize, .imageSize)
    try read(&splitScheme, .splitScheme)
    try read(&validation, .validation)
    try read(&trainingImages, .trainingImages)
    try read(&randomLabels, .randomLabels)
    try read(&examples, .examples)
    try read(&from, .from)
    try read(&layerDecay, .layerDecay)
    try read(&augment, .augment)
    try read(&optimizer, .optimizer)
    try read(&momentum, .momentum)
    try read(&nesterov, .nesterov)
    try read(&weightDecay, .weightDecay)
    try read(&labelSmoothing, .labelSmoothing)
    try read(&clipNorm, .clipNorm)
    try read(&lookahead, .lookahead)
    try read(&average, .average)
    try read(&freeze, .freeze)
    try read(&rateFactors, .rateFactors)
    try read(&decayFactors, .decayFactors)
    try read(&learningRate, .learningRate)
    try read(&schedule, .schedule)
    try read(&batchSize, .batchSize)
    try read(&epochs, .epochs)
    try read(&earlyStopping, .earlyStopping)
    try read(&adversarial, .adversarial)
    try read(&adversarialEpsilon, .adversarialEpsilon)
    try read(&adversarialSteps, .adversarialSteps)
    try read(&tradesBeta, .tradesBeta)
    try read(&seed, .seed)
    try read(&ensemble, .ensemble)
  }

  /// Reads a JSON object.
  ///
  /// - Throws: `RunConfigurationError` if it is none, has a key that does not exist, or a value out of its range.
  public init(json: some Sequence<UInt8>) throws(RunConfigurationError) {
    try self.init(json: json, isForgiving: false)
  }

  private static let forgives = CodingUserInfoKey(rawValue: "forgives").unsafelyUnwrapped

  fileprivate init(
    json: some Sequence<UInt8>, isForgiving: Bool
  ) throws(RunConfigurationError) {
    let decoder = JSONDecoder()
    if isForgiving { decoder.userInfo[Self.forgives] = true }
    do {
      self = try decoder.decode(RunConfiguration.self, from: Data(json))
    } catch DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty {
      if let choices = Self.choices[context.codingPath.last?.stringValue ?? ""] {
        throw RunConfigurationError(
          field: Self.name(context.codingPath),
          "must be one of \(choices.joined(separator: ", "))")
      }
      throw RunConfigurationError(
        field: Self.name(context.codingPath), "is wrong: \(context.debugDescription)")
    } catch DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context)
    {
      throw RunConfigurationError(
        field: Self.name(context.codingPath), "is of the wrong type")
    } catch {
      throw RunConfigurationError(field: "the run", "is no JSON object")
    }
    try check()
  }

  /// What fields of few values may be.
  private static let choices = [
    CodingKeys.generator.rawValue: GeneratorKind.allCases.map(\.rawValue),
    CodingKeys.optimizer.rawValue: Optimizer.Kind.allCases.map(\.rawValue),
    CodingKeys.average.rawValue: WeightAverage.allCases.map(\.rawValue),
    CodingKeys.schedule.rawValue: LearningRateSchedule.allCases.map(\.rawValue),
    CodingKeys.splitScheme.rawValue: Split.Scheme.allCases.map(\.rawValue),
  ]

  private static func name(_ path: [any CodingKey]) -> String {
    path.last?.stringValue.replacing("_", with: "-") ?? "the run"
  }

  /// The JSON object, every key in order.
  public var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Every number is finite: `check` sees to it.
    return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
  }
}

extension Checkpoint {
  /// The run that made it; `nil` for a file from elsewhere.
  ///
  /// - Throws: `RunConfigurationError` if the file says what no run can be.
  public func configuration() throws(RunConfigurationError) -> RunConfiguration? {
    if let run {
      var configuration = try RunConfiguration(json: run.utf8, isForgiving: true)
      // The network is what it is, whatever the text beside it says.
      let trained = configuration.ensemble == nil ? nil : network.architecture.members.first
      configuration.model = (trained ?? network.architecture).specification.description
      return configuration
    }
    return recipe.isEmpty ? nil : try RunConfiguration(firstEdition: self)
  }
}

extension GeneratorCheckpoint {
  /// The run that made it; `nil` if the file does not say.
  ///
  /// - Throws: `RunConfigurationError` if the file says what no run can be.
  public func configuration() throws(RunConfigurationError) -> RunConfiguration? {
    guard let run else { return nil }
    var configuration = try RunConfiguration(json: run.utf8, isForgiving: true)
    configuration.model = network.architecture.specification.description
    return configuration
  }
}

extension RunConfiguration {
  /// The run of a checkpoint of the first edition, which kept it as words: the one place where they are read.
  fileprivate init(firstEdition checkpoint: Checkpoint) throws(RunConfigurationError) {
    let recipe = checkpoint.recipe
    func found<Value>(
      _ key: String, _ make: (String) -> Value?
    ) throws(RunConfigurationError) -> Value? {
      guard let text = recipe[key] else { return nil }
      guard let value = make(text) else {
        throw RunConfigurationError(field: key, "is “\(text)”, which no run has")
      }
      return value
    }
    func read<Value: LosslessStringConvertible>(
      _ key: String, _ value: inout Value
    ) throws(RunConfigurationError) {
      if let own = try found(key, Value.init) { value = own }
    }
    func read<Value: LosslessStringConvertible>(
      _ key: String, _ value: inout Value?
    ) throws(RunConfigurationError) {
      if let own = try found(key, Value.init) { value = own }
    }
    func choose<Value: RawRepresentable<String>>(
      _ key: String, _ value: inout Value
    ) throws(RunConfigurationError) {
      if let own = try found(key, Value.init(rawValue:)) { value = own }
    }
    self.init()
    model = checkpoint.network.architecture.specification.description
    dataset = checkpoint.dataset.isEmpty ? nil : checkpoint.dataset
    seed = checkpoint.seed
    randomLabels = recipe["labels"] == "random"
    if !randomLabels { try read("training images", &trainingImages) }
    try read("drawn count", &drawnCount)
    try choose("split scheme", &splitScheme)
    try read("validation", &validation)
    try choose("optimizer", &optimizer)
    try read("momentum", &momentum)
    try read("weight decay", &weightDecay)
    try read("learning rate", &learningRate)
    try choose("schedule", &schedule)
    try read("batch size", &batchSize)
    try read("epochs", &epochs)
    try read("early stopping", &earlyStopping)
    try read("adversarial", &adversarial)
    try read("adversarial epsilon", &adversarialEpsilon)
    try read("adversarial steps", &adversarialSteps)
    try check()
  }
}
