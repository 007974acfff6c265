/// The control of sanity checks: a network of the same kind that was trained on random labels.
enum RandomLabels {
  /// What its checkpoint says of itself.
  static let recipe = ["labels": "random"]

  /// Where it is looked for, beside a checkpoint: `cnn.random-labels.safetensors` beside `cnn.safetensors`.
  static func path(beside checkpoint: String) -> String {
    let ending = ".safetensors"
    let stem =
      checkpoint.hasSuffix(ending) ? String(checkpoint.dropLast(ending.count)) : checkpoint
    return stem + ".random-labels" + ending
  }
}
