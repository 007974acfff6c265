public import Drawing

/// Pictures brought to the size and channels that a network reads.
public enum ImageScaling {
  /// A picture as planes of floats in [0, 1], transparent parts laid on white paper.
  public struct Planes: Sendable, Equatable {
    /// 1 or 3.
    public var channels: Int
    /// Rows.
    public var height: Int
    /// Columns.
    public var width: Int
    /// `[C][H][W]`.
    public var values: [Float]
  }

  /// The picture's planes: grey from colour by luminance (Rec. 709), colour from grey by repetition.
  ///
  /// - Parameters:
  ///   - image: the picture.
  ///   - channels: 1 or 3.
  ///   - paper: brightness that shows through transparent parts.
  /// - Returns: `[C][H][W]` in [0, 1].
  public static func planes(_ image: PixelImage, channels: Int, paper: Float) -> Planes {
    let count = image.width * image.height
    var values = [Float](repeating: 0, count: channels * count)
    let colors = image.channels >= 3 ? 3 : 1
    for i in 0..<count {
      let start = i * image.channels
      let alpha = image.hasAlpha ? Float(image.pixels[start + image.channels - 1]) / 255 : 1
      let rgb = (0..<3).map { channel in
        let value = Float(image.pixels[start + min(channel, colors - 1)]) / 255
        return value * alpha + paper * (1 - alpha)
      }
      if channels == 1 {
        values[i] = colors == 1 ? rgb[0] : 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]
      } else {
        for channel in 0..<channels { values[channel * count + i] = rgb[min(channel, 2)] }
      }
    }
    return Planes(
      channels: channels, height: image.height, width: image.width, values: values)
  }

  /// Planes in another size, each new pixel the mean of the area that it covers, so that
  /// nothing is lost when shrinking; enlarging repeats and blends pixels.
  public static func resized(_ planes: Planes, height: Int, width: Int) -> Planes {
    guard planes.height != height || planes.width != width else { return planes }
    let rows = weights(from: planes.height, to: height)
    let columns = weights(from: planes.width, to: width)
    var result = Planes(
      channels: planes.channels, height: height, width: width,
      values: [Float](repeating: 0, count: planes.channels * height * width))
    for channel in 0..<planes.channels {
      // Columns first, then rows.
      var narrow = [Float](repeating: 0, count: planes.height * width)
      for y in 0..<planes.height {
        let row = (channel * planes.height + y) * planes.width
        for x in 0..<width {
          var sum: Float = 0
          for (source, weight) in columns[x] { sum += weight * planes.values[row + source] }
          narrow[y * width + x] = sum
        }
      }
      for y in 0..<height {
        for x in 0..<width {
          var sum: Float = 0
          for (source, weight) in rows[y] { sum += weight * narrow[source * width + x] }
          result.values[(channel * height + y) * width + x] = sum
        }
      }
    }
    return result
  }

  /// For each new place, the old ones that it averages and their weights, which add up to 1.
  private static func weights(from old: Int, to new: Int) -> [[(Int, Float)]] {
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
