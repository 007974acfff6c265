import Files
import Foundation
import Networks

/// The files beside an ONNX file in which it may keep its tensors. None outside of its folder is opened.
///
/// Reference: ONNX's “External Data Files” of IR version 7.
final class ONNXExternalData {
  /// The folder of the ONNX file; `nil` for bytes that are no file's.
  private let folder: String?
  private var files: [String: Data] = [:]
  /// The sizes of the files that were read.
  var byteCount: Int { files.values.reduce(0) { $0 + $1.count } }

  /// The files of a folder.
  init(folder: String?) { self.folder = folder }

  /// The bytes of a tensor.
  ///
  /// - Throws: `CheckpointError` if they are not there, or would be outside of the folder.
  func bytes(
    of tensor: Onnx_TensorProto, named name: String
  ) throws(CheckpointError) -> Data {
    var said: [String: String] = [:]
    for entry in tensor.externalData { said[entry.key] = entry.value }
    guard let location = said["location"], !location.isEmpty else {
      throw CheckpointError("\(name) is kept in another file, but which one is not said")
    }
    let file = try file(location, for: name)
    guard let offset = Int(said["offset"] ?? "0"), offset >= 0, offset <= file.count,
      let length = said["length"].map({ Int($0) }) ?? file.count - offset, length >= 0,
      length <= file.count - offset
    else {
      throw CheckpointError("\(name) lies outside of \(location), which has \(file.count) bytes")
    }
    return file[file.startIndex + offset..<file.startIndex + offset + length]
  }

  private func file(_ location: String, for name: String) throws(CheckpointError) -> Data {
    if let file = files[location] { return file }
    let parts = location.split(separator: "/", omittingEmptySubsequences: false)
    guard let folder, !parts.contains(".."), !location.hasPrefix("/"), !location.contains("\\"),
      !location.contains("\0")
    else {
      throw CheckpointError(
        "\(name) would be kept in “\(location)”, outside of the model's folder; it is not opened")
    }
    let base = URL(filePath: folder, directoryHint: .isDirectory).resolvingSymlinksInPath()
    let path = base.appending(path: location)
    // A link may lead elsewhere.
    guard path.resolvingSymlinksInPath().path.hasPrefix(base.path(percentEncoded: false)) else {
      throw CheckpointError(
        "\(name) is kept in “\(location)”, a link that leads outside of the model's folder; it is not opened"
      )
    }
    do {
      let file = Data(
        try FileBytes.read(path.path(percentEncoded: false), limit: ONNXFile.largest))
      files[location] = file
      return file
    } catch {
      throw CheckpointError(
        "its tensors are kept in \(location), which must lie beside it: \(error)")
    }
  }
}
