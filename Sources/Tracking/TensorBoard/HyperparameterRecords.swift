import Foundation
import SwiftProtobuf

/// What TensorBoard's HPARAMS tab reads: values without content, under tags of their own, with all in the metadata.
///
/// Reference: tensorboard/plugins/hparams (metadata.py, plugin_data.proto, api.proto).
enum HyperparameterRecords {
  /// The record of what runs of an experiment differ in, and what they are compared by.
  static func experiment(
    _ name: String, domains: [HyperparameterDomain], metrics: [ComparedMetric]
  ) throws -> [UInt8] {
    var experiment = Tensorboard_Experiment()
    experiment.name = name
    experiment.hparamInfos = domains.map { domain in
      var info = Tensorboard_HParamInfo()
      info.name = domain.name
      info.type = domain.type
      info.differs = true
      switch domain.values {
      case .list(let values): info.domainDiscrete.values = values.map { proto($0, as: domain.type) }
      case .interval(let interval):
        info.domainInterval.minValue = interval.lowerBound
        info.domainInterval.maxValue = interval.upperBound
      }
      return info
    }
    experiment.metricInfos = metrics.map { metric in
      var info = Tensorboard_MetricInfo()
      info.name.tag = metric.tag
      info.displayName = metric.title
      info.datasetType = metric.isOfValidation ? .datasetValidation : .datasetTraining
      return info
    }
    var data = Tensorboard_HParamsPluginData()
    data.experiment = experiment
    return try record("experiment", data, step: 0)
  }

  /// The record of what decides a run, at its beginning. Runs of one group are shown in one row, with the mean of what
  /// they came to; an empty group is none.
  static func start(_ parameters: [Hyperparameter], group: String) throws -> [UInt8] {
    var data = Tensorboard_HParamsPluginData()
    data.sessionStartInfo.groupName = group
    data.sessionStartInfo.hparams = parameters.map { parameter in
      var entry = Tensorboard_SessionStartInfo.HParamEntry()
      entry.key = parameter.name
      entry.value = proto(parameter.value)
      return entry
    }
    return try record("session_start_info", data, step: 0)
  }

  /// The record of how a run ended.
  static func end(_ ending: RunEnding, step: Int) throws -> [UInt8] {
    var data = Tensorboard_HParamsPluginData()
    data.sessionEndInfo.status =
      switch ending {
      case .finished: .success
      case .failed: .failure
      case .stopped: .unknown
      }
    return try record("session_end_info", data, step: step)
  }

  private static func record(
    _ name: String, _ data: Tensorboard_HParamsPluginData, step: Int
  ) throws -> [UInt8] {
    var value = Tensorboard_Summary.Value()
    value.tag = "_hparams_/\(name)"
    value.metadata.pluginData.pluginName = "hparams"
    value.metadata.pluginData.content = try data.serializedData()
    // An empty list of DT_FLOAT: readers skip values that have nothing at all.
    value.tensor.dtype = 1
    value.tensor.tensorShape.dim = [Tensorboard_TensorShapeProto.Dim()]
    return try EventEncoding.record(step, [value])
  }

  private static func proto(
    _ value: HyperparameterValue, as type: Tensorboard_DataType? = nil
  ) -> Tensorboard_HParamValue {
    var proto = Tensorboard_HParamValue()
    switch value {
    // Where kinds are mixed, all are words.
    case _ where type == .string: proto.stringValue = value.description
    case .flag(let flag): proto.boolValue = flag
    case .number(let number): proto.numberValue = number
    case .text(let text): proto.stringValue = text
    }
    return proto
  }
}

/// A hyperparameter in which runs of an experiment differ.
package struct HyperparameterDomain: Sendable {
  /// What it may be.
  package enum Values: Sendable {
    /// One of these.
    case list([HyperparameterValue])
    /// Any number between two.
    case interval(ClosedRange<Double>)
  }

  /// Such as `batch-size`.
  package let name: String
  /// What it may be.
  package let values: Values

  /// A hyperparameter by its name and what it may be.
  package init(_ name: String, _ values: Values) {
    self.name = name
    self.values = values
  }

  fileprivate var type: Tensorboard_DataType {
    guard case .list(let values) = values else { return .float64 }
    let kinds = Set(
      values.map { value -> Tensorboard_DataType in
        switch value {
        case .flag: .bool
        case .number: .float64
        case .text: .string
        }
      })
    return kinds.count == 1 ? kinds.first ?? .string : .string
  }
}

/// A number that runs of an experiment are compared by.
package struct ComparedMetric: Sendable {
  /// The tag under which each run tells it.
  package let tag: String
  /// What a table calls it.
  package let title: String
  /// False if it is of the training images.
  package let isOfValidation: Bool

  /// A number by its tag and title.
  package init(_ tag: String, title: String, isOfValidation: Bool) {
    self.tag = tag
    self.title = title
    self.isOfValidation = isOfValidation
  }
}
