import ArgumentParser
import Files
import Foundation
import Questions
import TestSupport
import Testing

@testable import inkling

/// Files of answers, graded by the built program.
@Suite struct CheckCommandTests {
  private static let questions = [
    Question(
      "parameters", "How many parameters?",
      .number(
        Question.Number(811, mistakes: [Question.Mistake(804, "That is without the biases.")])),
      answer: "811."),
    Question(
      "most-confused", "Which does it confuse?",
      .choice(Question.Choice(["4 read as 9", "7 read as 2"], right: [0], reply: "Look again.")),
      answer: "4 read as 9."),
    Question("why", "Why random?", points: ["a", "b"], answer: "Because."),
  ].map { $0.standing(in: "network") }

  private func withReport() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let asked = String(decoding: try JSONEncoder().encode(Self.questions), as: UTF8.self)
    try folder.write(
      Array("{\"model\":{\"sha256\":\"0123456789abcdef\"},\"questions\":\(asked)}".utf8),
      "r/report.json")
    try folder.write(
      Array(
        """
        name = "Ada"
        date = "2026-11-30"
        run = "0123456789ab"
        [answers]
        parameters = "811"
        most-confused = "7 read as 2"
        why = { text = "By chance.", points = [2] }
        """.utf8), "ada.toml")
    try folder.write(
      Array("name = \"Bob\"\nrun = \"ffffffffffff\"\n[answers]\nparameters = 804\n".utf8),
      "bob.toml")
    return folder
  }

  @Test func `one file is told question by question`() throws {
    let folder = try withReport()
    let result = try run(["check", "ada.toml", "--report", "r"], in: folder)
    #expect(result.status == 0 && result.errors == "", "\(result.errors)")
    #expect(
      result.output == """
        ada.toml: Ada, 2026-11-30
          parameters     right  811
          most-confused  wrong  7 read as 2  Look again.
          why            open   1 of 2 points.
          1 of 2 right, 0 close; 1 in words, 0 not answered


        """)
  }

  @Test func `a class is told by what was understood least`() throws {
    let folder = try withReport()
    let result = try run(["check", "ada.toml", "bob.toml", "--report", "r"], in: folder)
    #expect(result.status == 0)
    #expect(
      result.errors
        == "note: bob.toml: these answers are to the run ffffffffffff, the report is of 0123456789ab\n"
    )
    #expect(result.output.contains("  parameters     wrong  804  That is without the biases.\n"))
    #expect(
      result.output.hasSuffix(
        """
        2 files
        question       answered  right  understood
        most-confused         1      0          0%
        parameters            2      1         50%
        why                   1      –         50%

        To talk about first:
          Which does it confuse?
          How many parameters?
          Why random?

        """), "\(result.output)")
    let json = try run(["check", "ada.toml", "bob.toml", "--report", "r", "--json"], in: folder)
      .json()
    #expect(json["not_understood"] as? [String] == ["most-confused", "parameters", "why"])
    let files = try #require(json["files"] as? [[String: Any]])
    #expect(files.map { $0["right"] as? Int } == [1, 0])
    #expect(files.map { $0["unanswered"] as? Int } == [0, 2])
    let answers = try #require(files[1]["answers"] as? [[String: Any]])
    #expect(answers[0]["reply"] as? String == "That is without the biases.")
    #expect(answers[1]["verdict"] is NSNull)
  }

  @Test func `what strangers wrote commands no terminal and stays in its line`() throws {
    let folder = try withReport()
    try folder.write(
      Array(
        #"""
        name = "A\u001b[2Jda"
        date = "to\nday"
        run = "ff\n\u001b[1mff"
        [answers]
        parameters = "811\u001b[m"
        """#.utf8), "rude.toml")
    try folder.write(
      Array(
        #"""
        [answers]
        "ma\n\u001bgic" = 1
        """#.utf8), "key.toml")
    let result = try run(["check", "rude.toml", "--report", "r"], in: folder)
    #expect(result.status == 0, "\(result.errors)")
    for text in [result.output, result.errors] {
      #expect(!text.unicodeScalars.contains { $0 == "\u{1b}" })
    }
    #expect(result.output.hasPrefix("rude.toml: A\u{fffd}[2Jda, to day\n"))
    #expect(result.errors.split(separator: "\n").count == 1)
    let key = try run(["check", "key.toml", "--report", "r"], in: folder)
    #expect(key.status == 65 && key.errors.contains("answers.ma \u{fffd}gic: the report asks no"))
  }

  @Test func `what cannot be graded is one line with the right status`() throws {
    let folder = try withReport()
    try folder.write([], "empty.toml")
    try folder.write([0xff, 0xfe, 0x00], "binary.toml")
    try folder.write(Array("[answers".utf8), "text.toml")
    try folder.write(Array("[answers]\nmagic = 1".utf8), "other.toml")
    try folder.write(Array("[answers]\nparameters = true".utf8), "wrong.toml")
    try folder.write([UInt8](repeating: 35, count: (1 << 20) + 1), "huge.toml")
    try folder.write(Array("{\"model\":{\"sha256\":\"00\"}}".utf8), "old/report.json")
    try folder.write(Array("hello".utf8), "text/report.json")
    let cases: [([String], Int32, String)] = [
      (["none.toml", "--report", "r"], 66, "none.toml"),
      (["ada.toml", "--report", "nowhere"], 66, "nowhere/report.json"),
      (["ada.toml", "--report", "old"], 65, "an earlier version wrote it"),
      (["ada.toml", "--report", "text"], 65, "text/report.json"),
      (["empty.toml", "--report", "r"], 65, "empty.toml: it has no answers"),
      (["binary.toml", "--report", "r"], 65, "binary.toml: it is not text"),
      (["text.toml", "--report", "r"], 65, "text.toml: line 1, column"),
      (["other.toml", "--report", "r"], 65, "answers.magic: the report asks no such question"),
      (["wrong.toml", "--report", "r"], 65, "answers.parameters must be"),
      (["huge.toml", "--report", "r"], 74, "more than the 1048576 that make sense here"),
      (["ada.toml", "wrong.toml", "--report", "r"], 65, "wrong.toml"),
      (["ada.toml"], 64, "--report"), (["--report", "r"], 64, "answers"),
    ]
    for (arguments, status, words) in cases {
      let result = try run(["check"] + arguments, in: folder)
      #expect(result.status == status, "\(arguments) \(result.errors)")
      #expect(result.output.isEmpty && result.errors.contains(words), "\(result.errors)")
      #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
    }
  }

  @Test func `the answers of a real report are right against it, and every next step is a command`()
    throws
  {
    let folder = try trained(epochs: 1)
    let made = try run(
      ["report", "a.safetensors", "--output", "r", "--quiet"] + few, in: folder)
    #expect(made.status == 0, "\(made.errors)")
    let sheet = try QuestionSheet(
      json: Data(try FileBytes.read(folder.file("r/report.json"))))
    let lines = sheet.questions.map { question in
      switch question.form {
      case .number(let number): "\(question.id) = \(number.value)"
      case .choice(let choice): "\(question.id) = \"\(choice.options[choice.right[0]])\""
      case .open(let points):
        "\(question.id) = { text = \"x\", points = [\((1...points.count).map(String.init).joined(separator: ","))] }"
      }
    }
    try folder.write(
      Array("run = \"\(sheet.run)\"\n[answers]\n\(lines.joined(separator: "\n"))\n".utf8),
      "all.toml")
    let json = try run(["check", "all.toml", "--report", "r", "--json"], in: folder).json()
    #expect((json["not_understood"] as? [String])?.isEmpty == true)
    let file = try #require((json["files"] as? [[String: Any]])?.first)
    #expect(
      file["wrong"] as? Int == 0 && file["close"] as? Int == 0 && file["unanswered"] as? Int == 0)
    let page = String(decoding: try FileBytes.read(folder.file("r/index.html")), as: UTF8.self)
    let commands = page.matches(of: /<code>(?<lines>[^<]*)<\/code>/).flatMap {
      $0.output.lines.split(separator: "\n")
    }.map { $0.replacing("&#39;", with: "'").replacing("&quot;", with: "\"") }
    #expect(commands.count > 9)
    for command in commands {
      let words = try shell("for word in \(command); do printf '%s\\n' \"$word\"; done", in: folder)
        .output.split(separator: "\n").map(String.init)
      #expect(words.first == "inkling")
      #expect(throws: Never.self, "\(command)") {
        _ = try Inkling.parseAsRoot(Array(words.dropFirst()))
      }
    }
  }
}
