package import Drawing
package import Figures
import Pictures
package import Study

extension Plane {
  /// The pixels as a picture: one channel is ink on the page, three are red, green and blue, and
  /// the mean of any other number is ink.
  package var picture: Picture {
    let planes = planes
    if planes.count == 3 {
      return Plate.rgb(red: planes[0], green: planes[1], blue: planes[2])
    }
    return Plate.ink(planes.count == 1 ? planes[0] : mean)
  }

  /// One rectangle of numbers a channel.
  var planes: [FloatPlane] {
    let (channels, height, width) = dimensions
    let size = height * width
    return (0..<channels).map {
      FloatPlane(width: width, height: height, values: Array(values[$0 * size..<($0 + 1) * size]))
    }
  }

  /// The same, the most varied channel first.
  var planesByVariation: [FloatPlane] {
    let planes = planes
    return channelsByVariation.map { planes[$0] }
  }

  /// The sum over the channels.
  package var sum: FloatPlane {
    let (channels, height, width) = dimensions
    let size = height * width
    guard channels > 1 else {
      return FloatPlane(width: width, height: height, values: values)
    }
    return FloatPlane(
      width: width, height: height,
      values: (0..<size).map { at in (0..<channels).reduce(0) { $0 + values[$1 * size + at] } })
  }

  /// A signed map, its channels added up, on a scale of its own centred on zero.
  package var signedMap: Picture {
    Plate([sum], map: .signed, policy: .attribution).pictures[0]
  }

  /// The mean over the channels.
  var mean: FloatPlane {
    let channels = Float(max(dimensions.channels, 1))
    return FloatPlane(
      width: sum.width, height: sum.height, values: sum.values.map { $0 / channels })
  }

  /// The pixels with zeros to the right and below, up to a size.
  func padded(height: Int, width: Int) -> Plane {
    let size = dimensions
    guard size.height < height || size.width < width else { return self }
    let right = [Float](repeating: 0, count: max(0, width - size.width))
    let below = [Float](repeating: 0, count: max(0, height - size.height) * width)
    var padded: [Float] = []
    for plane in planes {
      for row in 0..<size.height {
        padded += plane.values[row * size.width..<(row + 1) * size.width] + right
      }
      padded += below
    }
    return Plane(
      shape: [size.channels, max(height, size.height), max(width, size.width)], values: padded)
  }
}

extension Picture {
  /// Every pixel repeated.
  func scaled(by factor: Int) -> Picture {
    switch self {
    case .ink(let image): .ink(image.upscaled(by: factor))
    case .fixed(let image): .fixed(image.upscaled(by: factor))
    case .themed(let light, let dark):
      .themed(light: light.upscaled(by: factor), dark: dark.upscaled(by: factor))
    }
  }

  /// Every pixel repeated, with a hairline around the picture.
  func framed(scale: Int) -> Picture {
    func frame(_ appearance: Appearance) -> PixelImage {
      let theme = Theme(appearance: appearance)
      var image = pixels(appearance).convertedToRGBA().upscaled(by: scale)
      // Ink alone is inverted by a dark page; a themed picture brings its own.
      if case .ink = self {
        let ink = theme.color(.ink)
        for at in stride(from: 0, to: image.pixels.count, by: 4) {
          image.pixels.replaceSubrange(at..<at + 3, with: [ink.red, ink.green, ink.blue])
        }
      }
      let color = theme.color(.rule)
      let (width, height) = (image.width + 2, image.height + 2)
      let fill = [color.red, color.green, color.blue, 255]
      var framed = PixelImage(
        width: width, height: height, channels: 4,
        pixels: (0..<width * height).flatMap { _ in fill })
      framed.paste(image, x: 1, y: 1)
      return framed
    }
    return .themed(light: frame(.light), dark: frame(.dark))
  }

  /// A pale copy of a picture of ink, to be laid over a map; nil for a picture in color.
  var ghost: Picture? {
    guard case .ink(let image) = self, image.channels == 2 else { return nil }
    var pale = image
    for at in stride(from: 1, to: pale.pixels.count, by: 2) { pale.pixels[at] /= 6 }
    return .ink(pale)
  }
}
