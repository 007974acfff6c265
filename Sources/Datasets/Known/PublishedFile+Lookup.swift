import Files

extension PublishedFile {
  /// Where the file lies in a folder, plain or gzip, under its name or one that browsers, archives and other tools give
  /// it; `nil` if it is not there.
  func path(in folder: String) -> String? {
    let usual = ["\(folder)/\(name)", "\(folder)/\(name).gz"].first {
      FileBytes.exists($0) && !FileBytes.isFolder($0)
    }
    if let usual { return usual }
    for other in (try? FileBytes.names(in: folder)) ?? [] where isCalled(other) {
      let path = "\(folder)/\(other)"
      guard FileBytes.isFolder(path) else { return path }
      // Some archives put each file into a folder of its own name.
      let inner = (try? FileBytes.names(in: path)) ?? []
      if let file = inner.first(where: { isCalled($0) && !FileBytes.isFolder("\(path)/\($0)") }) {
        return "\(path)/\(file)"
      }
    }
    return nil
  }

  /// True for the file's name and what others make of it: `train-images.idx3-ubyte (1).gz` is
  /// `train-images-idx3-ubyte`.
  func isCalled(_ other: String) -> Bool {
    var rest = other[...]
    func drop(_ ending: String) { if rest.hasSuffix(ending) { rest = rest.dropLast(ending.count) } }
    func dropNumber() {
      guard rest.hasSuffix(")"), let start = rest.lastIndex(of: "("),
        rest[rest.index(after: start)...].dropLast().allSatisfy(\.isNumber)
      else { return }
      rest = rest[..<start]
      drop(" ")
    }
    /// Where a name has an ending, browsers put their number before it.
    func dropInnerNumber() {
      guard let dot = name.lastIndex(of: "."), rest.hasSuffix(name[dot...]) else { return }
      rest = rest.dropLast(name[dot...].count)
      dropNumber()
      rest += name[dot...]
    }
    dropNumber()
    drop(".gz")
    dropNumber()
    dropInnerNumber()
    return rest == name || rest.replacing(".idx", with: "-idx") == name
  }
}
