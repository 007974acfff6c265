import Foundation
import Networks

/// A constant of an ONNX file: numbers in row-major order, real or whole.
struct ONNXArray {
  /// The numbers.
  enum Numbers {
    case real([Float])
    case whole([Int])
  }

  var shape: [Int]
  var numbers: Numbers

  var count: Int { shape.reduce(1, *) }

  /// Arrays of more axes are none of networks for images.
  static let mostAxes = 8

  /// How many numbers a shape holds; `nil` if that is more than a network may have, also without its axes of none.
  static func count(of shape: [Int]) -> Int? {
    guard shape.count <= mostAxes else { return nil }
    var bound = 1
    for size in shape {
      let (product, overflow) = bound.multipliedReportingOverflow(by: max(size, 1))
      guard size >= 0, !overflow, product <= Architecture.maximumParameters else { return nil }
      bound = product
    }
    return shape.contains(0) ? 0 : bound
  }

  /// The numbers as reals.
  var floats: [Float] {
    switch numbers {
    case .real(let values): values
    case .whole(let values): values.map(Float.init)
    }
  }

  /// The numbers if they are whole ones.
  var integers: [Int]? {
    switch numbers {
    case .real: nil
    case .whole(let values): values
    }
  }

  /// The numbers without what is behind the point; `nil` if one of them is not finite, or too large to be exact.
  var truncated: ONNXArray? {
    guard case .real(let values) = numbers else { return self }
    guard values.allSatisfy({ abs($0) <= 0x1p24 }) else { return nil }
    return ONNXArray(shape: shape, numbers: .whole(values.map { Int($0) }))
  }

  /// The only number of an array of one.
  var scalar: Float? { count == 1 ? floats.first : nil }

  /// The same numbers with the axes in another order: axis `i` of the result is axis `order[i]` of this.
  func transposed(_ order: [Int]) -> ONNXArray {
    let place = Self.places(of: shape, in: order)
    return switch numbers {
    case .real(let values):
      ONNXArray(shape: order.map { shape[$0] }, numbers: .real(place.map { values[$0] }))
    case .whole(let values):
      ONNXArray(shape: order.map { shape[$0] }, numbers: .whole(place.map { values[$0] }))
    }
  }

  /// For each number of an array whose axes were put in another order, where it was before.
  static func places(of shape: [Int], in order: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in shape.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * shape[axis + 1]
    }
    return order.reduce([0]) { places, axis in
      places.flatMap { place in (0..<shape[axis]).map { place + $0 * strides[axis] } }
    }
  }
}

extension ONNXArray {
  /// Reads a tensor of the file.
  ///
  /// - Parameters:
  ///   - tensor: the tensor.
  ///   - external: gives bytes that are kept in a file of their own.
  /// - Throws: `CheckpointError` if it is damaged, or of a type that no weights have.
  init(
    _ tensor: Onnx_TensorProto, _ external: ONNXExternalData
  ) throws(CheckpointError) {
    let name = tensor.name.isEmpty ? "a constant" : "tensor \(tensor.name)"
    guard let count = Self.count(of: tensor.dims.map(Int.init)) else {
      throw CheckpointError("\(name) has an impossible shape \(tensor.dims.prefix(12))")
    }
    shape = tensor.dims.map(Int.init)
    guard let type = Onnx_TensorProto.DataType(rawValue: Int(tensor.dataType)) else {
      throw CheckpointError("\(name) has numbers of an unknown type, \(tensor.dataType)")
    }
    let raw =
      tensor.dataLocation == .external
      ? try external.bytes(of: tensor, named: name) : tensor.hasRawData ? tensor.rawData : nil
    switch type {
    case .float: numbers = .real(raw.map { Self.numbers($0, Float.self) } ?? tensor.floatData)
    case .double:
      numbers = .real(
        (raw.map { Self.numbers($0, Double.self) } ?? tensor.doubleData).map(Float.init))
    case .float16:
      let bits =
        raw.map { Self.numbers($0, UInt16.self) }
        ?? tensor.int32Data.map { UInt16(truncatingIfNeeded: $0) }
      numbers = .real(bits.map(HalfPrecision.float16))
    case .bfloat16:
      let bits =
        raw.map { Self.numbers($0, UInt16.self) }
        ?? tensor.int32Data.map { UInt16(truncatingIfNeeded: $0) }
      numbers = .real(bits.map(HalfPrecision.bfloat16))
    case .int64:
      numbers = .whole((raw.map { Self.numbers($0, Int64.self) } ?? tensor.int64Data).map(Int.init))
    case .int32:
      numbers = .whole((raw.map { Self.numbers($0, Int32.self) } ?? tensor.int32Data).map(Int.init))
    case .bool, .uint8:
      numbers = .whole(raw.map { $0.map(Int.init) } ?? tensor.int32Data.map(Int.init))
    case .undefined, .int8, .uint16, .int16, .string, .uint32, .uint64, .complex64, .complex128:
      throw CheckpointError(
        "\(name) has numbers of the type \(type), which networks for images do not have; a quantized network must be"
          + " exported as it was before")
    }
    let found =
      switch numbers {
      case .real(let values): values.count
      case .whole(let values): values.count
      }
    guard found == count else {
      throw CheckpointError("\(name) has \(found) numbers, but its shape \(shape) needs \(count)")
    }
  }

  /// None if a part of one is left over.
  private static func numbers<Number: BitwiseCopyable>(
    _ bytes: Data, _ type: Number.Type
  ) -> [Number] {
    guard bytes.count.isMultiple(of: MemoryLayout<Number>.size) else { return [] }
    return bytes.withUnsafeBytes { $0.numbers(type) }
  }
}
