import Engine
import Experiments
import Figures
import Report
import Training

/// The learning-rate range test of `train --find-rate`, shown in the terminal and as a figure.
struct RateSearchRun {
  let run: PreparedRun
  let pool: WorkerPool

  struct Output: Encodable {
    let rates: [Double]
    let losses: [Double]
    let smoothed: [Double]
    /// `nil` if no rate made the loss go down for good.
    @Nullable var suggestion: Double?
    let figures: [FigureExport.Entry]
  }

  /// Runs it, and writes the figure if there is a folder for it.
  func show(folder: String?, json: Bool) throws {
    Interruption.watch()
    defer { Interruption.exitAtOnce() }
    var line = ProgressLine()
    let search = run.rateSearch(pool: pool) {
      line.update("trying learning rates", $0, of: RateSearch.steps, unit: "steps")
    } while: {
      !Interruption.isRequested
    }
    line.finish()
    if Interruption.isRequested { throw Failure("interrupted", .interrupted) }
    let figures = try folder.map { folder in
      try FigureExport.write(
        [RateFigure.illustration(search, of: run.run.model)], to: folder)
    }
    if json {
      return try JSONOutput.print(
        Output(
          rates: search.rates, losses: search.losses, smoothed: search.smoothed,
          suggestion: search.suggestion, figures: figures ?? []))
    }
    draw(search)
    if let suggestion = search.suggestion {
      let text = Format.significant(suggestion, 2)
      Terminal.print("a good learning rate to begin with: \(text)   (--learning-rate \(text))")
    } else {
      Terminal.print(
        "no learning rate made the loss go down for good; look at the data, or try another network")
    }
    for figure in figures ?? [] { Terminal.print(figure.file) }
  }

  private static let (height, width) = (24, 72)

  /// The smoothed loss, from the lowest rate at the left to the last at the right.
  private func draw(_ search: RateSearch) {
    guard let first = search.rates.first, let last = search.rates.last else { return }
    // What lies above is where training breaks.
    let top = max(1.5 * (search.smoothed.first ?? 1), .leastNormalMagnitude)
    var pixels = [Float](repeating: 0, count: Self.height * Self.width)
    let marked = search.suggestion.flatMap(search.rates.firstIndex).map {
      $0 * Self.width / search.rates.count
    }
    for column in 0..<Self.width {
      let place = column * search.rates.count / Self.width
      let share = 1 - min(search.smoothed[place], top) / top
      let row = min(Self.height - 1, Int(share * Double(Self.height - 1)))
      let rows = column == marked ? row..<Self.height : row..<row + 1
      for y in rows { pixels[y * Self.width + column] = 1 }
    }
    HalfBlocks.show(pixels, height: Self.height, width: Self.width)
    let (low, high) = (Format.significant(first, 2), Format.significant(last, 2))
    Terminal.print(low + padLeft(high, Self.width - low.count))
  }
}
