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

  /// A signed map: channels added up, on a scale of its own centred on zero.
  static func map(_ scores: [Float], _ shape: ImageShape) -> Picture {
    Plate([plane(scores, shape)], map: .signed, policy: .attribution).pictures[0]
  }

  /// A map with its channels added up; one channel stays as it is.
  static func plane(_ scores: [Float], _ shape: ImageShape) -> FloatPlane {
    let plane = shape.height * shape.width
    return FloatPlane(
      width: shape.width, height: shape.height,
      values: (0..<plane).map { i in
        stride(from: i, to: scores.count, by: plane).reduce(Float(0)) { $0 + scores[$1] }
      })
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
