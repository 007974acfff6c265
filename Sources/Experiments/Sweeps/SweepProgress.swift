import Files

/// How far a sweep has come: what is done, what goes on, and what is to be done next.
package struct SweepProgress {
  /// The sweep.
  package let folder: SweepFolder
  /// The rungs that have begun.
  package private(set) var rungs: [Rung] = []
  private var results: [String: TrialResult] = [:]

  /// Configurations that are trained up to the same epoch and compared.
  package struct Rung: Sendable {
    /// The epoch.
    package let epochs: Int
    /// Places of its configurations in the folder's list.
    package let entrants: [Int]
    /// What there is of each entrant's trials; `nil` for what is not done.
    package fileprivate(set) var results: [[TrialResult?]]

    /// Trials that are done, of how many.
    package var done: Int { results.joined().count { $0 != nil } }
    /// Trials of the rung.
    package var count: Int { results.joined().count }
    /// True if every trial is done.
    package var isDone: Bool { done == count }

    /// Mean of an entrant's trials; `nil` if one is not done or came to nothing.
    package func score(_ entrant: Int) -> TrialResult.Score? {
      let scores = results[entrant].compactMap { $0?.score }
      return scores.count == results[entrant].count ? TrialResult.Score(meanOf: scores) : nil
    }

    /// Entrants with a score, best first; of equals, that which stands first in the list.
    package var ranking: [(entrant: Int, score: TrialResult.Score)] {
      let scored = entrants.indices.compactMap { place in
        score(place).map { (place, $0) }
      }
      return scored.sorted { $0.1 == $1.1 ? $0.0 < $1.0 : $0.1 > $1.1 }
        .map { (entrant: $0.0, score: $0.1) }
    }
  }

  /// One trial up to the epoch of a rung.
  package struct Task: Sendable {
    /// The trial.
    package let trial: Trial
    /// Up to which epoch.
    package let epochs: Int
    /// The rung.
    package let rung: Int
    /// The entrant of the rung that it is of.
    package let entrant: Int

    var name: String { SweepFolder.name(trial, epochs) }
  }

  /// The progress of a sweep as its folder has it.
  ///
  /// - Throws: `FileError` or `SweepError`.
  package init(of folder: SweepFolder) throws {
    self.folder = folder
    try refresh()
  }

  /// The progress of a sweep in a folder.
  ///
  /// - Throws: `FileError` or `SweepError`.
  package init(in path: String) throws { try self.init(of: SweepFolder(path)) }

  /// Reads what has come since.
  ///
  /// - Throws: `FileError` or `SweepError`.
  package mutating func refresh() throws {
    let names = try folder.resultNames()
    rungs = []
    var entrants = Array(folder.configurations.indices)
    for epochs in folder.sweep.rungs {
      var found: [[TrialResult?]] = []
      for place in entrants {
        var row: [TrialResult?] = []
        for trial in folder.configurations[place].trials {
          let name = SweepFolder.name(trial, epochs)
          if results[name] == nil, names.contains(name) {
            results[name] = try folder.result(of: trial, epochs: epochs)
          }
          row.append(results[name])
        }
        found.append(row)
      }
      let rung = Rung(epochs: epochs, entrants: entrants, results: found)
      rungs.append(rung)
      guard rung.isDone else { return }
      let survivors = rung.ranking.prefix(Sweep.survivors(of: entrants.count))
      entrants = survivors.map { rung.entrants[$0.entrant] }.sorted()
      if entrants.isEmpty { return }
    }
  }

  /// Notes what came of a task without reading it again.
  mutating func add(_ result: TrialResult, of task: Task) {
    results[task.name] = result
    guard
      let place = folder.configurations[rungs[task.rung].entrants[task.entrant]].trials
        .firstIndex(of: task.trial), task.rung == rungs.count - 1
    else { return }
    rungs[task.rung].results[task.entrant][place] = result
  }

  /// The last rung in which something was compared; of a rung with a single entrant there is nothing to say.
  package var comparison: Rung? {
    rungs.last { $0.isDone && $0.ranking.count > 1 } ?? rungs.last { !$0.ranking.isEmpty }
  }

  /// True if nothing is left to do.
  package var isFinished: Bool {
    guard let last = rungs.last, last.isDone else { return false }
    return rungs.count == folder.sweep.rungs.count || last.ranking.isEmpty
  }

  /// What can be done now.
  package var openTasks: [Task] {
    guard let rung = rungs.last else { return [] }
    return rung.entrants.indices.flatMap { entrant in
      let trials = folder.configurations[rung.entrants[entrant]].trials
      return trials.indices.filter { rung.results[entrant][$0] == nil }.map {
        Task(trial: trials[$0], epochs: rung.epochs, rung: rungs.count - 1, entrant: entrant)
      }
    }
  }

  /// The best configuration so far: of the last rung in which one has a score.
  package var best: (configuration: SweepConfiguration, score: TrialResult.Score, epochs: Int)? {
    for rung in rungs.reversed() {
      if let first = rung.ranking.first {
        return (folder.configurations[rung.entrants[first.entrant]], first.score, rung.epochs)
      }
    }
    return nil
  }

  /// True if a trial of the last rung, with what came of it, cannot be among those that go on, whatever is still to
  /// come: then where it stands need not be kept.
  func isOut(_ task: Task, with result: TrialResult) -> Bool {
    guard let score = result.score, task.rung + 1 < folder.sweep.rungs.count else { return true }
    guard task.rung == rungs.count - 1, folder.sweep.seeds == 1 else { return false }
    let rung = rungs[task.rung]
    let better = rung.ranking.count { $0.entrant != task.entrant && $0.score > score }
    return better >= Sweep.survivors(of: rung.entrants.count)
  }

  /// The trials that may still go on: only of these it is kept where they stand.
  var alive: Set<String> {
    guard let rung = rungs.last, !isFinished else { return [] }
    let isLast = rungs.count == folder.sweep.rungs.count
    let places = Sweep.survivors(of: rung.entrants.count)
    let out = Set(rung.ranking.dropFirst(isLast ? 0 : places).map(\.entrant))
    return Set(
      rung.entrants.indices.filter { !out.contains($0) }.flatMap {
        folder.configurations[rung.entrants[$0]].trials.map(\.id)
      })
  }

  /// The epochs that are trained in all, as far as is known, and how many of them are done.
  package var epochs: (done: Int, planned: Int) {
    var (done, planned, before) = (0, 0, 0)
    var count = folder.configurations.count
    for (place, epochs) in folder.sweep.rungs.enumerated() {
      let own = epochs - before
      if rungs.indices.contains(place) {
        count = rungs[place].entrants.count
        done += rungs[place].done * own
      }
      planned += count * folder.sweep.seeds * own
      count = Sweep.survivors(of: count)
      before = epochs
    }
    return isFinished ? (done, done) : (done, planned)
  }
}
