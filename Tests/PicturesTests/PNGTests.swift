import Pictures
import Testing

struct PNGTests {
  @Test(arguments: [1, 2, 3, 4])
  func `a picture of any number of channels survives writing and reading`(channels: Int) throws {
    let image = PixelImage(
      width: 31, height: 17, channels: channels,
      pixels: (0..<31 * 17 * channels).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ $0 / 7) })
    let bytes = try PNG.write(image)
    #expect(try PNG.read(bytes) == image)
    #expect(try PNG.write(image) == bytes)
  }

  @Test(arguments: [3, 4])
  func `a picture of few colors survives and takes less room`(channels: Int) throws {
    let flat = PixelImage(
      width: 64, height: 64, channels: channels,
      pixels: (0..<64 * 64).flatMap { pixel in
        [UInt8](repeating: UInt8(pixel * 7919 % 5 * 60), count: channels)
      })
    var rich = flat
    for index in rich.pixels.indices { rich.pixels[index] = rich.pixels[index] &+ UInt8(index % 3) }
    let bytes = try PNG.write(flat)
    #expect(try PNG.read(bytes) == flat)
    #expect(bytes.count < 64 * 64)
    #expect(try PNG.read(PNG.write(rich)) == rich)
    #expect(try PNG.read(PNG.write(rich, isFast: true)) == rich)
  }

  @Test func `an opaque picture with an alpha channel keeps it`() throws {
    let image = PixelImage(width: 2, height: 1, channels: 4, pixels: [1, 2, 3, 255, 1, 2, 3, 255])
    #expect(try PNG.read(PNG.write(image)) == image)
  }

  @Test func `sixteen bits become eight without a change of brightness`() throws {
    // Grey, 2 x 1, 16 bits, values 0x8080 and 0xffff.
    let image = try PNG.read(bytes(hex: Samples.grey16))
    #expect(image == PixelImage(width: 2, height: 1, channels: 1, pixels: [128, 255]))
  }

  @Test func `a palette with a transparent entry becomes RGBA`() throws {
    let image = try PNG.read(bytes(hex: Samples.palette))
    #expect(
      image == PixelImage(width: 2, height: 1, channels: 4, pixels: [255, 0, 0, 255, 0, 0, 255, 0]))
  }

  @Test func `one-bit grey becomes eight-bit grey`() throws {
    let image = try PNG.read(bytes(hex: Samples.bilevel))
    #expect(image == PixelImage(width: 2, height: 1, channels: 1, pixels: [255, 0]))
  }

  @Test func `an empty file is told apart`() {
    #expect(throws: PictureError.empty) { try PNG.read([]) }
  }

  @Test func `a text file is told apart`() {
    let text = Array("name,label\nfirst.png,3\nsecond.png,4\nthird.png,5\n".utf8)
    #expect(throws: PictureError.unknownFormat) { try PNG.read(text) }
  }

  @Test func `garbage after the signature is an error`() throws {
    var generator = SystemLike(state: 7)
    let whole = try PNG.write(sample)
    for _ in 0..<50 {
      let garbage = (0..<200).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
      #expect(throws: PictureError.self) { try PNG.read(Array(whole[..<8]) + garbage) }
      #expect(throws: PictureError.self) { try PNG.read(Array(whole[..<41]) + garbage) }
    }
  }

  @Test func `a file cut off anywhere inside its pixels is an error`() throws {
    let whole = try PNG.write(sample)
    for count in 1..<whole.count - 16 {
      #expect(throws: PictureError.self, "cut at \(count)") { try PNG.read(Array(whole[..<count])) }
    }
  }

  @Test func `a flipped bit is an error`() throws {
    var bytes = try PNG.write(sample)
    bytes[bytes.count / 2] ^= 0x10
    #expect(throws: PictureError.self) { try PNG.read(bytes) }
  }

  @Test(arguments: [(50_000, 50_000), (0x7fff_ffff, 0x7fff_ffff), (64_000_001, 1)])
  func `a size bomb is refused by its header alone`(width: Int, height: Int) throws {
    var bytes = try PNG.write(sample)
    bytes.replaceSubrange(16..<24, with: bigEndian(width) + bigEndian(height))
    #expect(
      throws: PictureError.tooLarge(width: width, height: height, maximumPixels: 64_000_000)
    ) { try PNG.read(bytes) }
  }

  @Test func `the limit can be chosen`() throws {
    let bytes = try PNG.write(sample)
    #expect(try PNG.read(bytes, maximumPixels: 40 * 30) == sample)
    #expect(throws: PictureError.tooLarge(width: 40, height: 30, maximumPixels: 1199)) {
      try PNG.read(bytes, maximumPixels: 1199)
    }
  }

  @Test func `a size of zero is an error`() throws {
    var bytes = try PNG.write(sample)
    bytes.replaceSubrange(16..<20, with: [0, 0, 0, 0])
    #expect(throws: PictureError.noPixels) { try PNG.read(bytes) }
    #expect(throws: PictureError.self) {
      try PNG.write(PixelImage(width: 0, height: 3, channels: 1))
    }
  }

  @Test func `errors are one short sentence`() {
    let errors: [PictureError] = [
      .empty, .unknownFormat, .otherFormat("WebP"), .truncated, .noPixels, .damaged("bad"),
      .unwritable("big"),
      .tooLarge(width: 9, height: 9, maximumPixels: 2),
    ]
    for error in errors {
      #expect((10...90).contains(error.description.count))
      #expect(!error.description.hasSuffix("."))
    }
  }

  private let sample = PixelImage(
    width: 40, height: 30, channels: 1,
    pixels: (0..<1200).map { UInt8(truncatingIfNeeded: $0 &* $0 / 3) })

  private func bigEndian(_ value: Int) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }
}

/// Small files made by hand after the PNG specification.
private enum Samples {
  static let grey16 =
    "89504e470d0a1a0a0000000d494844520000000200000001100000000081d9fc150000000d49444154789c"
    + "636868f8ff1f00068202ffb3be51330000000049454e44ae426082"
  static let palette =
    "89504e470d0a1a0a0000000d4948445200000002000000010803000000c3fc8fb800000006504c5445ff00"
    + "000000ff6ca1fd8e0000000274524e53ff00e5b7304a0000000b49444154789c636060040000040002bf7a"
    + "3f4a0000000049454e44ae426082"
  static let bilevel =
    "89504e470d0a1a0a0000000d4948445200000002000000010100000000dc5942270000000a49444154789c"
    + "636800000082008177cd72b60000000049454e44ae426082"
}

private func bytes(hex: String) -> [UInt8] {
  stride(from: 0, to: hex.count, by: 2).compactMap { start in
    let from = hex.index(hex.startIndex, offsetBy: start)
    return UInt8(hex[from..<hex.index(from, offsetBy: 2)], radix: 16)
  }
}

/// A small linear congruential generator, for bytes without structure.
private struct SystemLike {
  var state: UInt64
  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state >> 33
  }
}
