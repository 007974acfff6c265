import Datasets
import Files
import Foundation
import Pictures
import TestSupport
import Testing

@Suite struct ImageFolderTests {
  /// A picture that no other number gives.
  private func png(
    _ number: Int, width: Int = 8, height: Int = 6, channels: Int = 1
  ) throws -> [UInt8] {
    try PNG.write(
      PixelImage(
        width: width, height: height, channels: channels,
        pixels: (0..<width * height * channels).map {
          UInt8(truncatingIfNeeded: ($0 / channels) * 31 &+ number * 7)
        }))
  }

  private func fill(
    _ folder: TemporaryFolder, _ name: String, count: Int = 20, from first: Int = 0
  ) throws {
    for index in first..<first + count {
      try folder.write(try png(index), "\(name)/cat/\(index).png")
      try folder.write(try png(100 + index), "\(name)/dog/\(index).png")
    }
  }

  private func identities(_ images: LabeledImages) -> Set<UInt64> { Set(images.identities) }

  @Test func `a folder of classes becomes a set, of its own size or scaled`() throws {
    let folder = try TemporaryFolder()
    try fill(folder, "a")
    let set = try ImageFolder.read(folder.file("a"))
    #expect(set.classes == ["cat", "dog"] && set.train.count + set.test.count == 40)
    #expect(set.train.height == 6 && set.train.width == 8 && set.train.channels == 1)
    #expect(Set(set.test.labels) == [0, 1] && set.notes == [])
    let scaled = try ImageFolder.read(
      folder.file("a"),
      form: .fixed(ImageScaling.Size(channels: 3, height: 12, width: 4), paper: 0))
    #expect(scaled.train.imageSize == 144)
    let sized = try ImageFolder.read(folder.file("a"), form: .sized(height: 16, width: 10))
    #expect(sized.train.height == 16 && sized.train.width == 10 && sized.train.channels == 1)
    #expect(sized.notes.contains { $0.contains("40 of 40") && $0.contains("16 × 10") })
  }

  @Test func `an image stays in its part when others come, go or are renamed`() throws {
    let folder = try TemporaryFolder()
    try fill(folder, "a")
    let before = try ImageFolder.read(folder.file("a"))
    let (split, course) = (Split(before, seed: 3), Split(before, scheme: .course, seed: 3))
    try fill(folder, "a", count: 15, from: 20)
    try FileManager.default.moveItem(
      atPath: folder.file("a/cat/0.png"), toPath: folder.file("a/cat/renamed.png"))
    let after = try ImageFolder.read(folder.file("a"))
    #expect(identities(before.train).isDisjoint(with: identities(after.test)))
    let later = Split(after, seed: 3)
    for part in [later.validation, later.test] {
      #expect(identities(split.train).isDisjoint(with: identities(part)))
    }
    #expect(identities(split.test).isSubset(of: identities(later.test)))
    let laterCourse = Split(after, scheme: .course, seed: 3)
    #expect(identities(course.train).isDisjoint(with: identities(laterCourse.test)))
    // Another seed takes other validation images, and the same for the test.
    #expect(Split(after, seed: 4).test == later.test)
    #expect(Split(after, seed: 4).validation != later.validation)
  }

  @Test func `copies stay together, and are told where a set divides them`() throws {
    let folder = try TemporaryFolder()
    for index in 0..<12 {
      try folder.write(try png(index / 3), "a/cat/\(index).png")
      try folder.write(try png(50 + index), "a/dog/\(index).png")
      try folder.write(try png(index), "b/train/cat/\(index).png")
      try folder.write(try png(50 + index), "b/train/dog/\(index).png")
      try folder.write(try png(index + 8), "b/test/cat/\(index).png")
    }
    let set = try ImageFolder.read(folder.file("a"))
    #expect(identities(set.train).isDisjoint(with: identities(set.test)))
    let (split, leftOut) = Split(
      try ImageFolder.read(folder.file("b")), validation: 0, seed: 1
    ).withoutCopies()
    #expect(leftOut == Split.LeftOut(validation: 0, test: 4) && split.test.count == 8)
  }

  @Test func `a network's split has no image that it was trained on`() throws {
    let folder = try TemporaryFolder()
    try fill(folder, "a")
    let set = try ImageFolder.read(folder.file("a"))
    let course = Split(set, scheme: .course, seed: 1)
    let known = identities(course.train)
    let (split, leftOut) = Split(set, seed: 1).known(by: known.contains)
    #expect(identities(split.test).isDisjoint(with: known))
    #expect(identities(split.validation).isDisjoint(with: known))
    #expect(identities(split.train) == known)
    #expect(leftOut.test == set.test.count - split.test.count)
    let (same, nothing) = course.known(by: known.contains)
    #expect(nothing == Split.LeftOut() && same.test == course.test && same.train == course.train)
    // Of images that it never saw, all are left.
    let (whole, _) = Split(set, seed: 1).known { _ in false }
    #expect(whole.test == set.test && whole.train.count > 0)
  }

  @Test func `an image that was trained on is learned once, wherever its copies lie`() throws {
    func images(_ shades: [UInt8]) -> LabeledImages {
      LabeledImages(
        channels: 1, height: 2, width: 2, pixels: shades.flatMap { [$0, 0, 255, $0] },
        labels: shades.map { _ in 0 })
    }
    // 7 lies twice in the training images, as a network learned it; 8 in all three parts, 9 in two.
    var dataset = Dataset(
      name: "shades", classes: ["one"], train: images([7, 7, 8, 1]), test: images([9, 8, 3]))
    dataset.validation = images([8, 9, 2])
    let split = Split(dataset, seed: 1)
    let known = Set(images([7, 8, 9]).identities)
    let (own, leftOut) = split.known(by: known.contains)
    #expect(own.train == images([7, 7, 8, 9]))
    #expect(own.validation == images([2]) && own.test == images([3]))
    #expect(leftOut == Split.LeftOut(validation: 2, test: 2))
  }

  @Test func `an identity is that of the pixels, whatever the label and the place`() {
    let pixels = (0..<3 * 784).map { UInt8(truncatingIfNeeded: $0 &* $0 / 7) }
    let images = LabeledImages(
      channels: 1, height: 28, width: 28, pixels: pixels, labels: [0, 1, 2])
    let other = LabeledImages(
      channels: 1, height: 28, width: 28, pixels: Array(pixels[784...]), labels: [5, 5])
    #expect(images.identity(1) == other.identity(0) && images.identity(2) == other.identity(1))
    #expect(Set(images.identities).count == 3)
    let turned = LabeledImages(
      channels: 1, height: 14, width: 56, pixels: Array(pixels[..<784]), labels: [0])
    #expect(turned.identity(0) != images.identity(0))
    var changed = pixels
    changed[783] ^= 1
    let one = LabeledImages(
      channels: 1, height: 28, width: 28, pixels: changed, labels: [0, 1, 2])
    #expect(one.identity(0) != images.identity(0) && one.identity(1) == images.identity(1))
  }

  @Test func `train, test and validation folders are used as they are`() throws {
    let folder = try TemporaryFolder()
    for (part, start) in [("train", 0), ("test", 30), ("val", 60)] {
      for index in start..<start + 4 {
        try folder.write(try png(index), "a/\(part)/x/\(index).png")
        try folder.write(try png(100 + index), "a/\(part)/y/\(index).PNG")
        if part != "test" {
          try folder.write(try png(index), "b/\(part)/x/\(index).png")
          try folder.write(try png(100 + index), "b/\(part)/y/\(index).png")
        }
      }
    }
    let set = try ImageFolder.read(folder.file("a"))
    #expect(set.train.count == 8 && set.test.count == 8 && set.validation?.count == 8)
    let split = Split(set, seed: 1)
    #expect(split.train == set.train && split.validation == set.validation)
    let other = try ImageFolder.read(folder.file("b"))
    #expect(other.test.count == 8 && other.validation == nil)
    #expect(other.notes.contains { $0.contains("no test/") })
  }

  @Test func `names are compared in one normal form, and none is lost`() throws {
    let folder = try TemporaryFolder()
    let (composed, decomposed) = ("caf\u{e9}", "cafe\u{301}")
    for index in 0..<4 {
      try folder.write(try png(index), "a/train/\(composed)/\(index).png")
      try folder.write(try png(20 + index), "a/train/bar/\(index).png")
      try folder.write(try png(40 + index), "a/test/\(decomposed)/\(index).png")
      try folder.write(try png(60 + index), "a/test/bar/\(index).png")
    }
    let set = try ImageFolder.read(folder.file("a"))
    #expect(set.classes == ["bar", "café"] && set.train.count == 8 && set.test.count == 8)
    // A name in Latin-1 is no UTF-8.
    let name = SystemPath.text([0x63, 0x61, 0x66, 0xe9])
    for index in 0..<4 {
      try AtomicFile.write(try png(index), to: "\(folder.file("b"))/\(name)/\(index).png")
      try AtomicFile.write(try png(9 + index), to: "\(folder.file("b"))/bar/\(index).png")
    }
    let latin = try ImageFolder.read(folder.file("b"))
    #expect(latin.classes.count == 2 && latin.train.count + latin.test.count == 8)
  }

  @Test func `what is left out is counted and named`() throws {
    let folder = try TemporaryFolder()
    try fill(folder, "a", count: 5)
    for name in ["__MACOSX/cat/._0.png", "@eaDir/0.png", "$RECYCLE.BIN/1.png", "notes/read.txt"] {
      try folder.write([1], "a/\(name)")
    }
    try folder.write([1], "a/cat/movie.webp")
    try folder.write([1], "a/cat/deeper/other.webp")
    try folder.write(try png(77), "a/cat/deeper/more/77.png")
    try folder.write([1], "a/cat/.hidden.png")
    let set = try ImageFolder.read(folder.file("a"))
    #expect(set.classes == ["cat", "dog"] && set.train.count + set.test.count == 11)
    let notes = set.notes.joined(separator: "\n")
    for word in ["__MACOSX", "@eaDir", "$RECYCLE.BIN", "notes", "2 .webp"] {
      #expect(notes.contains(word), "\(word): \(notes)")
    }
  }

  @Test func `every other kind of picture is counted and named, of the rest the most frequent`()
    throws
  {
    let folder = try TemporaryFolder()
    try fill(folder, "a", count: 5)
    let pictures = ["gif", "bmp", "webp", "tiff", "tif", "heic", "avif", "svg"]
    for (count, ending) in pictures.enumerated() {
      for number in 0...count { try folder.write([1], "a/dog/\(number).\(ending.uppercased())") }
    }
    for number in 0..<9 { try folder.write([1], "a/dog/x.\(number)") }
    let notes = try ImageFolder.read(folder.file("a")).notes.joined(separator: "\n")
    for (count, ending) in pictures.enumerated() {
      #expect(notes.contains("\(count + 1) .\(ending)"), "\(notes)")
    }
    #expect(notes.contains("and 3 more; Inkling reads PNG and JPEG"), "\(notes)")
  }

  @Test func `grey saved as colour is grey, colour anywhere is colour`() throws {
    let folder = try TemporaryFolder()
    for index in 0..<6 {
      try folder.write(try png(index, channels: 3), "a/x/\(index).png")
      try folder.write(try png(50 + index), "a/y/\(index).png")
    }
    let set = try ImageFolder.read(folder.file("a"))
    #expect(set.train.channels == 1)
    let plain = try PictureFile.read(try png(3))
    #expect((0..<set.train.count).contains { Array(set.train.bytes($0)) == plain.pixels })
    var red = PixelImage(width: 8, height: 6, channels: 3)
    red.pixels[0] = 200
    try folder.write(try PNG.write(red), "a/x/red.png")
    #expect(try ImageFolder.read(folder.file("a")).train.channels == 3)
  }

  @Test func `ink that is transparency is laid on paper where it shows`() throws {
    let folder = try TemporaryFolder()
    for index in 0..<6 {
      for (name, value) in [("x", 0), ("y", 0), ("p", 255), ("q", 255)] as [(String, UInt8)] {
        var image = PixelImage(width: 8, height: 8, channels: 2)
        for i in 0..<64 {
          image.pixels[2 * i] = value
          image.pixels[2 * i + 1] = i / 8 == index || (name == "y" && i % 8 == index) ? 255 : 0
        }
        try folder.write(
          try PNG.write(image), "\(value == 0 ? "black" : "white")/\(name)/\(index).png")
      }
    }
    let black = try ImageFolder.read(folder.file("black"))
    #expect(black.paper == 1 && Set(black.train.pixels) == [0, 255])
    let white = try ImageFolder.read(folder.file("white"))
    #expect(white.paper == 0 && Set(white.train.pixels) == [0, 255])
  }

  @Test func `bad folders are explained`() throws {
    let folder = try TemporaryFolder()
    try folder.write(try png(7), "one/only/1.png")
    let one = try #require(throws: DatasetError.self) { try ImageFolder.read(folder.file("one")) }
    #expect("\(one)".contains("only “only”"))
    try folder.write(Array("not a picture".utf8), "two/a/1.png")
    for index in 0..<3 { try folder.write(try png(index), "two/b/\(index).png") }
    let error = try #require(throws: DatasetError.self) { try ImageFolder.read(folder.file("two")) }
    #expect("\(error)".contains("two/a/1.png"))
    #expect(throws: (any Error).self) { try ImageFolder.read(folder.file("none")) }
    for index in 0..<3 {
      try folder.write(
        try PNG.write(
          PixelImage(
            width: 4, height: 4, channels: 1, pixels: .init(repeating: UInt8(index), count: 16))),
        "dark/a/\(index).png")
      try folder.write(
        try PNG.write(
          PixelImage(
            width: 4, height: 4, channels: 1, pixels: .init(repeating: UInt8(5 + index), count: 16))
        ),
        "dark/b/\(index).png")
    }
    #expect(
      try ImageFolder.read(folder.file("dark")).notes.contains { $0.contains("brightest value") })
  }
}
