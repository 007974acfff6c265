import Files
import Mustache

/// The templates, the style sheet and the script of a report.
public struct Templates: Sendable {
  /// The folder they were read from.
  package let folder: String
  /// The rules of `styleParts`, joined.
  package let styleSheet: String
  /// The program of `assets/report.js`: the files of `scriptParts`, joined.
  package let script: String
  /// The program of `assets/live.js`, which runs the network: the files of `liveParts`, joined.
  package let liveScript: String
  /// The program of `assets/train.js`, which trains a small network: the files of `trainParts`, joined.
  package let trainScript: String
  /// The program of `assets/latents.js`, which draws what a point of the plane of latents stands for: the files of
  /// `latentParts`, joined.
  package let latentScript: String
  /// The rules that `workbook.css` adds to them.
  package let workbookStyle: String
  private let library: MustacheLibrary
  private let check: TemplateCheck

  /// How the page looks.
  private static let styleParts = ["style.css", "questions.css"]

  /// What the page does with a script, by what each file is about.
  private static let scriptParts = [
    "report.js", "questions.js", "guesses.js", "closing.js", "review.js",
  ]

  /// What runs the network, by what each file is about, in the order in which they build on each other.
  private static let liveParts = [
    "live-network.js", "live-layers.js", "live-sequences.js", "live-trace.js",
    "live-picture.js", "live-canvas.js", "live-opener.js", "live-maps.js", "live-follow.js",
    "live-bars.js", "live-ledger.js", "live-nudge.js", "live-repair.js", "live-views.js",
  ]

  /// What draws from a plane of latents; it runs networks as the others do.
  private static let latentParts = [
    "live-network.js", "live-layers.js", "live-sequences.js", "latents.js",
  ]

  /// What trains a small network, in the order in which the files build on each other.
  private static let trainParts = [
    "train-network.js", "train-course.js", "train-verdict.js", "train-here.js",
  ]

  /// The template of the whole page; it includes others.
  static let page = "page"
  /// The template of a page about one image.
  static let casePage = "case"

  /// The template of pages of chapters about several networks.
  static let chaptersPage = "chapters"

  /// The template of a workbook and of its answers.
  static let workbookPage = "workbook"

  /// Reads the templates of a folder.
  ///
  /// - Throws: `TemplateError` for a file that is missing or malformed, `FileError` for one that
  ///   cannot be read.
  public init(folder: String) throws {
    self.folder = folder
    func joined(_ names: [String]) throws -> String {
      try names.map { try Self.text($0, in: folder) }.joined(separator: "\n")
    }
    styleSheet = try joined(Self.styleParts)
    script = try joined(Self.scriptParts)
    workbookStyle = try Self.text("workbook.css", in: folder)
    liveScript = try joined(Self.liveParts)
    trainScript = try joined(Self.trainParts)
    latentScript = try joined(Self.latentParts)
    var (library, tags) = (MustacheLibrary(), [String: [TemplateTag]]())
    var names = [Self.page, Self.casePage, Self.chaptersPage, Self.workbookPage]
    while let name = names.popLast() {
      guard tags[name] == nil else { continue }
      let text = try Self.text("\(name).mustache", in: folder)
      let found = try TemplateParser.tags(of: text, named: "\(name).mustache")
      do {
        try library.register(text, named: name)
      } catch {
        throw TemplateError.malformed(template: "\(name).mustache", reason: "\(error)")
      }
      tags[name] = found
      names += TemplateTag.partials(found)
    }
    for name in tags.keys.sorted() { try Self.checkForLoops(name, tags, path: []) }
    self.library = library
    check = TemplateCheck(tags: tags)
  }

  /// A template that includes itself, by way of others or not, would never end.
  private static func checkForLoops(
    _ name: String, _ tags: [String: [TemplateTag]], path: [String]
  ) throws(TemplateError) {
    guard !path.contains(name) else {
      let loop = (path.drop { $0 != name } + [name]).joined(separator: " > ")
      throw .malformed(template: "\(name).mustache", reason: "it includes itself: \(loop)")
    }
    for partial in Set(TemplateTag.partials(tags[name] ?? [])).sorted() {
      try checkForLoops(partial, tags, path: path + [name])
    }
  }

  /// Finds and reads the templates.
  ///
  /// - Parameters:
  ///   - folder: The folder that the user named, if any; no other is tried then.
  ///   - executable: The path of the program, links resolved.
  /// - Returns: The templates of the first folder that has any.
  /// - Throws: `TemplateError` if there are none, or as `init(folder:)`.
  public static func find(folder: String? = nil, executable: String) throws -> Templates {
    if let folder { return try Templates(folder: folder) }
    let places = candidates(executable: executable)
    guard let place = places.first(where: { FileBytes.exists("\($0)/\(page).mustache") }) else {
      throw TemplateError.notFound(places)
    }
    return try Templates(folder: place)
  }

  /// The folders that are tried in turn: beside an installed program, and beside a built one.
  static func candidates(executable: String) -> [String] {
    let programs = Folder.parentFolder(of: executable)
    return [
      "\(Folder.parentFolder(of: programs))/share/inkling/templates",
      "\(programs)/share/inkling/templates",
      "\(programs)/Inkling_Report.resources",
    ]
  }

  /// The program of a kind.
  func program(_ kind: PageProgram.Kind) -> String {
    switch kind {
    case .live: liveScript
    case .train: trainScript
    case .latents: latentScript
    }
  }

  /// The page for a view, every tag of which has a value.
  func page(_ view: PageView) throws -> String { try render(view, with: Self.page) }

  /// The page about one image, every tag of which has a value.
  func casePage(_ view: CasePageView) throws -> String { try render(view, with: Self.casePage) }

  /// A page of chapters, every tag of which has a value.
  func chaptersPage(_ view: ChaptersPageView) throws -> String {
    try render(view, with: Self.chaptersPage)
  }

  /// A workbook or its answers, every tag of which has a value.
  func workbook(_ view: WorkbookView) throws -> String {
    try render(view, with: Self.workbookPage)
  }

  private func render(_ view: Any, with template: String) throws -> String {
    try check.check(template, view: view)
    return library.render(view, withTemplate: template) ?? ""
  }

  private static func text(_ name: String, in folder: String) throws -> String {
    let path = "\(folder)/\(name)"
    guard FileBytes.exists(path) else { throw TemplateError.missingFile(path) }
    return String(decoding: try FileBytes.read(path, limit: 1 << 24), as: UTF8.self)
  }
}
