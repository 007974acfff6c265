import Networks
import Testing

@Suite struct HiddenLayerTests {
  @Test(arguments: [
    ("flatten linear(8) relu linear(3)", "relu1"),
    ("flatten linear(8) relu dropout(0.5) linear(3)", "relu1"),
    ("flatten linear(8) relu linear(3) multiply(0.1) multiply(2)", "relu1"),
    ("flatten linear(3)", "flatten1"),
  ])
  func `the last hidden layer is what the last layer of weights reads`(
    text: String, name: String
  ) throws {
    let architecture = try Architecture(
      Specification(text: text), inputShape: ImageShape(channels: 1, height: 4, width: 4))
    #expect(architecture.hiddenLayer?.name == name)
  }
}
