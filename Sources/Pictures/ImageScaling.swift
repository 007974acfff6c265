/// Pictures brought to the size and channels that a network reads.
public enum ImageScaling {
  /// The size of what a network reads.
  public struct Size: Sendable, Equatable {
    /// 1 for grey, 3 for colour.
    public var channels: Int
    /// Rows.
    public var height: Int
    /// Columns.
    public var width: Int

    /// A size `[C, H, W]`.
    public init(channels: Int, height: Int, width: Int) {
      self.channels = channels
      self.height = height
      self.width = width
    }
  }

  /// A picture as planes of floats in [0, 1].
  package struct Planes: Sendable, Equatable {
    /// 1 or 3.
    package var channels: Int
    /// Rows.
    package var height: Int
    /// Columns.
    package var width: Int
    /// `[C][H][W]`.
    package var values: [Float]

    /// Planes; there must be as many values as the sizes say.
    package init(channels: Int, height: Int, width: Int, values: [Float]) {
      self.channels = channels
      self.height = height
      self.width = width
      self.values = values
    }
  }

  /// The picture's planes: grey from colour by luminance (Rec. 709), colour from grey by repetition.
  ///
  /// - Parameters:
  ///   - image: the picture.
  ///   - channels: 1 or 3.
  ///   - paper: brightness that shows through transparent parts.
  /// - Returns: `[C][H][W]` in [0, 1].
  package static func planes(_ image: PixelImage, channels: Int, paper: Float) -> Planes {
    resized(image, channels: channels, paper: paper, height: image.height, width: image.width)
  }

  /// The picture's planes in another size; see `planes(_:channels:paper:)` and `resized(_:height:width:)`.
  ///
  /// A large picture is never held in floats as a whole: it is read row by row.
  package static func resized(
    _ image: PixelImage, channels: Int, paper: Float, height: Int, width: Int
  ) -> Planes {
    var row = [Float](repeating: 0, count: channels * image.width)
    return resized(
      channels: channels, from: (image.height, image.width), to: (height, width)
    ) { y in
      read(image, row: y, channels: channels, paper: paper, to: &row)
      return row
    }
  }

  /// Planes in another size, each new pixel the mean of the area that it covers, so that
  /// nothing is lost when shrinking; enlarging repeats and blends pixels.
  package static func resized(_ planes: Planes, height: Int, width: Int) -> Planes {
    guard planes.height != height || planes.width != width else { return planes }
    let plane = planes.height * planes.width
    return resized(
      channels: planes.channels, from: (planes.height, planes.width), to: (height, width)
    ) { y in
      (0..<planes.channels).flatMap { channel in
        let start = channel * plane + y * planes.width
        return planes.values[start..<start + planes.width]
      }
    }
  }

  /// Planes of a new size from rows `[C][W]` of the old one, which are asked for one by one.
  private static func resized(
    channels: Int, from old: (height: Int, width: Int), to new: (height: Int, width: Int),
    row: (Int) -> [Float]
  ) -> Planes {
    let columns = weights(from: old.width, to: new.width)
    var rows = RowBlender(channels: channels, from: old.height, to: new.height, width: new.width)
    var narrow = [Float](repeating: 0, count: channels * new.width)
    for y in 0..<old.height {
      let values = row(y)
      for channel in 0..<channels {
        for x in 0..<new.width {
          var sum: Float = 0
          for (source, weight) in columns[x] {
            sum += weight * values[channel * old.width + source]
          }
          narrow[channel * new.width + x] = sum
        }
      }
      rows.add(narrow, at: y)
    }
    return Planes(channels: channels, height: new.height, width: new.width, values: rows.values)
  }

  /// One row of a picture as `[C][W]` floats on paper.
  private static func read(
    _ image: PixelImage, row: Int, channels: Int, paper: Float, to values: inout [Float]
  ) {
    let (width, stride) = (image.width, image.channels)
    let isColor = stride >= 3
    for x in 0..<width {
      let start = (row * width + x) * stride
      let alpha = image.hasAlpha ? Float(image.pixels[start + stride - 1]) / 255 : 1
      let ground = paper * (1 - alpha)
      let red = Float(image.pixels[start]) / 255 * alpha + ground
      guard isColor else {
        for channel in 0..<channels { values[channel * width + x] = red }
        continue
      }
      let green = Float(image.pixels[start + 1]) / 255 * alpha + ground
      let blue = Float(image.pixels[start + 2]) / 255 * alpha + ground
      if channels == 1 {
        // A grey that was saved as colour stays exactly what it was.
        values[x] =
          red == green && green == blue ? red : 0.2126 * red + 0.7152 * green + 0.0722 * blue
      } else {
        values[x] = red
        values[width + x] = green
        values[2 * width + x] = blue
      }
    }
  }

  /// For each new place, the old ones that it averages and their weights, which add up to 1.
  fileprivate static func weights(from old: Int, to new: Int) -> [[(Int, Float)]] {
    let scale = Double(old) / Double(new)
    return (0..<new).map { (place) -> [(Int, Float)] in
      guard scale > 1 else {
        // Enlarging: linear between the two nearest centres.
        let center = min(max((Double(place) + 0.5) * scale - 0.5, 0), Double(old - 1))
        let lower = Int(center)
        let share = Float(center - Double(lower))
        guard share > 0, lower + 1 < old else { return [(lower, 1)] }
        return [(lower, 1 - share), (lower + 1, share)]
      }
      let (start, end) = (Double(place) * scale, Double(place + 1) * scale)
      return (Int(start)..<min(old, Int(end.rounded(.up)))).compactMap {
        (source) -> (Int, Float)? in
        let overlap = min(end, Double(source + 1)) - max(start, Double(source))
        return overlap > 0 ? (source, Float(overlap / scale)) : nil
      }
    }
  }
}

/// Adds old rows to the new ones that they are part of.
private struct RowBlender {
  let channels: Int
  let height: Int
  let width: Int
  private(set) var values: [Float]
  /// For each old row the new ones that it is part of, with its weight.
  private let targets: [[(Int, Float)]]

  init(channels: Int, from old: Int, to new: Int, width: Int) {
    (self.channels, height, self.width) = (channels, new, width)
    values = [Float](repeating: 0, count: channels * new * width)
    var targets = [[(Int, Float)]](repeating: [], count: old)
    for (row, sources) in ImageScaling.weights(from: old, to: new).enumerated() {
      for (source, weight) in sources { targets[source].append((row, weight)) }
    }
    self.targets = targets
  }

  mutating func add(_ row: [Float], at source: Int) {
    for (target, weight) in targets[source] {
      for channel in 0..<channels {
        let start = (channel * height + target) * width
        for x in 0..<width { values[start + x] += weight * row[channel * width + x] }
      }
    }
  }
}

extension ImageScaling.Planes {
  /// One plane: the mean of the channels.
  var gray: ImageScaling.Planes {
    guard channels > 1 else { return self }
    let plane = height * width
    return ImageScaling.Planes(
      channels: 1, height: height, width: width,
      values: (0..<plane).map { i in
        (0..<channels).reduce(Float(0)) { $0 + values[$1 * plane + i] } / Float(channels)
      })
  }

  /// Exchanges dark and light.
  mutating func invert() { values = values.map { 1 - $0 } }
}
