import Datasets
import Files
import TestSupport
import Testing

@Suite struct LayoutTests {
  private let four = IDXLayout(["a", "b", "c", "d"].map { PublishedFile($0) })

  private func parts(
    _ layout: some DatasetLayout, _ contents: [[UInt8]], classes: Int
  ) throws -> DatasetParts {
    try layout.images(
      zip(layout.files, contents).map { DatasetFile(path: $0.name, contents: $1) },
      classes: classes)
  }

  private func refusal(
    _ layout: some DatasetLayout, _ contents: [[UInt8]], classes: Int
  ) throws -> String {
    "\(try #require(throws: DatasetError.self) { try parts(layout, contents, classes: classes) })"
  }

  @Test func `images and labels of four files belong together`() throws {
    let pixels = (0..<3 * 4 * 5).map { UInt8($0) }
    let test = [idx([1, 4, 5], Array(pixels[..<20])), idx([1], [1])]
    let parts = try parts(four, [idx([3, 4, 5], pixels), idx([3], [2, 0, 1])] + test, classes: 3)
    #expect(
      parts.train
        == LabeledImages(channels: 1, height: 4, width: 5, pixels: pixels, labels: [2, 0, 1]))
    #expect(parts.test.labels == [1] && parts.validation == nil)
    let few = try refusal(four, [idx([3, 4, 5], pixels), idx([2], [0, 1])] + test, classes: 3)
    #expect(few.hasPrefix("b: 2 labels for 3 images"))
    let large = try refusal(
      four, [idx([3, 4, 5], pixels), idx([3], [0, 3, 1])] + test, classes: 3)
    #expect(large.contains("label 3 where 0 to 2") && large.contains("byte 9"))
    let size = try refusal(
      four, [idx([3, 5, 4], pixels), idx([3], [0, 0, 1])] + test, classes: 3)
    #expect(size.hasPrefix("c: its images have another size"))
    let empty = try refusal(four, [idx([0, 5, 4], []), idx([0], [])] + test, classes: 3)
    #expect(empty.contains("no data set"))
  }

  @Test func `EMNIST's images are turned upright, and its letters begin at 1`() throws {
    let layout = IDXLayout(four.files, labels: .bytes(first: 1), isTransposed: true)
    // An L of 2 × 3 as EMNIST has it: column by column.
    let test = [idx([1, 2, 3], [9, 9, 9, 0, 0, 9]), idx([1], [26])]
    let read = try parts(
      layout, [idx([2, 2, 3], [9, 9, 9, 0, 0, 9, 1, 2, 3, 4, 5, 6]), idx([2], [1, 2])] + test,
      classes: 26)
    #expect(read.train.height == 3 && read.train.width == 2)
    #expect(read.train.pixels == [9, 0, 9, 0, 9, 9, 1, 4, 2, 5, 3, 6])
    #expect(read.train.labels == [0, 1] && read.test.labels == [25])
    for label in [UInt8(0), 27] {
      let error = try refusal(
        layout, [idx([1, 2, 3], [0, 0, 0, 0, 0, 0]), idx([1], [label])] + test, classes: 26)
      #expect(error.contains("label \(label) where 1 to 26") && error.contains("byte 8"))
    }
  }

  @Test func `QMNIST's labels are the first numbers of a table`() throws {
    let layout = IDXLayout(four.files, labels: .table)
    func table(_ rows: [[Int32]]) -> [UInt8] {
      idx(
        [rows.count, rows.first?.count ?? 0],
        rows.joined().flatMap { number in
          (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * Int32($0))) }
        }, magic: [0, 0, 12, 2])
    }
    let test = [idx([1, 1, 1], [5]), table([[3, -1, 70_000]])]
    let read = try parts(
      layout, [idx([2, 1, 1], [1, 2]), table([[9, 4, 2100], [0, 1, 7]])] + test, classes: 10)
    #expect(read.train.labels == [9, 0] && read.test.labels == [3])
    for label in [Int32(10), -1, 256] {
      let error = try refusal(
        layout, [idx([2, 1, 1], [1, 2]), table([[1, 0], [label, 0]])] + test, classes: 10)
      #expect(error.contains("label \(label)") && error.contains("byte 20"), "\(error)")
    }
    #expect(
      try refusal(layout, [idx([1, 1, 1], [1]), idx([1], [1])] + test, classes: 10)
        .contains("type 8"))
    #expect(
      try refusal(
        layout, [idx([1, 1, 1], [1]), idx([1, 0], [], magic: [0, 0, 12, 2])] + test, classes: 10
      ).contains("no number"))
  }

  @Test func `CIFAR's records are read, with one label or two, and counted`() throws {
    let pixels = (0..<3072).map { UInt8(truncatingIfNeeded: $0) }
    let ten = CIFARLayout(["a", "b", "c"].map { PublishedFile($0) })
    let record = [UInt8(7)] + pixels
    let read = try parts(ten, [record + record, [0] + pixels, record], classes: 10)
    #expect(read.train.count == 3 && read.train.channels == 3 && read.train.height == 32)
    #expect(read.train.labels == [7, 7, 0] && Array(read.train.bytes(1)) == pixels)
    #expect(read.test.labels == [7])
    let hundred = CIFARLayout(["a", "b"].map { PublishedFile($0) }, labels: 2)
    let fine = try parts(hundred, [[19, 99] + pixels, [0, 3] + pixels], classes: 100)
    #expect(fine.train.labels == [99] && fine.test.labels == [3] && fine.train.pixels == pixels)
    let cut = try refusal(ten, [record, Array((record + record).dropLast()), record], classes: 10)
    #expect(cut.hasPrefix("b: ") && cut.contains("byte 3073"))
    let label = try refusal(ten, [record, record, [10] + pixels], classes: 10)
    #expect(label.hasPrefix("c: label 10") && label.contains("byte 0"))
    #expect(try refusal(ten, [[], record, record], classes: 10).contains("0 bytes"))
    let second = try refusal(hundred, [[0, 100] + pixels, record], classes: 100)
    #expect(second.contains("label 100") && second.contains("byte 1"))
  }
}
