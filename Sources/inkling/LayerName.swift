import Networks

extension Architecture {
  /// Checks a layer's name that the user gave.
  ///
  /// - Throws: `Failure` that names the layers there are.
  func checkLayer(_ name: String?) throws {
    guard let name, index(of: name) == nil else { return }
    throw Failure(
      "--layer: there is no layer “\(name)”; layers are"
        + " \(entries.map(\.name).joined(separator: ", "))", .usage)
  }
}
