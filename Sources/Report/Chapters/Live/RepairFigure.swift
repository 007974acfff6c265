import Drawing
import Figures
import Foundation
import Study

extension ReportFigures {
  /// A repair that the search found: before, what is changed, after.
  func repair(_ worked: RepairFacts.Worked) -> Illustration {
    let (before, after) = (worked.before, worked.after)
    func bars(_ example: ExampleFacts) -> [ImageGrid.TileBar] {
      [before.label, before.predicted].map { label in
        ImageGrid.TileBar(
          subject.className(label), Double(example.probabilities[label]),
          ink: label == before.label ? .ink : .wrong)
      }
    }
    let change = Plane(
      shape: before.pixels.shape,
      values: zip(after.pixels.values, before.pixels.values).map { $0 - $1 })
    func title(_ words: String) -> [StyledLine] { [StyledLine(words, .ink, weight: .semibold)] }
    return Illustration(
      text(
        .repairWorked, Findings.repair(worked, subject: subject),
        "Test \(subject.noun) #\(before.index) as it is, the changed pixels (orange set to 1, blue to 0), and what becomes of it. The bars "
          + "are the probabilities of its class and of what was read.",
        method:
          "A greedy search: of the pixels that promise most by the slope of the margin between its class and the strongest other, the one that "
          + "raises it most is set to 0 or 1, until the answer is right; then each is put back that is not needed. A smaller change may exist."
      ),
      ImageGrid(
        [
          ImageGrid.Tile(before.pixels.picture, caption: title("As it is"), bars: bars(before)),
          ImageGrid.Tile(
            change.signedMap, caption: title("Changed pixels"),
            overlay: before.pixels.picture.ghost),
          ImageGrid.Tile(after.pixels.picture, caption: title("Repaired"), bars: bars(after)),
        ], scale: scale(of: [before], 112), gutter: 24), width: 664)
  }
}

extension Findings {
  /// How small a change makes a mistake right.
  static func repair(_ worked: RepairFacts.Worked, subject: Wording) -> String {
    let (before, after) = (worked.before, worked.after)
    let area = before.pixels.dimensions.height * before.pixels.dimensions.width
    return
      "\(worked.changed) changed \(worked.changed == 1 ? "pixel" : "pixels") of \(Format.count(area)) make the network read test \(subject.noun) "
      + "#\(before.index) as \(subject.className(after.predicted)), not as \(subject.className(before.predicted))."
  }
}

/// A misread image to repair, as the template sees it.
struct RepairView {
  var title: String
  var number: String
  var caption: String
  var noun: String
  /// What pen and eraser set a pixel to.
  var pen: String
  var eraser: String
  var width: String
  var height: String
  var shownWidth: String
  var shownHeight: String
  /// The changed pixels, smaller.
  var changeWidth: String
  var changeHeight: String
  /// What stands in its place without a script.
  var worked: [FigureView]
}

extension RepairFacts {
  /// The program that hands the images to the page.
  func script() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let numbers = RepairNumbers(sheet: sheet, images: images)
    return
      "globalThis.inklingRepairs=\(String(decoding: try encoder.encode(numbers), as: UTF8.self));\n"
  }
}

/// What the script needs of them.
private struct RepairNumbers: Encodable {
  var sheet: Data
  var images: [RepairFacts.Image]
}

extension PageBuilder {
  mutating func repairView(_ repair: RepairFacts, number: String) throws -> RepairView {
    let shape = results.model.inputShape
    let (height, width) = (shape.count > 1 ? shape[1] : 1, shape.last ?? 1)
    let (scale, small) = (
      max(1, 280 / max(1, max(width, height))), max(1, 112 / max(1, max(width, height)))
    )
    return RepairView(
      title: "Repair a mistake: how few pixels does it take?", number: number,
      caption:
        "The same network reads the \(subject.noun) while you change it. The pen sets a pixel to \(subject.isInk ? "full ink" : "1"), the "
        + "eraser to \(subject.isInk ? "none" : "0"). The margin is the score of its class minus that of what was read; a pixel counts as "
        + "changed once, however often you touch it.",
      noun: subject.noun, pen: subject.isInk ? "full ink" : "sets a pixel to 1",
      eraser: subject.isInk ? "no ink" : "sets a pixel to 0", width: String(width),
      height: String(height),
      shownWidth: String(scale * width), shownHeight: String(scale * height),
      changeWidth: String(small * width),
      changeHeight: String(small * height),
      worked: try repair.worked.map { worked in
        [try figures.view(context.figure.repair(worked), number: number)]
      } ?? [])
  }
}

extension FigureName {
  static let repairWorked = FigureName("repair-worked")
}
