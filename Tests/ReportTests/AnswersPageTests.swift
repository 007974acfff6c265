import Foundation
import Questions
import Study
import Testing

@testable import Report

/// Questions are answered in the page, and the answers leave it as a file.
@Suite(.serialized) struct AnswersPageTests {
  private static let first = """
    window.item = (id) => document.getElementById("q-" + id);
    window.ask = async (id) => {
      item(id).open = true;
      await new Promise((done) => setTimeout(done, 50));
      item(id).field = item(id).querySelector("input[type=text], textarea");
    };
    window.reply = (id) => item(id).querySelector(".qa-reply").textContent;
    window.submit = (id) => item(id).querySelector("form").requestSubmit();
    window.shown = (id) => item(id).querySelector(".qa-answer").checkVisibility();
    window.progress = () => document.querySelector(".progress-words").textContent;
    """

  private func open(
    _ results: StudyResults = Fixture.results(), _ view: Browser.View = Browser.View(),
    _ body: (Page, QuestionSheet) throws -> Void
  ) throws {
    try Fixture.withFolder { folder in
      let report = Report(results, templates: try Fixture.templates())
      _ = try report.write(to: folder)
      let sheet = try QuestionSheet(
        json: Data(contentsOf: URL(fileURLWithPath: "\(folder)/report.json")))
      let browser = try Browser()
      let page = try browser.open("\(folder)/index.html", view)
      if view.isScripted { try page.run(Self.first) }
      try body(page, sheet)
      #expect(page.console == [])
    }
  }

  @Test func `a number is checked against the run, and to open an answer is not to give it`() throws
  {
    try open { page, sheet in
      let count = sheet.questions.count
      #expect(try page.read("progress()", as: String.self) == "0 of \(count) questions answered")
      try page.run(
        "await ask('parameters'); item('parameters').querySelector('[aria-expanded]').click();")
      #expect(try page.read("shown('parameters')", as: Bool.self))
      #expect(try page.read("progress()", as: String.self) == "0 of \(count) questions answered")
      try page.run(
        "item('parameters').querySelector('[aria-expanded]').click(); item('parameters').field.value = '804'; submit('parameters');"
      )
      #expect(
        try page.read("reply('parameters')", as: String.self)
          == "That is without the biases: each output has one more number.")
      #expect(try page.read("shown('parameters')", as: Bool.self) == false)
      // By the keyboard alone.
      try page.run("item('parameters').field.value = '81'; item('parameters').field.focus();")
      try page.send("Input.insertText", ["text": "1"])
      try page.press("Enter", code: 13, text: "\r")
      #expect(try page.read("reply('parameters')", as: String.self) == "Right.")
      #expect(try page.read("shown('parameters')", as: Bool.self))
      #expect(try page.read("progress()", as: String.self) == "1 of \(count) questions answered")
      // It survives: the page is made anew with the same names.
      try page.reload()
      try page.run(Self.first)
      #expect(try page.read("progress()", as: String.self) == "1 of \(count) questions answered")
      #expect(try page.read("item('parameters').dataset.verdict", as: String.self) == "right")
      try page.run("await ask('parameters')")
      #expect(try page.read("item('parameters').field.value", as: String.self) == "811")
    }
  }

  @Test func `the page and the program read and grade numbers alike`() throws {
    let texts = [
      "811", "804", "7", "1e5", "99.2%", "0.992", "0.992%", "98,5", "1,000", "1.000.000", "1.000,5",
      "many", "", "-3", "−3", "+3", "12 of 30", "≈ 784 numbers", "5.", ".5", "98.5 percent", "800",
      "1'000", "1,2,3", "e5", "0,125", "99,26",
    ]
    let numbers = [
      Question.Number(811, mistakes: [Question.Mistake(804, "No biases.")]),
      Question.Number(99.2, tolerance: 0.06, near: 0.5, unit: "%"),
      Question.Number(1000.5, tolerance: 0.5),
    ]
    try open { page, _ in
      for number in numbers {
        let facts = String(
          decoding: try JSONEncoder().encode(Question.Form.number(number)), as: UTF8.self)
        let list = String(decoding: try JSONEncoder().encode(texts), as: UTF8.self)
        let found = try page.read(
          "\(list).map((text) => { const grade = inklingGrade(\(facts), text); return grade.verdict ? grade.verdict + ': ' + grade.reply : 'none'; })",
          as: [String].self)
        let wanted = texts.map { text in
          WrittenNumber(text).map { number.grade($0) }.map { "\($0.verdict.rawValue): \($0.reply)" }
            ?? "none"
        }
        #expect(found == wanted)
        #expect(Set(wanted).count > 3)
      }
    }
  }

  @Test
  func `choices and words are answered, compared and exported, and the program grades the file`()
    throws
  {
    try open { page, sheet in
      try page.run(
        """
        await ask("small-difference");
        submit("small-difference");
        """)
      #expect(try page.read("reply('small-difference')", as: String.self) == "Choose one first.")
      try page.run(
        """
        [...item("small-difference").querySelectorAll("input")].at(-1).click();
        submit("small-difference");
        await ask("random-predictions");
        submit("random-predictions");
        """)
      #expect(try page.read("reply('small-difference')", as: String.self) == "Right.")
      #expect(
        try page.read("reply('random-predictions')", as: String.self)
          == "Write it in your own words first; a few will do.")
      #expect(try page.read("shown('random-predictions')", as: Bool.self) == false)
      let words = "Quotes \" and \\ and\nlines and é 🖊"
      let quoted = String(decoding: try JSONEncoder().encode(words), as: UTF8.self)
      try page.run(
        """
        item("random-predictions").field.value = \(quoted);
        submit("random-predictions");
        const boxes = item("random-predictions").querySelectorAll("[type=checkbox]");
        boxes[0].click();
        boxes[2].click();
        await ask("parameters");
        item("parameters").field.value = "811";
        submit("parameters");
        const note = (name) => document.querySelector(`[data-note=${name}]`);
        note("name").value = "Ada";
        note("questions").value = "Why \\"9\\"?";
        window.saved = null;
        URL.createObjectURL = (blob) => { window.saved = blob; return "data:,"; };
        HTMLAnchorElement.prototype.click = function () { window.named = this.download; };
        document.querySelector("[data-export-answers]").click();
        """)
      #expect(try page.read("window.named", as: String.self) == "answers.toml")
      let toml = try page.read("window.saved.text()", as: String.self)
      let file = try AnswerFile(toml: toml)
      #expect(file.name == "Ada" && file.run == sheet.run && file.answers.count == 3)
      #expect(file.answers["random-predictions"] == .words(words, points: [1, 3]))
      #expect(toml.contains("[notes]\n") && toml.contains("questions = \"Why \\\"9\\\"?\""))
      let graded = try sheet.grade(file).compactMap { graded in
        graded.grade.map { "\(graded.question.id) \($0.verdict)" }
      }
      #expect(
        graded == ["parameters right", "random-predictions open", "small-difference right"])
    }
  }

  @Test func `a choice that is kept is where the Tab key stops`() throws {
    try open { page, _ in
      try page.run(
        """
        await ask("small-difference");
        [...item("small-difference").querySelectorAll("input")].at(-1).click();
        submit("small-difference");
        """)
      try page.reload()
      try page.run(Self.first)
      try page.run("await ask('small-difference')")
      let stops = try page.read(
        "[...item('small-difference').querySelectorAll('input')].map((one) => [one.checked, one.tabIndex === 0])",
        as: [[Bool]].self)
      #expect(stops.last == [true, true] && stops.dropLast().allSatisfy { $0 == [false, false] })
    }
  }

  @Test func `without a script every answer stands in the page`() throws {
    try open(Fixture.results(), Browser.View(isScripted: false)) { page, sheet in
      let shown = try page.read(
        """
        [...document.querySelectorAll("details.qa")].map((one) => {
          one.open = true;
          return one.querySelector("noscript p").checkVisibility();
        })
        """, as: [Bool].self)
      #expect(shown.count == sheet.questions.count && shown.allSatisfy { $0 })
    }
  }

  @Test(arguments: ReportTests.Case.allCases)
  func `all questions of the course are asked, each once`(of kind: ReportTests.Case) throws {
    var results = kind.results
    for round in 0..<3 {
      if round == 1 { results.comparisons = [Fixture.comparison(pValue: 0.01)] }
      if round == 2 { (results.history, results.experiments, results.comparisons) = ([], nil, []) }
      var builder = PageBuilder(results, date: nil, isSingle: false)
      _ = try builder.page()
      let ids = builder.questions.map(\.id)
      #expect(Set(ids).count == ids.count)
      for question in CourseQuestion.allCases {
        #expect(ids.contains(question.rawValue), "\(question)")
      }
      for question in builder.questions {
        #expect(!question.chapter.isEmpty && !question.answer.isEmpty)
        switch question.form {
        case .number(let number):
          #expect(
            number.value.isFinite && number.grade(WrittenNumber(number.value)).verdict == .right)
        case .choice(let choice):
          #expect(
            !choice.right.isEmpty && choice.right.count < choice.options.count, "\(question.id)")
          #expect(Set(choice.options).count == choice.options.count, "\(question.id)")
        case .open(let points): #expect((2...4).contains(points.count), "\(question.id)")
        }
      }
    }
  }
}
