/// One file of a published set.
package struct PublishedFile: Sendable, Equatable {
  /// The name of what it holds; the file may also lie there with `.gz` behind it.
  package let name: String
  /// True if it is published packed, with `.gz` behind its name.
  package let isPacked: Bool
  /// What was published to tell it by; `nil` if there is nothing.
  package let checksum: Checksum?

  /// A file as it is published.
  package init(_ name: String, isPacked: Bool = false, checksum: Checksum? = nil) {
    self.name = name
    self.isPacked = isPacked
    self.checksum = checksum
  }

  /// The name that it has where it is published.
  package var publishedName: String { isPacked ? name + ".gz" : name }
}
