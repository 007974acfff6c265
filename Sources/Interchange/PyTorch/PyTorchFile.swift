import Files
package import Networks

/// What `torch.save` wrote, read without Python: the zip form since PyTorch 1.6, and the legacy form before it.
package struct PyTorchFile: Sendable {
  /// The arrays in their order, as 32-bit floats.
  package private(set) var tensors: [Tensor] = []
  /// What was taken for the weights; for people.
  package let notes: [String]

  /// The number that a file of the legacy form begins with, as a pickle.
  private static let legacyStart: [UInt8] = [
    0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e,
  ]
  private static let zipStart = Array("PK\u{3}\u{4}".utf8)
  /// A storage of more bytes is refused.
  private static let largestStorage = 8 * Architecture.maximumParameters

  /// True for bytes that begin as either form does.
  package static func isOne(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: zipStart) || bytes.starts(with: legacyStart)
  }

  /// Reads either form.
  ///
  /// - Throws: `CheckpointError` if it is damaged or holds no weights.
  package init(_ bytes: [UInt8]) throws(CheckpointError) {
    if bytes.starts(with: Self.zipStart) {
      try self.init(zip: bytes)
    } else {
      try self.init(legacy: bytes)
    }
  }

  /// An archive of the pickle, `data.pkl`, and a member for each storage, named by a number.
  private init(zip bytes: [UInt8]) throws(CheckpointError) {
    var members: [String: [UInt8]] = [:]
    do {
      try ArchiveFile.read(
        bytes, limit: Self.largestStorage,
        where: { ["data.pkl", "byteorder"].contains($0) || $0.allSatisfy(\.isNumber) }
      ) { members[$0.name] = $0.bytes }
    } catch {
      throw CheckpointError("it begins as PyTorch's .pt files do, but cannot be unpacked: \(error)")
    }
    guard let pickle = members["data.pkl"] else {
      throw CheckpointError("it is a zip archive, but not one of PyTorch's .pt files")
    }
    guard members["byteorder"].map({ $0 == Array("little".utf8) }) ?? true else {
      throw CheckpointError("it was written on a big-endian machine")
    }
    var reader = PickleReader(pickle[...])
    try self.init(StateDict(try reader.read()), members.mapValues { $0[...] })
  }

  /// A number, the protocol, the machine, the weights, the storages' names, and the storages, each with its length.
  private init(legacy bytes: [UInt8]) throws(CheckpointError) {
    var reader = PickleReader(bytes[...])
    for _ in 0..<2 { _ = try reader.read() }
    if case .dictionary(let machine) = try reader.read(),
      case .boolean(false)? = machine["little_endian"]
    {
      throw CheckpointError("it was written on a big-endian machine")
    }
    let state = try StateDict(try reader.read())
    // An optimizer's arrays, which nobody asks for, lie between those of the network.
    var types: [String: StorageType] = [:]
    for place in reader.persistent where place.count >= 3 {
      if case .global(let type) = place[1], case .string(let name) = place[2] {
        types[name] = StorageType(rawValue: type)
      }
    }
    guard case .list(let names) = try reader.read() else {
      throw CheckpointError("it does not say which storages it has")
    }
    var storages: [String: ArraySlice<UInt8>] = [:]
    var place = reader.place
    for case .string(let name) in names.items {
      guard let type = types[name] else {
        throw CheckpointError(
          "it holds what is not read beside its weights; save them with torch.save(model.state_dict(), FILE)"
        )
      }
      guard bytes.count - place >= 8 else { throw CheckpointError("its storages are cut off") }
      let count = bytes[place..<place + 8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      place += 8
      guard count <= UInt64((bytes.count - place) / type.size) else {
        throw CheckpointError("its storages are cut off")
      }
      storages[name] = bytes[place..<place + Int(count) * type.size]
      place += Int(count) * type.size
    }
    try self.init(state, storages)
  }

  private init(
    _ state: StateDict, _ storages: [String: ArraySlice<UInt8>]
  ) throws(CheckpointError) {
    notes = state.notes
    var total = 0
    for (name, array) in state.arrays {
      guard let bytes = storages[array.storage] else {
        throw CheckpointError("the numbers of \(name) (storage \(array.storage)) are not there")
      }
      let values = try array.values(in: bytes)
      total += values.count
      guard total <= Architecture.maximumParameters else {
        throw CheckpointError("it holds more numbers than a network may have")
      }
      tensors.append(Tensor(name: name, shape: array.shape, values: values))
    }
  }

  /// The network whose tensors the arrays are.
  ///
  /// - Parameter assumptions: what the network is.
  /// - Returns: a checkpoint with the network.
  /// - Throws: `CheckpointError` if the tensors do not fit the model, or there is none.
  package func checkpoint(
    assuming assumptions: Checkpoint.Assumptions?
  ) throws(CheckpointError) -> Checkpoint {
    var file = SafeTensors()
    for tensor in tensors { file.append(tensor.name, shape: tensor.shape, tensor.values) }
    var checkpoint = try Checkpoint(file, assuming: assumptions, isOrdered: true)
    checkpoint.notes = notes + checkpoint.notes
    return checkpoint
  }
}
