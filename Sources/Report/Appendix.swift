import Files
import Networks
import Study
import Training

/// The last pages: how to do it again, and what the words mean.
struct Appendix {
  let results: StudyResults

  /// The view.
  func view(number: Int) -> AppendixView {
    // What stands in lines of its own.
    let told: Set = ["model", "dataset", "seed"]
    let fields = results.model.run?.fields.filter { !told.contains($0.name) } ?? []
    return AppendixView(
      id: "appendix", number: String(number), commands: commands,
      note: place.note, hasNote: place.isFolder,
      facts: [
        LabelView(name: "Specification", text: results.model.specification),
        LabelView(name: "Data set", text: Wording(results).name),
      ]
        + (results.model.foreign == nil
          ? [LabelView(name: "Seed", text: String(results.model.seed))] : [])
        + [
          LabelView(name: "Checkpoint, SHA-256", text: results.model.sha256)
        ]
        + (results.extent == .quick
          ? [LabelView(name: "Computed", text: "a first look: fewer images than in a full report")]
          : [])
        + fields.compactMap { field in
          field.value.map { LabelView(name: field.title, text: $0) }
        },
      glossary: Glossary.entries)
  }

  /// The commands that make this checkpoint and a report of it, from the checkpoint's own words.
  private var commands: [String] {
    let model = results.model
    let file = "models/\(model.foreign?.name ?? model.name + CheckpointName.ending)"
    let others = results.comparisons.map { "models/\($0.name)\(CheckpointName.ending)" }
    // A file from elsewhere does not say what it is, and none says where a folder lies.
    let further =
      (model.foreign?.options ?? [])
      + (model.run == nil || place.isFolder ? ["--dataset", place.words] : [])
    let shown = [
      Shell.command(["inkling", "evaluate", file] + further),
      Shell.command(
        ["inkling", "report", file] + others + further + extent + ["--output", "report"]),
    ]
    guard var run = model.run else { return shown }
    run.dataset = place.words
    let train = ["inkling", "train"] + run.options + ["--output", file]
    return [Shell.command(train)] + shown
  }

  /// How much is computed, where that is not what is usual.
  private var extent: [String] {
    let costs = [results.model.multiplications] + results.comparisons.compactMap(\.multiplications)
    let usual = Study.Extent.Preset.usual(multiplications: costs.max() ?? 0)
    guard let extent = results.extent, extent != usual else { return [] }
    return ["--extent", extent.rawValue]
  }

  private var place: DatasetPlace { DatasetPlace(results.data.name) }
}

/// Where a command finds a data set.
struct DatasetPlace {
  /// True if it is a folder, which is found by no name.
  let isFolder: Bool
  /// The word in a command.
  let words: String
  /// What a word in it stands for; empty for a known set.
  let note: String

  /// What stands before the name of a folder that is called as one of the known sets.
  private static let folderPrefix = "folder "

  /// The place of a set of a name.
  init(_ name: String) {
    isFolder = DataFacts.title(ofSet: name) == nil
    let own =
      name.hasPrefix(Self.folderPrefix) ? String(name.dropFirst(Self.folderPrefix.count)) : name
    words = isFolder ? "FOLDER/\(own)" : name
    note =
      isFolder
      ? "FOLDER stands for the place where “\(Wording.short(own))” lies: no report keeps it." : ""
  }
}
