/// The inked pixels of one image, as `KernelTable.findInk` lists them, in memory that lasts until the weights'
/// gradient is computed.
struct InkList {
  /// For every run of 16 inputs, how many inked ones come before it; then the total.
  let starts: UnsafeMutablePointer<Int32>
  /// 16 times the place of each inked input.
  let offsets: UnsafeMutablePointer<Int32>
  /// How far each is from the background.
  let differences: UnsafeMutablePointer<Float>
  /// Inputs of an image.
  let size: Int

  /// The lists of an image of `size` inputs. The integers are of the same size as the numbers that the memory
  /// is made for.
  init(_ memory: UnsafeMutablePointer<Float>, size: Int) {
    self.size = size
    let head = padded(size / 16 + 2)
    starts = UnsafeMutableRawPointer(memory).bindMemory(to: Int32.self, capacity: head)
    offsets = UnsafeMutableRawPointer(memory + head).bindMemory(
      to: Int32.self, capacity: padded(size))
    differences = memory + head + padded(size)
  }

  /// Numbers of memory for one image.
  static func count(_ size: Int) -> Int { padded(size / 16 + 2) + 2 * padded(size) }

  /// All inked inputs.
  var total: Int { Int(starts[(size + 15) / 16]) }

  /// The entries of some inputs; both ends are multiples of 16, or the upper is `size`.
  func entries(_ inputs: Range<Int>) -> Range<Int> {
    Int(starts[inputs.lowerBound / 16])..<Int(starts[(inputs.upperBound + 15) / 16])
  }

  /// True if so few inputs are inked that a sum over them is faster than over all.
  var isSparse: Bool { Self.isSparse(total, of: size) }

  /// True if so few of a number of inputs are inked that sums over them are faster than over all.
  static func isSparse(_ inked: Int, of total: Int) -> Bool { 5 * inked <= 2 * total }
}
