internal import CCairo
import Pictures

/// An owned Cairo surface of premultiplied pixels.
struct ImageSurface: ~Copyable {
  let pointer: OpaquePointer

  /// A transparent surface.
  init(width: Int, height: Int) throws(CairoError) {
    pointer = cairo_image_surface_create(
      CAIRO_FORMAT_ARGB32, Int32(clamping: width), Int32(clamping: height))
    try CairoError.check(cairo_surface_status(pointer))
  }

  /// A surface with the pixels of a picture.
  ///
  /// Cairo wants each pixel as one native 32-bit number, alpha highest, channels multiplied by it.
  init(_ picture: PixelImage) throws(CairoError) {
    try self.init(width: picture.width, height: picture.height)
    guard let data = cairo_image_surface_get_data(pointer) else { return }
    cairo_surface_flush(pointer)
    let stride = Int(cairo_image_surface_get_stride(pointer))
    for y in 0..<picture.height {
      let row = UnsafeMutableRawPointer(data + y * stride)
      for x in 0..<picture.width {
        let pixel = Premultiplied.pixel(picture.color(x: x, y: y))
        row.storeBytes(of: pixel, toByteOffset: x * 4, as: UInt32.self)
      }
    }
    cairo_surface_mark_dirty(pointer)
  }

  deinit { cairo_surface_destroy(pointer) }

  /// The pixels as RGB; those that are not opaque, as if on black.
  borrowing func picture() throws(CairoError) -> PixelImage {
    cairo_surface_flush(pointer)
    try CairoError.check(cairo_surface_status(pointer))
    let width = Int(cairo_image_surface_get_width(pointer))
    let height = Int(cairo_image_surface_get_height(pointer))
    let stride = Int(cairo_image_surface_get_stride(pointer))
    let data = cairo_image_surface_get_data(pointer)
    let pixels = [UInt8](unsafeUninitializedCapacity: width * height * 3) { target, count in
      guard let data, var next = target.baseAddress else { return }
      for y in 0..<height {
        let row = UnsafeRawPointer(data + y * stride)
        for x in 0..<width {
          let pixel = row.load(fromByteOffset: x * 4, as: UInt32.self)
          next[0] = UInt8(truncatingIfNeeded: pixel >> 16)
          next[1] = UInt8(truncatingIfNeeded: pixel >> 8)
          next[2] = UInt8(truncatingIfNeeded: pixel)
          next += 3
        }
      }
      count = width * height * 3
    }
    return PixelImage(width: width, height: height, channels: 3, pixels: pixels)
  }
}
