import Drawing
import Figures
import Networks
import Study

/// What the chapters about a generator are written from.
struct GeneratorContext: Sendable {
  let results: GeneratorResults
  let subject: Wording
  let figure: ReportFigures

  init(_ results: GeneratorResults) {
    self.results = results
    subject = Wording(
      dataset: results.data.name, classes: results.model.classes,
      channels: results.imageShape.first ?? 1, isPublished: results.data.isPublished ?? true)
    figure = ReportFigures(subject, testCount: results.data.testCount)
  }

  /// The name of the generator in sentences.
  var model: String { Wording.short(results.model.name) }
  /// Numbers of a picture.
  var pixels: Int { results.imageShape.reduce(1, *) }
}

/// A chapter of a generator's report, in a file of its own with its figures and its findings.
protocol GeneratorChapter: PageChapter {
  /// What it is written from.
  var context: GeneratorContext { get }
  init(context: GeneratorContext)
}

extension GeneratorChapter {
  var results: GeneratorResults { context.results }
  var subject: Wording { context.subject }
  var figure: ReportFigures { context.figure }
  /// A chapter about what needs a classifier says what is missing.
  static var withoutClassifier: String {
    "No classifier was given, so this is left out: inkling report with --classifier CHECKPOINT lets one that you have trained "
      + "read the pictures, and measures them by what its last hidden layer makes of them."
  }
}

/// The chapters about a generator.
enum GeneratorChapters {
  /// In the order of the page.
  static let all: [any GeneratorChapter.Type] = [
    LearnedDataChapter.self, HalvesChapter.self, LearningChapter.self, SamplesChapter.self,
    LatentChapter.self, DrawnQualityChapter.self, CopiesChapter.self, StrangersChapter.self,
  ]
}

extension Plane {
  /// The pictures of a plane `[N][C][H][W]` on one sheet.
  func sheet(columns: Int, gutter: Int = 2) -> Picture {
    Plate.sheet(pictures.map(\.picture), columns: max(1, columns), gutter: gutter)
  }

  /// So many screen pixels for each of theirs that pictures side by side fit.
  func sheetScale(columns: Int, room: Int = 664, most: Int = 2) -> Int {
    max(1, min(most, room / max(1, columns * ((shape.last ?? 1) + 2))))
  }
}

/// Rows of pictures, each row one sheet: beside their labels on a wide page, below them on a phone.
struct SheetRows {
  /// A row.
  struct Row {
    var label: [StyledLine]
    /// Those that it has, at most as many as there are columns.
    var pictures: [Picture]
    /// What it shows.
    var words: String

    init(_ label: [StyledLine], _ pictures: [Picture], words: String) {
      (self.label, self.pictures, self.words) = (label, pictures, words)
    }

    init(_ label: [StyledLine], _ pictures: Plane, words: String) {
      self.init(label, pictures.pictures.map(\.picture), words: words)
    }
  }

  var rows: [Row]
  /// The words above the pictures.
  var header: String
  /// Screen pixels for each of theirs on a wide page.
  var scale: Int

  /// The rows as an illustration.
  func illustration(_ text: FigureText) -> Illustration {
    func grid(_ headers: [[StyledLine]], scale: Int) -> ImageGrid {
      ImageGrid(
        rows: rows.map { row in
          ImageGrid.Row(
            row.label,
            tiles: row.pictures.isEmpty
              ? []
              : [
                ImageGrid.Tile(
                  Plate.sheet(row.pictures, columns: row.pictures.count), frame: nil,
                  words: row.words)
              ])
        }, headers: headers, scale: scale, gutter: 6)
    }
    // The same for all rows, however many pictures each has.
    let widest =
      rows.map { row in
        (row.pictures.first.map { $0.width + 2 } ?? 0) * row.pictures.count
      }.max() ?? 1
    return Illustration(
      text, grid([[StyledLine(header, .ink3)]], scale: scale),
      narrow: grid([], scale: max(1, min(scale, 340 / max(1, widest)))))
  }
}
