internal import CCairo

/// An owned Cairo context, the thing that draws on a surface and keeps it alive.
struct CairoContext: ~Copyable {
  let pointer: OpaquePointer

  init(_ surface: borrowing ImageSurface) throws(CairoError) {
    pointer = cairo_create(surface.pointer)
    try CairoError.check(cairo_status(pointer))
  }

  deinit { cairo_destroy(pointer) }

  /// The failure of any call so far; Cairo remembers the first.
  borrowing func check() throws(CairoError) {
    try CairoError.check(cairo_status(pointer))
  }
}
