import Drawing
import Figures
import Networks

/// Arrays of a network's images as pictures.
enum PixelPictures {
  /// An image: grey as ink on paper, colour as it is.
  static func picture(_ pixels: [Float], _ shape: ImageShape) -> Picture {
    let planes = planes(pixels, shape)
    guard planes.count >= 3 else { return Plate.ink(planes[0]) }
    return Plate.rgb(red: planes[0], green: planes[1], blue: planes[2])
  }

  /// A signed map: channels added up, on a scale centred on zero.
  static func map(_ scores: [Float], _ shape: ImageShape) -> Picture {
    let plane = shape.height * shape.width
    let sum = (0..<plane).map { i in
      (0..<shape.channels).reduce(Float(0)) { $0 + scores[$1 * plane + i] }
    }
    return Plate(
      [FloatPlane(width: shape.width, height: shape.height, values: sum)], map: .signed,
      policy: .attribution
    ).pictures[0]
  }

  private static func planes(_ pixels: [Float], _ shape: ImageShape) -> [FloatPlane] {
    let plane = shape.height * shape.width
    return (0..<shape.channels).map {
      FloatPlane(
        width: shape.width, height: shape.height,
        values: Array(pixels[$0 * plane..<($0 + 1) * plane]))
    }
  }
}
