import Drawing
import Evaluation
import Figures
import Files
import Study
import Training

/// Puts the chapters of a report together.
struct PageBuilder {
  let results: StudyResults
  let subject: Subject
  let figure: ReportFigures
  let date: String?
  /// The figures and the pictures in them.
  var figures: FigureViews

  init(_ results: StudyResults, date: String?, isSingle: Bool) {
    self.results = results
    self.date = date
    subject = Subject(results)
    var figure = ReportFigures(results)
    for one in results.cases?.cases ?? [] {
      figure.cases[one.example.index] = CasePages.link(one.example.index, isSingle: isSingle)
    }
    self.figure = figure
    figures = FigureViews(pictures: PictureStore(isSingle: isSingle))
  }

  /// The name of the network in sentences.
  var model: String { Subject.short(results.model.name) }
  var channels: Int { results.model.inputShape.first ?? 1 }
  var evaluation: EvaluationResult { results.quality.evaluation }

  /// The whole page.
  mutating func page() throws -> PageView {
    let squares = try figures.view(figure.squares(results.quality), number: "")
    let chapters = try chapters()
    var contents = [ContentsView(id: "top", number: "0", title: "Summary")]
    contents += chapters.map { ContentsView(id: $0.id, number: $0.number, title: $0.title) }
    let appendix = appendix(number: chapters.count + 1)
    var cases: [CaseView] = []
    if figures.pictures.isSingle {
      let pages = CasePages(results, subject: subject, isSingle: true)
      cases = try pages?.views(&figures.pictures).map(\.view) ?? []
    }
    contents.append(ContentsView(id: appendix.id, number: appendix.number, title: "Appendix"))
    return PageView(
      title: "What did my network learn? \(model) on \(subject.name)",
      run: String(results.model.sha256.prefix(12)), model: model,
      dataset: Subject.short(subject.name), isSingle: figures.pictures.isSingle,
      isDrawn: subject.isDrawn, date: date ?? "", hasDate: date != nil,
      policy: Self.policy(nonce: nil), nonce: "", style: "", script: "", json: "",
      hasLive: results.live != nil, liveScript: "",
      headline: "What did my network learn, and why does it fail?", deck: deck(),
      numbers: numbers(), squares: squares, fingerprint: fingerprint(), contents: contents,
      chapters: chapters,
      checkpointCount: String(chapters.reduce(0) { $0 + $1.checkpoints.count }), appendix: appendix,
      cases: cases)
  }

  /// What the page may load: nothing but its own files.
  ///
  /// - Parameter nonce: What marks the page's own scripts and styles where they are inside the page; nil for files.
  /// - Returns: The content security policy.
  static func policy(nonce: String?) -> String {
    let own = nonce.map { "'nonce-\($0)'" } ?? "'self' file:"
    return "default-src 'none'; img-src 'self' file: data:; script-src \(own); style-src-elem "
      + "\(own); style-src-attr 'unsafe-inline'; base-uri 'none'; form-action 'none'"
  }

  private mutating func chapters() throws -> [ChapterView] {
    var outlines = [dataChapter(), networkChapter()]
    if !results.history.isEmpty { outlines.append(trainingChapter()) }
    outlines += [
      qualityChapter(), mistakesChapter(), featuresChapter(), explanationsChapter(),
      doubtChapter(), robustnessChapter(),
    ]
    if let live = results.live { outlines.append(liveChapter(live)) }
    if !results.comparisons.isEmpty { outlines.append(comparisonChapter()) }
    var views: [ChapterView] = []
    for (index, outline) in outlines.enumerated() {
      let number = index + 1
      var shown: [FigureView] = []
      for (place, (illustration, side)) in Self.placed(outline.illustrations).enumerated() {
        var view = try figures.view(illustration, number: "\(number).\(place + 1)")
        view.side = side
        if illustration.text.name == "confusion" {
          view.galleries = try galleries(of: view.id)
          view.hasGalleries = !view.galleries.isEmpty
          view.listsGalleries = !view.galleries.isEmpty && !figure.hasLargeCells
        }
        shown.append(view)
      }
      views.append(
        ChapterView(
          id: outline.id, number: String(number), title: outline.title,
          question: outline.question, goal: outline.goal, paragraphs: outline.paragraphs,
          notes: outline.notes.map { LabelView(name: $0.0, text: $0.1) }, figures: shown,
          live: try outline.live.map { [try liveView($0, number: "\(number).1")] } ?? [],
          nudge: try outline.nudge.map {
            [try nudgeView($0, number: "\(number).\(shown.count + 1)")]
          } ?? [],
          checkpoints: outline.checkpoints.enumerated().map { place, checkpoint in
            CheckpointView(
              name: "\(outline.id)-\(place + 1)", question: checkpoint.0, answer: checkpoint.1)
          }))
    }
    return views
  }

  /// Two figures of half the width that follow one another stand side by side; one alone takes the width of the text.
  private static func placed(
    _ illustrations: [Illustration]
  ) -> [(illustration: Illustration, side: String)] {
    func isHalf(_ at: Int) -> Bool {
      illustrations.indices.contains(at) && illustrations[at].width == Illustration.halfWidth
    }
    var sides = illustrations.map { _ in "page" }
    var placed = illustrations
    var at = 0
    while at < illustrations.count {
      if isHalf(at), isHalf(at + 1) {
        (sides[at], sides[at + 1]) = ("left half", "right half")
        at += 1
      } else if isHalf(at) {
        placed[at].width = 664
      }
      at += 1
    }
    return Array(zip(placed, sides))
  }

  /// The images behind the cells of the confusion matrix, one sheet a cell.
  private mutating func galleries(of figure: String) throws -> [GalleryView] {
    var galleries: [GalleryView] = []
    for cell in results.quality.cells where !cell.images.isEmpty {
      let (truth, answer) = (subject.className(cell.actual), subject.className(cell.predicted))
      let name = ReportFigures.target(cell)
      let shown = cell.images.count < cell.count ? ", the \(cell.images.count) surest" : ""
      galleries.append(
        GalleryView(
          id: name,
          title: "\(truth) read as \(answer): \(Subject.counted(cell.count, subject.noun))\(shown)",
          back: figure, sheet: try sheet(of: cell, named: name, truth: truth, answer: answer)))
    }
    return galleries
  }

  /// The images of a cell with how sure the network was; few are shown larger than many.
  private mutating func sheet(
    of cell: QualityFacts.Cell, named name: String, truth: String, answer: String
  ) throws -> SheetView {
    let (_, height, width) = cell.pixels[0].dimensions
    let scale = max(1, (cell.images.count <= 9 ? 84 : 56) / max(width, 1))
    let gutter = 3
    let columns = max(1, 280 / ((width + gutter) * scale))
    // Room for a line of words, in whole pixels of the pictures.
    let rowGutter = (24 + scale - 1) / scale
    let sheet = Plate.sheet(
      cell.pixels.map(\.picture), columns: columns, gutter: gutter, rowGutter: rowGutter)
    return SheetView(
      pictures: [
        try figures.pictures.view(
          sheet, name: name, scale: scale,
          alt: "Test images "
            + Subject.list(cell.images.map { "#\($0)" }) + ": \(truth) read as \(answer)")
      ], columns: String(columns), cell: String(width + gutter), gutter: String(gutter),
      height: String(height),
      scale: String(scale), narrowScale: String(scale),
      pitch: String(height + rowGutter),
      cells: zip(cell.images, cell.confidence).map { image, confidence in
        let link = figure.link(to: image)
        return SheetCellView(
          name: "", text: Format.probability(Double(confidence)), hasLink: link != nil,
          href: link ?? "")
      })
  }

  // MARK: Masthead

  func deck() -> [PieceView] {
    let errors = evaluation.errors
    var pieces = [
      PieceView(
        subject.isDrawn
          ? "It reads digits drawn by the program correctly "
          : "It reads \(subject.things) correctly "),
      PieceView(Format.percent(evaluation.accuracy), to: "#quality"), PieceView(" of the time"),
    ]
    if errors > 0 {
      let each = Double(evaluation.count) / Double(errors)
      // Where most answers are mistakes, that is no way to count them.
      pieces.append(
        PieceView(
          each < 2 ? ". " : ", about one mistake in \(Format.fixed(each, each < 10 ? 1 : 0)). "))
      let (sure, isAll) = Findings.sure(results.mistakes, of: errors)
      if isAll {
        pieces += sureness(sure, of: errors)
        pieces.append(
          PieceView(" \(Findings.reviewing(results.quality.bands, of: evaluation.count)) "))
      }
    } else {
      pieces.append(PieceView(", without a mistake on these images. "))
    }
    if let duel = Findings.duel(results.robustness) {
      let clean = results.robustness.curves.first?.points.first?.accuracy ?? evaluation.accuracy
      let fall = clean - duel.attack > 0.01 ? "brings accuracy down to" : "leaves accuracy at"
      pieces += [
        PieceView(
          "A change of at most \(Format.fixed(duel.epsilon, 2)) "
            + "\(subject.isInk ? "of full ink per pixel" : "in any pixel"), aimed well, \(fall) "
        ),
        PieceView(Format.percent(duel.attack, decimals: 0), to: "#robustness"), PieceView("."),
      ]
    }
    if subject.isDrawn {
      pieces.append(
        PieceView(
          " These digits are not MNIST, and accuracy on them says little about handwriting."))
    }
    return pieces
  }

  /// On how many of its mistakes it was sure.
  private func sureness(_ sure: Int, of errors: Int) -> [PieceView] {
    guard sure > 0 else {
      return [
        PieceView("It was never more than 90% sure when it was "),
        PieceView("wrong", to: "#mistakes"), PieceView("."),
      ]
    }
    let which =
      sure == errors
      ? Subject.all(errors, "mistake")
      : "\(Format.count(sure)) of its \(Subject.counted(errors, "mistake"))"
    return [
      PieceView("On "), PieceView(which, to: "#mistakes"),
      PieceView(" it was more than 90% sure."),
    ]
  }

  private func numbers() -> [NumberView] {
    let kilobytes = results.model.parameters * 4 / 1024
    var numbers = [
      NumberView(
        label: "Accuracy", value: Format.percent(evaluation.accuracy), unit: "",
        note: "95% CI \(evaluation.accuracyInterval.percent(decimals: 2))"),
      NumberView(
        label: "Mistakes", value: Format.count(evaluation.errors), unit: "",
        note: "of \(Format.count(evaluation.count)) test \(subject.nouns)"),
      NumberView(
        label: "Parameters", value: Format.count(results.model.parameters), unit: "",
        note: "\(Format.count(kilobytes)) KB as float32"),
      NumberView(
        label: "Test loss", value: Format.significant(evaluation.loss, 2), unit: "nats",
        note: results.history.isEmpty
          ? "cross-entropy" : "after \(Subject.counted(results.history.count, "epoch"))"),
      NumberView(
        label: "Calibration error", value: Format.fixed(evaluation.ece * 100, 2), unit: "pts",
        note: "ECE, 15 bins"),
    ]
    if let duel = Findings.duel(results.robustness) {
      numbers.append(
        NumberView(
          label: "Robust accuracy", value: Format.percent(duel.attack, decimals: 1), unit: "",
          note:
            "\(duel.method), ε = \(Format.significant(duel.epsilon, 2)), n = "
            + "\(Format.count(results.robustness.count)), 95% CI "
            + "\(duel.interval.percent(decimals: 0))"
        ))
    }
    return numbers
  }

  private func fingerprint() -> [LabelView] {
    let hash = results.model.sha256
    return [
      LabelView(name: "Data", text: Subject.short(subject.name)),
      LabelView(name: "Seed", text: String(results.model.seed)),
      LabelView(name: "Network", text: model),
      LabelView(name: "Checkpoint", text: "sha256 \(hash.prefix(12))"),
    ]
  }

  private func appendix(number: Int) -> AppendixView {
    // What stands in lines of its own.
    let told: Set = ["model", "dataset", "seed"]
    let fields = results.model.run?.fields.filter { !told.contains($0.name) } ?? []
    return AppendixView(
      id: "appendix", number: String(number), commands: commands,
      note: isFolder
        ? "FOLDER stands for the place where “\(Subject.short(folderName))” lies: no report keeps it."
        : "",
      hasNote: isFolder,
      facts: [
        LabelView(name: "Specification", text: results.model.specification),
        LabelView(name: "Data set", text: subject.name),
        LabelView(name: "Seed", text: String(results.model.seed)),
        LabelView(name: "Checkpoint, SHA-256", text: results.model.sha256),
      ]
        + fields.compactMap { field in
          field.value.map { LabelView(name: field.title, text: $0) }
        },
      glossary: Self.glossary)
  }

  /// The commands that make this checkpoint and a report of it, from the checkpoint's own words.
  private var commands: [String] {
    let model = results.model
    let file = "models/\(model.name).safetensors"
    let files = [model.name] + results.comparisons.map(\.name)
    // A file from elsewhere does not say what it is, and none says where a folder lies.
    let isForeign = model.run == nil
    let place = isFolder ? "FOLDER/\(folderName)" : results.data.name
    let further =
      (isForeign ? " --model \(Shell.quoted(model.specification))" : "")
      + (isForeign || isFolder ? " --dataset \(Shell.quoted(place))" : "")
    let shown = [
      "inkling evaluate \(Shell.quoted(file))\(further)",
      "inkling report "
        + files.map { Shell.quoted("models/\($0).safetensors") }.joined(separator: " ")
        + "\(further) --output report",
    ]
    guard var run = model.run else { return shown }
    run.dataset = place
    let train = ["inkling", "train"] + run.options + ["--output", file]
    return [Shell.command(train)] + shown
  }

  private var isFolder: Bool { !Self.knownNames.contains(results.data.name) }

  /// The folder's own name.
  private var folderName: String {
    let name = results.data.name
    return name.hasPrefix(Self.folderPrefix)
      ? String(name.dropFirst(Self.folderPrefix.count)) : name
  }

  /// Data sets that are found by their names.
  private static let knownNames: Set = ["mnist", "fashion-mnist", "cifar-10", "drawn"]
  /// What stands before the name of a folder that is called as one of them.
  private static let folderPrefix = "folder "

  private static let glossary = [
    ("Accuracy", "Share of images whose most probable class is the true one."),
    ("Activation", "What a unit hands on for one image."),
    ("Attribution", "A number for each pixel: how much it did for a score."),
    ("Calibration", "Whether answers given with 80% confidence are right 80% of the time."),
    ("Confidence", "The probability of the class that was answered."),
    ("Cross-entropy", "The loss: −log of the probability given to the true class, in nats."),
    ("Dropout", "Switching off units at random while training, so that none is relied on alone."),
    ("Epoch", "One pass over all training images."),
    ("ε", "The largest change allowed in any pixel, on a scale from 0 to 1."),
    ("Filter", "A small stencil of weights slid over the image."),
    ("Gradient", "How a number changes when each of its inputs is moved a little."),
    ("Logit", "A class's score before softmax turns scores into probabilities."),
    ("Precision", "Of the answers of one class, the share that is true."),
    ("Recall", "Of the images of one class, the share that was found."),
    ("ReLU", "max(0, x): what is below zero becomes zero."),
    ("Batch", "The few images that one step of training looks at."),
    (
      "Confident learning",
      "Doubting a label where another class claims the image at least as surely as it claims its own."
    ),
    ("Convolution", "Sliding a filter over an image and noting at each place how well it fits."),
    ("Dead unit", "A unit that is zero for every image: it has stopped taking part."),
    ("DeepFool", "An attack that looks for the smallest change that turns the answer."),
    (
      "Deletion, insertion",
      "The mean probability while pixels are blanked, or put in, the strongest first."
    ),
    ("Effective rank", "How many directions a layer’s numbers really use."),
    ("F1", "Recall and precision in one number: twice their product, divided by their sum."),
    (
      "Gaussian, Sobel map",
      "A blurred spot in the middle, and the edges of the image: maps that know no network."
    ),
    ("Grad-CAM", "Where a layer’s maps speak for the answer, weighed by their gradients."),
    ("Learning rate", "How far each step of training moves the weights."),
    ("LIME, RISE", "Attributions from what happens when random parts of the image are hidden."),
    ("Nat", "The unit of a loss with the natural logarithm: one nat is a probability of 1/e."),
    ("Occlusion", "How far a score falls when a window of the image is covered."),
    ("p-value", "How often chance alone would make a difference at least as large."),
    ("Pooling", "Keeping the largest, or the mean, of each block of a map."),
    (
      "Rank correlation",
      "Whether two lists put things in the same order: 1 if so, −1 if in reverse."
    ),
    ("Receptive field", "The part of the image that one place of a layer can see."),
    ("SmoothGrad", "The gradient, averaged over noisy copies of the image."),
    (
      "Expected calibration error",
      "The mean distance between confidence and accuracy, over bands of confidence."
    ),
    (
      "FGSM, PGD",
      "Attacks that move every pixel against the answer: in one step of the gradient’s sign, or in many small ones."
    ),
    (
      "McNemar’s test",
      "Whether two networks differ, judged by the images that only one of them reads."
    ),
    (
      "Principal component",
      "The direction in which points differ most; the next is the one that differs most of those at right angles to it."
    ),
    (
      "Softmax",
      "Turns scores into probabilities: e to the power of each, divided by the sum of all."
    ),
    (
      "Temperature",
      "A number that all logits are divided by before softmax, so that confidence matches accuracy better."
    ),
    (
      "t-SNE",
      "A map of points that keeps neighbors together. Distances between far groups, and sizes of groups, mean nothing."
    ),
    (
      "Wilson interval",
      "A 95% interval of a share; it covers chance in the choice of test images, not of the seed."
    ),
  ].sorted { ($0.0.lowercased(), $0.0) < ($1.0.lowercased(), $1.0) }
    .map { LabelView(name: $0.0, text: $0.1) }
}

/// A chapter before its figures are drawn.
struct ChapterOutline {
  var id: String
  var title: String
  var question: String
  var goal: String
  var paragraphs: [String]
  var notes: [(String, String)]
  var illustrations: [Illustration]
  /// The network to try.
  var live: LiveFacts?
  /// The network to attack.
  var nudge: LiveFacts?
  /// Questions with their answers.
  var checkpoints: [(String, String)]
}
