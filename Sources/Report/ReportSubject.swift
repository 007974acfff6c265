import Foundation
import Questions
import Study

/// What a report is about: its page, and what lies beside it. Encoded, it is `report.json`.
protocol ReportSubject: Encodable, Sendable {
  /// The page with its pictures and programs.
  func page(date: String?, isSingle: Bool) throws -> ReportPage
  /// The further pages of a folder, and their pictures.
  func pagesBeside(_ templates: Templates) throws -> [(path: String, bytes: [UInt8])]
  /// The same without what a page in a single file has in another form: networks and images that would double it.
  var besidesPage: Self { get }
}

/// A report's page, and what belongs to it.
struct ReportPage {
  /// The page for its template, without its programs.
  var view: PageView
  /// What its chapters ask.
  var questions: [Question]
  /// The files of its pictures.
  var pictures: [(path: String, bytes: [UInt8])]
  /// What runs in it.
  var programs: [PageProgram]

  /// What `report.json` holds: all numbers shown, and all questions asked.
  private struct Stored: Encodable {
    private enum CodingKeys: String, CodingKey { case questions }

    let results: any ReportSubject
    let questions: [Question]

    func encode(to encoder: any Encoder) throws {
      try results.encode(to: encoder)
      var box = encoder.container(keyedBy: CodingKeys.self)
      try box.encode(questions, forKey: .questions)
    }
  }

  /// What was found, with the questions, as JSON.
  func json(_ results: any ReportSubject, withPlanes: Bool = true) throws -> Data {
    let encoder = JSONEncoder()
    encoder.userInfo[.leavesOutPlanes] = !withPlanes
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // A run that diverged has losses that JSON has no numbers for.
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try encoder.encode(Stored(results: results, questions: questions))
  }
}

/// A program that runs in the page, with what it works on.
struct PageProgram {
  /// The programs there are.
  enum Kind: CaseIterable {
    /// Runs the network on what the reader draws.
    case live
    /// Trains a small network.
    case train
    /// Draws the picture of a point of the plane of latents.
    case latents

    /// Its file among the assets.
    var programFile: String {
      switch self {
      case .live: "live.js"
      case .train: "train.js"
      case .latents: "latents.js"
      }
    }

    /// The file of what it works on.
    var dataFile: String {
      switch self {
      case .live: "network.js"
      case .train: "images.js"
      case .latents: "decoder.js"
      }
    }
  }

  let kind: Kind
  /// A script that hands over what the program works on.
  let data: String
}

extension StudyResults: ReportSubject {
  func page(date: String?, isSingle: Bool) throws -> ReportPage {
    var builder = PageBuilder(self, date: date, isSingle: isSingle)
    let view = try builder.page()
    // The network comes with the images on which its mistakes are repaired.
    let network = try live.map { try $0.script() + (repair?.script() ?? "") }
    let images = try builder.context.practice?.script()
    return ReportPage(
      view: view, questions: builder.questions, pictures: builder.figures.pictures.files,
      programs: [
        network.map { PageProgram(kind: .live, data: $0) },
        images.map { PageProgram(kind: .train, data: $0) },
      ].compactMap { $0 })
  }

  /// The pages of single images and their pictures.
  func pagesBeside(_ templates: Templates) throws -> [(path: String, bytes: [UInt8])] {
    guard let cases = CasePages(self, subject: Wording(self), isSingle: false) else { return [] }
    var pictures = PictureStore(isSingle: false, isBeside: true)
    let pages = try cases.views(&pictures).map { path, view in
      (path, Array(try templates.casePage(cases.page(view)).utf8))
    }
    return pages + pictures.files
  }

  var besidesPage: StudyResults {
    var numbers = self
    (numbers.live, numbers.cases, numbers.practice, numbers.repair) = (nil, nil, nil, nil)
    return numbers
  }
}
