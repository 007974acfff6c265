import Pictures
import Testing

struct PixelImageTests {
  private let image = PixelImage(width: 2, height: 2, channels: 1, pixels: [1, 2, 3, 4])

  @Test func `upscaling repeats every pixel`() {
    #expect(image.upscaled(by: 1) == image)
    #expect(image.upscaled(by: 2).pixels == [1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4])
  }

  @Test func `pasting leaves out what lies outside`() {
    var sheet = PixelImage(width: 3, height: 3, channels: 1)
    sheet.paste(image, x: 2, y: -1)
    #expect(sheet.pixels == [0, 0, 3, 0, 0, 0, 0, 0, 0])
    sheet.paste(image, x: -1, y: 1)
    #expect(sheet.pixels == [0, 0, 3, 2, 0, 0, 4, 0, 0])
    sheet.paste(image, x: 9, y: 9)
    sheet.paste(image, x: -9, y: -9)
    #expect(sheet.pixels == [0, 0, 3, 2, 0, 0, 4, 0, 0])
  }

  @Test func `cropping keeps the part`() {
    #expect(image.cropped(columns: 1..<2, rows: 0..<2).pixels == [2, 4])
    #expect(image.cropped(columns: 0..<0, rows: 0..<2).pixels.isEmpty)
  }

  @Test func `every kind of picture converts to RGBA`() {
    func converted(_ channels: Int, _ pixels: [UInt8]) -> [UInt8] {
      PixelImage(width: 1, height: 1, channels: channels, pixels: pixels).convertedToRGBA().pixels
    }
    #expect(converted(1, [7]) == [7, 7, 7, 255])
    #expect(converted(2, [7, 8]) == [7, 7, 7, 8])
    #expect(converted(3, [7, 8, 9]) == [7, 8, 9, 255])
    #expect(converted(4, [7, 8, 9, 10]) == [7, 8, 9, 10])
  }
}
