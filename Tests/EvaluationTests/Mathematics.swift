#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

func logarithm(_ x: Float) -> Float { logf(x) }
