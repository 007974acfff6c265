import Figures
import Networks
import Study

/// The layers of a network as a table for a terminal, branches drawn as a tree:
///
///     relu1      relu                      16 × 28 × 28
///     ├ conv2    conv(16,3)                16 × 28 × 28           2,320
///     │ norm2    norm                      16 × 28 × 28              32
///     └ add1     norm2 + relu1             16 × 28 × 28
struct LayerTable {
  /// The widths of the columns where nothing needs more.
  private static let (name, type, shape, count) = (11, 26, 16, 12)

  /// A layer in its place.
  private struct Row {
    /// The branches before its name, and below it where its text takes more lines.
    var lead: String
    var below: String
    var entry: Architecture.Entry
  }

  /// The lines.
  let lines: [String]

  /// The table of a network, of which some tensors, by their full names, may have been frozen in training.
  init(_ architecture: Architecture, frozen: Set<String> = []) {
    let outline = LayerOutline(inputs: architecture.entries.map(\.inputs))
    let rows = Self.rows(outline.parts, of: architecture.entries, first: "", rest: "")
    let names = rows.map { $0.lead.count + $0.entry.name.count }
    let texts = rows.map { architecture.text(of: $0.entry).count }
    let nameWidth = max(Self.name, (names.max() ?? 0) + 1)
    let room = TextTable.width - nameWidth - Self.shape - Self.count
    let typeWidth = max(Self.type, min((texts.max() ?? 0) + 1, room))
    func line(_ name: String, _ type: String, _ shape: String) -> String {
      pad(name, nameWidth) + pad(type, typeWidth) + shape
    }
    lines =
      [
        line("layer", "type", pad("output", Self.shape)) + padLeft("parameters", Self.count),
        line("input", "", architecture.inputShape.description),
      ]
      + rows.flatMap { row in
        let count = row.entry.parameterCount == 0 ? "" : Format.count(row.entry.parameterCount)
        let texts = Self.wrapped(architecture.text(of: row.entry), to: typeWidth - 1)
        let first =
          line(
            row.lead + row.entry.name, texts[0],
            pad(row.entry.outputShape.description, Self.shape)) + padLeft(count, Self.count)
        let mark = Self.mark(row.entry, frozen)
        return [first + mark] + texts.dropFirst().map { pad(row.below, nameWidth) + $0 }
      }
  }

  private static func mark(_ entry: Architecture.Entry, _ frozen: Set<String>) -> String {
    let names = entry.frozenTensors(of: frozen)
    guard !names.isEmpty else { return "" }
    return entry.isFrozen(frozen) ? "  frozen" : "  \(names.joined(separator: ", ")) frozen"
  }

  private static func rows(
    _ parts: [LayerOutline.Part], of entries: [Architecture.Entry], first: String, rest: String
  ) -> [Row] {
    var rows: [Row] = []
    var lead = first
    for part in parts {
      switch part {
      case .layer(let index): rows.append(Row(lead: lead, below: rest, entry: entries[index]))
      case .block(let branches, let joint):
        for branch in branches where !branch.isEmpty {
          rows += Self.rows(branch, of: entries, first: lead + "├ ", rest: rest + "│ ")
          lead = rest
        }
        rows.append(Row(lead: rest + "└ ", below: rest, entry: entries[joint]))
      }
      lead = rest
    }
    return rows
  }

  /// A text in lines, broken between words.
  private static func wrapped(_ text: String, to width: Int) -> [String] {
    text.split(separator: " ").reduce(into: [""]) { lines, word in
      let last = lines.count - 1
      if lines[last].isEmpty {
        lines[last] = String(word)
      } else if lines[last].count + 1 + word.count <= width {
        lines[last] += " \(word)"
      } else {
        lines.append(String(word))
      }
    }
  }
}

extension Architecture {
  /// The names of the layers that one reads; `input` for the image.
  func inputNames(of entry: Entry) -> [String] {
    entry.inputs.map { $0 == 0 ? "input" : entries[$0 - 1].name }
  }
}

extension Architecture.Entry {
  /// What training moves: what the layer learns, or else the statistics that it keeps.
  private var moving: [String] {
    let learned = parameters.filter(\.isLearned)
    return (learned.isEmpty ? parameters : learned).map(\.name)
  }

  /// The tensors of the layer among those that are frozen.
  func frozenTensors(of frozen: Set<String>) -> [String] {
    moving.filter { frozen.contains("\(name).\($0)") }
  }

  /// True if nothing of the layer moves that could.
  func isFrozen(_ frozen: Set<String>) -> Bool {
    !moving.isEmpty && frozenTensors(of: frozen) == moving
  }
}
