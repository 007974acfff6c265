import Datasets
import TestSupport
import Testing

@Suite struct NPZTests {
  private let layout = NPZLayout(
    PublishedFile("x.npz"), train: .init(images: "x_train", labels: "y_train"),
    validation: .init(images: "x_val", labels: "y_val"),
    test: .init(images: "x_test", labels: "y_test"))

  private func parts(_ arrays: [String: [UInt8]]) throws -> DatasetParts {
    let npz = zipped(
      arrays.sorted { $0.key < $1.key }.map { ArchiveMember($0.key + ".npy", $0.value) })
    return try layout.images([DatasetFile(path: "x.npz", contents: npz)], classes: 3)
  }

  private var arrays: [String: [UInt8]] {
    [
      "x_train": npy([2, 1, 2], [1, 2, 3, 4]), "y_train": npy([2], [0, 2]),
      "x_val": npy([1, 1, 2], [5, 6]), "y_val": npy([1, 1], [1]),
      "x_test": npy([1, 1, 2], [7, 8]), "y_test": npy([1], [2]), "more": npy([1], [0]),
    ]
  }

  @Test func `grey images keep their order, and each part its own`() throws {
    let parts = try parts(arrays)
    #expect(
      parts.train
        == LabeledImages(channels: 1, height: 1, width: 2, pixels: [1, 2, 3, 4], labels: [0, 2]))
    #expect(parts.validation?.pixels == [5, 6] && parts.validation?.labels == [1])
    #expect(parts.test.pixels == [7, 8] && parts.test.labels == [2])
  }

  @Test func `colour becomes planes`() throws {
    var arrays = arrays
    arrays["x_train"] = npy([2, 1, 2, 3], [1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16])
    arrays["x_val"] = npy([1, 1, 2, 3], [0, 0, 0, 0, 0, 0])
    arrays["x_test"] = npy([1, 1, 2, 3], [9, 8, 7, 6, 5, 4])
    let parts = try parts(arrays)
    #expect(parts.train.channels == 3)
    #expect(parts.train.pixels == [1, 4, 2, 5, 3, 6, 11, 14, 12, 15, 13, 16])
    #expect(parts.test.pixels == [9, 6, 8, 5, 7, 4])
  }

  private static let labels: [(String, [UInt8])] = [
    ("|u1", [0, 2]), ("|i1", [0, 2]), ("<u2", [0, 0, 2, 0]), (">i2", [0, 0, 0, 2]),
    ("<i4", [0, 0, 0, 0, 2, 0, 0, 0]),
    ("<i8", [0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0]),
    (">u8", [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2]),
  ]

  @Test(arguments: labels)
  func `labels may be whole numbers of any kind`(type: String, bytes: [UInt8]) throws {
    var arrays = arrays
    for version in [UInt8(1), 2, 3] {
      arrays["y_train"] = npy(
        [2, 1], bytes, type: type, isFortran: version == 2, version: version)
      #expect(try parts(arrays).train.labels == [0, 2])
    }
  }

  @Test func `numbers below nothing and beyond all bounds are labels of no class`() throws {
    for bytes in [
      [255, 255, 255, 255, 255, 255, 255, 255], [0, 0, 0, 0, 0, 0, 0, 128],
      [3, 0, 0, 0, 0, 0, 0, 0],
    ] as [[UInt8]] {
      for type in ["<i8", "<u8"] {
        var arrays = arrays
        arrays["y_test"] = npy([1], bytes, type: type)
        let error = try #require(throws: DatasetError.self) { try parts(arrays) }
        #expect("\(error)".contains("label") && "\(error)".contains("0 to 2"), "\(error)")
      }
    }
  }

  private static let foreign: [([UInt8], String)] = [
    (npy([2, 1, 2], [1, 2, 3, 4], type: "|O"), "pickled"),
    (npy([2, 1, 2], [1, 2, 3, 4], type: "|V1"), "type |V1"),
    (npy([1, 1, 1], [1, 2, 3, 4], type: "<f4"), "type <f4"),
    (npy([2, 1, 1], [1, 2, 3, 4], type: "<u2"), "|u1 is expected"),
    (npy([2, 1, 2], [1, 2, 3, 4], isFortran: true), "Fortran"),
    (npy([2, 1, 3], [1, 2, 3, 4]), "needs 6 bytes, but 4"),
    (npy([2, 1, 1], [1, 2, 3, 4]), "needs 2 bytes, but 4"),
    (npy([4], [1, 2, 3, 4]), "shape [4]"),
    (npy([1, 1, 2, 2], [1, 2, 3, 4]), "shape [1, 1, 2, 2]"),
    (npy([2, 1, 2, 1, 1], [1, 2, 3, 4]), "shape [2, 1, 2, 1, 1]"),
    (npy([0, 1, 2], []), "shape [0, 1, 2]"),
    (npy([99_999_999_999, 99_999_999_999], []), "above"),
    (npy([1 << 20, 1 << 20], []), "above"),
    (npy([2, 1, 2], [1, 2, 3, 4], version: 9), "version 9"),
    (Array("hello, I am a text".utf8), "does not begin"), ([], "does not begin"),
    ([0x93] + Array("NUMPY".utf8) + [1, 0, 255, 255, 1], "cut short"),
    (
      [0x93] + Array("NUMPY".utf8) + [1, 0, 4, 0] + Array("{}  ".utf8), "not what NumPy writes"
    ),
  ]

  @Test(arguments: foreign)
  func `an array that is no images is refused with the reason`(
    array: [UInt8], word: String
  ) throws {
    var arrays = arrays
    arrays["x_train"] = array
    let error = try #require(throws: DatasetError.self) { try parts(arrays) }
    #expect("\(error)".contains(word) && "\(error)".hasPrefix("x.npz"), "\(error)")
  }

  @Test func `labels must be one for each image`() throws {
    for labels in [npy([2, 14], [UInt8](repeating: 0, count: 28)), npy([3], [0, 0, 0])] {
      var arrays = arrays
      arrays["y_train"] = labels
      let error = try #require(throws: DatasetError.self) { try parts(arrays) }
      #expect("\(error)".contains("one label for each"), "\(error)")
    }
  }

  @Test func `parts must be there, of one size, in an archive`() throws {
    for name in ["x_train", "y_val", "x_test"] {
      var arrays = arrays
      arrays[name] = nil
      let error = try #require(throws: DatasetError.self) { try parts(arrays) }
      #expect("\(error)".contains("no array \(name)"), "\(error)")
    }
    var arrays = arrays
    arrays["x_test"] = npy([1, 2, 1], [1, 2])
    #expect(throws: DatasetError.self) { try parts(arrays) }
    #expect(throws: DatasetError.self) {
      try layout.images([DatasetFile(path: "x", contents: [1, 2, 3])], classes: 3)
    }
  }
}
