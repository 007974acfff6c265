import Files
package import Training

/// One run of a sweep.
package struct Trial: Hashable, Sendable {
  /// 16 hexadecimal digits of the hash of all that decides the run: the same wherever it is planned.
  package let id: String
  /// The run; its text of the network is not yet bound to images.
  package let run: RunConfiguration

  init(_ run: RunConfiguration) {
    self.run = run
    let lines = run.fields.compactMap { field in field.value.map { "\(field.name)=\($0)\n" } }
    id = String(SHA256(of: Array(lines.joined().utf8)).hexadecimal.prefix(16))
  }
}

/// One choice of values, tried with one or more seeds.
package struct SweepConfiguration: Hashable, Sendable {
  /// The value of every parameter, in the order of the sweep's.
  package let values: [ParameterValue]
  /// Its trials, one a seed.
  package let trials: [Trial]
}
