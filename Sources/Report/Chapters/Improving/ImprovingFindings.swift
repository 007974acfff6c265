import Evaluation
import Experiments
import Figures

/// What the experiments came to side by side.
extension Findings {
  /// Which experiment is best, and which cannot be told from it.
  static func tried(_ tried: Tried) -> String {
    guard let best = tried.trials.best else { return "What was tried." }
    let alike = tried.trials.likeBest.count - 1
    let rivals = tried.trials.count - 1
    let start =
      "“\(best.name)” reads most \(tried.scored) images, \(Format.percent(best.score)) (95% CI \(best.interval.percent(decimals: 2)))"
    if rivals == 0 { return "\(start)." }
    return alike == 0
      ? "\(start), more than chance explains."
      : "\(start); \(Format.count(alike)) of the \(Wording.counted(rivals, "other")) cannot be told from it."
  }

  /// Which run overfits most, how many others do, which underfit, and which diverged.
  static func fits(_ tried: Tried) -> String {
    // A run that diverged has no accuracy on training images, so nothing is known of how it fits.
    func train(_ trial: CourseExperiments.Trial) -> Double? {
      trial.train.flatMap { $0.isFinite ? $0 : nil }
    }
    let diverged = tried.trials.filter { train($0) == nil }
    func trials(_ fit: CourseExperiments.Fit) -> [CourseExperiments.Trial] {
      tried.trials.filter { train($0) != nil && tried.trials.fit($0) == fit }
    }
    func gap(_ trial: CourseExperiments.Trial) -> Double { (train(trial) ?? 0) - trial.score }
    func words(_ trial: CourseExperiments.Trial) -> String {
      "“\(trial.name)”, right on \(Format.percent(train(trial) ?? 0, decimals: 1)) of the training images and "
        + "\(Format.percent(trial.score, decimals: 1)) of the others"
    }
    let (over, under) = (trials(.over), trials(.under))
    let most = over.max { gap($0) < gap($1) }
    let overfitting =
      most.map { most in
        "Overfitting shows most in \(words(most))"
          + (over.count == 1
            ? "."
            : "; \(Wording.counted(over.count - 1, "more run")) \(over.count == 2 ? "is" : "are") better on training images by more than a point and chance.")
      } ?? "None of them overfits by more than a point and chance."
    let underfitting =
      under.isEmpty
      ? "None underfits." : "Underfitting: \(under.map(words).joined(separator: "; "))."
    let names = diverged.map { "“\($0.name)”" }
    return "\(overfitting) \(underfitting)"
      + (names.isEmpty ? "" : " Training diverged: \(Wording.list(names)).")
  }

  /// A validation loss is called risen, or still as low as it gets, beyond or within this factor of the lowest.
  private static let risen = 1.05

  /// Whether validation loss turned while training loss went on falling: what one run shows, which has no interval.
  static func overfitting(_ wide: Overfitting) -> String {
    guard let last = wide.validation.last, let train = wide.train.last,
      let start = wide.train.first
    else { return "The losses of a wide network." }
    guard last.epoch > wide.best.epoch, last.loss > risen * wide.best.loss, train.loss < start.loss
    else {
      // From where on it is as good as it gets.
      let still = wide.validation.first { $0.loss <= risen * wide.best.loss }
      guard let still, still.epoch < last.epoch, train.loss < last.loss / 2 else {
        return
          "No overfitting to be seen in this one run of \(Wording.counted(wide.validation.count, "epoch")): validation loss ends at \(Format.significant(last.loss, 2)), training loss at \(Format.significant(train.loss, 2))."
      }
      return
        "In this one run validation loss stays at about \(Format.significant(wide.best.loss, 2)) from epoch \(still.epoch) on, while training loss falls to \(Format.significant(train.loss, 2))."
    }
    return
      "In this one run validation loss is lowest after epoch \(wide.best.epoch), \(Format.significant(wide.best.loss, 2)), and ends at "
      + "\(Format.significant(last.loss, 2)), while training loss falls to \(Format.significant(train.loss, 2)), as it does in overfitting."
  }
}
