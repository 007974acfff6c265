import KernelTable
public import Networks

/// What takes the place of the gradient on the way back through a network's layers: the rectifier's rule of
/// deconvolution, the multipliers of DeepLIFT, the relevance of LRP.
public protocol BackwardRule: Sendable {
  /// What goes on to the layer's input; `nil` for the ordinary gradient.
  ///
  /// Called for each shard from several threads at once.
  func inputGradient(of pass: LayerPass) -> [Float]?
  /// What goes on to each input of a layer that joins several; `nil`, which is the default, for the ordinary gradients.
  func inputGradients(ofJoint pass: LayerPass) -> [[Float]]?
  /// Writes what goes on to the layer's input by `LayerPass.rewrite`, which spares copies; false, which is the
  /// default, to be asked by `inputGradient(of:)` instead.
  func rewritesInputGradient(of pass: LayerPass) -> Bool
}

extension BackwardRule {
  /// The ordinary gradients.
  public func inputGradients(ofJoint pass: LayerPass) -> [[Float]]? { nil }
  /// False.
  public func rewritesInputGradient(of pass: LayerPass) -> Bool { false }
}

/// A layer on the way back, seen by a rule: what went in and came out, and what arrives from above.
///
/// All numbers are of a shard of images, one image after the other in the engine's own order, which rules
/// that go number by number need not know. Numbers of padding are zero, and must stay so.
public struct LayerPass {
  /// The layer with its name and shapes.
  public let layer: Architecture.Entry
  /// Its position in the network.
  public let index: Int
  let runner: ShardRunner
  let walk: ShardRunner.Walk
  let comparison: Comparison?

  /// Where the references ran.
  struct Comparison {
    let runner: ShardRunner
    let walk: ShardRunner.Walk
  }

  private var operation: any Operation { runner.plan.operations[index] }
  private var sources: [Int] { runner.plan.inputs[index] }
  private var inputSizes: [Int] { sources.map { runner.plan.layouts[$0].count } }
  private var inputSize: Int { runner.plan.layouts[sources[0]].count }
  private var outputSize: Int { runner.plan.layouts[index + 1].count }

  /// What the layer read.
  public var input: [Float] { copy(runner.activation(sources[0], walk), inputSize) }
  /// What a layer that joins several inputs read of each, in an order of its own.
  public var inputs: [[Float]] {
    zip(sources, inputSizes).map { copy(runner.activation($0, walk), $1) }
  }
  /// What it gave.
  public var output: [Float] { copy(runner.activation(index + 1, walk), outputSize) }
  /// What arrives from the layer above.
  public var outputGradient: [Float] { copy(runner.gradient(index + 1, walk), outputSize) }
  /// What the layer read of the references, one for each image or one for all; `nil` if there are none.
  public var referenceInput: [Float]? { reference(sources[0], inputSize) }
  /// What a layer that joins several inputs read of each; `nil` if there are no references.
  public var referenceInputs: [[Float]]? {
    comparison == nil
      ? nil : zip(sources, inputSizes).map { reference($0, $1) ?? [] }
  }
  /// What it gave for them.
  public var referenceOutput: [Float]? { reference(index + 1, outputSize) }

  /// The layer's output for another input, or with other parameters.
  public func output(of input: [Float], with parameters: LayerParameters? = nil) -> [Float] {
    let (source, target) = (memory(input), Memory(count: walk.images * outputSize))
    run(parameters, input: source, output: target, inputGradient: nil, outputGradient: target) {
      operation.forward(0..<walk.images, $0)
    }
    return copy(ShardStrip(base: target.base, imageStep: outputSize), outputSize)
  }

  /// The gradient with respect to the layer's input for another gradient from above.
  ///
  /// - Parameters:
  ///   - outputGradient: the gradient from above.
  ///   - input: what the layer read; what it did read if `nil`.
  ///   - output: what it gave; what it did give if `nil`.
  ///   - parameters: other parameters than its own.
  /// - Returns: the gradient.
  public func inputGradient(
    of outputGradient: [Float], input: [Float]? = nil, output: [Float]? = nil,
    with parameters: LayerParameters? = nil
  ) -> [Float] {
    let target = Memory(count: walk.images * inputSize)
    run(
      parameters, input: memory(input ?? self.input), output: memory(output ?? self.output),
      inputGradient: target, outputGradient: memory(outputGradient)
    ) { operation.backward(0..<walk.images, $0) }
    return copy(ShardStrip(base: target.base, imageStep: inputSize), inputSize)
  }

  /// The gradients with respect to each input of a layer that joins several, for another gradient from above.
  ///
  /// - Parameters:
  ///   - outputGradient: the gradient from above.
  ///   - inputs: what the layer read; what it did read if `nil`.
  /// - Returns: the gradients.
  public func inputGradients(
    ofJoint outputGradient: [Float], inputs: [[Float]]? = nil
  ) -> [[Float]] {
    func strips(_ memory: [Memory]) -> [ShardStrip] {
      zip(memory, inputSizes).map { ShardStrip(base: $0.base, imageStep: $1) }
    }
    let sources = (inputs ?? []).map(memory)
    let targets = inputSizes.map { Memory(count: walk.images * $0) }
    let (gradient, output) = (memory(outputGradient), Memory(count: walk.images * outputSize))
    return withExtendedLifetime((sources, targets, gradient, output)) {
      var pass = runner.pass(index, walk)
      let (from, to) = (strips(sources), strips(targets))
      let reads = from.isEmpty ? [pass.input] + pass.others.map(\.input) : from
      pass = pass.reading(reads, gradients: to)
      pass.outputGradient = ShardStrip(base: gradient.base, imageStep: outputSize)
      if !from.isEmpty {
        pass.output = ShardStrip(base: output.base, imageStep: outputSize)
        operation.forward(0..<walk.images, pass)
      }
      operation.backward(0..<walk.images, pass)
      return zip(to, inputSizes).map { copy($0, $1) }
    }
  }

  /// Writes the input's gradient where it belongs, image by image, for layers that leave shapes as they are.
  ///
  /// - Parameter body: gets what arrives from above, and the place to write to.
  public func rewrite(_ body: (_ gradient: Span<Float>, _ result: inout MutableSpan<Float>) -> Void)
  {
    let gradients = runner.gradient(index + 1, walk)
    guard let results = runner.pass(index, walk).inputGradient else { return }
    for image in 0..<walk.images {
      var result = UnsafeMutableBufferPointer(start: results[image], count: inputSize).mutableSpan
      body(
        UnsafeBufferPointer(start: gradients[image], count: outputSize).span, &result)
    }
  }

  /// Puts the gradients of the layer's inputs where they belong.
  func replaceInputGradients(_ values: [[Float]]) {
    let pass = runner.pass(index, walk)
    let targets = [pass.inputGradient] + pass.others.map(\.inputGradient)
    precondition(values.count == targets.count, "BackwardRule: \(layer.name) has other inputs")
    for ((values, size), target) in zip(zip(values, inputSizes), targets) {
      precondition(
        values.count == walk.images * size,
        "BackwardRule: \(values.count) numbers for \(layer.name), which reads \(walk.images * size)"
      )
      guard let target else { continue }
      for image in 0..<walk.images {
        for i in 0..<size { target[image][i] = values[image * size + i] }
      }
    }
  }

  private func run(
    _ parameters: LayerParameters?, input: Memory, output: Memory, inputGradient: Memory?,
    outputGradient: Memory, _ body: (Pass) -> Void
  ) {
    let plan = runner.plan
    let values = parameters?.values ?? runner.parameters
    let derived = parameters?.derived ?? runner.derived
    let scratch = Memory(count: plan.scratchCount)
    func strip(_ memory: Memory, _ size: Int) -> ShardStrip {
      ShardStrip(base: memory.base, imageStep: size)
    }
    withExtendedLifetime((input, output, inputGradient, outputGradient, scratch)) {
      body(
        Pass(
          kernels: runner.kernels, parameters: values.base + plan.parameterOffsets[index],
          derived: derived.base + plan.derivedOffsets[index], scratch: scratch.base,
          // A plan that is not fused keeps nothing.
          kept: strip(input, 0), input: strip(input, inputSize), output: strip(output, outputSize),
          inputGradient: inputGradient.map { strip($0, inputSize) },
          outputGradient: strip(outputGradient, outputSize), parameterGradient: nil,
          randomness: nil))
    }
  }

  private func reference(_ boundary: Int, _ size: Int) -> [Float]? {
    guard let comparison else { return nil }
    let strip = comparison.runner.activation(boundary, comparison.walk)
    return (0..<comparison.walk.images).flatMap {
      UnsafeBufferPointer(start: strip[$0], count: size)
    }
  }

  private func copy(_ strip: ShardStrip, _ size: Int) -> [Float] {
    Array(unsafeUninitializedCapacity: walk.images * size) { buffer, count in
      guard let base = buffer.baseAddress else { return }
      for image in 0..<walk.images {
        (base + image * size).initialize(from: strip[image], count: size)
      }
      count = walk.images * size
    }
  }

  private func memory(_ values: [Float]) -> Memory {
    let memory = Memory(count: values.count)
    for (i, value) in values.enumerated() { memory.base[i] = value }
    return memory
  }
}

/// The parameters of a network as its layers read them; see `Tracer.parameters(of:)`.
public final class LayerParameters: Sendable {
  let values: Memory
  let derived: Memory

  init(_ network: Network, _ plan: Plan) {
    values = Memory(count: plan.parameterCount)
    derived = Memory(count: plan.derivedCount)
    plan.pack(network, to: values)
    plan.derive(values, to: derived)
  }
}
