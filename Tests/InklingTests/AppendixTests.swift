import Drawing
import Files
import Foundation
import Pictures
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
    let reported = try run(
      ["report", file, "--extent", "quick", "--output", "first", "--quiet"], in: folder)
    #expect(reported.status == 0, "\(reported.errors)")
    let page = String(decoding: try FileBytes.read(folder.file("first/index.html")), as: UTF8.self)
    let lines = try commands(of: page)
    #expect(lines.map { $0.split(separator: " ")[1] } == ["train", "evaluate", "report"])
    #expect(lines.last?.contains(" --extent quick ") == true, "\(lines)")
    let fresh = try TemporaryFolder()
    for line in lines { #expect(try shell(line, in: fresh).status == 0, "\(line)") }
    #expect(
      try FileBytes.read(fresh.file(file)) == FileBytes.read(folder.file(file)), "\(lines)")
    #expect(FileBytes.exists(fresh.file("report/index.html")))
  }

  @Test func `they work for a folder once it is said where it lies`() throws {
    let folder = try TemporaryFolder()
    for (label, value) in [("cat", 60), ("dog", 200)] {
      for index in 0..<40 {
        let pixels = hashed(64, UInt64(index + value)).map { UInt8($0 * Float(value)) }
        try folder.write(
          try PNG.write(PixelImage(width: 8, height: 8, channels: 1, pixels: pixels)),
          "deep/my pets/\(label)/\(index).png")
      }
    }
    let file = "models/pets.safetensors"
    let made = try shell(
      "inkling train --model 'flatten linear(2)' --epochs 1 --dataset 'deep/my pets' --output \(file) --quiet"
        + " && inkling report \(file) --dataset 'deep/my pets' --output first --quiet", in: folder)
    #expect(made.status == 0, "\(made.errors)")
    let page = String(decoding: try FileBytes.read(folder.file("first/index.html")), as: UTF8.self)
    let lines = try commands(of: page)
    #expect(lines.count == 3 && lines.allSatisfy { $0.contains("--dataset 'FOLDER/my pets'") })
    let own = try FileBytes.read(folder.file(file))
    for line in lines {
      let told = line.replacing("FOLDER", with: "deep")
      #expect(try shell(told, in: folder).status == 0, "\(told)")
    }
    #expect(try FileBytes.read(folder.file(file)) == own)
  }
}
