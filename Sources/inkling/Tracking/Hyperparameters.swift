import Experiments
import Tracking
import Training

extension RunConfiguration {
  /// What decides the run, under the names of its options.
  var hyperparameters: [Hyperparameter] {
    fields.compactMap { field in
      if field.isFlag { return Hyperparameter(field.name, .flag(field.value != nil)) }
      return field.value.map { Hyperparameter(field.name, ParameterValue(words: $0).tracked) }
    }
  }
}

extension ParameterValue {
  /// The value as a tracked run has it.
  var tracked: HyperparameterValue {
    switch self {
    case .flag(let flag): .flag(flag)
    case .number(let number): .number(number)
    case .text(let text): .text(text)
    }
  }
}
