public import Engine
import Networks

/// What the score loses when a window is covered.
///
/// Windows start at 0, s, 2s, ... (⌈(side - w) / s⌉ + 1 of them), those at the edge being cut off. A pixel's score is the
/// mean, over the windows that cover it, of F(x) - F(x covered). Equals Captum's `Occlusion`; with windows
/// that do not overlap it is feature ablation, Captum's `FeatureAblation`.
///
/// Reference: Zeiler, Fergus, Visualizing and Understanding Convolutional Networks (2013).
public struct Occlusion: AttributionMethod {
  /// The side of a window unless given.
  public static let usualWindow = 7

  private let window: Int
  private let step: Int
  private let baseline: Baseline

  /// Occlusion by a square window.
  ///
  /// - Parameters:
  ///   - window: its side in pixels, at least 1.
  ///   - stride: its step in pixels, at least 1.
  ///   - baseline: what covers.
  public init(window: Int = usualWindow, stride: Int = 2, baseline: Baseline = .black) {
    self.window = max(1, window)
    step = max(1, stride)
    self.baseline = baseline
  }

  /// The scores, the same in each channel; see `AttributionMethod`.
  public func attribution(
    of images: [Float], in executor: Executor, for targets: [Int]
  ) -> Attribution {
    let shape = executor.network.architecture.inputShape
    let (width, size, plane) = (shape.width, shape.count, shape.height * shape.width)
    let rows = ranges(shape.height)
    let columns = ranges(width)
    let baselines = baseline.images(for: images, shape)
    let windows = rows.flatMap { row in columns.map { (rows: row, columns: $0) } }
    let covered = executor.targetScores(of: images, targets, copies: windows.count) {
      image, copy, batch in
      let start = batch.count
      batch.append(contentsOf: images[image * size..<(image + 1) * size])
      let base = baselines.start(image)
      for channel in 0..<shape.channels {
        for y in windows[copy].rows {
          for x in windows[copy].columns {
            let i = channel * plane + y * width + x
            batch[start + i] = baselines.values[base + i]
          }
        }
      }
    }
    let classes = executor.network.architecture.outputs
    let logits = executor.logits(images)
    var scores = [Float](repeating: 0, count: targets.count * plane)
    var counts = [Float](repeating: 0, count: plane)
    for window in windows { add(1, to: &counts, at: 0, window, width) }
    for (image, target) in targets.enumerated() {
      for (place, window) in windows.enumerated() {
        let loss = logits[image * classes + target] - covered[image * windows.count + place]
        add(loss, to: &scores, at: image * plane, window, width)
      }
    }
    for i in scores.indices where counts[i % plane] > 0 { scores[i] /= counts[i % plane] }
    return Attribution(
      scores: targets.indices.flatMap {
        shape.repeated(Array(scores[$0 * plane..<($0 + 1) * plane]))
      }, targets: targets)
  }

  private func add(
    _ value: Float, to plane: inout [Float], at start: Int,
    _ window: (rows: Range<Int>, columns: Range<Int>), _ width: Int
  ) {
    for y in window.rows {
      for x in window.columns { plane[start + y * width + x] += value }
    }
  }

  private func ranges(_ side: Int) -> [Range<Int>] {
    let count = max(0, side - window + step - 1) / step + 1
    return (0..<count).map { min($0 * step, side)..<min($0 * step + window, side) }
  }
}
