import Datasets
import Engine
import Evaluation
import Figures
import Files
import Networks

/// What is told of a network that was trained elsewhere when it first meets a data set.
enum ForeignNotes {
  /// Tells how many images it reads, and loudly what it reads more of them with.
  static func tell(of checkpoint: Checkpoint, on split: Split, classes: [String]) {
    let (images, part) =
      split.validation.count > 0 ? (split.validation, "validation") : (split.train, "training")
    guard images.count > 0 else { return }
    let check = ForeignCheck(
      checkpoint.network, own: checkpoint.ownNormalization, images: images,
      pool: WorkerPool(threads: WorkerPool.processors))
    let share = { (correct: Int) in
      Format.percent(Double(correct) / Double(check.count), decimals: 1)
    }
    let asItIs = "\(share(check.correct)) of \(Format.count(check.count)) \(part) images"
    guard check.isSuspicious else {
      return Terminal.inform("note: the network, trained elsewhere, reads \(asItIs) right")
    }
    var reasons: [String] = []
    if let found = check.normalization {
      reasons.append(
        "--mean \(numbers(found.mean)) --standard-deviation \(numbers(found.standardDeviation))")
    }
    if let change = check.change { reasons.append(words(change)) }
    if let order = check.classes {
      let names = order.map { classes[$0] }
      let list = names.joined(separator: ",")
      reasons.append(
        names.contains { $0.contains(",") } || list.count > 200
          ? "its classes in another order (--classes FILE, a name a line: \(names.prefix(4).joined(separator: ", ")), …)"
          : "--classes \(Shell.quoted(list))")
    }
    let with = reasons.joined(separator: " and ")
    let isLoud = check.correctThen - check.correct > check.count / 20
    Terminal.inform(
      isLoud
        ? "warning: the network, trained elsewhere, reads only \(asItIs) right as it is, but \(share(check.correctThen)) with \(with)"
        : "warning: the network, trained elsewhere, reads \(asItIs) right as it is, with a loss of \(Format.fixed(check.loss, 3));"
          + " with \(with) \(share(check.correctThen)) and a loss of \(Format.fixed(check.lossThen, 3))"
    )
  }

  private static func numbers(_ values: [Float]) -> String {
    let texts = values.map { "\(($0 * 1e6).rounded() / 1e6)" }
    return texts.joined(separator: ",")
  }

  private static func words(_ change: ForeignCheck.Change) -> String {
    switch change {
    case .reversedChannels:
      "red and blue exchanged: it was trained on BGR images; exchange the input channels of its first weights"
    case .transposed:
      "rows and columns exchanged: it was trained on transposed images; transpose its first weights, or the images"
    case .inverted: "dark and bright exchanged: it was trained on inverted images"
    }
  }
}
