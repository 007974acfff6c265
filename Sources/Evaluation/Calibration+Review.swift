extension Calibration {
  /// Answers of more than this confidence are called sure.
  package static let sure = 0.9

  /// Fewer images than this cannot tell what is usual.
  package static let fewest = 30

  /// What a person who checks the doubtful answers would find.
  package struct Review: Equatable, Sendable {
    /// Answers of at most 90 % confidence.
    package private(set) var checked = 0
    /// Errors among them.
    package private(set) var caught = 0
    /// The other answers.
    package private(set) var trusted = 0
    /// Errors among them.
    package private(set) var missed = 0
    /// All errors.
    package var errors: Int { caught + missed }

    /// What checking every answer of at most 90 % confidence finds; a band's edge has to lie there.
    package init(_ bands: [Band]) {
      for band in bands {
        // An edge in JSON may be a little off.
        if band.high <= Calibration.sure + 1e-9 {
          checked += band.count
          caught += band.errors
        } else {
          trusted += band.count
          missed += band.errors
        }
      }
    }
  }

  /// What confidence is worth, band by band.
  package struct Worth: Equatable, Sendable {
    /// The confidence above which an answer is almost never wrong: the highest band that has answers, if it tells. `nil` if not.
    package let trusted: Double?
    /// The band that claims most beyond what chance lets it deliver; `nil` if none does.
    package let boast: Band?
    /// True if between 50 and 70 % as many answers may be right as wrong.
    package let isCoin: Bool

    /// A hundred images are the least that can tell that errors are rare.
    private static let fewestTrusted = 100
    /// From this confidence on, and with this share right, an answer is called almost never wrong.
    private static let almostNever = 0.99

    /// Judges bands.
    package init(_ bands: [Band]) {
      trusted = bands.last { $0.count > 0 }.flatMap { band in
        band.low >= Self.almostNever && band.count >= Self.fewestTrusted
          && band.accuracy > Self.almostNever ? band.low : nil
      }
      boast = bands.filter { band in
        band.low < Self.almostNever && band.count >= Calibration.fewest
          && band.interval.high < (band.meanConfidence ?? 0)
      }.max { $0.excess < $1.excess }
      let middle = bands.first { abs($0.low - 0.5) < 1e-9 && abs($0.high - 0.7) < 1e-9 }
      isCoin = middle.map { $0.count >= Calibration.fewest && $0.interval.contains(0.5) } ?? false
    }
  }

  /// What the temperature that fits best says of a network's confidence.
  package enum Temperament: Equatable, Sendable {
    /// Above 1.
    case overconfident
    /// Below 1.
    case underconfident
    /// Close to 1.
    case calibrated

    /// Judges a temperature: within two hundredths of 1 it makes no difference.
    package init(temperature: Double) {
      self =
        temperature > 1.02
        ? .overconfident : temperature < 0.98 ? .underconfident : .calibrated
    }
  }
}

extension Calibration.Band {
  /// Images that were wrong.
  package var errors: Int { count - correct }
  /// Share that was right; 0 without images.
  package var accuracy: Double { Double(correct) / Double(max(count, 1)) }
  /// Its 95 % Wilson interval.
  package var interval: Interval { .wilson(correct, of: count) }
  /// By how much it claims more than it delivers.
  fileprivate var excess: Double { (meanConfidence ?? 0) - accuracy }
}
