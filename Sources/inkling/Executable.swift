import Foundation

/// Where this program is.
enum Executable {
  /// The path of the running binary, links resolved.
  static var path: String {
    #if os(Linux)
      if let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") {
        return target
      }
    #endif
    let path = Bundle.main.executablePath ?? CommandLine.arguments[0]
    return URL(fileURLWithPath: path).resolvingSymlinksInPath().path(percentEncoded: false)
  }
}
