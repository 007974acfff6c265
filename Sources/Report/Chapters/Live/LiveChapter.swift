import Figures
import Study

/// The network to try; left out where the page cannot run it.
struct LiveChapter: Chapter {
  let context: ReportContext

  var outline: ChapterOutline? {
    guard let live = results.live else { return nil }
    let drawn = subject.isDigits
    return ChapterOutline(
      id: "live", title: "Try it", question: "Can you make it fail?",
      goal: "You will have found, by hand, an input that it gets wrong, and a reason why.",
      paragraphs: [
        "\(drawn ? "Draw a digit, or open a photo of one" : "Open a picture, or draw on one"). The same network runs in this page; "
          + "nothing leaves your computer."
          + (results.model.isConvolutional
            ? " Watch the maps change while you draw." : "")
          + " Point at any number inside to see what it is made of"
          + (results.ledger.map {
            ", and look at what each \($0.source == nil ? "pixel" : "unit") adds to the score."
          } ?? ".")
      ],
      notes: [
        (
          "Three experiments",
          drawn
            ? "Draw a 7 with a bar, a 1 with a foot, a 9 with an open loop. Then draw something that "
              + "is not a digit, and look at the confidence."
            : "Load an image and nudge it until the answer changes. Paint over a part of it, and see what that costs. Then open a "
              + "picture of your own that belongs to no class, and look at the confidence."
        ),
        (
          "Is it the same network?",
          "Its weights are rounded to "
            + (live.precision == "int8"
              ? "16 bits, those of large layers to 8 bits with a scale for each output" : "16 bits")
            + ". \(Format.percent(live.agreement)) of the \(Format.count(live.count)) test "
            + "\(subject.nouns) get the same answer as from the checkpoint. No probability of the examples moves by more "
            + "than \(Format.atMost(live.largestGap)), and none of any image by more than "
            + "\(Format.atMost(live.largestGapOfAll))."
        ),
      ],
      illustrations: [], trial: .drawing(live, results.repair))
  }
}
