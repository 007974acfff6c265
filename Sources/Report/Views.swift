// What the templates see: words that are ready to be shown.

import Figures

/// The whole page.
struct PageView {
  var title: String
  /// What the page is: the first words above its headline.
  var kind: String
  /// Tells the reader's ticks and notes on one checkpoint from those on another.
  var run: String
  /// Whether small bars stand below the names of classes, for which there is no room beside them.
  var hasLongNames: Bool
  var model: String
  var dataset: String
  /// What a title says between the two: `trained on`, or less of a network that was trained elsewhere.
  var relation: String
  var isSingle: Bool
  var isDrawn: Bool
  var date: String
  var hasDate: Bool
  /// The content security policy.
  var policy: String
  /// What marks the page's own scripts and styles, in a single file.
  var nonce: String
  /// The style sheet and the script, in a single file.
  var style: String
  var script: String
  /// The results as JSON without `<`, in a single file.
  var json: String
  /// What runs in the page besides.
  var programs: [ProgramView]
  var headline: String
  var deck: [PieceView]
  var numbers: [NumberView]
  /// What is different from an earlier report.
  var since: [SinceView]
  /// What stands above all chapters: none or one figure.
  var squares: [FigureView]
  var fingerprint: [LabelView]
  var contents: [ContentsView]
  var chapters: [ChapterView]
  var questionCount: String
  var appendix: AppendixView
  /// In a single file, what is said about single images.
  var cases: [CaseView]
}

/// A program of the page with the data that it works on.
struct ProgramView {
  /// The files of both.
  var dataFile: String
  var programFile: String
  /// Both together, in a single file.
  var text: String
}

/// A line of the contents.
struct ContentsView {
  var id: String
  var number: String
  var title: String
}

/// Some words, perhaps leading to a chapter.
struct PieceView {
  var text: String
  var href = ""
  var isLink = false

  init(_ text: String) { self.text = text }

  init(_ text: String, to href: String) {
    self.text = text
    self.href = href
    isLink = true
  }
}

/// A headline number.
struct NumberView {
  var label: String
  var value: String
  var unit: String
  var note: String
}

/// Another page, and what it asks.
struct PageLinkView {
  var name: String
  var href: String
  var question: String
  /// What it came to.
  var text: String
}

/// A name and what it stands for.
struct LabelView {
  var name: String
  var text: String
}

/// A chapter.
struct ChapterView {
  var id: String
  var number: String
  var title: String
  var question: String
  var goal: String
  var paragraphs: [String]
  var notes: [LabelView]
  var figures: [FigureView]
  /// The network to try, in its chapter.
  var live: [LiveView] = []
  /// The small network to train, in the chapter on training.
  var train: [TrainView] = []
  /// The same network, in the chapter on attacks.
  var nudge: [NudgeView] = []
  /// Answers to check by hand, in the chapter on quality.
  var review: [ReviewView] = []
  /// A mistake to repair, in the chapter of the network to try.
  var repair: [RepairView] = []
  /// The plane of latents to drag a point on, in its chapter.
  var latents: [LatentView] = []
  /// Other pages that go on from here.
  var further: [PageLinkView] = []
  var questions: [QuestionView]
  /// What closes the report, in its last chapter.
  var closing: [ClosingView] = []
}

/// A figure with its words.
struct FigureView {
  var id: String
  /// `page` for the whole width, `left half` or `right half` for one of two side by side.
  var side: String
  var number: String
  var hasNumber: Bool
  /// Whether its rows are stages that a script lets the reader step through.
  var isStepped: Bool
  /// Of its title among the headings.
  var level = "3"
  var title: String
  /// What is guessed before it is shown: none or one.
  var guesses: [GuessView]
  var caption: String
  /// How it was made, shown when asked.
  var method: String
  var hasMethod: Bool
  /// What a wide page shows.
  var bodies: [BodyView]
  /// For narrower pages that need their own.
  var others: [BodyView]
  var hasOthers: Bool
  /// Pictures that a part of the figure opens.
  var galleries: [GalleryView]
  var hasGalleries: Bool
  /// Whether the galleries need a list of their own, for parts too small to be met.
  var listsGalleries: Bool
  /// Further pictures, shown when asked.
  var more: [MoreView]
  var tables: [TableView]
  /// The line that opens method and numbers.
  var behind: String
  var hasBehind: Bool
}

/// Pictures behind a line that opens them.
struct MoreView {
  var title: String
  var rows: [TileRowView]
}

/// Pictures that a part of a figure opens.
struct GalleryView {
  var id: String
  var title: String
  /// The figure that it belongs to.
  var back: String
  var sheet: SheetView
}

/// Pictures of equal size in one, each with words below it.
struct SheetView {
  var pictures: [PictureView]
  var columns: String
  /// The distance from one picture to the next, and the height of one, in pixels of their own.
  var cell: String
  /// Of those pixels the ones between pictures.
  var gutter: String
  var height: String
  /// So many pixels of the page for each of theirs.
  var scale: String
  var narrowScale: String
  /// Pixels of their own from one row of pictures to the next.
  var pitch: String
  var cells: [SheetCellView]
}

/// The words of a picture on a sheet.
struct SheetCellView {
  var name: String
  var text: String
  var hasLink: Bool
  var href: String
}

/// A part of a drawing that leads somewhere: its place in percent of the drawing.
struct LinkView {
  var href: String
  var label: String
  var place: String
}

/// A figure for one width of the page.
struct BodyView {
  /// `wide`, `medium`, `narrow`, or nothing for all widths; a page shows one of them.
  var width: String
  var hasDrawing: Bool
  /// An `svg` element, written by the program.
  var drawing: String
  var readout: String
  var hasReadout: Bool
  var links: [LinkView]
  var tables: [TileTableView]
  var rows: [TileRowView]
  var keys: [KeyView]
}

/// A strip of the colors of a map with words at its ends.
struct KeyView {
  var map: String
  var lower: String
  var upper: String
}

/// Pictures in rows under headers.
struct TileTableView {
  var label: String
  var headers: [[LineView]]
  var hasHeaders: Bool
  var rows: [TileRowView]
  var hasFooter: Bool
  var footerLabel: [LineView]
  var footer: [LineView]
}

/// Pictures beside one another.
struct TileRowView {
  var hasLabel: Bool
  var label: [LineView]
  var tiles: [TileView]
}

/// A picture with its words.
struct TileView {
  /// The width of the picture on a wide page and on a phone.
  var width: String
  var narrowWidth: String
  var pictures: [PictureView]
  var hasFrame: Bool
  var hasLink: Bool
  var href: String
  /// Whether its pictures need a box of their own.
  var isStacked: Bool
  var caption: [LineView]
  var bars: [BarView]
}

/// A line of words in different weights.
struct LineView {
  /// The style of the words that have none of their own.
  var style: String
  var spans: [SpanView]
  /// Whether there is one alone.
  var isOne: Bool
}

/// Words in one weight.
struct SpanView {
  var text: String
  var style: String
  /// Whether its style is the line's.
  var isBare: Bool
}

/// A small bar with its share.
struct BarView {
  var label: String
  var value: String
  var share: String
  var style: String

  /// A bar as long as a probability, which may be no number.
  init(_ label: String, probability: Double, value: String, style: String) {
    let share = probability.isFinite ? min(max(probability, 0), 1) : 0
    self.label = label
    self.value = value
    self.share = Format.fixed(share, 3)
    self.style = style
  }
}

/// A picture for a light and a dark page.
struct PictureView {
  var source: String
  var dark: String
  var isThemed: Bool
  var style: String
  /// As shown, a whole multiple of its own pixels.
  var width: String
  var height: String
  /// As shown on a phone, where that is less.
  var narrowWidth: String
  var narrowHeight: String
  var isNarrower: Bool
  var alt: String
}

/// The numbers behind a figure.
struct TableView {
  var header: [String]
  var rows: [TableRowView]
}

/// A row of numbers.
struct TableRowView {
  var cells: [String]
}

/// The last pages.
struct AppendixView {
  var id: String
  var number: String
  var commands: [String]
  /// What a word in the commands stands for.
  var note: String
  var hasNote: Bool
  var facts: [LabelView]
  var glossary: [LabelView]
}
