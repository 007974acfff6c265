import Files
import Foundation
import TestSupport
import Testing

/// The commands at the end of a report are run as they stand there.
@Suite struct AppendixTests {
  /// What the page shows as commands.
  private func commands(of page: String) throws -> [String] {
    let start = try #require(page.range(of: "Commands to start from"))
    let block = try #require(
      page[start.upperBound...].firstMatch(of: /<pre[^>]*>(?<lines>(.|\n)*?)<\/pre>/))
    return block.output.lines.split(separator: "\n").map {
      String($0).replacing("&#39;", with: "'").replacing("&quot;", with: "\"").replacing(
        "&gt;", with: ">"
      )
      .replacing("&lt;", with: "<").replacing("&amp;", with: "&")
    }.filter { !$0.isEmpty }
  }

  @Test func `they make the same checkpoint again, and a report of it`() throws {
    let folder = try TemporaryFolder()
    let made = try run(
      [
        "train", "--model", tiny, "--epochs", "1", "--optimizer", "sgd", "--weight-decay", "0.001",
        "--seed", "7", "--output", "models/it's mine.safetensors", "--quiet",
      ] + few, in: folder)
    #expect(made.status == 0, "\(made.errors)")
    let file = "models/it's mine.safetensors"
    let reported = try run(["report", file, "--output", "first", "--quiet"], in: folder)
    #expect(reported.status == 0, "\(reported.errors)")
    let page = String(decoding: try FileBytes.read(folder.file("first/index.html")), as: UTF8.self)
    let lines = try commands(of: page)
    #expect(lines.map { $0.split(separator: " ")[1] } == ["train", "evaluate", "report"])
    let fresh = try TemporaryFolder()
    for line in lines { #expect(try shell(line, in: fresh).status == 0, "\(line)") }
    #expect(
      try FileBytes.read(fresh.file(file)) == FileBytes.read(folder.file(file)), "\(lines)")
    #expect(FileBytes.exists(fresh.file("report/index.html")))
  }
}
