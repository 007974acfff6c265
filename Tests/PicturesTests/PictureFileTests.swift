import Foundation
import Testing

@testable import Pictures

@Suite struct PictureFileTests {
  /// Pixels that no turn leaves as they are.
  private let image = PixelImage(
    width: 3, height: 2, channels: 1, pixels: [10, 60, 110, 160, 210, 255])

  private func exif(_ orientation: UInt8, little: Bool) -> [UInt8] {
    little
      ? Array("II*\0".utf8) + [
        8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0,
      ]
      : Array("MM\0*".utf8) + [
        0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0,
      ]
  }

  private func chunk(_ kind: String, _ body: [UInt8]) -> [UInt8] {
    var crc: UInt32 = 0xffff_ffff
    for byte in Array(kind.utf8) + body {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xedb8_8320 : crc >> 1 }
    }
    func big(_ value: UInt32) -> [UInt8] {
      [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }
    return big(UInt32(body.count)) + Array(kind.utf8) + body + big(~crc)
  }

  /// The picture with further chunks behind its header.
  private func png(with chunks: [UInt8]) throws -> [UInt8] {
    let whole = try PNG.write(image)
    return Array(whole[..<33]) + chunks + Array(whole[33...])
  }

  @Test(
    arguments: [
      (1, [10, 60, 110, 160, 210, 255]), (2, [110, 60, 10, 255, 210, 160]),
      (3, [255, 210, 160, 110, 60, 10]), (4, [160, 210, 255, 10, 60, 110]),
      (5, [10, 160, 60, 210, 110, 255]), (6, [160, 10, 210, 60, 255, 110]),
      (7, [255, 110, 210, 60, 160, 10]), (8, [110, 255, 60, 210, 10, 160]),
    ] as [(UInt8, [UInt8])])
  func `a picture is turned as its EXIF data asks`(orientation: UInt8, pixels: [UInt8]) throws {
    for little in [false, true] {
      let bytes = try png(with: chunk("eXIf", exif(orientation, little: little)))
      let read = try PictureFile.read(bytes)
      #expect(read.pixels == pixels && read.width == (orientation > 4 ? 2 : 3))
    }
  }

  @Test func `bad EXIF data is no orientation`() throws {
    for body in [
      [], Array("II*\0".utf8), exif(9, little: true),
      Array("MM\0*".utf8) + [0xff, 0xff, 0xff, 0xff],
    ] {
      #expect(try PictureFile.read(png(with: chunk("eXIf", body))) == image)
    }
  }

  @Test func `what a file says of gamma changes no value`() throws {
    let dark = chunk("gAMA", [0, 1, 0x86, 0xa0])
    let space = chunk("cHRM", [UInt8](repeating: 1, count: 32))
    #expect(try PictureFile.read(png(with: dark + space)) == image)
  }

  @Test func `JPEG is read, grey as grey, and turned`() throws {
    let gray = try PictureFile.read(Samples.gray)
    #expect(gray.channels == 1 && gray.width == 8 && gray.height == 16)
    #expect(gray.pixels[gray.width + 1] > 200 && gray.pixels[12 * gray.width + 6] < 60)
    let color = try PictureFile.read(Samples.turned)
    #expect(color.channels == 3 && color.width == 16 && color.height == 8)
  }

  @Test func `a JPEG of printing inks is read as Pillow reads it`() throws {
    // Image.new("RGB", (8, 8), (200, 100, 50)).convert("CMYK").save(…, quality=95)
    let image = try PictureFile.read(Samples.inks)
    #expect(image.channels == 3 && image.width == 8)
    let ends = zip(image.pixels.prefix(3), [200, 100, 50]).map { abs(Int($0) - $1) }
    #expect(ends.allSatisfy { $0 <= 2 }, "\(image.pixels.prefix(3))")
  }

  @Test func `JPEG files cut anywhere are an error or a whole picture`() throws {
    for count in 0..<Samples.gray.count - 2 {
      #expect(throws: PictureError.self, "cut at \(count)") {
        try PictureFile.read(Array(Samples.gray[..<count]))
      }
    }
    #expect(throws: PictureError.tooLarge(width: 8, height: 16, maximumPixels: 100)) {
      try PictureFile.read(Samples.gray, maximumPixels: 100)
    }
  }

  @Test(arguments: [
    ("GIF89a", "GIF"), ("RIFF\0\0\0\0WEBPVP8 ", "WebP"), ("II*\0", "TIFF"), ("BM\0\0", "BMP"),
    ("\0\0\0\u{18}ftypheic", "HEIC"),
  ])
  func `other kinds of picture are named`(start: String, name: String) {
    #expect(throws: PictureError.otherFormat(name)) {
      try PictureFile.read(Array(start.utf8) + [UInt8](repeating: 0, count: 40))
    }
  }
}

/// Small files made with Pillow: white above, black below, 8 x 16; the second in color, to be turned by a quarter.
private enum Samples {
  static let gray = bytes(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkI"
      + "BgcJBwYGCAsICQoKCgoKBggLDAsKDAkKCgr/wAALCAAQAAgBAREA/8QAFQABAQAAAAAAAAAAAAAAAAAACQr/"
      + "xAAUEAEAAAAAAAAAAAAAAAAAAAAA/9oACAEBAAA/AH8Qpv/Z")
  /// (200, 100, 50) as CMYK, 8 x 8.
  static let inks = bytes(
    "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwACAQEBAQECAQEBAgICAgIEAwICAgIFBAQDBAYFBgYGBQYGBgcJCAYHCQcG"
      + "BggLCAkKCgoKCgYICwwLCgwJCgoK/8AAFAgACAAIBEMRAE0RAFkRAEsRAP/EAB8AAAEFAQEBAQEBAAAAAAAAAAAB"
      + "AgMEBQYHCAkKC//EALUQAAIBAwMCBAMFBQQEAAABfQECAwAEEQUSITFBBhNRYQcicRQygZGhCCNCscEVUtHwJDNi"
      + "coIJChYXGBkaJSYnKCkqNDU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6g4SFhoeIiYqSk5SV"
      + "lpeYmZqio6Slpqeoqaqys7S1tre4ubrCw8TFxsfIycrS09TV1tfY2drh4uPk5ebn6Onq8fLz9PX29/j5+v/aAA4E"
      + "QwBNAFkASwAAPwD9IK8Pr8x6/fyv/9k=")
  static let turned = bytes(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/4QAiRXhpZgAATU0AKgAAAAgAAQESAAMAAAABAAYAAAAAAAD/2wBDAAMC"
      + "AgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGBYUGBIUFRT/"
      + "2wBDAQMEBAUEBQkFBQkUDQsNFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU"
      + "FBQUFBT/wAARCAAQAAgDASIAAhEBAxEB/8QAFgABAQEAAAAAAAAAAAAAAAAAAAkK/8QAFBABAAAAAAAAAAAA"
      + "AAAAAAAAAP/EABQBAQAAAAAAAAAAAAAAAAAAAAD/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIRAxEA"
      + "PwCqYzGAP//Z")

  private static func bytes(_ text: String) -> [UInt8] {
    Array(Data(base64Encoded: text) ?? Data())
  }
}
