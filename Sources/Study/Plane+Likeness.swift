import Attribution

extension Plane {
  /// How far two pictures of one shape rise and fall together, from -1 to 1; `nil` if one of them is flat.
  package func correlation(with other: Plane) -> Double? {
    guard values.count == other.values.count else { return nil }
    return RankCorrelation.pearson(values.map(Double.init), other.values.map(Double.init))
  }

  /// The correlation of two pictures of one size after the shift, by up to a sixth of the picture, that makes it largest:
  /// an ideal need not lie where its class does. What a shift leaves empty is blank.
  package func shiftedCorrelation(with other: Plane) -> Double? {
    let (channels, height, width) = dimensions
    guard shape == other.shape else { return nil }
    let (rows, columns) = (height / 6, width / 6)
    return (-rows...rows).flatMap { down in
      (-columns...columns).compactMap { right -> Double? in
        let moved = (0..<channels * height * width).map { at -> Float in
          let (y, x) = (at / width % height - down, at % width - right)
          guard (0..<height).contains(y), (0..<width).contains(x) else { return 0 }
          return values[at - down * width - right]
        }
        return Plane(shape: shape, values: moved).correlation(with: other)
      }
    }.max()
  }
}
