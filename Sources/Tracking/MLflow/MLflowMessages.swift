/// What is sent to an MLflow server and what it answers, in its own words.
///
/// Reference: MLflow's documentation, REST API; mlflow/protos/service.proto.
enum MLflowMessages {
  struct Experiment: Decodable {
    let experiment_id: String
    let lifecycle_stage: String?
  }

  struct FoundExperiment: Decodable { let experiment: Experiment }

  struct CreateExperiment: Encodable { let name: String }

  struct CreatedExperiment: Decodable { let experiment_id: String }

  struct Pair: Encodable {
    let key: String
    let value: String
  }

  struct CreateRun: Encodable {
    let experiment_id: String
    let run_name: String
    let start_time: Int
    let tags: [Pair]
  }

  struct RunInfo: Decodable { let run_id: String }

  struct KnownMetric: Decodable { let step: Int? }

  struct RunData: Decodable { let metrics: [KnownMetric]? }

  struct Run: Decodable {
    let info: RunInfo
    let data: RunData?
  }

  struct CreatedRun: Decodable { let run: Run }

  struct SearchRuns: Encodable {
    let experiment_ids: [String]
    let filter: String
    let max_results: Int
    let order_by: [String]
  }

  struct FoundRuns: Decodable { let runs: [Run]? }

  struct Metric: Encodable {
    let key: String
    let value: Double
    let timestamp: Int
    let step: Int
  }

  struct LogBatch: Encodable {
    let run_id: String
    var metrics: [Metric] = []
    var params: [Pair] = []
  }

  struct UpdateRun: Encodable {
    let run_id: String
    let status: String
    var end_time: Int?
  }

  /// An answer that says nothing but that all is well.
  struct Nothing: Decodable {}
}
