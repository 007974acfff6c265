import CZlib

/// A member of an archive that a test writes byte for byte, honest or not.
public struct ArchiveMember: Sendable {
  /// What a member is, by tar's letters.
  public enum Kind: UInt8, Sendable {
    case file = 0x30
    case hardLink = 0x31
    case symbolicLink = 0x32
    case folder = 0x35
  }

  /// The path that the archive says.
  public var path: String
  /// What it holds.
  public var bytes: [UInt8]
  /// What it is.
  public var kind: Kind
  /// The size that the archive claims; the true one if `nil`.
  public var claimedSize: Int?
  /// True to damage zip's checksum.
  public var hasWrongChecksum = false

  /// A member; it may claim another size than it has.
  public init(
    _ path: String, _ bytes: [UInt8] = [], kind: Kind = .file, claiming size: Int? = nil
  ) {
    self.path = path
    self.bytes = bytes
    self.kind = kind
    claimedSize = size
  }
}

/// A tar archive (ustar, POSIX.1-1988); links point to `/etc/passwd`.
public func tar(_ members: [ArchiveMember]) -> [UInt8] {
  func field(_ text: String, _ width: Int) -> [UInt8] {
    Array((Array(text.utf8) + [UInt8](repeating: 0, count: width)).prefix(width))
  }
  func octal(_ number: Int, _ width: Int) -> [UInt8] {
    let digits = String(number, radix: 8)
    return field(String(repeating: "0", count: max(0, width - 1 - digits.count)) + digits, width)
  }
  var archive: [UInt8] = []
  for member in members {
    let isLink = member.kind == .symbolicLink || member.kind == .hardLink
    var header =
      field(member.path, 100) + octal(0o644, 8) + octal(0, 8) + octal(0, 8)
      + octal(member.claimedSize ?? member.bytes.count, 12) + octal(0, 12)
      + [UInt8](repeating: 0x20, count: 8) + [member.kind.rawValue]
      + field(isLink ? "/etc/passwd" : "", 100) + field("ustar", 6) + Array("00".utf8)
    header += [UInt8](repeating: 0, count: 512 - header.count)
    let sum = octal(header.reduce(0) { $0 + Int($1) }, 7) + [0x20]
    header.replaceSubrange(148..<156, with: sum)
    archive += header + member.bytes
    archive += [UInt8](repeating: 0, count: (512 - member.bytes.count % 512) % 512)
  }
  return archive + [UInt8](repeating: 0, count: 1024)
}

/// A zip archive, each member packed by deflate.
public func zipped(_ members: [ArchiveMember]) -> [UInt8] {
  func little(_ number: Int, _ width: Int) -> [UInt8] {
    (0..<width).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }
  var (archive, directory): ([UInt8], [UInt8]) = ([], [])
  for member in members {
    let packed = deflated(member.bytes, windowBits: -15)
    let checksum = Int(crc32(0, member.bytes, UInt32(member.bytes.count)))
    let common =
      little(20, 2) + little(0, 2) + little(8, 2) + little(0, 4)
      + little(checksum ^ (member.hasWrongChecksum ? 1 : 0), 4) + little(packed.count, 4)
      + little(member.claimedSize ?? member.bytes.count, 4) + little(member.path.utf8.count, 2)
      + little(0, 2)
    // The kind of a file stands in the upper half of its attributes, as Unix has it.
    let mode = member.kind == .symbolicLink ? 0o120777 : 0o100644
    directory +=
      [0x50, 0x4b, 1, 2] + little(0x031e, 2) + common + little(0, 6) + little(mode << 16, 4)
      + little(archive.count, 4) + Array(member.path.utf8)
    archive += [0x50, 0x4b, 3, 4] + common + Array(member.path.utf8) + packed
  }
  let start = archive.count
  return archive + directory + [0x50, 0x4b, 5, 6] + little(0, 4) + little(members.count, 2)
    + little(members.count, 2) + little(directory.count, 4) + little(start, 4) + little(0, 2)
}

/// A `.npy` file as NumPy writes it.
public func npy(
  _ shape: [Int], _ bytes: [UInt8], type: String = "|u1", isFortran: Bool = false,
  version: UInt8 = 1
) -> [UInt8] {
  let sizes = shape.map { "\($0)," }.joined(separator: " ")
  var header =
    "{'descr': '\(type)', 'fortran_order': \(isFortran ? "True" : "False"), 'shape': (\(sizes)), }"
  let lengthWidth = version == 1 ? 2 : 4
  let length = (8 + lengthWidth + header.utf8.count + 1 + 63) / 64 * 64 - 8 - lengthWidth
  header += String(repeating: " ", count: length - header.utf8.count - 1) + "\n"
  return [0x93] + Array("NUMPY".utf8) + [version, 0]
    + (0..<lengthWidth).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + Array(header.utf8)
    + bytes
}
