import Figures
import Foundation
import Study

/// The small network that trains in the page, as the template sees it.
struct TrainView {
  var title: String
  var number: String
  var caption: String
  /// How many training images the reader can choose.
  var sizes: [TrainSizeView]
  /// What stands in its place without a script and on paper.
  var worked: [FigureView]
}

/// A number of training images to choose.
struct TrainSizeView {
  var count: String
  var words: String
  /// Whether it is the choice to begin with.
  var isChosen: Bool
}

extension PracticeFacts {
  /// The program that hands the images to the page.
  func script() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return
      "globalThis.inklingImages=\(String(decoding: try encoder.encode(self), as: UTF8.self));\n"
  }
}

extension PageBuilder {
  /// Numbers of training images to choose from; all of them come last.
  private static let trainSizes = [20, 50, 100, 300]

  mutating func trainView(_ practice: PracticeFacts, number: String) throws -> TrainView {
    let all = practice.trainLabels.count
    var worked = try figures.view(context.figure.trainRates(practice), number: number)
    worked.side = "page"
    return TrainView(
      title: "Train a small network yourself.", number: number,
      caption: context.figure.trainingWords(practice, of: results.model.inputShape),
      sizes: (Self.trainSizes.filter { $0 < all } + [all]).map {
        TrainSizeView(count: String($0), words: Format.count($0), isChosen: $0 == all)
      }, worked: [worked])
  }
}
