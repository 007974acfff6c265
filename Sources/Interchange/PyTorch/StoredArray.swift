import Networks

/// An array as `torch.save` describes it: some of the numbers of a storage, in any order.
struct StoredArray {
  /// The storage's name in the file.
  let storage: String
  let type: StorageType
  /// Numbers before the first.
  let offset: Int
  let shape: [Int]
  /// Numbers from one to the next along each axis.
  let strides: [Int]

  /// An array has at most as many numbers as a network.
  private static let most = Architecture.maximumParameters
  private static let outside = CheckpointError(
    "an array lies outside of the numbers it is made of")

  /// The numbers in row-major order.
  ///
  /// - Parameter bytes: the storage, little-endian.
  /// - Returns: as many as the shape has.
  /// - Throws: `CheckpointError` if they do not lie within it.
  func values(in bytes: ArraySlice<UInt8>) throws(CheckpointError) -> [Float] {
    guard shape.count == strides.count, (0...Self.most).contains(offset),
      (shape + strides).allSatisfy({ (0...Self.most).contains($0) })
    else { throw Self.outside }
    var (count, last) = (1, offset)
    for (length, stride) in zip(shape, strides) {
      count *= length
      last += max(0, length - 1) * stride
      guard count <= Self.most, last <= Self.most else { throw Self.outside }
    }
    guard count > 0 else { return [] }
    guard last < bytes.count / type.size else { throw Self.outside }
    return bytes.withUnsafeBytes { buffer in
      var place = [Int](repeating: 0, count: shape.count)
      var position = offset
      return [Float](unsafeUninitializedCapacity: count) { target, filled in
        for i in 0..<count {
          target[i] = type.number(buffer, position)
          // The last axis runs fastest.
          for axis in shape.indices.reversed() {
            place[axis] += 1
            position += strides[axis]
            if place[axis] < shape[axis] { break }
            position -= strides[axis] * shape[axis]
            place[axis] = 0
          }
        }
        filled = count
      }
    }
  }
}

/// The numbers of a storage, by the name of its class.
enum StorageType: String {
  case float = "torch.FloatStorage"
  case double = "torch.DoubleStorage"
  case half = "torch.HalfStorage"
  case bfloat16 = "torch.BFloat16Storage"
  case long = "torch.LongStorage"
  case int = "torch.IntStorage"
  case short = "torch.ShortStorage"
  case char = "torch.CharStorage"
  case byte = "torch.ByteStorage"
  case bool = "torch.BoolStorage"

  /// Bytes of a number.
  var size: Int {
    switch self {
    case .double, .long: 8
    case .float, .int: 4
    case .half, .bfloat16, .short: 2
    case .char, .byte, .bool: 1
    }
  }

  /// One number of a storage.
  func number(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> Float {
    func load<Value: BitwiseCopyable>(_: Value.Type) -> Value {
      bytes.loadUnaligned(fromByteOffset: index * size, as: Value.self)
    }
    return switch self {
    case .float: load(Float.self)
    case .double: Float(load(Double.self))
    case .half: HalfPrecision.float16(load(UInt16.self))
    case .bfloat16: HalfPrecision.bfloat16(load(UInt16.self))
    case .long: Float(load(Int64.self))
    case .int: Float(load(Int32.self))
    case .short: Float(load(Int16.self))
    case .char: Float(load(Int8.self))
    case .byte, .bool: Float(load(UInt8.self))
    }
  }
}
