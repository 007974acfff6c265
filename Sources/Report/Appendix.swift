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
      note: isFolder
        ? "FOLDER stands for the place where “\(Wording.short(folderName))” lies: no report keeps it."
        : "",
      hasNote: isFolder,
      facts: [
        LabelView(name: "Specification", text: results.model.specification),
        LabelView(name: "Data set", text: Wording(results).name),
      ]
        + (results.model.foreign == nil
          ? [LabelView(name: "Seed", text: String(results.model.seed))] : [])
        + [
          LabelView(name: "Checkpoint, SHA-256", text: results.model.sha256)
        ]
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
    let place = isFolder ? "FOLDER/\(folderName)" : results.data.name
    let further =
      (model.foreign?.options ?? [])
      + (model.run == nil || isFolder ? ["--dataset", place] : [])
    let shown = [
      Shell.command(["inkling", "evaluate", file] + further),
      Shell.command(["inkling", "report", file] + others + further + ["--output", "report"]),
    ]
    guard var run = model.run else { return shown }
    run.dataset = place
    let train = ["inkling", "train"] + run.options + ["--output", file]
    return [Shell.command(train)] + shown
  }

  private var isFolder: Bool { DataFacts.title(ofSet: results.data.name) == nil }

  /// The folder's own name.
  private var folderName: String {
    let name = results.data.name
    return name.hasPrefix(Self.folderPrefix)
      ? String(name.dropFirst(Self.folderPrefix.count)) : name
  }

  /// What stands before the name of a folder that is called as one of them.
  private static let folderPrefix = "folder "
}
