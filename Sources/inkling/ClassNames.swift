/// Classes that people name on the command line.
enum ClassNames {
  /// The index of the class that a person means: by its name, or by its place where no class is named by a number.
  ///
  /// - Throws: `Failure` that lists the classes.
  static func index(of name: String, in names: [String], option: String) throws -> Int {
    // Swift's equality is that of normal forms: an accented letter may be typed in one piece or in two.
    if let index = names.firstIndex(of: name) { return index }
    let areNumbers = names.contains { Int($0) != nil }
    if !areNumbers, let index = Int(name), names.indices.contains(index) { return index }
    let shown = names.prefix(12).joined(separator: ", ") + (names.count > 12 ? ", …" : "")
    throw Failure("\(option): there is no class “\(name)”; classes are \(shown)", .usage)
  }
}
