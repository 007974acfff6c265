import Networks

/// A convolution whose groups of channels do not see each other, down to a filter for each channel.
///
/// The image is spread out first: for each number of channels in a group, what every filter reads of it stands in the
/// filter's place, so that all sums go through memory in one direction. Weights lie as `[row][column][channel in
/// group][filter]`.
struct GroupedConvolutionOperation: Operation {
  let input: Layout
  let output: Layout
  let parameters: [ParameterBlock]
  let updatedCount: Int
  private let layer: Conv2D
  private let filters: Int
  /// Channels in a group.
  private let depth: Int
  /// For each channel in a group and filter, the channel that is read.
  private let sources: [Int32]

  /// `result` is the height and width of the output.
  init(
    _ layer: Conv2D, input: Layout, result: (height: Int, width: Int), firstTensor: Int
  ) {
    self.layer = layer
    self.input = input
    output = Layout(height: result.height, width: result.width, channels: layer.filters)
    filters = padded(layer.filters)
    depth = input.channels / layer.groups
    let (k, f) = (layer.kernel, layer.filters)
    var order: [Int32] = []
    for tap in 0..<k * k {
      for i in 0..<depth {
        for o in 0..<filters { order.append(o < f ? Int32((o * depth + i) * k * k + tap) : -1) }
      }
    }
    var sources: [Int32] = []
    for i in 0..<depth {
      for o in 0..<f { sources.append(Int32(o / (f / layer.groups) * depth + i)) }
    }
    self.sources = sources
    let weights = ParameterBlock(
      tensor: firstTensor, offset: 0, count: order.count, order: order, padding: 0,
      isLearned: true)
    parameters = [
      weights,
      .bias(of: layer.filters, at: order.count, tensor: layer.hasBias ? firstTensor + 1 : nil),
    ]
    updatedCount = order.count + (layer.hasBias ? filters : 0)
  }

  private var weightCount: Int { layer.kernel * layer.kernel * depth * filters }
  var collectedCount: Int { weightCount + filters }
  private var before: Int { layer.margins.before }
  private var spreadWidth: Int { input.width + before + layer.margins.after }
  private var spreadHeight: Int { input.height + before + layer.margins.after }
  /// Numbers of a place of the image that was spread out.
  private var step: Int { depth * filters }
  private var spreadCount: Int { spreadHeight * spreadWidth * step }
  var scratchCount: Int { 2 * spreadCount }

  func cropped(to crop: Layout, height: Int, width: Int) -> (any Operation)? {
    GroupedConvolutionOperation(
      layer.withoutMargins, input: crop, result: (height, width), firstTensor: 0)
  }

  func forward(_ images: Range<Int>, _ pass: Pass) {
    for image in images {
      let x = spread(pass.input[image], to: pass.scratch)
      let bias = pass.parameters + weightCount
      for y in 0..<output.height {
        for column in 0..<output.width {
          let result = pass.output[image] + (y * output.width + column) * filters
          for o in stride(from: 0, to: filters, by: 16) {
            var sum = Lanes.load(bias + o)
            forEachTap(y, column) { place, weight in
              for i in 0..<depth {
                sum +=
                  Lanes.load(x + place + i * filters + o)
                  * Lanes.load(pass.parameters + weight + i * filters + o)
              }
            }
            sum.store(to: result + o)
          }
        }
      }
    }
  }

  func backward(_ images: Range<Int>, _ pass: Pass) {
    for image in images {
      let dx = pass.scratch + spreadCount
      if pass.inputGradient != nil { dx.update(repeating: 0, count: spreadCount) }
      let x = pass.parameterGradient.map { _ in spread(pass.input[image], to: pass.scratch) }
      for y in 0..<output.height {
        for column in 0..<output.width {
          let row = pass.outputGradient[image] + (y * output.width + column) * filters
          for o in stride(from: 0, to: filters, by: 16) {
            let gradient = Lanes.load(row + o)
            forEachTap(y, column) { place, weight in
              for i in 0..<depth {
                let (at, own) = (place + i * filters + o, weight + i * filters + o)
                if let result = pass.parameterGradient, let x {
                  (Lanes.load(result + own) + gradient * Lanes.load(x + at))
                    .store(to: result + own)
                }
                if pass.inputGradient != nil {
                  (Lanes.load(dx + at) + gradient * Lanes.load(pass.parameters + own))
                    .store(to: dx + at)
                }
              }
            }
            if let result = pass.parameterGradient {
              (Lanes.load(result + weightCount + o) + gradient).store(to: result + weightCount + o)
            }
          }
        }
      }
      if let inputGradient = pass.inputGradient { gather(dx, to: inputGradient[image]) }
    }
  }

  /// The places of the spread image that an output place reads, and where the tap's weights stand.
  @inline(__always) private func forEachTap(
    _ y: Int, _ x: Int, _ body: (_ place: Int, _ weight: Int) -> Void
  ) {
    for r in 0..<layer.kernel {
      let row = (y * layer.stride + r) * spreadWidth + x * layer.stride
      for s in 0..<layer.kernel {
        body((row + s) * step, (r * layer.kernel + s) * step)
      }
    }
  }

  private func spread(
    _ image: UnsafePointer<Float>, to scratch: UnsafeMutablePointer<Float>
  ) -> UnsafeMutablePointer<Float> {
    scratch.update(repeating: 0, count: spreadCount)
    forEachSource { place, filter, source in scratch[place + filter] = image[source] }
    return scratch
  }

  /// What filters say about the same channel is added up.
  private func gather(
    _ spread: UnsafePointer<Float>, to image: UnsafeMutablePointer<Float>
  ) {
    image.update(repeating: 0, count: input.count)
    forEachSource { place, filter, source in image[source] += spread[place + filter] }
  }

  @inline(__always) private func forEachSource(
    _ body: (_ place: Int, _ filter: Int, _ source: Int) -> Void
  ) {
    for y in 0..<input.height {
      for x in 0..<input.width {
        let place = ((y + before) * spreadWidth + x + before) * step
        let pixel = (y * input.width + x) * input.step
        for i in 0..<depth {
          for o in 0..<layer.filters {
            body(place, i * filters + o, pixel + Int(sources[i * layer.filters + o]))
          }
        }
      }
    }
  }
}
