import Interchange
import Networks
import TestSupport
import Testing

/// What is exported, read again.
@Suite struct ExportReadingTests {
  @Test func `every export is read as the checkpoint that it was made of`() throws {
    let folder = try TemporaryFolder()
    let texts = LayerKinds.all.flatMap { $0.examples }.flatMap(ExportSamples.texts)
    for text in texts + ExportSamples.graphs {
      let checkpoint = try ExportSamples.checkpoint(text)
      for place in NormalizationPlace.allCases {
        let bytes = try ONNXExport(checkpoint, normalization: place, version: "1").bytes()
        let read = try ModelFile.read(folder.write(bytes, "a.onnx"))
        #expect(
          read.safeTensors().encoded() == checkpoint.safeTensors().encoded(), "\(place) \(text)")
      }
      let weights = PyTorchExport(checkpoint, normalization: .inside).weights()
      let read = try ModelFile.read(folder.write(weights, "a.safetensors"))
      #expect(read.safeTensors().encoded() == checkpoint.safeTensors().encoded(), "\(text)")
    }
  }
}
