import Foundation
import Questions
import Testing

/// What answers come to.
@Suite struct GradingTests {
  private let parameters = Question.Number(
    101_770, mistakes: [Question.Mistake(101_632, "That is without the biases.")])
  private let accuracy = Question.Number(99.2, tolerance: 0.06, near: 0.5, unit: "%")

  @Test(arguments: [
    ("101,770", 101_770, false), ("101770", 101_770, false), ("101 770", 101_770, false),
    ("101'770", 101_770, false), ("1,000,000.5", 1_000_000.5, false),
    ("1.000.000", 1_000_000, false), ("1.000,5", 1000.5, false), ("98.5 %", 98.5, true),
    ("98,5%", 98.5, true), ("98.5 percent", 98.5, true), ("0,125", 0.125, false),
    ("−3", -3, false), ("+3", 3, false), (".5", 0.5, false), ("5.", 5, false),
    ("1e5", 100_000, false), ("≈ 784 numbers", 784, false), ("12,5", 12.5, false),
  ])
  func `a number is read as people write it`(text: String, value: Double, isPercent: Bool) throws {
    let number = try #require(WrittenNumber(text))
    #expect(number.value == value && number.isPercent == isPercent)
  }

  @Test(arguments: [
    "", "many", "12 of 30", "1,2,3", "1-2", "--5", "%", "e5", "NaN", "inf", "1e999",
  ])
  func `what is no number is none`(text: String) {
    #expect(WrittenNumber(text) == nil)
  }

  @Test func `a number is right, nearly so, a known mistake, or too high or low`() throws {
    func grade(_ text: String) throws -> Grade {
      parameters.grade(try #require(WrittenNumber(text)))
    }
    #expect(try grade("101,770") == Grade(.right, "Right."))
    #expect(try grade("101,632") == Grade(.wrong, "That is without the biases."))
    #expect(try grade("101,700").verdict == .close)
    #expect(try grade("3").reply == "Not yet: that is too low.")
    #expect(try grade("1,000,000").reply == "Not yet: that is too high.")
  }

  @Test func `a share is as good as its percentage, unless a percent sign says otherwise`() throws {
    func verdict(_ text: String) throws -> Grade.Verdict {
      accuracy.grade(try #require(WrittenNumber(text))).verdict
    }
    #expect(try verdict("99.2%") == .right)
    #expect(try verdict("99.25") == .right)
    #expect(try verdict("0.992") == .right)
    #expect(try verdict("0.992%") == .wrong)
    #expect(try verdict("98.9") == .close)
    #expect(try verdict("9.92") == .wrong)
  }

  @Test func `a mistake that could be taken for the right answer is none`() {
    let number = Question.Number(
      10, tolerance: 0.5,
      mistakes: [
        Question.Mistake(10.4, "no"), Question.Mistake(.nan, "no"), Question.Mistake(20, "yes"),
      ])
    #expect(number.mistakes == [Question.Mistake(20, "yes")])
  }

  @Test func `options are found by their words`() {
    let choice = Question.Choice(["4 read as 9", "7 read as 2"], right: [1], reply: "Look again.")
    #expect(choice.place(of: " 7  Read as 2") == 1 && choice.place(of: "7") == nil)
    #expect(choice.grade(1).verdict == .right)
    #expect(choice.grade(0) == Grade(.wrong, "Look again."))
  }

  @Test func `options that differ in case alone are told apart, or not guessed at`() {
    let choice = Question.Choice(["a", "A", "b"], right: [1], reply: "Look again.")
    #expect(choice.place(of: "A") == 1 && choice.place(of: "a") == 0)
    #expect(choice.place(of: " A ") == nil && choice.place(of: "B") == 2)
  }

  @Test func `a question without points has none to tick`() throws {
    let question = Question("why", "Why?", points: [], answer: "Because.")
    #expect(try question.grade(.words("x", points: [])) == Grade(.open, "0 of 0 points."))
    #expect(throws: AnswerError.self) { try question.grade(.words("x", points: [1])) }
  }

  private let sheet = QuestionSheet(
    run: "0123456789ab",
    questions: [
      Question("parameters", "How many?", .number(Question.Number(42)), answer: "42."),
      Question(
        "most-confused", "Which?",
        .choice(Question.Choice(["4 read as 9", "7 read as 2"], right: [0], reply: "Look again.")),
        answer: "4 read as 9."),
      Question("why", "Why?", points: ["a", "b", "c"], answer: "Because."),
    ].map { $0.standing(in: "network") })

  @Test func `a file of answers is graded question by question`() throws {
    let file = try AnswerFile(
      toml: """
        name = "Ada"
        date = 2026-11-30
        run = "0123456789ab"
        [answers]
        parameters = 42
        most-confused = "7 read as 2"
        why = { text = "So \\"that\\"", points = [1, 3] }
        [notes]
        accuracy = "99%"
        """)
    #expect(file.name == "Ada" && file.date == "2026-11-30" && file.run == sheet.run)
    let graded = try sheet.grade(file)
    #expect(graded.map(\.grade?.verdict) == [.right, .wrong, .open])
    #expect(graded[2].grade?.reply == "2 of 3 points.")
    let part = try sheet.grade(AnswerFile(toml: "[answers]\nparameters = \"41\""))
    #expect(part.map(\.grade?.verdict) == [.wrong, nil, nil])
  }

  @Test(arguments: [
    ("", "no answers"), ("[answers]", "no answers"), ("answers = 3", "answers must be a table"),
    ("name = 3\n[answers]\na = 1", "name must be a text"), ("[answers\n", "line 1"),
    ("[answers]\nparameters = true", "answers.parameters must be"),
    ("[answers]\nparameters = [1]", "answers.parameters must be"),
    ("[answers]\nwhy = { points = [\"x\"] }", "answers.why must be"),
  ])
  func `what is no file of answers says so in a line`(toml: String, words: String) {
    let error = #expect(throws: AnswerError.self) { try AnswerFile(toml: toml) }
    #expect(error?.description.contains(words) == true, "\(String(describing: error))")
    #expect(error?.description.contains("\n") == false)
  }

  @Test(arguments: [
    ("nothing = 1", "answers.nothing: the report asks no such question"),
    ("parameters = \"many\"", "answers.parameters must be a number"),
    ("parameters = { text = \"1\" }", "answers.parameters must be a number"),
    ("most-confused = \"5 read as 5\"", "must be one of: 4 read as 9; 7 read as 2"),
    ("most-confused = 1", "must be the words of an option"),
    ("why = 3", "must be words"), ("why = { points = [4] }", "points from 1 to 3"),
    ("why = { points = [1, 1] }", "points from 1 to 3"),
  ])
  func `an answer of the wrong kind is named`(line: String, words: String) throws {
    let file = try AnswerFile(toml: "[answers]\n\(line)")
    let error = #expect(throws: AnswerError.self) { try sheet.grade(file) }
    #expect(error?.description.contains(words) == true, "\(String(describing: error))")
  }

  @Test func `answers to another run are said to be that`() throws {
    let file = try AnswerFile(toml: "run = \"ffff\"\n[answers]\nother = 1")
    let error = #expect(throws: AnswerError.self) { try sheet.grade(file) }
    #expect(error?.description.contains("to the run ffff and it is of 0123456789ab") == true)
  }

  @Test func `a class is told question by question`() throws {
    let files = [
      "parameters = 42\nwhy = { text = \"x\", points = [1, 2, 3] }", "parameters = 41",
      "parameters = 40\nwhy = \"x\"",
    ]
    let graded = try files.flatMap { try sheet.grade(AnswerFile(toml: "[answers]\n\($0)")) }
    let results = sheet.questions.map { ClassResult($0, graded) }
    #expect(results.map(\.answered) == [3, 0, 2])
    #expect(results.map(\.right) == [1, 0, 0])
    #expect(results.map(\.understood) == [1.0 / 3, nil, 0.5])
  }

  @Test func `questions survive report.json`() throws {
    let encoder = JSONEncoder()
    let json = try encoder.encode(sheet.questions)
    #expect(try JSONDecoder().decode([Question].self, from: json) == sheet.questions)
    let text = String(decoding: json, as: UTF8.self)
    let stored = Data("{\"model\":{\"sha256\":\"0123456789abcdef\"},\"questions\":\(text)}".utf8)
    let read = try QuestionSheet(json: stored)
    #expect(read.run == sheet.run && read.questions == sheet.questions)
    for old in ["{}", "{\"model\":{\"sha256\":\"00\"}}", "[]", "", "{\"questions\":[{\"id\":3}]}"] {
      let error = #expect(throws: AnswerError.self) { try QuestionSheet(json: Data(old.utf8)) }
      #expect(error?.description.contains("write the report again") == true)
    }
  }
}
