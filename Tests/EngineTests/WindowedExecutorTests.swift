import Engine
import Networks
import TestSupport
import Testing

struct WindowedExecutorTests {
  private let rows = 21
  private let columns = 20

  @Test(arguments: [
    ("conv(32,3) relu maxpool(2) conv(64,3) relu flatten linear(32) relu linear(10)", 1),
    ("conv(6,5,padding=0) relu maxpool(2) conv(16,2,padding=0) relu flatten linear(10)", 1),
    ("conv(8,3,stride=2,padding=1) norm relu conv(12,3) norm relu flatten linear(10)", 3),
    ("conv(8,5) relu avgpool(3,stride=2) conv(12,2,padding=1) dropout(0.5) flatten linear(10)", 3),
    ("avgpool(2) conv(20,3,padding=3) relu conv(8,3,padding=0) flatten linear(10)", 3),
    ("conv(7,3,padding=2) maxpool(3) conv(9,2) relu flatten dropout(0.2) linear(10)", 1),
  ])
  func `windows get the logits of whole images, also after some were kept`(
    text: String, channels: Int
  ) throws {
    let network = try hashedNetwork(
      text, (channels, rows, columns),
      normalization: Normalization(
        mean: Array(repeating: 0.3, count: channels),
        standardDeviation: Array(repeating: 0.4, count: channels)))
    let executor = Executor(network, pool: WorkerPool(threads: 2))
    let count = 70
    for side in 1...2 {
      var images = hashed(count * channels * rows * columns, 7)
      let windowed = try #require(
        WindowedExecutor(executor, images: images, selection: Array(0..<count), side: side))
      for round in 0..<3 {
        let windows = windows(count, side: side, channels: channels, round: round)
        let changed = windows.reduce(into: images) { put($1, side: side, into: &$0) }
        let whole = executor.logits(changed)
        let before = executor.queries
        let parts = windowed.logits(windows)
        #expect(executor.queries == before + count)
        let scale = whole.reduce(0) { max($0, abs($1)) }
        let difference = zip(whole, parts).reduce(0) { max($0, abs($1.0 - $1.1)) }
        #expect(difference <= 1e-5 * scale)
        let kept = (0..<count).filter { $0 % 3 == round }
        windowed.accept(kept)
        for place in kept { put(windows[place], side: side, into: &images) }
      }
    }
  }

  /// One window for each image, those of the first four in the corners.
  private func windows(
    _ count: Int, side: Int, channels: Int, round: Int
  ) -> [WindowedExecutor.Window] {
    let corners = hashed(2 * count, UInt64(100 * side + round))
    let pixels = hashed(count * channels * side * side, UInt64(1000 * side + round))
    let (lowest, rightmost) = (rows - side, columns - side)
    return (0..<count).map { image in
      WindowedExecutor.Window(
        image: image,
        top: image < 4 ? image / 2 * lowest : Int(corners[2 * image] * Float(lowest)),
        left: image < 4 ? image % 2 * rightmost : Int(corners[2 * image + 1] * Float(rightmost)),
        pixels: Array(pixels[image * channels * side * side..<(image + 1) * channels * side * side])
      )
    }
  }

  private func put(_ window: WindowedExecutor.Window, side: Int, into images: inout [Float]) {
    let channels = window.pixels.count / (side * side)
    for (i, pixel) in window.pixels.enumerated() {
      let (row, x) = i.quotientAndRemainder(dividingBy: side)
      let (channel, y) = row.quotientAndRemainder(dividingBy: side)
      let line = (window.image * channels + channel) * rows + window.top + y
      images[line * columns + window.left + x] = pixel
    }
  }

  @Test
  func `networks without maps and windows that reach everything are left to whole images`() throws {
    let pool = WorkerPool(threads: 1)
    let images = hashed(784, 1)
    func fits(_ text: String, side: Int) throws -> Bool {
      let executor = Executor(try hashedNetwork(text), pool: pool)
      return WindowedExecutor(executor, images: images, selection: [0], side: side) != nil
    }
    #expect(try !fits("flatten linear(10)", side: 1))
    #expect(try !fits("conv(4,3) flatten norm linear(10)", side: 1))
    #expect(try !fits("conv(4,3) relu maxpool(2) flatten linear(10)", side: 22))
    #expect(try fits("conv(4,3) relu maxpool(2) flatten linear(10)", side: 4))
  }
}
