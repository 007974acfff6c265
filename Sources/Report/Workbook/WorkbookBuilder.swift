import Drawing
import Figures
import Questions
import Study

/// Puts the chapters of a workbook together.
struct WorkbookBuilder {
  let context: ReportContext
  let isAnswers: Bool
  private var figures = FigureViews(pictures: PictureStore(isSingle: true))

  init(_ context: ReportContext, isAnswers: Bool) {
    self.context = context
    self.isAnswers = isAnswers
  }

  /// The width of a chart on paper.
  private static let width = 640.0

  /// The figures that questions need, with words that give nothing away.
  private static let captions: [FigureName: String] = [
    .samples: "Training images: how many of each class, their mean, and some examples.",
    .pass: "One test image on its way through the network.",
    .confusion: "Test images: in each row what was there, in each column what was read.",
    .filters: "The filters of the first layer, before training and after.",
  ]

  /// All chapters that ask something, numbered as in the report.
  mutating func chapters() throws -> [WorkbookChapterView] {
    var views: [WorkbookChapterView] = []
    var guesses: [WorkbookItemView] = []
    var number = 0
    for chapter in Chapters.all.map({ $0.init(context: context) }) {
      guard let outline = chapter.outline else { continue }
      number += 1
      var items: [WorkbookItemView] = []
      func next() -> String { "\(number).\(items.count + 1)" }
      for guess in outline.illustrations.compactMap(\.guess) {
        guesses.append(try item(guess, number: "0.\(guesses.count + 1)"))
      }
      if outline.id == "mistakes", let seen = try misread(number: next()) { items.append(seen) }
      for question in chapter.questions { items.append(item(question, number: next())) }
      guard !items.isEmpty else { continue }
      views.append(
        WorkbookChapterView(
          number: String(number), title: outline.title, question: outline.question,
          pictures: isAnswers ? [] : try pictures(outline.illustrations), items: items))
    }
    guard !guesses.isEmpty else { return views }
    // Ahead of all pictures, some of which would give them away.
    return [
      WorkbookChapterView(
        number: "0", title: "Before you look", question: "What do you expect of this network?",
        pictures: [], items: guesses)
    ] + views
  }

  private mutating func pictures(_ illustrations: [Illustration]) throws -> [WorkbookPictureView] {
    var views: [WorkbookPictureView] = []
    for illustration in illustrations {
      guard let caption = Self.captions[FigureName(illustration.text.name)] else { continue }
      var shown = illustration
      if !shown.isPictures { shown.width = Self.width }
      views.append(
        WorkbookPictureView(caption: caption, bodies: try figures.view(shown, number: "").bodies))
    }
    return views
  }

  // MARK: Questions

  private func item(_ question: Question, number: String) -> WorkbookItemView {
    var item = WorkbookItemView(number, question.text)
    item.answer = question.answer
    switch question.form {
    case .number(let wanted):
      (item.unit, item.hasBlank) = (wanted.unit, true)
      item.accept(Self.accepted(wanted))
      item.mistakes = wanted.mistakes.map {
        LabelView(name: Self.number($0.value), text: $0.reply)
      }
      item.hasMistakes = !item.mistakes.isEmpty
    case .choice(let choice):
      item.options = choice.options
      item.accept(choice.right.map { choice.options[$0] }.joined(separator: ", or "))
    case .open(let points):
      item.points = points
      item.lines = Self.lines(points.count)
    }
    return item
  }

  private static func lines(_ count: Int) -> [String] { (0..<count).map { _ in "100" } }

  private static func accepted(_ number: Question.Number) -> String {
    let unit = number.unit.isEmpty ? "" : number.unit == "%" ? "%" : " \(number.unit)"
    guard number.tolerance > 0 else { return Self.number(number.value) + unit }
    let ends = [number.value - number.tolerance, number.value + number.tolerance]
    return
      "\(Self.number(number.value))\(unit); from \(ends.map { Format.fixed($0, 2) }.joined(separator: " to "))\(unit)"
  }

  private static func number(_ value: Double) -> String {
    Format.fixed(value, value == value.rounded() ? 0 : 2)
  }

  // MARK: Guesses

  private mutating func item(_ guess: Guess, number: String) throws -> WorkbookItemView {
    var item = WorkbookItemView(number, guess.question)
    item.answer = guess.told
    switch guess.form {
    case .choice(let options, let right):
      item.options = options
      item.accept(right.map { options[$0] }.joined(separator: ", or "))
    case .size(let value, _, _, let name):
      (item.unit, item.hasBlank) = ("for \(name)", true)
      item.accept(Format.significant(value, 2))
    case .curve(let points, let axis):
      item.charts = try figures.view(Self.chart(points, axis, isAnswers: isAnswers), number: "")
        .bodies
    }
    return item
  }

  /// Axes to draw a curve in, with the point that it begins at; on the sheet of answers with all of it.
  private static func chart(
    _ points: [(x: Double, y: Double)], _ axis: ClosedRange<Double>, isAnswers: Bool
  ) -> Illustration {
    let all = points.map { Point($0.x, $0.y) }
    var chart = LineChart(
      [LineChart.Series("Validation", points: isAnswers ? all : Array(all.prefix(1)))],
      xTitle: "epoch", yTitle: "loss, nats")
    chart.xStyle = .whole
    chart.isLogarithmic = true
    chart.xBounds = (all.first?.x ?? 0)...(all.last?.x ?? 1)
    chart.yBounds = axis
    chart.height = isAnswers ? 190 : 460
    return Illustration(
      FigureText(
        name: "curve", title: "Loss on validation images",
        caption: isAnswers
          ? "The loss after each epoch." : "An empty chart; a dot marks the first epoch."),
      chart, width: width)
  }

  /// Misread images that a sheet holds.
  private static let misreadCount = 12

  /// Misread images to read oneself; `nil` without any.
  private mutating func misread(number: String) throws -> WorkbookItemView? {
    let shown = context.results.mistakes.prefix(Self.misreadCount)
    guard !shown.isEmpty else { return nil }
    let subject = context.subject
    var item = WorkbookItemView(
      number,
      "The network misreads these \(subject.nouns). What do you read? Write it below each, then compare with the labels."
    )
    item.answer =
      "Label, and what the network read: "
      + shown.enumerated().map { place, example in
        "\(place + 1). \(subject.className(example.label)), \(subject.className(example.predicted))"
      }.joined(separator: "; ") + "."
    guard !isAnswers else { return item }
    for (place, example) in shown.enumerated() {
      let width = max(example.pixels.dimensions.width, 1)
      item.pictures.append(
        try figures.pictures.view(
          example.pixels.picture, name: "misread-\(place + 1)", scale: max(1, 72 / width),
          alt: "Misread image \(place + 1)"))
    }
    return item
  }
}

extension WorkbookItemView {
  /// A question with nothing to it yet.
  fileprivate init(_ number: String, _ question: String) {
    self.init(
      number: number, question: question, options: [], unit: "", hasBlank: false,
      lines: [], charts: [], pictures: [], answer: "", accepted: "", hasAccepted: false,
      mistakes: [],
      hasMistakes: false, points: [])
  }

  fileprivate mutating func accept(_ words: String) { (accepted, hasAccepted) = (words, true) }
}
