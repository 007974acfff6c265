import Foundation
import Networks
import Testing

/// What the house forbids itself, read in its own sources.
@Suite struct HouseRulesTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appending(path: "../..").standardizedFileURL

  /// Swift sources under a folder with their text, comments left out.
  private func sources(_ folder: String) throws -> [(path: String, code: String)] {
    let base = Self.root.appending(path: folder)
    let paths = try FileManager.default.subpathsOfDirectory(atPath: base.path)
    return try paths.filter { $0.hasSuffix(".swift") }.map { path in
      let text = try String(contentsOf: base.appending(path: path), encoding: .utf8)
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map {
        $0.split(separator: "//", maxSplits: 1, omittingEmptySubsequences: false).first ?? ""
      }
      return ("\(folder)/\(path)", lines.joined(separator: "\n"))
    }
  }

  @Test func `no kind of layer is named outside its two rooms`() throws {
    let kinds = LayerKinds.all.map { String(describing: $0) }
    let sources = try sources("Sources")
    #expect(sources.count > 200)
    for (path, code) in sources
    where !path.hasPrefix("Sources/Networks/Layers/")
      && !path.hasPrefix("Sources/Engine/Operations/")
    {
      // As a word of code: not within a longer name, nor in a sentence between quotes.
      let words = Set(
        code.replacing(/"(\\.|[^"\\\n])*"/, with: "").split {
          !($0.isLetter || $0.isNumber || $0 == "_")
        }.map(String.init))
      for kind in kinds { #expect(!words.contains(kind), "\(path) names \(kind)") }
    }
  }
}
