import Datasets
import Files
import Foundation
import Interchange
import Networks

// What libFuzzer calls with one changed file after the other (Scripts/fuzz.sh). An error is what a bad file deserves; a crash, a
// second's silence or half a gigabyte of memory is a defect, and libFuzzer keeps the file that led to it.

/// A reader of files from anywhere.
private enum Kind: String {
  case onnx, pytorch, safetensors, npz

  /// What PyTorch's and safetensors' fixtures are of.
  private static let assumptions = Checkpoint.Assumptions(
    model: "conv(2,3,padding=0) norm relu maxpool(2) flatten linear(3)",
    inputShape: ImageShape(channels: 1, height: 6, width: 6))
  private static let layout = NPZLayout(
    PublishedFile("set.npz"), train: .init(images: "train_images", labels: "train_labels"),
    validation: .init(images: "val_images", labels: "val_labels"),
    test: .init(images: "test_images", labels: "test_labels"))

  func read(_ bytes: [UInt8], in folder: String) throws {
    switch self {
    case .onnx: _ = try ModelFile.read(bytes, in: folder, assuming: nil)
    case .pytorch, .safetensors:
      // Without a network its shapes are asked.
      _ = try? ModelFile.read(bytes, in: folder, assuming: nil)
      _ = try ModelFile.read(bytes, in: folder, assuming: Self.assumptions)
    case .npz:
      _ = try Self.layout.images([DatasetFile(path: "set.npz", contents: bytes)], classes: 3)
    }
  }
}

private let kind: Kind = {
  let name = ProcessInfo.processInfo.environment["INKLING_FUZZ_KIND"] ?? ""
  guard let kind = Kind(rawValue: name) else {
    fatalError("INKLING_FUZZ_KIND is “\(name)”: onnx, pytorch, safetensors or npz")
  }
  return kind
}()
private let folder = ProcessInfo.processInfo.environment["INKLING_FUZZ_FOLDER"] ?? "."

/// Reads one file.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
  try? kind.read(Array(UnsafeBufferPointer(start: data, count: size)), in: folder)
  return 0
}

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
  _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// The program, whose main the package manager gives this name.
@_cdecl("FuzzFiles_main")
public func fuzzFiles(
  _ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> CInt {
  var (count, arguments) = (count, arguments)
  return runDriver(&count, &arguments, testOneInput)
}
