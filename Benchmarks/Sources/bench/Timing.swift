/// Work a second of the fastest of several rounds.
func repeated(seconds: Double, work: Double, _ body: () -> Void) -> Double {
  let clock = ContinuousClock()
  body()
  var best = 0.0
  let begin = clock.now
  while clock.now - begin < .seconds(seconds) {
    let start = clock.now
    var count = 0.0
    repeat {
      body()
      count += 1
    } while clock.now - start < .milliseconds(10)
    best = max(best, work * count / ((clock.now - start) / .seconds(1)))
  }
  return best
}

/// A number with one decimal.
func format(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }

/// Work a second over a stretch of time.
func steady(seconds: Double, _ body: () -> Int) -> Double {
  let clock = ContinuousClock()
  let start = clock.now
  var work = 0
  while clock.now - start < .seconds(seconds) { work += body() }
  return Double(work) / ((clock.now - start) / .seconds(1))
}
