import Datasets
import Pictures
import TestSupport
import Testing

@Suite struct PreparationTests {
  private let size = ImageScaling.Size(channels: 1, height: 28, width: 28)

  private func prepared(
    _ image: PixelImage, _ preparation: Preparation = .mnist
  ) -> PicturePreparation.Prepared {
    PicturePreparation.prepared(image, size: size, for: preparation)
  }

  @Test(arguments: [false, true], [1, 3])
  func `a picture is read alike dark on white and light on dark`(isDark: Bool, scale: Int) {
    // A vertical bar, off centre, as a large picture.
    let (w, h) = (60 * scale, 80 * scale)
    var image = PixelImage(width: w, height: h, channels: 1)
    for y in 0..<h {
      for x in 0..<w {
        let ink = (10 * scale..<16 * scale).contains(x) && (5 * scale..<65 * scale).contains(y)
        image.pixels[y * w + x] = ink == isDark ? 20 : 235
      }
    }
    let pixels = prepared(image).pixels
    // 60 x 6 pixels of ink become 20 x 2, in the middle.
    #expect(abs(pixels.reduce(0, +) - 40) < 2)
    #expect(pixels[14 * 28 + 14] > 0.95 && pixels[14 * 28 + 5] == 0 && pixels[2 * 28 + 14] == 0)
  }

  @Test func `an image in the network's own form is left alone, to the last bit`() {
    let digits = DrawnDigits.dataset(count: 50, testCount: 1, seed: 5).train
    let preparation = Preparation(of: digits, paper: 0)
    #expect(preparation.polarity == .lightOnDark)
    for index in 0..<digits.count {
      let bytes = Array(digits.bytes(index))
      let image = PixelImage(width: 28, height: 28, channels: 1, pixels: bytes)
      #expect(prepared(image, preparation).pixels == digits.floats([index]))
      // The same digit dark on light is exchanged, and is the same.
      let paper = PixelImage(
        width: 28, height: 28, channels: 1, pixels: bytes.map { 255 - $0 })
      let difference =
        zip(prepared(paper, preparation).pixels, digits.floats([index]))
        .map { abs($0 - $1) }.max() ?? 1
      #expect(difference < 1e-6)
    }
  }

  @Test func `pictures of dark ink stay dark for a network that learned dark ink`() {
    let paper = Preparation(polarity: .darkOnLight, paper: 1, inkBox: nil)
    var image = PixelImage(width: 56, height: 56, channels: 1)
    for y in 0..<56 {
      for x in 0..<56 { image.pixels[y * 56 + x] = (20..<30).contains(x) ? 10 : 240 }
    }
    let same = prepared(image, paper).pixels
    #expect(same[14 * 28 + 12] < 0.2 && same[14 * 28 + 2] > 0.8)
    image.pixels = image.pixels.map { 255 - $0 }
    let exchanged = prepared(image, paper).pixels
    #expect(exchanged[14 * 28 + 12] < 0.2 && exchanged[14 * 28 + 2] > 0.8)
  }

  @Test func `transparent ink is seen, black or white`() {
    for value in [0, 255] as [UInt8] {
      var image = PixelImage(width: 40, height: 40, channels: 2)
      for i in 0..<1600 {
        image.pixels[2 * i] = value
        image.pixels[2 * i + 1] = (i % 40) / 4 == 5 ? 255 : 0
      }
      let pixels = prepared(image).pixels
      #expect(pixels[14 * 28 + 14] > 0.9 && pixels[14 * 28 + 2] < 0.1)
    }
  }

  /// A seven on paper, `shade` darker at the right, with lines of a brightness; the same that met the program badly.
  private func seven(shade: Int = 0, lines: UInt8? = nil) -> PixelImage {
    let (w, h) = (450, 600)
    var image = PixelImage(width: w, height: h, channels: 1)
    for y in 0..<h {
      for x in 0..<w {
        let isInk =
          (150..<185).contains(y) && (125..<325).contains(x)
          || (185..<450).contains(y) && abs(x - (310 - (y - 185) / 2)) < 17
        let isLine = y % 40 < 2
        let value: Int = isInk ? 40 : isLine ? lines.map(Int.init) ?? 225 : 225
        let grain = Int(truncatingIfNeeded: (x &* 7919 &+ y &* 104_729) % 17) - 8
        image.pixels[y * w + x] = UInt8(
          clamping: value * (255 - shade * x / w) / 255 + grain)
      }
    }
    return image
  }

  @Test func `shade and ruled lines are taken away, and said`() {
    let even = prepared(seven())
    #expect(!even.hadUnevenGround && !even.isBlank)
    for picture in [seven(shade: 110), seven(lines: 150), seven(shade: 80, lines: 140)] {
      let other = prepared(picture)
      #expect(other.hadUnevenGround)
      let correlation = zip(even.pixels, other.pixels).reduce(Float(0)) { $0 + $1.0 * $1.1 }
      let length = even.pixels.reduce(Float(0)) { $0 + $1 * $1 }
      #expect(correlation / length > 0.9)
    }
  }

  @Test func `blank and single-pixel pictures do no harm`() {
    for value in [0, 128, 255] as [UInt8] {
      let image = PixelImage(width: 1, height: 1, channels: 1, pixels: [value])
      let found = prepared(image)
      #expect(found.pixels.count == 784 && found.pixels.allSatisfy(\.isFinite) && found.isBlank)
    }
  }

  @Test func `a large picture is scaled without being held in floats`() {
    // 64 million floats for each of three channels would be 768 MB; the picture itself has 8 MB.
    let image = PixelImage(width: 4000, height: 2000, channels: 1)
    let planes = ImageScaling.resized(image, channels: 3, paper: 0, height: 28, width: 28)
    #expect(planes.values.count == 3 * 784 && planes.values.allSatisfy { $0 == 0 })
  }

  @Test func `what images have in common is learned from them`() {
    let digits = DrawnDigits.dataset(count: 300, testCount: 1, seed: 1).train
    let dark = LabeledImages(
      channels: 1, height: 28, width: 28, pixels: digits.pixels.map { 255 - $0 },
      labels: digits.labels)
    #expect(Preparation(of: dark, paper: 1).polarity == .darkOnLight)
    let noise = LabeledImages(
      channels: 1, height: 28, width: 28,
      pixels: hashed(300 * 784, 3).map { UInt8(127 + 100 * $0) }, labels: digits.labels)
    let photographs = Preparation(of: noise, paper: 0)
    #expect(photographs.polarity == .mixed || photographs.inkBox == nil)
    let color = LabeledImages(
      channels: 3, height: 28, width: 28, pixels: digits.pixels,
      labels: Array(digits.labels[..<100]))
    #expect(Preparation(of: color, paper: 0).polarity == .mixed)
  }
}
