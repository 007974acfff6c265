import Datasets
import Foundation
import Networks
import Study
import StudySupport
import TestSupport
import Testing

/// What the page says, recomputed from checkpoint and images by a program that shares nothing with this one.
@Suite(.enabled(if: ReferencePython.isThere)) struct RecomputedTests {
  @Test func `the page's statements are what NumPy makes of the checkpoint`() throws {
    let result = try recomputed(TrainedStudy.folder())
    #expect(result.status == 0, "\(result.output)\(result.errors)")
    let held = try #require(
      result.output.split(separator: "\n").last?.split(separator: " ").first.flatMap { Int($0) })
    #expect(held >= 60)
  }

  @Test func `a number that is another is found`() throws {
    let folder = try TemporaryFolder()
    let written = try TrainedStudy.folder()
    for name in ["index.html", "report.json"] {
      try FileManager.default.copyItem(atPath: "\(written)/\(name)", toPath: folder.file(name))
    }
    var page = try String(contentsOfFile: folder.file("index.html"), encoding: .utf8)
    let changed = try #require(page.firstRange(of: "421,642 numbers"))
    page.replaceSubrange(changed, with: "421,643 numbers")
    try page.write(toFile: folder.file("index.html"), atomically: true, encoding: .utf8)
    let result = try recomputed(folder.path)
    #expect(result.status == 1)
    let lines = result.output.split(separator: "\n")
    #expect(lines.count == 2 && lines.first?.contains("said ('421,643',), is [421642]") == true)
  }

  /// Runs the program on a report's folder.
  private func recomputed(_ report: String) throws -> ReferencePython.Result {
    let folder = try TemporaryFolder()
    let split = TrainedStudy.split
    for (name, part) in [
      ("train", split.train), ("validation", split.validation), ("test", split.test),
    ] {
      try idx(2051, [part.count, part.height, part.width], part.pixels).write(
        to: URL(fileURLWithPath: folder.file("\(name)-images")))
      try idx(2049, [part.count], part.labels.map { UInt8($0) }).write(
        to: URL(fileURLWithPath: folder.file("\(name)-labels")))
    }
    let checkpoint = folder.file("cnn.safetensors")
    try TrainedStudy.subjects[0].checkpoint.write(to: checkpoint)
    return try ReferencePython.run("recompute.py", [report, checkpoint, folder.path])
  }

  private func idx(_ magic: UInt32, _ sizes: [Int], _ bytes: [UInt8]) -> Data {
    let header = ([magic] + sizes.map { UInt32($0) }).flatMap { number in
      (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
    }
    return Data(header + bytes)
  }
}
