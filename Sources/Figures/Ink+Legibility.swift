import Drawing

extension Ink {
  /// The role, ink or page, whose text is most legible on a color of a map, the worse of both themes deciding.
  ///
  /// - Parameters:
  ///   - map: the color map of each theme.
  ///   - share: the place in it, from 0 to 1.
  /// - Returns: one of the two.
  static func legible(on map: (Appearance) -> ColorMap, at share: Double) -> Ink {
    func contrast(_ role: Ink) -> Double {
      Appearance.allCases.map { appearance in
        Theme(appearance: appearance).color(role)
          .contrast(with: map(appearance).color(at: share))
      }.min() ?? 0
    }
    return contrast(.ink) >= contrast(.background) ? .ink : .background
  }
}
