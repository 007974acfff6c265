import KernelTable
import Networks

/// A convolution whose groups of channels do not see each other, down to a filter for each channel.
///
/// For each channel of the groups the image is spread out: what every filter reads of it stands in the filter's place, so
/// that all sums go through memory in one direction. Weights lie as `[row][column][channel in
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
  private var spreadCount: Int { spreadHeight * spreadWidth * filters }
  var scratchCount: Int { 2 * spreadCount }

  func cropped(to crop: Layout, height: Int, width: Int) -> (any Operation)? {
    GroupedConvolutionOperation(
      layer.withoutMargins, input: crop, result: (height, width), firstTensor: 0)
  }

  func forward(_ images: Range<Int>, _ pass: Pass) {
    let bias = pass.parameters + weightCount
    for image in images {
      let result = pass.output[image]
      for position in 0..<output.positions {
        (result + position * filters).update(from: bias, count: filters)
      }
      for channel in 0..<depth {
        spread(channel, of: pass.input[image], to: pass.scratch)
        forEachWindow { place, o in
          var sum = Lanes.load(result + place * filters + o)
          forEachTap(of: place) { at, tap in
            sum +=
              Lanes.load(pass.scratch + at + o)
              * Lanes.load(pass.parameters + (tap * depth + channel) * filters + o)
          }
          sum.store(to: result + place * filters + o)
        }
      }
    }
  }

  func backward(_ images: Range<Int>, _ pass: Pass) {
    let (x, dx) = (pass.scratch, pass.scratch + spreadCount)
    for image in images {
      let gradient = pass.outputGradient[image]
      if let inputGradient = pass.inputGradient {
        inputGradient[image].update(repeating: 0, count: input.count)
      }
      for channel in 0..<depth {
        if pass.parameterGradient != nil { spread(channel, of: pass.input[image], to: x) }
        if pass.inputGradient != nil { dx.update(repeating: 0, count: spreadCount) }
        forEachWindow { place, o in
          let slope = Lanes.load(gradient + place * filters + o)
          forEachTap(of: place) { at, tap in
            let own = (tap * depth + channel) * filters + o
            if let result = pass.parameterGradient {
              (Lanes.load(result + own) + slope * Lanes.load(x + at + o)).store(to: result + own)
            }
            if pass.inputGradient != nil {
              (Lanes.load(dx + at + o) + slope * Lanes.load(pass.parameters + own))
                .store(to: dx + at + o)
            }
          }
        }
        if let inputGradient = pass.inputGradient {
          gather(channel, from: dx, to: inputGradient[image])
        }
      }
      if let result = pass.parameterGradient {
        pass.kernels.addRows(gradient, output.positions, filters, result + weightCount)
      }
    }
  }

  /// Every place of the output, sixteen filters at a time.
  @inline(__always) private func forEachWindow(_ body: (_ place: Int, _ filter: Int) -> Void) {
    for place in 0..<output.positions {
      for o in stride(from: 0, to: filters, by: 16) { body(place, o) }
    }
  }

  /// The places of the spread image that an output place reads.
  @inline(__always) private func forEachTap(
    of place: Int, _ body: (_ at: Int, _ tap: Int) -> Void
  ) {
    let (y, x) = place.quotientAndRemainder(dividingBy: output.width)
    for r in 0..<layer.kernel {
      let row = (y * layer.stride + r) * spreadWidth + x * layer.stride
      for s in 0..<layer.kernel { body((row + s) * filters, r * layer.kernel + s) }
    }
  }

  /// What each filter reads as its group's channel of a number, in the filter's place.
  private func spread(
    _ channel: Int, of image: UnsafePointer<Float>, to scratch: UnsafeMutablePointer<Float>
  ) {
    scratch.update(repeating: 0, count: spreadCount)
    forEachSource(channel) { place, source in scratch[place] = image[source] }
  }

  /// What filters say about the same channel is added up.
  private func gather(
    _ channel: Int, from spread: UnsafePointer<Float>, to image: UnsafeMutablePointer<Float>
  ) {
    forEachSource(channel) { place, source in image[source] += spread[place] }
  }

  @inline(__always) private func forEachSource(
    _ channel: Int, _ body: (_ place: Int, _ source: Int) -> Void
  ) {
    for y in 0..<input.height {
      for x in 0..<input.width {
        let place = ((y + before) * spreadWidth + x + before) * filters
        let pixel = (y * input.width + x) * input.step
        for o in 0..<layer.filters {
          body(place + o, pixel + Int(sources[channel * layer.filters + o]))
        }
      }
    }
  }
}
