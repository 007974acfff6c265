import Foundation
import SwiftProtobuf

/// Events as TensorBoard reads them.
///
/// Inkling's files hold no time of day. Where TensorBoard has one, `wall_time`, stands the step, as if each step had
/// taken a second since 1970 began: the order by time is that by step, and the same run gives the same bytes.
enum EventEncoding {
  /// What a file begins with.
  static func beginning() throws -> [UInt8] {
    var event = Tensorboard_Event()
    event.fileVersion = "brain.Event:2"
    return try record(event)
  }

  /// The record of an event.
  static func record(_ event: TrackedEvent) throws -> [UInt8] {
    try record(
      event.step,
      event.values.map { value in
        var made = Tensorboard_Summary.Value()
        made.tag = value.tag
        switch value.content {
        case .scalar(let number): made.simpleValue = Float(number)
        case .image(let png): made.image = image(png)
        case .histogram(let histogram): made.histo = proto(histogram)
        }
        return made
      })
  }

  /// The record of values at a step.
  static func record(_ step: Int, _ values: [Tensorboard_Summary.Value]) throws -> [UInt8] {
    var event = Tensorboard_Event()
    event.wallTime = Double(step)
    event.step = Int64(step)
    event.summary.value = values
    return try record(event)
  }

  /// The step of a record's content; `nil` if it is no event.
  static func step(of content: ArraySlice<UInt8>) -> Int? {
    (try? Tensorboard_Event(serializedBytes: Data(content))).map { Int($0.step) }
  }

  private static func record(_ event: Tensorboard_Event) throws -> [UInt8] {
    RecordFile.record([UInt8](try event.serializedData()))
  }

  private static func image(_ png: [UInt8]) -> Tensorboard_Summary.Image {
    // The header of a PNG file: width, height, depth, kind of color.
    func number(at place: Int) -> Int32 {
      png[place..<place + 4].reduce(0) { $0 << 8 | Int32($1) }
    }
    precondition(png.count > 26, "TrackedValue: an image of \(png.count) bytes is no PNG file")
    var image = Tensorboard_Summary.Image()
    (image.width, image.height) = (number(at: 16), number(at: 20))
    // A palette is of colors; so are bit 1 of the kind, and bit 2 is transparency.
    let kind = Int32(png[25])
    image.colorspace = (kind & 2 == 0 ? 1 : 3) + (kind & 4 == 0 ? 0 : 1)
    image.encodedImageString = Data(png)
    return image
  }

  private static func proto(_ histogram: ValueHistogram) -> Tensorboard_HistogramProto {
    var proto = Tensorboard_HistogramProto()
    (proto.min, proto.max) = (histogram.least, histogram.most)
    (proto.num, proto.sum) = (Double(histogram.count), histogram.sum)
    proto.sumSquares = histogram.sumOfSquares
    proto.bucketLimit = histogram.buckets.map(\.limit)
    proto.bucket = histogram.buckets.map { Double($0.count) }
    return proto
  }
}
