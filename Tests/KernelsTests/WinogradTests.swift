import Engine
import KernelTable
import TestSupport
import Testing

/// Winograd's tiles, at every level that this machine has, against the convolution written out in double precision.
@Suite struct WinogradTests {
  static let levels = InstructionSet.available.map(\.name)
  /// Height and width of the output, and the margin: tiles that fit, that hang over, and maps smaller than a tile.
  static let sizes = [
    (1, 1, 1), (2, 3, 1), (4, 4, 0), (5, 7, 2), (7, 7, 1), (8, 12, 1), (13, 6, 1),
  ]
  static let channels = [(16, 16), (16, 32), (48, 16), (64, 64)]
  private static let images = 2

  private func table(_ name: String) throws -> KernelTable {
    try #require(InstructionSet.available.first { $0.name == name })
  }

  /// Two images of a convolution, and what is made of them.
  private struct Case {
    let shape: WinogradShape
    let input: [Float]
    let weights: [Float]
    let bias: [Float]
    let gradient: [Float]
    var inputStep: Int { shape.inputHeight * shape.inputWidth * shape.inputChannels }
    var outputStep: Int { shape.height * shape.width * shape.outputChannels }
    var places: Int { (shape.side + 2) * (shape.side + 2) }

    init(_ size: (Int, Int, Int), _ channels: Int, _ filters: Int, side: Int) {
      let (height, width, margin) = size
      shape = WinogradShape(
        inputHeight: height + 2 - 2 * margin, inputWidth: width + 2 - 2 * margin,
        inputChannels: channels, height: height, width: width, outputChannels: filters,
        margin: margin, side: side)
      input = signed(images * shape.inputHeight * shape.inputWidth * channels, 1)
      weights = signed(9 * channels * filters, 2)
      bias = signed(filters, 3)
      gradient = signed(images * height * width * filters, 4)
    }

    /// All tiles of both images but the second.
    var tiles: [Int32] {
      (0..<Int32(images * shape.tileRows * shape.tileColumns)).filter { $0 != 1 }
    }

    func run(_ list: UnsafePointer<Int32>?, _ count: Int) -> WinogradRun {
      WinogradRun(
        shape: shape, list: list, first: 0, count: count, inputStep: inputStep,
        outputStep: outputStep)
    }

    /// Calls `body` for every place of the output, tap, and where it finds the input's channels, if not beyond the input.
    func forEachTap(
      _ body: (_ image: Int, _ y: Int, _ x: Int, _ tap: Int, _ channels: Int) -> Void
    ) {
      for image in 0..<images {
        for y in 0..<shape.height {
          for x in 0..<shape.width {
            for tap in 0..<9 {
              let (r, s) = (y + tap / 3 - shape.margin, x + tap % 3 - shape.margin)
              guard (0..<shape.inputHeight).contains(r), (0..<shape.inputWidth).contains(s)
              else { continue }
              let place = image * inputStep + (r * shape.inputWidth + s) * shape.inputChannels
              body(image, y, x, tap, place)
            }
          }
        }
      }
    }

    /// The convolution `[image][row][column][filter]`.
    var output: [Double] {
      let filters = shape.outputChannels
      var output = (0..<images * outputStep).map { Double(bias[$0 % filters]) }
      forEachTap { image, y, x, tap, place in
        for k in 0..<filters {
          for c in 0..<shape.inputChannels {
            output[image * outputStep + (y * shape.width + x) * filters + k] +=
              Double(input[place + c])
              * Double(weights[(9 * k + tap) * shape.inputChannels + c])
          }
        }
      }
      return output
    }

    /// The gradient of the weights `[filter][tap][channel]`.
    var weightGradient: [Double] {
      let (channels, filters) = (shape.inputChannels, shape.outputChannels)
      var result = [Double](repeating: 0, count: weights.count)
      forEachTap { image, y, x, tap, place in
        for k in 0..<filters {
          let slope = gradient[image * outputStep + (y * shape.width + x) * filters + k]
          for c in 0..<channels {
            result[(9 * k + tap) * channels + c] += Double(slope) * Double(input[place + c])
          }
        }
      }
      return result
    }
  }

  /// c[m][n] = Σ_k a[m][k] b[k][n], of every place.
  private func products(
    _ rows: Int, _ columns: Int, _ inner: Int, _ places: Int,
    a: (_ place: Int, _ m: Int, _ k: Int) -> Float, b: (_ place: Int, _ k: Int, _ n: Int) -> Float,
    put: (_ place: Int, _ m: Int, _ n: Int, Float) -> Void
  ) {
    for place in 0..<places {
      for m in 0..<rows {
        for n in 0..<columns {
          put(place, m, n, (0..<inner).reduce(0) { $0 + a(place, m, $1) * b(place, $1, n) })
        }
      }
    }
  }

  /// Outputs of the listed tiles by the kernels, `output` elsewhere.
  private func convolve(
    _ item: Case, _ kernels: KernelTable, isPooled: Bool = false, to output: inout [Float]
  ) {
    let (channels, filters, places) = (
      item.shape.inputChannels, item.shape.outputChannels, item.places
    )
    let isSmall = item.shape.side == 2
    item.tiles.withUnsafeBufferPointer { list in
      let run = item.run(list.baseAddress, list.count)
      let (inputPlace, outputPlace) = (run.placeStep(channels), run.placeStep(filters))
      var transformed = [Float](repeating: 0, count: places * inputPlace)
      var weights = [Float](repeating: 0, count: places * channels * filters)
      var sums = [Float](repeating: 0, count: places * outputPlace)
      if isSmall {
        kernels.winogradInputSmall(item.input, &transformed, run)
        kernels.winogradWeightsSmall(item.weights, &weights, filters, channels, false)
      } else {
        kernels.winogradInput(item.input, &transformed, run)
        kernels.winogradWeights(item.weights, &weights, filters, channels, false)
      }
      products(run.count, filters, channels, places) { place, m, k in
        transformed[place * inputPlace + m * channels + k]
      } b: { place, k, n in
        weights[(place * channels + k) * filters + n]
      } put: { place, m, n, value in
        sums[place * outputPlace + m * filters + n] = value
      }
      let put =
        isPooled
        ? kernels.winogradOutputPooled
        : isSmall ? kernels.winogradOutputSmall : kernels.winogradOutput
      put(sums, item.bias, &output, run)
    }
  }

  @Test(arguments: levels, sizes)
  func `tiles equal the convolution`(level: String, size: (Int, Int, Int)) throws {
    let kernels = try table(level)
    for (channels, filters, side) in Self.channels.flatMap({ [($0.0, $0.1, 2), ($0.0, $0.1, 4)] }) {
      let item = Case(size, channels, filters, side: side)
      var output = [Float](repeating: 9, count: Self.images * item.outputStep)
      convolve(item, kernels, to: &output)
      let exact = item.output
      for (index, value) in output.enumerated() {
        let (image, place) = index.quotientAndRemainder(dividingBy: item.outputStep)
        let (y, x) = (place / filters).quotientAndRemainder(dividingBy: item.shape.width)
        let row = image * item.shape.tileRows + y / side
        let isListed = item.tiles.contains(Int32(row * item.shape.tileColumns + x / side))
        // Sums of up to 576 products below 1: with tiles of 4 x 4 the standard error of those is 6.6e-6 and the largest
        // among 61,000 was 4.7e-5; with tiles of 2 x 2 it is 2.1e-6 and 1.2e-5.
        let tolerance = side == 4 ? 1e-4 : 5e-5
        #expect(abs(Double(value) - (isListed ? exact[index] : 9)) < tolerance)
      }
    }
  }

  @Test(arguments: levels, sizes)
  func `tiles of 2 x 2 equal the convolution, pooled`(level: String, size: (Int, Int, Int)) throws {
    let kernels = try table(level)
    let (height, width, margin) = size
    for (channels, filters) in Self.channels {
      let item = Case((height + height % 2, width + width % 2, margin), channels, filters, side: 2)
      let columns = item.shape.tileColumns
      var output = [Float](repeating: 9, count: Self.images * item.outputStep)
      convolve(item, kernels, isPooled: true, to: &output)
      let exact = item.output
      for tile in 0..<Self.images * item.shape.tileRows * columns {
        let (image, place) = tile.quotientAndRemainder(dividingBy: item.shape.tileRows * columns)
        let corner = place / columns * 2 * item.shape.width + place % columns * 2
        for k in 0..<filters {
          let value = output[image * item.outputStep + place * filters + k]
          guard item.tiles.contains(Int32(tile)) else {
            #expect(value == 9)
            continue
          }
          let largest = [0, 1, item.shape.width, item.shape.width + 1].map {
            exact[image * item.outputStep + (corner + $0) * filters + k]
          }.max()
          #expect(abs(Double(value) - max(0, largest ?? 0)) < 5e-5)
        }
      }
    }
  }

  @Test(arguments: levels, sizes)
  func `tiles give the weights' gradient`(level: String, size: (Int, Int, Int)) throws {
    let kernels = try table(level)
    for (channels, filters) in Self.channels {
      let item = Case(size, channels, filters, side: 4)
      let run = item.run(nil, Self.images * item.shape.tileRows * item.shape.tileColumns)
      let (inputPlace, outputPlace) = (run.placeStep(channels), run.placeStep(filters))
      var transformed = [Float](repeating: 0, count: item.places * inputPlace)
      var slopes = [Float](repeating: 0, count: item.places * outputPlace)
      var sums = [Float](repeating: 0, count: item.places * filters * channels)
      // Added to what is there.
      var result = [Float](repeating: 1, count: 9 * filters * channels)
      kernels.winogradInput(item.input, &transformed, run)
      var bias = [Float](repeating: 1, count: filters)
      kernels.winogradGradient(item.gradient, &slopes, &bias, run)
      products(filters, channels, run.count, item.places) { place, m, k in
        slopes[place * outputPlace + k * filters + m]
      } b: { place, k, n in
        transformed[place * inputPlace + k * channels + n]
      } put: { place, m, n, value in
        sums[(place * filters + m) * channels + n] = value
      }
      kernels.winogradWeightGradient(sums, &result, filters, channels)
      for (value, exact) in zip(result, item.weightGradient) {
        #expect(abs(Double(value) - 1 - exact) < 5e-5)
      }
      for (k, value) in bias.enumerated() {
        let places = stride(from: k, to: item.gradient.count, by: filters)
        #expect(abs(Double(value) - places.reduce(1) { $0 + Double(item.gradient[$1]) }) < 1e-5)
      }
    }
  }

  @Test(arguments: levels)
  func `turned weights give the convolution backwards`(level: String) throws {
    let kernels = try table(level)
    let (filters, channels) = (16, 32)
    let weights = signed(9 * filters * channels, 4)
    // Turned by half a circle, the roles of filters and channels exchanged.
    var mirror = weights
    for k in 0..<filters {
      for tap in 0..<9 {
        for c in 0..<channels {
          mirror[(9 * c + tap) * filters + k] = weights[(9 * k + 8 - tap) * channels + c]
        }
      }
    }
    for (places, transform) in [(16, kernels.winogradWeightsSmall), (36, kernels.winogradWeights)] {
      var a = [Float](repeating: 0, count: places * filters * channels)
      var b = a
      transform(weights, &a, filters, channels, true)
      transform(mirror, &b, channels, filters, false)
      #expect(a == b)
    }
  }
}
