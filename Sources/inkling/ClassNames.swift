import ArgumentParser
import Files
import Foundation

/// Classes that people name on the command line.
enum ClassNames {
  /// Longer files are none of class names.
  private static let longestFile = 1 << 20

  /// The names in a text, separated by commas, or in the file that it names: a name a line, a JSON list, or a JSON object
  /// by the number of the output, as `id2label` is.
  ///
  /// - Throws: `ValidationError` if names are empty or not different, `FileError` if the file cannot be read.
  static func list(_ text: String) throws -> [String] {
    let isFile = FileManager.default.fileExists(atPath: text)
    let names =
      isFile
      ? inFile(String(decoding: try FileBytes.read(text, limit: longestFile), as: UTF8.self))
      : text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard names.count > 1, Set(names).count == names.count, !names.contains("") else {
      throw ValidationError(
        isFile
          ? "--classes: \(text) must hold names that differ, one a line, or a JSON list of them."
          : "--classes takes names that differ, separated by commas, or a file of them.")
    }
    return names
  }

  private static func inFile(_ text: String) -> [String] {
    let data = Data(text.utf8)
    if let list = try? JSONDecoder().decode([String].self, from: data) { return list }
    if let numbered = try? JSONDecoder().decode([String: String].self, from: data) {
      return (0..<numbered.count).map { numbered[String($0)] ?? "" }
    }
    return text.split(whereSeparator: \.isNewline).map {
      $0.trimmingCharacters(in: .whitespaces)
    }.filter { !$0.isEmpty }
  }

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
