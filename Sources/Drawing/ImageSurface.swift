internal import CCairo

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

  /// The pixels as straight RGBA.
  borrowing func picture() throws(CairoError) -> PixelImage {
    cairo_surface_flush(pointer)
    try CairoError.check(cairo_surface_status(pointer))
    let width = Int(cairo_image_surface_get_width(pointer))
    let height = Int(cairo_image_surface_get_height(pointer))
    let stride = Int(cairo_image_surface_get_stride(pointer))
    var pixels = [UInt8]()
    pixels.reserveCapacity(width * height * 4)
    if let data = cairo_image_surface_get_data(pointer) {
      for y in 0..<height {
        let row = UnsafeRawPointer(data + y * stride)
        for x in 0..<width {
          let color = Premultiplied.color(row.load(fromByteOffset: x * 4, as: UInt32.self))
          pixels.append(color.red)
          pixels.append(color.green)
          pixels.append(color.blue)
          pixels.append(color.alpha)
        }
      }
    }
    return PixelImage(width: width, height: height, channels: 4, pixels: pixels)
  }
}
