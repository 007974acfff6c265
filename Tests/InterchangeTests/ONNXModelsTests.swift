import Engine
import Files
import Foundation
import Interchange
import Networks
import TestSupport
import Testing

/// Networks that others exported, beside the scores that they give (Scripts/reference/onnx_models.py and its neighbours).
///
/// The fixtures are a part of the corpus; the rest is made anew by PyTorch where it is there, and `INKLING_ONNX_MODELS` names
/// folders of others, separated by colons.
@Suite struct ONNXModelsTests {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let file: String
    let shape: [Int]
    let stream: UInt64
    let count: Int
    let scores: [Float]
    let refusal: [String]?
    let folder: String

    var testDescription: String { file }

    enum CodingKeys: CodingKey { case file, shape, stream, count, scores, refusal }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      file = try container.decode(String.self, forKey: .file)
      shape = try container.decode([Int].self, forKey: .shape)
      stream = try container.decode(UInt64.self, forKey: .stream)
      count = try container.decode(Int.self, forKey: .count)
      scores = try container.decode([Float].self, forKey: .scores)
      refusal = try container.decode([String]?.self, forKey: .refusal)
      folder = try #require(decoder.userInfo[Self.folderKey] as? String)
    }

    static let folderKey = CodingUserInfoKey(rawValue: "folder").unsafelyUnwrapped
  }

  private static let folders: [String] = {
    let fixtures = Bundle.module.url(forResource: "Fixtures", withExtension: nil)
    let own = ["torch", "older", "keras", "sklearn"].compactMap {
      fixtures?.appending(path: "ONNX/\($0)").path(percentEncoded: false)
    }
    let others = ProcessInfo.processInfo.environment["INKLING_ONNX_MODELS"]?
      .split(separator: ":").map(String.init)
    return own + (others ?? [])
  }()

  private static func cases() throws -> [Case] { try folders.flatMap { try cases(in: $0) } }

  private static func cases(in folder: String) throws -> [Case] {
    let decoder = JSONDecoder()
    decoder.userInfo[Case.folderKey] = folder
    return try decoder.decode([Case].self, from: Data(FileBytes.read("\(folder)/cases.json")))
  }

  @Test func `there are models to read`() throws {
    #expect(try Self.cases().count >= 20)
    for folder in Self.folders.dropFirst() {
      #expect(FileManager.default.fileExists(atPath: folder))
    }
  }

  @Test(arguments: try cases()) func `a network gives the scores that it gave where it was made`(
    model: Case
  ) throws { try check(model) }

  @Test(
    .enabled(if: ReferencePython.has(["torch", "onnxscript"])),
    arguments: [[], ["--opsets", "7,8,9,10,14,16"]])
  func `so does everything that PyTorch's exporters write`(options: [String]) throws {
    let folder = try TemporaryFolder()
    let made = try ReferencePython.run("onnx_models.py", [folder.path] + options)
    try #require(made.status == 0, "\(made.errors.suffix(400))")
    let models = try Self.cases(in: folder.path)
    #expect(models.count >= 120, "\(made.output.suffix(400))")
    for model in models {
      do {
        try check(model)
      } catch {
        Issue.record("\(model.file): \(error)")
      }
    }
  }

  private func check(_ model: Case) throws {
    let path = "\(model.folder)/\(model.file)"
    let shape = ImageShape(channels: model.shape[0], height: model.shape[1], width: model.shape[2])
    let assumptions = Checkpoint.Assumptions(inputShape: shape)
    if let refusal = model.refusal {
      let error = try #require(throws: CheckpointFileError.self) {
        try ModelFile.read(path, assuming: assumptions)
      }
      let sentence = error.reason.description
      #expect(!sentence.contains("\n"), "\(sentence)")
      for word in refusal { #expect(sentence.contains(word), "\(sentence)") }
      return
    }
    let checkpoint = try ModelFile.read(path, assuming: assumptions)
    #expect(checkpoint.network.architecture.inputShape == shape)
    let images = hashed(model.count * shape.count, model.stream)
    let scores = Executor(checkpoint.network, pool: WorkerPool(threads: 1)).logits(images)
    let scale = model.scores.reduce(1) { max($0, abs($1)) }
    for (found, exact) in try paired(scores, model.scores) {
      #expect(abs(found - exact) <= 1e-5 * scale, "\(model.file)")
    }
  }
}
