import Engine
import Randomness

/// The best so far of each image that `Square` attacks, and the changes tried on them.
///
/// The squares of Linf, once they are small, are asked of a `WindowedExecutor`; the rest as whole images.
struct SquareTrials {
  /// The best images so far.
  private(set) var kept: [Float]
  private let problem: Problem
  private let painter: SquarePainter
  private var side = 0
  private var executor: WindowedExecutor?
  // What was tried last: squares, or whole images.
  private var windows: [WindowedExecutor.Window] = []
  private var whole: [Float] = []

  init(_ problem: Problem, _ painter: SquarePainter) {
    self.problem = problem
    self.painter = painter
    kept = problem.images
  }

  /// The logits of the first changes of some images: stripes or bumps.
  mutating func start(
    _ selection: [Int], _ generators: inout [SplitMix64]
  ) -> [ArraySlice<Float>] {
    windows = []
    whole = selection.flatMap { painter.start(problem.images[range($0)], &generators[$0]) }
    return wholeAnswers(selection)
  }

  /// The logits of some images, each with a square changed that covers a share of the picture.
  mutating func change(
    _ selection: [Int], share: Float, _ generators: inout [SplitMix64]
  ) -> [ArraySlice<Float>] {
    let side = painter.side(share)
    guard painter.ball.norm == .linf else {
      whole = selection.flatMap {
        painter.moved(
          kept[range($0)], around: problem.images[range($0)], side: side, &generators[$0])
      }
      return wholeAnswers(selection)
    }
    if side != self.side {
      self.side = side
      executor = WindowedExecutor(
        problem.executor, images: kept, selection: selection, side: side)
    }
    windows = selection.map {
      painter.window($0, of: kept, around: problem.images, side: side, &generators[$0])
    }
    if let executor { return problem.rows(executor.logits(windows)) }
    whole = kept
    for window in windows { painter.put(window, side: side, into: &whole) }
    whole = whole.picked(selection, size: problem.size)
    return wholeAnswers(selection)
  }

  private mutating func wholeAnswers(_ selection: [Int]) -> [ArraySlice<Float>] {
    whole = painter.ball.projected(whole, around: problem.clean(selection))
    return problem.logits(whole)
  }

  /// Keeps the changes at some places of the selection that was asked for last.
  mutating func keep(_ places: [Int], of selection: [Int]) {
    for place in places {
      if windows.isEmpty {
        kept.put(whole, place, at: selection[place], size: problem.size)
      } else {
        painter.put(windows[place], side: side, into: &kept)
      }
    }
    executor?.accept(places)
  }

  private func range(_ image: Int) -> Range<Int> {
    image * problem.size..<(image + 1) * problem.size
  }
}
