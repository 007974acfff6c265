/// The elements of two collections side by side, to be compared one by one.
///
/// - Throws: `Unpaired` if there is nothing to compare, or not as many on both sides, where `zip` would pass over what has
///   no partner: a loop over what it returns checks something.
public func paired<A: Collection, B: Collection>(_ a: A, _ b: B) throws -> Zip2Sequence<A, B> {
  guard !a.isEmpty, a.count == b.count else {
    throw Unpaired(description: "\(a.count) beside \(b.count)")
  }
  return zip(a, b)
}

/// Collections that cannot be compared element by element.
public struct Unpaired: Error, CustomStringConvertible {
  /// How many there are on each side.
  public let description: String
}
