import Networks

/// The weights in what `torch.save` wrote: a `state_dict`, one within a training script's dictionary, or a whole module, of
/// which only what it holds is read.
///
/// Reference: `torch.nn.Module.state_dict`, `torch._utils._rebuild_tensor_v2`; what `weights_only=True` lets in.
struct StateDict {
  /// The arrays by name, in order.
  private(set) var arrays: [(name: String, array: StoredArray)] = []
  /// What was taken for the weights; for people.
  private(set) var notes: [String] = []

  /// Keys under which scripts keep the weights beside other things.
  private static let keys = [
    "state_dict", "model_state_dict", "model", "net", "network", "weights", "params", "ema",
  ]
  /// Dictionaries within each other that are looked into.
  private static let deepestKey = 4
  /// Modules within each other.
  private static let deepestModule = 64

  /// Finds the weights in a pickle.
  ///
  /// - Throws: `CheckpointError` if there are none, or none that can be read.
  init(_ value: PickleValue) throws(CheckpointError) {
    var value = value
    for _ in 0..<Self.deepestKey {
      try collect(value, prefix: "", depth: 0)
      if !arrays.isEmpty { return }
      let entries = Self.entries(value)
      guard let key = Self.keys.first(where: { entries?[$0] != nil }), let inner = entries?[key]
      else { break }
      notes.append("the weights are those under “\(key)”")
      value = inner
    }
    throw CheckpointError(
      "it holds no weights by name; save them in Python with torch.save(model.state_dict(), FILE)")
  }

  private static func entries(_ value: PickleValue) -> PickleDictionary? {
    switch value {
    case .dictionary(let dictionary): dictionary
    case .object(let object) where object.name == "collections.OrderedDict": object.entries
    default: nil
    }
  }

  private mutating func collect(
    _ value: PickleValue, prefix: String, depth: Int
  ) throws(CheckpointError) {
    guard depth < Self.deepestModule else {
      throw CheckpointError("its modules lie within each other without end")
    }
    if let entries = Self.entries(value) {
      for (key, value) in entries.pairs {
        if let array = try Self.array(value) { arrays.append((prefix + key, array)) }
      }
      return
    }
    // A module: its own arrays, then those of the modules in it.
    guard case .object(let module) = value, case .dictionary(let state) = module.state else {
      return
    }
    for key in ["_parameters", "_buffers"] {
      if let own = state[key] { try collect(own, prefix: prefix, depth: depth + 1) }
    }
    guard let modules = state["_modules"].flatMap(Self.entries) else { return }
    for (name, module) in modules.pairs {
      try collect(module, prefix: "\(prefix)\(name).", depth: depth + 1)
    }
  }

  /// The array that a call would rebuild; `nil` for what is none.
  private static func array(_ value: PickleValue) throws(CheckpointError) -> StoredArray? {
    guard case .object(let call) = value else { return nil }
    switch call.name {
    case "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state":
      guard let inner = call.arguments.first else { return nil }
      return try array(inner)
    case "torch._tensor._rebuild_from_type_v2":
      guard call.arguments.count >= 3, case .global(let name) = call.arguments[0],
        case .tuple(let arguments) = call.arguments[2], name != call.name
      else { return nil }
      return try array(.object(PickleObject(name: name, arguments: arguments)))
    case "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_tensor": break
    default:
      guard call.name.hasPrefix("torch._utils._rebuild") else { return nil }
      throw CheckpointError(
        "it holds arrays of a kind that is not read (\(call.name)); save the weights as dense tensors"
      )
    }
    guard call.arguments.count >= 4, case .persistent(let place) = call.arguments[0],
      case .integer(let offset) = call.arguments[1],
      let shape = integers(call.arguments[2]), let strides = integers(call.arguments[3]),
      place.count >= 3, case .global(let type) = place[1], case .string(let storage) = place[2]
    else { throw CheckpointError("its pickle describes an array by what describes none") }
    guard let type = StorageType(rawValue: type) else {
      throw CheckpointError("it holds numbers of the type \(type), which is not read")
    }
    return StoredArray(
      storage: storage, type: type, offset: offset, shape: shape, strides: strides)
  }

  private static func integers(_ value: PickleValue) -> [Int]? {
    let items: [PickleValue]
    switch value {
    case .tuple(let tuple): items = tuple
    case .list(let list): items = list.items
    // torch.Size((2, 3)).
    case .object(let object):
      guard object.name == "torch.Size", case .tuple(let tuple)? = object.arguments.first else {
        return nil
      }
      items = tuple
    default: return nil
    }
    let numbers = items.compactMap { if case .integer(let number) = $0 { number } else { nil } }
    return numbers.count == items.count ? numbers : nil
  }
}
