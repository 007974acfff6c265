import Evaluation
import Questions
import Study

/// A chapter of a page.
protocol PageChapter: Sendable {
  /// What is said and shown; `nil` where the results have nothing for it.
  var outline: ChapterOutline? { get }
  /// What is asked of the reader at its end; nothing without an outline.
  var questions: [Question] { get }
}

/// A chapter of the report on a classifier, in a folder of its own with its figures and its findings.
protocol Chapter: PageChapter {
  /// What it is written from.
  var context: ReportContext { get }
  init(context: ReportContext)
}

/// The chapters there are.
enum Chapters {
  /// In the order of the page.
  static let all: [any Chapter.Type] = [
    ChangeChapter.self, DataChapter.self, NetworkChapter.self, TrainingChapter.self,
    ImprovingChapter.self, SweepChapter.self, QualityChapter.self, MistakesChapter.self,
    FeaturesChapter.self, SequenceChapter.self, ExplanationsChapter.self, DoubtChapter.self,
    RobustnessChapter.self, LiveChapter.self, EnsembleChapter.self, ComparisonChapter.self,
    BeyondChapter.self, ReflectionChapter.self,
  ]
}

extension Chapter {
  var results: StudyResults { context.results }
  var subject: Wording { context.subject }
  var figure: ReportFigures { context.figure }
  var model: String { context.model }
  var evaluation: EvaluationResult { context.evaluation }
}

/// What is done in the page itself.
enum Trial {
  /// It reads what is drawn, and mistakes are repaired.
  case drawing(LiveFacts, RepairFacts?)
  /// It is attacked with a change of any size.
  case attack(LiveFacts)
  /// A small network is trained.
  case training(PracticeFacts)
  /// The reader notes what was learned.
  case closing(Closing)
  /// Answers are checked by hand up to a confidence.
  case review([Calibration.Step])
  /// A point is dragged on a plane of latents, where test images lie.
  case latents(LatentPlane, LatentFacts.Map)
}

/// A chapter before its figures are drawn.
struct ChapterOutline {
  /// Where it is found in the page.
  var id: String
  var title: String
  var question: String
  var goal: String
  var paragraphs: [String]
  /// Asides, each with its title.
  var notes: [(String, String)]
  var illustrations: [Illustration]
  /// What a reader may try in the page, below the figures.
  var trial: Trial?
  /// Other pages that go on from here.
  var further: [Page] = []

  /// Another page.
  struct Page {
    var name: String
    /// Where it is, relative to this one.
    var href: String
    var question: String
    /// What it came to.
    var finding: String
  }
}
