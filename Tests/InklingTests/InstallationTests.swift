import Engine
import Files
import Foundation
import KernelTable
import TestSupport
import Testing

@testable import inkling

/// What a program that is taken home says of itself, and where its files go.
@Suite struct InstallationTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appending(path: "../..").standardizedFileURL

  @Test func `the version names edition, commit and kernels`() throws {
    let folder = try TemporaryFolder()
    for table in InstructionSet.available {
      let said = try run(
        ["--version"], in: folder, environment: ["INKLING_INSTRUCTION_SET": table.name])
      #expect(said.status == 0 && said.errors.isEmpty)
      let form =
        /inkling (\d+\.\d+\.\d+(?:-dev)?)(?: \(commit ([0-9a-f]{7,}\+?)\))?, kernels (\w+)\n/
      let words = try #require(said.output.wholeMatch(of: form), "\(said.output)")
      #expect(words.1 == Version.number && words.3 == table.name)
      #expect(words.2.map(String.init) == Version.commit)
    }
    // In a clone it is a commit of the clone's, maybe an earlier one than that of the tests.
    let root = Self.root.path(percentEncoded: false)
    func git(_ arguments: String...) throws -> Int32 {
      try run(["git", "-C", root] + arguments, in: folder, executable: "/usr/bin/env").status
    }
    guard try git("rev-parse", "HEAD") == 0 else { return }
    let commit = try #require(Version.commit).prefix { $0 != "+" }
    #expect(try git("cat-file", "-e", "\(commit)^{commit}") == 0)
  }

  @Test func `the changelog begins with the version`() throws {
    let text = try String(
      contentsOf: Self.root.appending(path: "CHANGELOG.md"), encoding: .utf8)
    let first = try #require(text.firstMatch(of: /(?m)^## (.+)$/)).1
    if Version.number.hasSuffix("-dev") {
      #expect(first == "Unreleased")
    } else {
      #expect(first.hasPrefix("\(Version.number) - "))
    }
  }

  /// Everything in a folder, folders too.
  private func contents(_ path: String) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: path).sorted()
  }

  @Test func `what is installed works from its place, and is removed without a trace`() throws {
    let folder = try TemporaryFolder()
    let script = Self.root.appending(path: "Scripts/install.sh").path(percentEncoded: false)
    try folder.write(".Dd today\n".utf8, "manuals/inkling.1")
    try folder.write("mine".utf8, "own/share/man/mine")
    let before = try contents(folder.file("own"))
    func install(_ arguments: String...) throws -> Run {
      try run([script] + arguments, in: folder, executable: "/bin/bash")
    }
    #expect(try install("stage", program, "manuals", "stage").status == 0)
    // A second time, as over an earlier edition.
    for _ in 0..<2 { #expect(try install("install", "stage", "own").status == 0) }
    let there = Set(try contents(folder.file("own")))
    for path in [
      "bin/inkling", "share/inkling/templates/page.mustache", "share/man/man1/inkling.1.gz",
      "share/bash-completion/completions/inkling", "share/zsh/site-functions/_inkling",
      "share/fish/vendor_completions.d/inkling.fish", "share/man/mine",
    ] { #expect(there.contains(path), "\(path)") }
    #expect(!there.contains { $0.hasSuffix(".new") })

    // By a link elsewhere, as in a folder of one's own programs.
    let link = folder.file("link")
    try FileManager.default.createSymbolicLink(
      atPath: link, withDestinationPath: folder.file("own/bin/inkling"))
    #expect(try run(["--version"], in: folder, executable: link).output.hasPrefix("inkling "))
    let press = """
      . own/share/bash-completion/completions/inkling
      COMP_LINE="inkling tr" COMP_POINT=10 COMP_WORDS=(inkling tr) COMP_CWORD=1
      _inkling inkling tr inkling
      echo "${COMPREPLY[@]}"
      """
    let completed = try run(["-c", press], in: folder, executable: "/bin/bash")
    #expect(completed.output == "train transfer\n", "\(completed.errors)")

    #expect(try install("uninstall", "own").status == 0)
    #expect(try contents(folder.file("own")) == before)
    let again = try install("uninstall", "own")
    #expect(again.status == 1 && again.errors.split(separator: "\n").count == 1)
    #expect(try install("install", "stage", "new").status == 0)
    #expect(try install("uninstall", "new").status == 0)
    #expect(!FileManager.default.fileExists(atPath: folder.file("new")))
  }
}
