public import ArgumentParser
public import Datasets
import Engine
import Files
import Foundation
import Interchange
import Networks
import Training

/// `--json` and `--quiet`.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Print one JSON object on standard output.")
  var json = false

  @Flag(help: "No progress and no notes.")
  var quiet = false

  mutating func validate() throws {
    if quiet { Terminal.silenceNotes() }
  }
}

/// `--threads`.
struct ThreadOptions: ParsableArguments {
  @Option(help: "Threads to use; the results do not depend on it. (default: all cores)")
  var threads: Int?

  mutating func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads must be from 1 to 1024.")
    }
  }

  /// The threads; unless their number is given, all processors, divided among so many processes.
  func makePool(processes: Int = 1) -> WorkerPool {
    WorkerPool(threads: threads ?? max(1, WorkerPool.processors / processes))
  }
}

/// `--seed`.
struct SeedOptions: ParsableArguments {
  @Option(help: "Seed of everything that is random.")
  var seed: UInt64 = 1
}

/// `--dataset`, `--data`, `--drawn-count` and how images are divided.
struct DatasetOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "\(KnownDataset.names), drawn (data list shows them all), or a folder of CLASS/*.png or .jpg. (default: the"
        + " checkpoint's, else mnist if it can be had, else drawn)", valueName: "name|folder"))
  var dataset: String?

  @Option(help: ArgumentHelp("Folder in which data sets are looked for.", valueName: "dir"))
  var data: String?

  @Option(
    help: ArgumentHelp(
      "Size that a folder's pictures are brought to: one number, or height and width. (default: their own up to 64"
        + " pixels, else 28, in color 32)", valueName: "n|h,w"))
  var imageSize: ImageSize?

  @Option(
    help: ArgumentHelp(
      "Training digits to draw for the set drawn. (default: the checkpoint's, else 60000)",
      valueName: "n"))
  var drawnCount: Int?

  @Option(
    help: ArgumentHelp(
      "standard: the set's own test images; course: 80/10/10 of all images.", valueName: "scheme"))
  var splitScheme: Split.Scheme?

  @Option(
    help: ArgumentHelp(
      "Share of the training images held out for validation. (default: 1/12)",
      valueName: "fraction"))
  var validation: Double?
}

extension DatasetOptions {
  /// The options that name the place of a set for another command: nothing if it is found without.
  func place(of set: Dataset) -> [String] {
    let isFolder = set.name != DrawnDigits.name && KnownDataset.named(set.name) == nil
    return (isFolder ? ["--dataset", dataset ?? set.name] : [])
      + (data.map { ["--data", $0] } ?? [])
  }

  /// Sets what is given of what decides a run.
  func apply(to run: inout RunConfiguration) {
    if let dataset { run.dataset = dataset }
    if let drawnCount { run.drawnCount = drawnCount }
    if let imageSize { run.imageSize = [imageSize.height, imageSize.width] }
    if let splitScheme { run.splitScheme = splitScheme }
    if let validation { run.validation = validation }
  }
}

extension Split.Scheme: ExpressibleByArgument {}

/// `--image-size 48` or `--image-size 32,64`.
struct ImageSize: ExpressibleByArgument {
  let height: Int
  let width: Int

  init?(argument: String) {
    let sides = argument.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    guard (1...2).contains(sides.count), let height = sides[0], let width = sides[sides.count - 1],
      (4...1024).contains(height), (4...1024).contains(width)
    else { return nil }
    (self.height, self.width) = (height, width)
  }
}

/// A checkpoint, and what it is if Inkling did not write it.
struct CheckpointOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "A checkpoint: .safetensors; .pt and .pth from PyTorch; .onnx.", valueName: "checkpoint"))
  var checkpoint: String

  @OptionGroup(title: "For networks from elsewhere") var foreign: ForeignOptions

  func load() throws -> Checkpoint { try foreign.load(checkpoint) }
}

/// What stands in for the metadata of a checkpoint from elsewhere.
struct ForeignOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The network that the tensors are of: mlp, cnn or a specification. An ONNX file says it itself.",
      valueName: "spec"))
  var model: String?

  @Option(
    help: ArgumentHelp(
      "Images it reads. (default: 1,28,28 or 3,32,32, whichever fits)", valueName: "c,h,w"))
  var inputShape: String?

  @Option(
    help: ArgumentHelp(
      "Class names in the order of the outputs, separated by commas, or a file with a name a line or a JSON list.",
      valueName: "names|file"))
  var classes: String?

  @Option(help: ArgumentHelp("Mean of the pixels, one a channel.", valueName: "values"))
  var mean: String?

  @Option(
    help: ArgumentHelp("Standard deviation of the pixels, one a channel.", valueName: "values"))
  var standardDeviation: String?

  /// The options that are given, as words of a command; of a file of classes its name without the folder.
  var words: [String] {
    [
      ("--model", model), ("--input-shape", inputShape),
      (
        "--classes",
        classes.map {
          FileBytes.exists($0) ? $0.split(separator: "/").last.map(String.init) ?? $0 : $0
        }
      ), ("--mean", mean),
      ("--standard-deviation", standardDeviation),
    ].flatMap { option, value in value.map { [option, $0] } ?? [] }
  }

  func load(_ path: String) throws -> Checkpoint {
    let checkpoint = try ModelFile.read(path, assuming: assumptions(of: path))
    checkpoint.notes.forEach { Terminal.inform("note: \($0)") }
    return checkpoint
  }

  private func assumptions(of path: String) throws -> Checkpoint.Assumptions? {
    guard
      try model != nil || [inputShape, mean, standardDeviation].allSatisfy({ $0 == nil })
        || ModelFile.saysItsNetwork(path)
    else {
      throw ValidationError(
        "--input-shape, --mean and --standard-deviation go with --model, or with an ONNX file.")
    }
    guard [model, classes, inputShape, mean, standardDeviation].contains(where: { $0 != nil })
    else { return nil }
    var shape: ImageShape?
    if let inputShape {
      let dimensions = inputShape.split(separator: ",").compactMap { Int($0) }
      guard dimensions.count == 3, inputShape.filter({ $0 == "," }).count == 2,
        dimensions.allSatisfy({ (1...4096).contains($0) })
      else {
        throw ValidationError("--input-shape takes three whole numbers: channels, height, width.")
      }
      shape = ImageShape(channels: dimensions[0], height: dimensions[1], width: dimensions[2])
    }
    let names = try classes.map(ClassNames.list)
    return Checkpoint.Assumptions(
      model: model, inputShape: shape, classes: names,
      normalization: try normalization())
  }

  /// `nil` if neither value is given.
  private func normalization() throws -> Normalization? {
    guard mean != nil || standardDeviation != nil else { return nil }
    let means = try mean.map { try numbers($0, "--mean") }
    let deviations = try standardDeviation.map { try numbers($0, "--standard-deviation") }
    let count = means?.count ?? deviations?.count ?? 1
    let both = Normalization(
      mean: means ?? Array(repeating: 0, count: count),
      standardDeviation: deviations ?? Array(repeating: 1, count: count))
    guard both.mean.count == both.standardDeviation.count,
      both.standardDeviation.allSatisfy({ $0 > 0 })
    else {
      throw ValidationError(
        "--mean and --standard-deviation take one number a channel, the latter above 0.")
    }
    return both
  }

  private func numbers(_ text: String, _ option: String) throws -> [Float] {
    try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
      let trimmed = part.trimmingCharacters(in: .whitespaces)
      guard let number = Float(trimmed), number.isFinite, abs(number) < 1e6 else {
        throw ValidationError("\(option): “\(trimmed)” is not a number.")
      }
      return number
    }
  }
}
