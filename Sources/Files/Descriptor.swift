#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Writing to an open file. Each function returns 0 or the error number.
enum Descriptor {
  static func write(_ bytes: ContiguousArray<UInt8>, to descriptor: Int32) -> Int32 {
    bytes.withUnsafeBytes { buffer -> Int32 in
      guard let base = buffer.baseAddress else { return 0 }
      var written = 0
      while written < buffer.count {
        #if canImport(Glibc)
          let count = Glibc.write(descriptor, base + written, buffer.count - written)
        #else
          let count = Darwin.write(descriptor, base + written, buffer.count - written)
        #endif
        if count < 0 {
          if errno == EINTR { continue }
          return errno
        }
        written += count
      }
      return 0
    }
  }

  /// Devices and pipes have nothing to sync.
  static func sync(_ descriptor: Int32) -> Int32 {
    fsync(descriptor) == 0 || errno == EINVAL || errno == EROFS ? 0 : errno
  }
}
