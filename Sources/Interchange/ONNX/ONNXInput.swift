import Networks

/// What the images may be that a file's graph reads: its dimensions say it, or leave some of it open.
struct ONNXInput {
  /// Shapes with the axes of the file's array, the likeliest first.
  let candidates: [(shape: ImageShape, axes: [ONNXImages.Axis])]
  private let dimensions: [Int?]

  /// What is assumed where the file leaves it open; `nil` if it says it.
  func note(_ shape: ImageShape) -> String? {
    if dimensions.count == 2 {
      return
        "its lists of \(shape.count) numbers are taken for images of \(shape), channels first; --input-shape says otherwise"
    }
    return dimensions.dropFirst().contains(nil)
      ? "its input leaves the size open; images of \(shape) are assumed, --input-shape says otherwise"
      : nil
  }

  /// - Parameters:
  ///   - dimensions: those of the file, the batch's first; `nil` where they are open.
  ///   - assumed: what a person says of the images.
  /// - Throws: `CheckpointError` if no images have such dimensions, or a person must say which.
  init(_ dimensions: [Int?], _ assumed: ImageShape?) throws(CheckpointError) {
    self.dimensions = dimensions
    let text = "[\(dimensions.map { $0.map(String.init) ?? "?" }.joined(separator: ", "))]"
    let shapes = assumed.map { [$0] } ?? Checkpoint.usualShapes
    func image(_ channels: Int?, _ height: Int?, _ width: Int?) throws(CheckpointError)
      -> [ImageShape]
    {
      if let channels, let height, let width {
        let shape = ImageShape(channels: channels, height: height, width: width)
        guard [channels, height, width].allSatisfy({ $0 <= 4096 }),
          shape.count <= Architecture.maximumActivation
        else { throw CheckpointError("its input \(text) is larger than images are") }
        guard assumed == nil || assumed == shape else {
          throw CheckpointError("it reads images of \(shape), not of \(assumed ?? shape)")
        }
        return [shape]
      }
      let fitting = shapes.filter {
        channels ?? $0.channels == $0.channels && height ?? $0.height == $0.height
          && width ?? $0.width == $0.width
      }
      guard !fitting.isEmpty else {
        throw CheckpointError(
          "its input \(text) leaves the size of the images open; say it with --input-shape C,H,W")
      }
      return fitting
    }
    switch dimensions.count {
    case 4:
      let isLast = [1, 3].contains(dimensions[3]) && ![1, 3].contains(dimensions[1])
      candidates =
        isLast
        ? try image(dimensions[3], dimensions[1], dimensions[2])
          .map { ($0, [.batch, .row, .column, .channel]) }
        : try image(dimensions[1], dimensions[2], dimensions[3])
          .map { ($0, [.batch, .channel, .row, .column]) }
    case 3:
      candidates = try image(1, dimensions[1], dimensions[2]).map { ($0, [.batch, .row, .column]) }
    case 2:
      candidates = try Self.lists(dimensions[1], shapes, isAssumed: assumed != nil)
        .map { ($0, [.batch, .flat([.channel, .row, .column])]) }
    case _:
      throw CheckpointError("its input has the dimensions \(text); images have [N, C, H, W]")
    }
  }

  /// Images whose numbers are given as one list: those of the usual sets, else grey squares.
  private static func lists(
    _ count: Int?, _ shapes: [ImageShape], isAssumed: Bool
  ) throws(CheckpointError) -> [ImageShape] {
    guard let count else { return shapes }
    let fitting = shapes.filter { $0.count == count }
    let side = Int(Double(count).squareRoot())
    if !fitting.isEmpty { return fitting }
    guard !isAssumed, side * side == count, (2...4096).contains(side) else {
      throw CheckpointError(
        "it reads lists of \(count) numbers\(isAssumed ? ", which such images do not have" : ""); say with --input-shape C,H,W which images they are"
      )
    }
    return [ImageShape(channels: 1, height: side, width: side)]
  }
}
