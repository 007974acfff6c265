/// Images with their classes, as bytes.
public struct LabeledImages: Sendable, Equatable {
  /// 1 for grey, 3 for colour.
  public let channels: Int
  /// Rows.
  public let height: Int
  /// Columns.
  public let width: Int
  /// 0...255, one image after the other, each in the order channel, row, column.
  public let pixels: [UInt8]
  /// The class index of each image.
  public let labels: [Int]

  /// Images; there must be as many pixels as labels and sizes say.
  public init(channels: Int, height: Int, width: Int, pixels: [UInt8], labels: [Int]) {
    precondition(
      pixels.count == labels.count * channels * height * width,
      "LabeledImages: \(pixels.count) pixels for \(labels.count) of \(channels)×\(height)×\(width)")
    self.channels = channels
    self.height = height
    self.width = width
    self.pixels = pixels
    self.labels = labels
  }

  /// Images of several sets of one size, one set after the other; there must be at least one set.
  public init(joining parts: [LabeledImages]) {
    self.init(
      channels: parts[0].channels, height: parts[0].height, width: parts[0].width,
      pixels: parts.flatMap(\.pixels), labels: parts.flatMap(\.labels))
  }

  /// Number of images.
  public var count: Int { labels.count }
  /// Numbers in an image.
  public var imageSize: Int { channels * height * width }

  /// The bytes of one image.
  public func bytes(_ index: Int) -> ArraySlice<UInt8> {
    pixels[index * imageSize..<(index + 1) * imageSize]
  }

  /// Each byte in [0, 1]: looking it up is faster than dividing.
  private static let brightness = (0...255).map { Float($0) / 255 }

  /// Pixels of some images in [0, 1], one image after the other.
  public func floats(_ indices: some Collection<Int>) -> [Float] {
    [Float](unsafeUninitializedCapacity: indices.count * imageSize) { target, count in
      guard let base = target.baseAddress else { return }
      for index in indices {
        copy(index, to: base + count)
        count += imageSize
      }
    }
  }

  /// Writes the pixels of one image, in [0, 1].
  public func copyFloats(_ index: Int, to target: inout MutableSpan<Float>) {
    precondition(target.count >= imageSize, "LabeledImages: no room for an image")
    target.withUnsafeMutableBufferPointer { target in
      guard let base = target.baseAddress else { return }
      copy(index, to: base)
    }
  }

  private func copy(_ index: Int, to target: UnsafeMutablePointer<Float>) {
    let size = imageSize
    Self.brightness.withUnsafeBufferPointer { brightness in
      bytes(index).withUnsafeBufferPointer { bytes in
        for i in 0..<size { target[i] = brightness[Int(bytes[i])] }
      }
    }
  }

  /// What lies around the images: the median of the pixels at their edges, in [0, 1], one number a channel.
  public var ground: [Float] {
    (0..<channels).map { channel in
      var counts = [Int](repeating: 0, count: 256)
      for image in 0..<count {
        let plane = bytes(image).dropFirst(channel * height * width).prefix(height * width)
        for row in 0..<height {
          let line = plane.startIndex + row * width
          let isEdge = row == 0 || row == height - 1
          let step = isEdge ? 1 : max(1, width - 1)
          for column in stride(from: 0, to: width, by: step) {
            counts[Int(plane[line + column])] += 1
          }
        }
      }
      let half = (counts.reduce(0, +) + 1) / 2
      var seen = 0
      let median = counts.firstIndex { count in
        seen += count
        return seen >= half
      }
      return Float(median ?? 0) / 255
    }
  }

  /// The images at some places, in that order.
  public func selecting(_ indices: some Collection<Int>) -> LabeledImages {
    var selected: [UInt8] = []
    selected.reserveCapacity(indices.count * imageSize)
    for index in indices { selected += bytes(index) }
    return LabeledImages(
      channels: channels, height: height, width: width, pixels: selected,
      labels: indices.map { labels[$0] })
  }

  /// The images but those at some places.
  func excluding(_ places: [Int]) -> LabeledImages {
    let left = Set(places)
    return selecting((0..<count).filter { !left.contains($0) })
  }

  /// The images but those of some identities.
  func excluding(_ isLeft: (UInt64) -> Bool) -> LabeledImages {
    let kept = (0..<count).filter { !isLeft(identity($0)) }
    return kept.count == count ? self : selecting(kept)
  }

  /// How many images each class has.
  public func counts(classes: Int) -> [Int] {
    labels.reduce(into: [Int](repeating: 0, count: classes)) { $0[$1] += 1 }
  }

  /// Mean and standard deviation of all pixels in [0, 1], one pair a channel.
  public func statistics() -> (mean: [Float], standardDeviation: [Float]) {
    var means: [Float] = []
    var deviations: [Float] = []
    let plane = height * width
    for channel in 0..<channels {
      var histogram = [Int](repeating: 0, count: 256)
      pixels.withUnsafeBufferPointer { pixels in
        for image in 0..<count {
          let start = image * imageSize + channel * plane
          for i in start..<start + plane { histogram[Int(pixels[i])] += 1 }
        }
      }
      let total = Double(max(1, count * plane))
      let mean = histogram.enumerated().reduce(0.0) { $0 + Double($1.offset * $1.element) } / total
      let square = histogram.enumerated().reduce(0.0) {
        $0 + Double($1.offset * $1.offset * $1.element)
      }
      let variance = max(0, square / total - mean * mean)
      means.append(Float(mean / 255))
      // Images of one single colour have no spread to divide by.
      deviations.append(variance > 0 ? Float(variance.squareRoot() / 255) : 1)
    }
    return (means, deviations)
  }

  /// How many pixels have each of the 256 values.
  package func histogram() -> [Int] {
    pixels.reduce(into: [Int](repeating: 0, count: 256)) { $0[Int($1)] += 1 }
  }

  /// The mean image of each class, in [0, 1]; zeros for a class without images.
  package func meanImages(classes: Int) -> [[Float]] {
    var sums = [[Int]](repeating: [Int](repeating: 0, count: imageSize), count: classes)
    for (index, label) in labels.enumerated() {
      for (i, byte) in bytes(index).enumerated() { sums[label][i] += Int(byte) }
    }
    let counts = counts(classes: classes)
    return zip(sums, counts).map { sum, count in
      sum.map { Float($0) / Float(255 * max(1, count)) }
    }
  }
}
