internal import CCairo

/// A Cairo drawing that failed, with Cairo's reason.
public struct CairoError: Error, Equatable, CustomStringConvertible {
  /// Cairo's number of the failure.
  public let status: UInt32
  /// Cairo's reason in words.
  public let description: String

  init(_ status: cairo_status_t) {
    self.status = status.rawValue
    self.description = String(cString: cairo_status_to_string(status))
  }

  /// Throws if a status is not success.
  static func check(_ status: cairo_status_t) throws(CairoError) {
    guard status == CAIRO_STATUS_SUCCESS else { throw CairoError(status) }
  }
}
