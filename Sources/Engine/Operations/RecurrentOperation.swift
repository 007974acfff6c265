import KernelTable
import Networks

/// A recurrent layer on a shard: what the input says to the gates is one product for all places; then the images go from
/// place to place together.
///
/// For each image are kept: the gates' values, `[place][gate][unit]`, the cell's memory and the state, `[place][unit]`: what
/// follows may write over the output.
struct RecurrentOperation: InnerOperation {
  let output: Layout
  let parameters: [ParameterBlock]
  private let cell: CellKernel
  /// True if a gate's slope differs for what the input and the state say to it.
  private let hasOwnSlopes: Bool
  /// False for a cell that has its state alone.
  private let hasMemory: Bool
  private let entry: Projection
  private let state: Projection

  init(_ layer: Recurrent, at site: OperationSite) {
    guard let cell = site.kernels.cell(layer.cell.rawValue) else {
      preconditionFailure("RecurrentOperation: no kernel computes \(layer.text)")
    }
    self.cell = cell
    let input = site.input
    output = Layout(length: input.positions, width: layer.units)
    hasOwnSlopes = layer.cell == .gru
    hasMemory = layer.cell != .rnn
    let units = Projection.plain(layer.units)
    let gates = (0..<layer.cell.gates).flatMap { gate in
      units.map { $0 < 0 ? -1 : Int32(gate * layer.units) + $0 }
    }
    entry = Projection(inputs: input.step, outputs: gates.count)
    state = Projection(inputs: units.count, outputs: gates.count)
    let first = site.firstTensor
    parameters =
      entry.blocks(
        weight: first, bias: first + 2, at: 0, rows: Projection.plain(input.channels),
        columns: gates)
      + state.blocks(
        weight: first + 1, bias: first + 3, at: entry.parameterCount, rows: units, columns: gates)
  }

  var isPerImage: Bool { false }
  var readsOutput: Bool { false }
  var collectedCount: Int { entry.parameterCount + state.parameterCount }
  var derivedCount: Int { entry.derivedCount + state.derivedCount }
  var keptCount: Int { places * (gates + 2 * units) }
  var scratchCount: Int {
    units + MemoryPlan.Purpose.prediction.shardSize * gates
      + shardSize * (2 * units + places * gates * (hasOwnSlopes ? 2 : 1))
  }

  private var places: Int { output.positions }
  private var units: Int { output.step }
  /// Numbers of all gates.
  private var gates: Int { entry.outputs }

  func derive(
    parameters: UnsafeMutablePointer<Float>, derived: UnsafeMutablePointer<Float>,
    kernels: KernelTable
  ) {
    entry.derive(parameters, to: derived)
    state.derive(parameters + entry.parameterCount, to: derived + entry.derivedCount)
  }

  /// One image's step at a place; `nothing` are zeros, the state before the first.
  private func step(
    _ image: Int, at place: Int, hidden: UnsafePointer<Float>, nothing: UnsafePointer<Float>,
    _ pass: Pass
  ) -> CellKernel.Step {
    let gates = pass.kept[image] + place * self.gates
    let memory = pass.kept[image] + places * self.gates + place * units
    let state = states(image, pass) + place * units
    return CellKernel.Step(
      gates: gates, hidden: hidden,
      previousState: place == 0 ? nothing : UnsafePointer(state - units),
      previousMemory: place == 0 ? nothing : UnsafePointer(memory - units), memory: memory,
      state: state, units: units)
  }

  private func states(_ image: Int, _ pass: Pass) -> UnsafeMutablePointer<Float> {
    pass.kept[image] + places * (gates + units)
  }

  func forward(_ images: Range<Int>, _ pass: Pass) {
    let (nothing, hidden) = (pass.scratch, pass.scratch + units)
    nothing.update(repeating: 0, count: units)
    for image in images {
      entry.forward(
        pass.input[image], places: places, pass.parameters, to: pass.kept[image], pass.kernels)
    }
    let weights = pass.parameters + entry.parameterCount
    for place in 0..<places {
      let before = place == 0 ? nothing : states(images.lowerBound, pass) + (place - 1) * units
      pass.kernels.multiply(
        MatrixTask(
          a: before, aRow: place == 0 ? 0 : pass.kept.imageStep, aInner: 1, b: weights,
          bInner: gates, c: hidden, cRow: gates, start: weights + units * gates,
          rows: images.count, columns: gates, inner: units))
      for (row, image) in images.enumerated() {
        cell.forward(
          step(image, at: place, hidden: hidden + row * gates, nothing: nothing, pass))
      }
    }
    for image in images {
      pass.output[image].update(from: states(image, pass), count: output.count)
    }
  }

  var innerCount: Int { places * (gates / units + (hasMemory ? 1 : 0)) * output.channels }

  func copyInner(of image: Int, _ pass: Pass, to result: UnsafeMutablePointer<Float>) {
    var target = result
    for place in 0..<places {
      let gates = pass.kept[image] + place * self.gates
      let memory = pass.kept[image] + places * self.gates + place * units
      let lists = (0..<self.gates / units).map { gates + $0 * units }
      for list in lists + (hasMemory ? [memory] : []) {
        target.update(from: list, count: output.channels)
        target += output.channels
      }
    }
  }

  func backward(_ images: Range<Int>, _ pass: Pass) {
    let nothing = pass.scratch
    let dState = nothing + units
    let dMemory = dState + shardSize * units
    let dInput = dMemory + shardSize * units
    let dHidden = hasOwnSlopes ? dInput + shardSize * places * gates : dInput
    (pass.scratch).update(repeating: 0, count: units + 2 * shardSize * units)
    for place in (0..<places).reversed() {
      for (row, image) in images.enumerated() {
        let at = (row * places + place) * gates
        cell.backward(
          step(image, at: place, hidden: nothing, nothing: nothing, pass),
          CellKernel.Slopes(
            output: pass.outputGradient[image] + place * units, state: dState + row * units,
            memory: dMemory + row * units, input: dInput + at, hidden: dHidden + at))
      }
      var task = MatrixTask(
        a: dHidden + place * gates, aRow: places * gates, aInner: 1,
        b: pass.derived + entry.derivedCount, bInner: units, c: dState, cRow: units,
        rows: images.count, columns: units, inner: gates)
      task.accumulates = true
      pass.kernels.multiply(task)
    }
    for (row, image) in images.enumerated() {
      let at = row * places * gates
      let slopes = Projection.Slopes(
        input: pass.input[image], outputGradient: dInput + at, places: places)
      if let gradient = pass.parameterGradient {
        entry.addGradient(slopes, to: gradient, pass.kernels)
        addStateGradient(image, dHidden + at, to: gradient + entry.parameterCount, pass)
      }
      if let inputGradient = pass.inputGradient {
        entry.inputGradient(slopes, derived: pass.derived, to: inputGradient[image], pass.kernels)
      }
    }
  }

  /// The first place reads no state: only its bias learns there.
  private func addStateGradient(
    _ image: Int, _ slopes: UnsafePointer<Float>, to gradient: UnsafeMutablePointer<Float>,
    _ pass: Pass
  ) {
    pass.kernels.addRows(slopes, 1, gates, gradient + units * gates)
    guard places > 1 else { return }
    state.addGradient(
      Projection.Slopes(
        input: states(image, pass), outputGradient: slopes + gates, places: places - 1),
      to: gradient, pass.kernels)
  }
}

extension Recurrent: ExecutableLayer {
  func operation(at site: OperationSite) -> (operation: any Operation, layers: Int) {
    (RecurrentOperation(self, at: site), 1)
  }
}
