/// Which of a network's tensors are which of a file's, whose names are not Inkling's: by order, kind and shape.
struct TensorMatching {
  /// The file's layers beside the network's, in the network's order.
  let pairs: [(theirs: String, ours: String)]

  /// A layer of the file: the tensors whose names differ in the last part alone.
  struct Module {
    let name: String
    var shapes: [String: [Int]] = [:]
  }

  /// What wrappers put in front of names.
  private static let prefixes = [
    "module.", "_orig_mod.", "model.", "net.", "network.", "backbone.", "encoder.",
  ]

  /// What all names begin with that is put there by wrappers.
  static func prefix(of names: [String]) -> String {
    var prefix = ""
    while let next = prefixes.first(where: { next in
      names.allSatisfy { $0.dropFirst(prefix.count).hasPrefix(next) }
    }) { prefix += next }
    return prefix
  }

  /// Finds the only way in which the file's tensors can be the network's.
  ///
  /// - Parameters:
  ///   - file: names and shapes in the file's order.
  ///   - isOrdered: true if that order is the order in which the network's layers were made, as in a `state_dict`; safetensors
  ///     sort by name.
  ///   - architecture: the network.
  /// - Throws: `CheckpointError` if there is no way, or more than one.
  init(
    _ file: [(name: String, shape: [Int])], isOrdered: Bool, to architecture: Architecture
  ) throws(CheckpointError) {
    let theirs = Self.modules(file, isOrdered: isOrdered)
    let ours = architecture.entries.filter { !$0.parameters.isEmpty }.map { entry in
      Module(
        name: entry.name,
        shapes: Dictionary(uniqueKeysWithValues: entry.parameters.map { ($0.name, $0.shape) }))
    }
    guard theirs.count == ours.count else {
      throw CheckpointError(
        "it has \(Self.counted(theirs.count)) with tensors, but the network has \(ours.count):"
          + " \(Self.listed(theirs)) for \(Self.listed(ours))")
    }
    if let (their, our) = zip(theirs, ours).first(where: { $0.shapes != $1.shapes }) {
      guard let other = Self.unique(theirs, ours) else {
        throw CheckpointError(
          "its \(their.name) has \(Self.described(their)), but where it stands the network has \(our.name) with"
            + " \(Self.described(our))")
      }
      pairs = other
      return
    }
    let names = theirs.map { $0.name.split(separator: ".").last.map(String.init) ?? "" }
    // Numbers, as of nn.Sequential, say the order too.
    if !isOrdered, !names.allSatisfy({ Int($0) != nil }), Self.unique(theirs, ours) == nil {
      let doubled = theirs.first { one in
        theirs.contains { $0.name != one.name && $0.shapes == one.shapes }
      }
      throw CheckpointError(
        "its \(doubled?.name ?? "") has the shapes of another layer, and safetensors do not keep the order of layers: save"
          + " it with torch.save, or name the tensors as Inkling does (\(architecture.tensors[0].name))"
      )
    }
    pairs = zip(theirs, ours).map { ($0.name, $1.name) }
  }

  /// Layers in their order: the file's, or that of their names, in which 10 comes after 9.
  static func modules(
    _ file: [(name: String, shape: [Int])], isOrdered: Bool
  ) -> [Module] {
    var modules: [Module] = []
    var places: [String: Int] = [:]
    for (name, shape) in file {
      let parts = name.split(separator: ".", omittingEmptySubsequences: false)
      let (module, tensor) = (parts.dropLast().joined(separator: "."), String(parts.last ?? ""))
      if tensor == "num_batches_tracked" { continue }
      if let place = places[module] {
        modules[place].shapes[tensor] = shape
      } else {
        places[module] = modules.count
        modules.append(Module(name: module, shapes: [tensor: shape]))
      }
    }
    return isOrdered
      ? modules : modules.sorted { precedes($0.name, $1.name) }
  }

  private static func precedes(_ a: String, _ b: String) -> Bool {
    let (left, right) = (a.split(separator: "."), b.split(separator: "."))
    for (x, y) in zip(left, right) where x != y {
      if let m = Int(x), let n = Int(y) { return m < n }
      return x < y
    }
    return left.count < right.count
  }

  /// The pairs of the same shapes, if no shapes are there twice.
  private static func unique(
    _ theirs: [Module], _ ours: [Module]
  ) -> [(theirs: String, ours: String)]? {
    guard Set(ours.map(\.shapes)).count == ours.count else { return nil }
    let pairs = ours.compactMap { our in
      theirs.first { $0.shapes == our.shapes }.map { (theirs: $0.name, ours: our.name) }
    }
    return pairs.count == ours.count && Set(pairs.map(\.theirs)).count == pairs.count
      ? pairs : nil
  }

  private static func counted(_ count: Int) -> String {
    "\(count) layer\(count == 1 ? "" : "s")"
  }

  private static func listed(_ modules: [Module]) -> String {
    let most = 12
    return modules.prefix(most).map { $0.name.isEmpty ? "(no name)" : $0.name }
      .joined(separator: ", ") + (modules.count > most ? ", …" : "")
  }

  private static func described(_ module: Module) -> String {
    module.shapes.sorted { $0.key < $1.key }.map { "\($0) \($1)" }.joined(separator: ", ")
  }
}
