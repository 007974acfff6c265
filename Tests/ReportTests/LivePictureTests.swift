import Foundation
import Pictures
import Study
import StudySupport
import TestSupport
import Testing

@testable import Report

/// A reader's own picture in the page: prepared as `inkling predict` prepares it, opened, dropped and painted on.
@Suite(.serialized) struct LivePictureTests {
  private struct Trial {
    var name: String
    var image: PixelImage
    var size: ImageScaling.Size
    var form: Preparation
  }

  /// A picture whose channels are functions of the place, from 0 to 1.
  private static func image(
    _ width: Int, _ height: Int, _ channels: Int, _ value: (Int, Int, Int) -> Float
  ) -> PixelImage {
    var pixels: [UInt8] = []
    for y in 0..<height {
      for x in 0..<width {
        for c in 0..<channels { pixels.append(UInt8(min(max(value(x, y, c), 0), 1) * 255)) }
      }
    }
    return PixelImage(width: width, height: height, channels: channels, pixels: pixels)
  }

  /// A slanted bar of a picture that wide and high.
  private static func isBar(_ x: Int, _ y: Int, _ width: Int, _ height: Int) -> Bool {
    let (u, v) = (Float(x) / Float(width), Float(y) / Float(height))
    return v > 0.2 && v < 0.7 && abs(u - 0.3 - 0.3 * v) < 0.07
  }

  private static let trials: [Trial] = {
    let digit = ImageScaling.Size(channels: 1, height: 28, width: 28)
    let photo = ImageScaling.Size(channels: 3, height: 32, width: 32)
    let plain = Preparation(polarity: .lightOnDark, paper: 1, inkBox: nil)
    let dark = Preparation(polarity: .darkOnLight, paper: 1, inkBox: 16)
    let noise = hashed(200 * 200, 5)
    let shaded = image(180, 140, 3) { x, y, c in
      isBar(x, y, 180, 140)
        ? 0.1 : 0.9 - 0.3 * Float(x) / 180 - 0.05 * Float(c) - 0.04 * noise[x + 180 * y]
    }
    return [
      Trial(
        name: "a training image",
        image: image(28, 28, 1) { x, y, _ in isBar(x, y, 28, 28) ? 1 : 0 }, size: digit,
        form: .mnist),
      Trial(
        name: "ink on paper", image: image(28, 28, 1) { x, y, _ in isBar(x, y, 28, 28) ? 0 : 1 },
        size: digit, form: .mnist),
      Trial(name: "shaded paper", image: shaded, size: digit, form: .mnist),
      Trial(name: "shaded paper, for ink that is dark", image: shaded, size: digit, form: dark),
      Trial(
        name: "ruled paper",
        image: image(200, 200, 1) { x, y, _ in
          isBar(x, y, 200, 200) ? 0.1 : y % 25 == 3 ? 0.6 : 0.95
        }, size: digit, form: .mnist),
      Trial(
        name: "chalk", image: image(90, 60, 1) { x, y, _ in isBar(x, y, 90, 60) ? 0.9 : 0.2 },
        size: digit, form: .mnist),
      Trial(name: "nothing", image: image(50, 50, 1) { _, _, _ in 0.7 }, size: digit, form: .mnist),
      Trial(
        name: "a shirt on white",
        image: image(41, 57, 3) { x, y, c in isBar(x, y, 41, 57) ? 0.2 * Float(c) : 1 },
        size: digit, form: plain),
      Trial(
        name: "a small one", image: image(11, 9, 1) { x, y, _ in isBar(x, y, 11, 9) ? 1 : 0 },
        size: digit, form: plain),
      Trial(
        name: "drawn on glass",
        image: image(60, 60, 4) { x, y, c in c < 3 ? 1 : isBar(x, y, 60, 60) ? 1 : 0 }, size: digit,
        form: .mnist),
      Trial(
        name: "red on black, thin",
        image: image(300, 300, 3) { x, _, c in x == 150 && c == 0 ? 1 : 0 }, size: digit,
        form: .mnist),
      Trial(
        name: "blue and black", image: image(40, 40, 3) { x, _, c in c == 2 && x > 25 ? 1 : 0 },
        size: photo, form: .none),
      Trial(
        name: "a photograph",
        image: image(75, 50, 3) { x, y, c in noise[x + 75 * y] * Float(c + 1) / 3 }, size: photo,
        form: .none),
    ]
  }()

  private struct Given: Encodable {
    var data: [UInt8]
    var width: Int
    var height: Int
    var form: Preparation
    var shape: [Int]
  }

  private struct Made: Decodable {
    var pixels: [Float]
    var isBlank: Bool
  }

  @Test func `the page prepares a picture as the program does`() throws {
    let given = Self.trials.map {
      Given(
        data: $0.image.convertedToRGBA().pixels, width: $0.image.width, height: $0.image.height,
        form: $0.form, shape: [$0.size.channels, $0.size.height, $0.size.width])
    }
    let made = try Fixture.withFolder { folder in
      let json = String(decoding: try JSONEncoder().encode(given), as: UTF8.self)
      try """
      <!doctype html><title>pictures</title><script>const given = \(json);</script>
      <script>\(try Fixture.templates().liveScript); window.InklingPreparation = InklingPreparation;</script>
      """.write(toFile: "\(folder)/index.html", atomically: true, encoding: .utf8)
      return try Browser().open("\(folder)/index.html").read(
        """
        given.map(({ data, width, height, form, shape }) => {
          const { pixels, isBlank } = new InklingPreparation(form, shape).picture({ data, width, height });
          return { pixels: Array.from(pixels), isBlank };
        })
        """, as: [Made].self)
    }
    try #require(made.count == Self.trials.count)
    for (trial, made) in zip(Self.trials, made) {
      let expected = PicturePreparation.prepared(trial.image, size: trial.size, for: trial.form)
      try #require(made.pixels.count == expected.pixels.count, "\(trial.name)")
      #expect(made.isBlank == expected.isBlank, "\(trial.name)")
      let gap = zip(made.pixels, expected.pixels).map { abs($0 - $1) }.max() ?? 1
      #expect(gap < 1e-4, "\(trial.name)")
    }
    #expect(made.filter(\.isBlank).count == 2)
  }

  /// A part of the live network's panel.
  private func part(_ name: String) -> String {
    "document.querySelector('.live [data-part=\(name)]')"
  }

  /// Drops a file on the panel that a script makes, and waits for it to be read.
  private func drop(_ file: String, on page: Page) throws {
    try page.run(
      """
      const data = new DataTransfer();
      data.items.add(\(file));
      document.querySelector(".live").dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
      await new Promise((done) => setTimeout(done, 700));
      """)
  }

  @Test func `a picture dropped on the page is read, and what is none is told`() throws {
    let browser = try Browser()
    let page = try browser.open("\(TrainedStudy.folder(isSingle: false))/index.html")
    // A 1 of dark ink on a large sheet.
    try drop(
      """
      await new Promise((done) => {
        const sheet = Object.assign(document.createElement("canvas"), { width: 300, height: 200 }), pen = sheet.getContext("2d");
        pen.fillStyle = "#eee";
        pen.fillRect(0, 0, 300, 200);
        pen.fillStyle = "#111";
        pen.fillRect(190, 40, 14, 110);
        sheet.toBlob((blob) => done(new File([blob], "one.png", { type: "image/png" })));
      })
      """, on: page)
    let words = "\(part("opened")).textContent"
    #expect(
      try page.read(words, as: String.self)
        == "one.png, 300 × 200: the paper taken away, the ink scaled to 20 pixels and centered.")
    #expect(
      try page.read("\(part("verdict")).textContent", as: String.self).hasPrefix("It says 1,"))
    let seen = "\(part("seen")).toDataURL()"
    let before = try page.read(seen, as: String.self)
    try drop("new File(['no picture'], 'notes.txt', { type: 'text/plain' })", on: page)
    #expect(
      try page.read(words, as: String.self)
        == "notes.txt is no picture that this browser can read: try a PNG or a JPEG.")
    #expect(try page.read(seen, as: String.self) == before)
    #expect(page.console == [])
  }

  @Test func `a pen has a color where pictures have`() throws {
    try Fixture.withFolder { folder in
      var results = Fixture.results(shape: [3, 8, 8], dataset: "cifar-10")
      results.live?.mean = [0.5, 0.25, 0.75]
      _ = try Report(results, templates: try Fixture.templates()).write(to: folder)
      let page = try Browser().open("\(folder)/index.html")
      #expect(try page.read("\(part("pen")).checkVisibility()", as: Bool.self))
      // The middle of a red stroke, that of a blue one, and a corner of the sheet.
      let seen = try page.read(
        """
        (() => {
          const pad = \(part("pad")), box = pad.getBoundingClientRect(), pen = \(part("pen"));
          pad.setPointerCapture = () => {};
          \(part("clear")).click();
          for (const [color, y] of [["#ff0000", 4.5 / 8], ["#0000ff", 1.5 / 8]]) {
            pen.value = color;
            pen.dispatchEvent(new Event("input"));
            for (const [name, x] of [["pointerdown", 0.2], ["pointermove", 0.8], ["pointerup", 0.8]]) {
              const place = { clientX: box.left + x * box.width, clientY: box.top + y * box.height };
              pad.dispatchEvent(new PointerEvent(name, { ...place, bubbles: true, pointerId: 1 }));
            }
          }
          const image = \(part("seen")).getContext("2d");
          return [[4, 4], [4, 1], [0, 7]].map(([x, y]) => [...image.getImageData(x, y, 1, 1).data]);
        })()
        """, as: [[Int]].self)
      // A stroke covers more than half of its pixels; beside it the sheet has the mean color.
      let (red, blue, empty) = (seen[0], seen[1], seen[2])
      #expect(red[0] > 175 && red[1] < 45 && red[2] < 110)
      #expect(blue[0] < 75 && blue[1] < 45 && blue[2] > 210)
      #expect(zip(empty, [127, 63, 191, 255]).allSatisfy { abs($0 - $1) <= 1 })
    }
  }
}
