import Foundation
import Networks
import Testing

/// What the house forbids itself, read in its own sources.
@Suite struct HouseRulesTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appending(path: "../..").standardizedFileURL

  /// Swift sources under a folder with their text; comments are left out, and texts of several lines, which may be programs
  /// in other languages.
  private func sources(_ folder: String) throws -> [(path: String, code: String)] {
    let base = Self.root.appending(path: folder)
    let paths = try FileManager.default.subpathsOfDirectory(atPath: base.path)
    return try paths.filter { $0.hasSuffix(".swift") }.map { path in
      let text = try String(contentsOf: base.appending(path: path), encoding: .utf8)
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map {
        $0.split(separator: "//", maxSplits: 1, omittingEmptySubsequences: false).first ?? ""
      }
      let code = lines.joined(separator: "\n").replacing(/"{3}\n(?s:.*?)\n\s*"{3}/, with: "\"\"")
      return ("\(folder)/\(path)", code)
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

  /// What Package.swift says that each target may import.
  private func declared() throws -> [String: Set<String>] {
    let text = try String(contentsOf: Self.root.appending(path: "Package.swift"), encoding: .utf8)
    var declared: [String: Set<String>] = [:]
    // From one name of a target to the next, the words between quotes in the list of dependencies.
    for part in text.matches(
      of:
        /[tT]arget\(\s*name: "(\w+)"(?:,\s*dependencies:\s*((?:[^\n]|\n(?!\s*\.\w*[tT]arget\())*))?/
    ) {
      let list = part.output.2.map(String.init) ?? ""
      declared[String(part.output.1), default: []].formUnion(
        list.matches(of: /"(\w+)"/).map { String($0.output.1) })
    }
    declared["Engine"]?.formUnion(["KernelsBase", "KernelsV3", "KernelsV4"])
    return declared
  }

  @Test func `a room imports what Package.swift declares, and none that it must not know`() throws {
    let declared = try declared()
    let system: Set = [
      "Darwin", "Dispatch", "Foundation", "FoundationEssentials", "FoundationNetworking", "Glibc",
      "Synchronization", "Testing",
    ]
    let pages: Set = ["Drawing", "Figures", "Report"]
    let forbidden: [String: Set<String>] = [
      // What computes draws nothing and knows no page; what writes the page computes nothing.
      "Networks": pages.union(["Engine", "Interchange"]),
      "Interchange": pages.union(["Engine"]), "Engine": pages.union(["Datasets", "Interchange"]),
      "MessagePassing": pages.union(["Networks", "Datasets"]),
      "Pictures": pages.union(["Networks", "Datasets"]), "Datasets": pages.union(["Networks"]),
      "Augmentation": pages.union(["Datasets"]), "Training": pages, "Evaluation": pages,
      "Representations": pages.union(["Datasets", "Attribution"]),
      "Tracking": pages.union(["Networks", "Engine", "Datasets", "Training"]),
      "Attribution": pages.union(["Datasets"]), "Attacks": pages.union(["Datasets"]),
      "Experiments": pages, "Study": pages, "Drawing": ["Networks", "Datasets", "Study"],
      "Figures": ["Networks", "Datasets", "Study", "Report"],
      "Report": ["Engine", "Datasets", "Attacks", "Representations"],
    ]
    var seen: Set<String> = []
    for (path, code) in try sources("Sources") + sources("Tests") {
      let room = String(path.split(separator: "/")[1])
      // Systems' libraries and symbolic links of the kernels have no entry of their own kind.
      guard let own = declared[room], room != "KernelsV3", room != "KernelsV4" else { continue }
      seen.insert(room)
      for part in code.matches(of: /(?m)^\s*(?:@testable |public |package |internal )?import (\w+)/)
      {
        let module = String(part.output.1)
        #expect(system.contains(module) || own.contains(module), "\(path) imports \(module)")
        #expect(forbidden[room]?.contains(module) != true, "\(path) imports \(module)")
      }
    }
    #expect(seen.isSuperset(of: forbidden.keys) && seen.contains("StudySupport"), "\(seen)")
    #expect(seen.count { $0.hasSuffix("Tests") } > 15, "\(seen)")
  }

  @Test func `rooms of machinery promise no more than what others build on`() throws {
    let promised: [String: Set<String>] = [
      "KernelTable": [
        "GatherTask", "KernelTable", "MatrixTask", "Reading", "SparseTask", "UpdateTask", "Writing",
      ],
      "KernelsBase": [], "Randomness": ["SplitMix64"], "Files": ["AtomicFile", "FileError"],
      "Drawing": [
        "Appearance", "CairoError", "Color", "Ink", "Picture", "Point", "TextStyle", "Theme",
      ],
    ]
    for (room, names) in promised {
      let found = try sources("Sources/\(room)").flatMap { _, code in
        code.matches(of: /(?m)^public (?:final )?(?!import|final)\w+ (\w+)/)
          .map { String($0.output.1) }
      }
      #expect(Set(found) == names, "\(room)")
    }
  }

  @Test func `training and what it stands on link no Cairo`() throws {
    let declared = try declared()
    for room in ["Training", "Experiments", "Study"] {
      var (reached, left): (Set<String>, [String]) = ([], [room])
      while let next = left.popLast() {
        // What follows the kernels in the file is not theirs.
        guard reached.insert(next).inserted, !next.hasPrefix("Kernels") else { continue }
        left += declared[next] ?? []
      }
      #expect(reached.contains("Pictures"), "\(room): the test reads nothing")
      #expect(reached.isDisjoint(with: ["CCairo", "Drawing"]), "\(room)")
    }
  }
}
