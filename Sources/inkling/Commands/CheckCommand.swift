import ArgumentParser
import Figures
import Files
import Foundation
import Questions

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Grades answers to the questions of a report.",
    usage: "inkling check <answers> ... --report <dir> [--json]",
    discussion: """
      The page of a report writes answers.toml (Export answers, in its last
      chapter). Several files are a class: a table says how many were right on each
      question, what was understood least first. Answers in words are not graded;
      the points that their authors ticked are counted.

      Examples:
        inkling check answers.toml --report output/journey
        inkling check class/*.toml --report output/journey
        inkling check class/*.toml --report output/journey --json
      """)

  @Argument(help: ArgumentHelp("Files of answers, TOML.", valueName: "answers"))
  var files: [String]

  @Option(
    help: ArgumentHelp("The folder of the report that asked the questions.", valueName: "dir"))
  var report: String

  @OptionGroup var output: OutputOptions

  /// A file of answers is text that people wrote.
  private static let largestFile = 1 << 20
  /// Questions that are named as not understood.
  private static let named = 3

  /// The answers of one person, graded.
  private struct Paper {
    let path: String
    let file: AnswerFile
    let graded: [QuestionSheet.Graded]

    func count(_ verdict: Grade.Verdict) -> Int { graded.count { $0.grade?.verdict == verdict } }
    var unanswered: Int { graded.count { $0.grade == nil } }
  }

  mutating func validate() throws {
    if files.isEmpty { throw ValidationError("Name a file of answers.") }
  }

  func run() throws {
    let sheet = try sheet()
    let papers = try files.map { try Self.paper($0, sheet) }
    for paper in papers where !paper.file.run.isEmpty && paper.file.run != sheet.run {
      Terminal.inform(
        Self.line(
          "note: \(paper.path): these answers are to the run \(paper.file.run), the report is of \(sheet.run)"
        ))
    }
    let all = papers.flatMap(\.graded)
    let results = sheet.questions.map { ClassResult($0, all) }
    if output.json { return try JSONOutput.print(Self.result(sheet, papers, results)) }
    for paper in papers {
      Self.lines(of: paper).forEach(Self.print)
      Terminal.print("")
    }
    if papers.count > 1 { Self.lines(of: results, papers.count).forEach(Self.print) }
  }

  /// A text that stays in its line: names and answers are what strangers wrote.
  private static func line(_ text: String) -> String {
    text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).joined(separator: " ")
  }

  private static func print(_ text: String) { Terminal.print(Terminal.harmless(line(text))) }

  // MARK: Reading

  private func sheet() throws -> QuestionSheet {
    let path = "\(report)/report.json"
    let bytes = try FileBytes.read(path, limit: 1 << 30)
    do {
      return try QuestionSheet(json: Data(bytes))
    } catch {
      throw Failure("\(path): \(error)", .badData)
    }
  }

  private static func paper(_ path: String, _ sheet: QuestionSheet) throws -> Paper {
    let bytes = try FileBytes.read(path, limit: largestFile)
    guard let text = String(bytes: bytes, encoding: .utf8) else {
      throw Failure("\(path): it is not text in UTF-8", .badData)
    }
    do {
      let file = try AnswerFile(toml: text)
      return Paper(path: path, file: file, graded: try sheet.grade(file))
    } catch {
      throw Failure(line("\(path): \(error)"), .badData)
    }
  }

  // MARK: Tables

  /// What each answer of a person comes to.
  private static func lines(of paper: Paper) -> [String] {
    let who = [paper.file.name, paper.file.date].filter { !$0.isEmpty }.joined(separator: ", ")
    let width = paper.graded.map(\.question.id.count).max() ?? 0
    let rows = paper.graded.map { graded in
      let verdict = graded.grade?.verdict.rawValue ?? "–"
      let reply = graded.grade.map { $0.verdict == .right ? "" : $0.reply } ?? "not answered"
      return "  \(pad(graded.question.id, width))  \(pad(verdict, 5))  "
        + [Self.words(graded.given), reply].filter { !$0.isEmpty }.joined(separator: "  ")
    }
    let asked = paper.graded.count - paper.count(.open) - paper.unanswered
    return [paper.path + (who.isEmpty ? "" : ": \(who)")] + rows + [
      "  \(paper.count(.right)) of \(asked) right, \(paper.count(.close)) close; \(paper.count(.open)) in words,"
        + " \(paper.unanswered) not answered"
    ]
  }

  /// What was given, as it was written; of free words nothing, which would need a page.
  private static func words(_ given: GivenAnswer?) -> String {
    switch given {
    case .number(let value): "\(value.formatted)"
    case .text(let text): String(text.prefix(60))
    case .words, nil: ""
    }
  }

  /// How a class did, what was understood least first.
  private static func lines(of results: [ClassResult], _ count: Int) -> [String] {
    let ordered = Self.ordered(results)
    let table = TextTable([
      ["question"] + ordered.map(\.question.id),
      ["answered"] + ordered.map { "\($0.answered)" },
      ["right"] + ordered.map { $0.ticked == nil ? "\($0.right)" : "–" },
      ["understood"]
        + ordered.map { $0.understood.map { Format.percent($0, decimals: 0) } ?? "–" },
    ])
    let first = ordered.filter { ($0.understood ?? 1) < 1 }.prefix(named)
    return ["\(Format.count(count)) files"] + table.lines(width: Terminal.width)
      + (first.isEmpty
        ? [] : ["", "To talk about first:"] + first.map { "  \($0.question.text)" })
  }

  /// What was understood least first; what nobody answered last.
  private static func ordered(_ results: [ClassResult]) -> [ClassResult] {
    results.enumerated().sorted {
      ($0.element.understood ?? 2, $0.offset) < ($1.element.understood ?? 2, $1.offset)
    }.map(\.element)
  }
}

extension Double {
  /// Without a point where it is whole.
  fileprivate var formatted: String {
    self == rounded() && abs(self) < 1e15 ? String(Int(self)) : "\(self)"
  }
}

extension CheckCommand {
  struct Result: Encodable {
    struct Answer: Encodable {
      let id: String
      @Nullable var verdict: String?
      @Nullable var reply: String?
    }
    struct File: Encodable {
      let file: String
      let name: String
      let date: String
      let run: String
      let right: Int
      let close: Int
      let wrong: Int
      let open: Int
      let unanswered: Int
      let answers: [Answer]
    }
    struct Asked: Encodable {
      let id: String
      let chapter: String
      let text: String
      let answered: Int
      let right: Int
      @Nullable var understood: Double?
    }
    let run: String
    let files: [File]
    /// In the order of the page.
    let questions: [Asked]
    /// Names of questions that not all understood, the least understood first.
    let notUnderstood: [String]
  }

  private static func result(
    _ sheet: QuestionSheet, _ papers: [Paper], _ results: [ClassResult]
  ) -> Result {
    Result(
      run: sheet.run,
      files: papers.map { paper in
        Result.File(
          file: paper.path, name: paper.file.name, date: paper.file.date, run: paper.file.run,
          right: paper.count(.right), close: paper.count(.close), wrong: paper.count(.wrong),
          open: paper.count(.open), unanswered: paper.unanswered,
          answers: paper.graded.map {
            Result.Answer(
              id: $0.question.id, verdict: $0.grade?.verdict.rawValue, reply: $0.grade?.reply)
          })
      },
      questions: results.map {
        Result.Asked(
          id: $0.question.id, chapter: $0.question.chapter, text: $0.question.text,
          answered: $0.answered, right: $0.right, understood: $0.understood)
      },
      notUnderstood: ordered(results).filter { ($0.understood ?? 1) < 1 }.map(\.question.id))
  }
}
