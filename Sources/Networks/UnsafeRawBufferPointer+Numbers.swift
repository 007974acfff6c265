extension UnsafeRawBufferPointer {
  /// The numbers of a file, lowest byte first as supported processors have them; what is over at the end is left out.
  package func numbers<Number: BitwiseCopyable>(_ type: Number.Type) -> [Number] {
    let size = MemoryLayout<Number>.size
    return (0..<count / size).map { loadUnaligned(fromByteOffset: $0 * size, as: type) }
  }
}
