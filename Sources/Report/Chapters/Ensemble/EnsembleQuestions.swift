import Evaluation
import Figures
import Questions
import Study

extension EnsembleChapter {
  var questions: [Question] {
    guard let result = results.ensemble?.result else { return [] }
    let errors = result.wrongCounts.dropFirst().dropLast().reduce(0, +) + result.unread.count
    return [
      Question(
        "ensemble-gain",
        "What decides how much \(result.members.count) networks of one kind gain together?",
        points: [
          "Whether they err on different images.",
          "Errors that differ from member to member can be outvoted.",
          "Images that all misread stay wrong.",
        ],
        answer:
          "\(Wording.counted(errors, "image")) \(errors == 1 ? "is" : "are") wrong for at least one member, but only "
          + "\(Format.count(result.unread.count)) for all. Errors that differ from member to member can be outvoted; of the "
          + "images that all misread, the mean reads \(Format.count(result.rescued)). If all members erred in the same way on the same "
          + "images, nothing would be gained."),
      Question(
        "ensemble-size", "Would ten times as many members help ten times as much?",
        points: [
          "Hardly: each further member brings less.",
          "What members have in common, such as the same images and labels, does not average out.",
        ],
        answer:
          "Hardly. What they have in common, the same images and labels, does not average out: images that no member reads "
          + "stay hard however many are asked. The curve above shows how much the last member still brought."
      ),
    ]
  }
}
