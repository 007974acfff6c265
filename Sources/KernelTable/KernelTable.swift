/// Pointer to numbers that a kernel reads.
public typealias Reading = UnsafePointer<Float>
/// Pointer to numbers that a kernel writes.
public typealias Writing = UnsafeMutablePointer<Float>

/// The hot loops of the engine, compiled for one instruction-set level.
///
/// All kernels see activations as `[row][column][channel]` with the channel fastest. Every sum runs in
/// a fixed order that does not depend on tile sizes, so that levels with fused multiply-add give
/// the same bits as each other.
public final class KernelTable: Sendable {
  /// The level's name: `baseline`, `avx2`, `avx512`.
  public let name: String
  /// C = A B, the general product behind convolution and linear layers; see `MatrixTask`.
  public let multiply: @Sendable (MatrixTask) -> Void
  /// sum[c] += Σ_r values[r * columns + c].
  package let addRows:
    @Sendable (_ values: Reading, _ rows: Int, _ columns: Int, _ sum: Writing) -> Void
  /// output = max(input, 0); the two may be the same memory.
  package let relu: @Sendable (_ input: Reading, _ output: Writing, _ count: Int) -> Void
  /// inputGradient = outputGradient where output > 0, else 0.
  package let reluBackward:
    @Sendable (_ output: Reading, _ outputGradient: Reading, _ inputGradient: Writing, _ count: Int)
      -> Void
  /// Another activation by the word of its layer (`gelu`); `nil` if there is none of that word.
  package let activation: @Sendable (_ word: String) -> ActivationKernel?
  /// values[r][c] = exp(scale values[r][c]) / Σ exp(scale values[r][...]) over the first `count` numbers of each row; what
  /// pads the row becomes zero. Rows lie `step` numbers apart, a multiple of 16.
  package let softmaxRows:
    @Sendable (_ values: Writing, _ scale: Float, _ rows: Int, _ count: Int, _ step: Int) -> Void
  /// gradient[r][c] = scale p[r][c] (gradient[r][c] - Σ p[r][...] gradient[r][...]), p what `softmaxRows` gave.
  package let softmaxRowsBackward:
    @Sendable (
      _ probabilities: Reading, _ gradient: Writing, _ scale: Float, _ rows: Int, _ step: Int
    ) -> Void
  /// Rows to mean 0 and variance 1, then scaled and shifted; see `RowNormTask`.
  package let normalizeRows: @Sendable (RowNormTask, _ output: Writing) -> Void
  /// Its gradients, those of scale and shift added; `nil` for one that nobody wants.
  package let normalizeRowsBackward:
    @Sendable (
      RowNormTask, _ outputGradient: Reading, _ scale: Writing?, _ shift: Writing?,
      _ inputGradient: Writing?
    ) -> Void
  /// A recurrent layer's cell by the word of its layer (`lstm`); `nil` if there is none of that word.
  package let cell: @Sendable (_ word: String) -> CellKernel?
  /// gradient[i] = scale (σ(z_i) - t_i) for logits z and targets t in 0...1.
  ///
  /// Returns the cross-entropy, Σ max(z_i, 0) - z_i t_i + log(1 + exp(-|z_i|)), in nats.
  package let binaryCrossEntropy:
    @Sendable (
      _ logits: Reading, _ targets: Reading, _ count: Int, _ scale: Float, _ gradient: Writing
    ) -> Float
  /// Largest value of each window of one image.
  package let maxPool: @Sendable (_ input: Reading, _ output: Writing, PoolShape) -> Void
  /// Adds each output gradient to the first largest input of its window.
  package let maxPoolBackward:
    @Sendable (
      _ input: Reading, _ output: Reading, _ outputGradient: Reading, _ inputGradient: Writing,
      PoolShape
    ) -> Void
  /// Mean of each window of one image.
  package let averagePool: @Sendable (_ input: Reading, _ output: Writing, PoolShape) -> Void
  /// Adds each output gradient, divided by the window's size, to every input of its window.
  package let averagePoolBackward:
    @Sendable (_ outputGradient: Reading, _ inputGradient: Writing, PoolShape) -> Void
  /// output = input * mask / (1 - p), the mask drawn from `seed` and the element's index.
  package let dropout:
    @Sendable (_ input: Reading, _ output: Writing, _ count: Int, _ dropped: Float, _ seed: UInt32)
      -> Void
  /// output[r][c] = input[r][c] * scale[c] + shift[c].
  package let scaleShift:
    @Sendable (
      _ input: Reading, _ scale: Reading, _ shift: Reading, _ output: Writing, _ rows: Int,
      _ channels: Int
    ) -> Void
  /// sums[c] += Σ_r (input[r][c] - center[c]); squares[c] += Σ_r (input[r][c] - center[c])².
  package let addDeviations:
    @Sendable (
      _ input: Reading, _ center: Reading, _ rows: Int, _ channels: Int, _ sums: Writing,
      _ squares: Writing
    ) -> Void
  /// products[c] += Σ_r gradient[r][c] (input[r][c] - mean[c]); sums[c] += Σ_r gradient[r][c].
  package let addProducts:
    @Sendable (
      _ gradient: Reading, _ input: Reading, _ mean: Reading, _ rows: Int, _ channels: Int,
      _ products: Writing, _ sums: Writing
    ) -> Void
  /// output[r][c] = gradient[r][c] * a[c] + (input[r][c] - mean[c]) * b[c] + d[c].
  package let normBackward:
    @Sendable (
      _ gradient: Reading, _ input: Reading, _ mean: Reading, _ a: Reading, _ b: Reading,
      _ d: Reading, _ output: Writing, _ rows: Int, _ channels: Int
    ) -> Void
  /// ReLU and 2 x 2 max-pooling of two rows `[2][width][channels]`, each result's two lowest bits naming the
  /// place of the maximum.
  package let reluPool:
    @Sendable (_ rows: Reading, _ output: Writing, _ width: Int, _ channels: Int) -> Void
  /// The gradient of two rows from a coded result and its gradient.
  package let reluPoolBackward:
    @Sendable (
      _ output: Reading, _ gradient: Reading, _ rows: Writing, _ width: Int, _ channels: Int
    ) -> Void
  /// The input's gradient under each pooled place, from coded results, their gradient, and for each filter and code
  /// a patch of weights: `[place][count]`, a multiple of 16 numbers a patch. `live` is room for a number a filter.
  package let gatherPatches:
    @Sendable (
      _ output: Reading, _ gradient: Reading, _ patches: Reading, _ live: Writing,
      _ result: Writing, _ places: Int, _ filters: Int, _ count: Int
    ) -> Void
  /// Winograd's transform of the input: `[36][tile][channel]`.
  package let winogradInput:
    @Sendable (_ input: Reading, _ transformed: Writing, WinogradRun) -> Void
  /// Winograd's transform of the products back to outputs, with bias.
  package let winogradOutput:
    @Sendable (_ products: Reading, _ bias: Reading, _ output: Writing, WinogradRun) -> Void
  /// Winograd's transform of weights `[filter][3][3][channel]`; turned by half a circle for the backward pass.
  package let winogradWeights:
    @Sendable (
      _ weights: Reading, _ transformed: Writing, _ filters: Int, _ channels: Int, _ turned: Bool
    ) -> Void
  /// Winograd's transform of the output's gradient: `[36][tile][filter]`; its sum is added to the bias's.
  package let winogradGradient:
    @Sendable (_ gradient: Reading, _ transformed: Writing, _ bias: Writing, WinogradRun) -> Void
  /// Winograd's transform back of the weights' gradient `[36][filter][channel]`, added.
  package let winogradWeightGradient:
    @Sendable (_ sums: Reading, _ weights: Writing, _ filters: Int, _ channels: Int) -> Void
  /// Winograd's transform of the input for tiles of 2 x 2: `[16][tile][channel]`.
  package let winogradInputSmall:
    @Sendable (_ input: Reading, _ transformed: Writing, WinogradRun) -> Void
  /// Their outputs with bias, ReLU and 2 x 2 max-pooling, coded as by `reluPool`.
  package let winogradOutputPooled:
    @Sendable (_ products: Reading, _ bias: Reading, _ output: Writing, WinogradRun) -> Void
  /// Their outputs with bias.
  package let winogradOutputSmall:
    @Sendable (_ products: Reading, _ bias: Reading, _ output: Writing, WinogradRun) -> Void
  /// Their weights.
  package let winogradWeightsSmall:
    @Sendable (
      _ weights: Reading, _ transformed: Writing, _ filters: Int, _ channels: Int, _ turned: Bool
    ) -> Void
  /// Sorts the live places of a pooled convolution into lists.
  package let sortLive: @Sendable (LiveTask) -> Void
  /// Sums over such lists.
  public let accumulateSparse: @Sendable (SparseTask) -> Void
  /// Finds the places where values differ from the background: 16 times the place, and the difference. `starts`
  /// gets, for every run of 16 values and for the end, how many were found before.
  package let findInk:
    @Sendable (
      _ values: Reading, _ background: Reading, _ count: Int,
      _ starts: UnsafeMutablePointer<Int32>, _ offsets: UnsafeMutablePointer<Int32>,
      _ differences: Writing
    ) -> Void
  /// For each row of a picture of one channel, a bit for each column that differs from the background; `width` is at
  /// most 64, and fifteen numbers behind the picture can be read.
  package let inkRows:
    @Sendable (
      _ pixels: Reading, _ background: Float, _ height: Int, _ width: Int,
      _ rows: UnsafeMutablePointer<UInt64>
    ) -> Void
  /// Pixels of a moved picture, the same bits at every level; see `ResampleTask`.
  package let resample: @Sendable (ResampleTask) -> Void
  /// Sums of a few rows.
  public let gather: @Sendable (GatherTask) -> Void
  /// One optimizer step on a run of parameters; returns the sum of the squared gradients.
  public let update: @Sendable (UpdateTask) -> Double

  /// A table of the functions of one level.
  package init(
    name: String,
    multiply: @escaping @Sendable (MatrixTask) -> Void,
    addRows: @escaping @Sendable (Reading, Int, Int, Writing) -> Void,
    relu: @escaping @Sendable (Reading, Writing, Int) -> Void,
    reluBackward: @escaping @Sendable (Reading, Reading, Writing, Int) -> Void,
    activation: @escaping @Sendable (String) -> ActivationKernel?,
    softmaxRows: @escaping @Sendable (Writing, Float, Int, Int, Int) -> Void,
    softmaxRowsBackward: @escaping @Sendable (Reading, Writing, Float, Int, Int) -> Void,
    normalizeRows: @escaping @Sendable (RowNormTask, Writing) -> Void,
    normalizeRowsBackward:
      @escaping @Sendable (RowNormTask, Reading, Writing?, Writing?, Writing?) -> Void,
    cell: @escaping @Sendable (String) -> CellKernel?,
    binaryCrossEntropy: @escaping @Sendable (Reading, Reading, Int, Float, Writing) -> Float,
    maxPool: @escaping @Sendable (Reading, Writing, PoolShape) -> Void,
    maxPoolBackward: @escaping @Sendable (Reading, Reading, Reading, Writing, PoolShape) -> Void,
    averagePool: @escaping @Sendable (Reading, Writing, PoolShape) -> Void,
    averagePoolBackward: @escaping @Sendable (Reading, Writing, PoolShape) -> Void,
    dropout: @escaping @Sendable (Reading, Writing, Int, Float, UInt32) -> Void,
    scaleShift: @escaping @Sendable (Reading, Reading, Reading, Writing, Int, Int) -> Void,
    addDeviations: @escaping @Sendable (Reading, Reading, Int, Int, Writing, Writing) -> Void,
    addProducts:
      @escaping @Sendable (Reading, Reading, Reading, Int, Int, Writing, Writing) -> Void,
    normBackward:
      @escaping @Sendable (
        Reading, Reading, Reading, Reading, Reading, Reading, Writing, Int, Int
      ) -> Void,
    reluPool: @escaping @Sendable (Reading, Writing, Int, Int) -> Void,
    reluPoolBackward: @escaping @Sendable (Reading, Reading, Writing, Int, Int) -> Void,
    gatherPatches:
      @escaping @Sendable (Reading, Reading, Reading, Writing, Writing, Int, Int, Int) -> Void,
    winogradInput: @escaping @Sendable (Reading, Writing, WinogradRun) -> Void,
    winogradOutput: @escaping @Sendable (Reading, Reading, Writing, WinogradRun) -> Void,
    winogradWeights: @escaping @Sendable (Reading, Writing, Int, Int, Bool) -> Void,
    winogradGradient: @escaping @Sendable (Reading, Writing, Writing, WinogradRun) -> Void,
    winogradWeightGradient: @escaping @Sendable (Reading, Writing, Int, Int) -> Void,
    winogradInputSmall: @escaping @Sendable (Reading, Writing, WinogradRun) -> Void,
    winogradOutputPooled: @escaping @Sendable (Reading, Reading, Writing, WinogradRun) -> Void,
    winogradOutputSmall: @escaping @Sendable (Reading, Reading, Writing, WinogradRun) -> Void,
    winogradWeightsSmall: @escaping @Sendable (Reading, Writing, Int, Int, Bool) -> Void,
    sortLive: @escaping @Sendable (LiveTask) -> Void,
    accumulateSparse: @escaping @Sendable (SparseTask) -> Void,
    findInk:
      @escaping @Sendable (
        Reading, Reading, Int, UnsafeMutablePointer<Int32>, UnsafeMutablePointer<Int32>, Writing
      ) -> Void,
    inkRows:
      @escaping @Sendable (Reading, Float, Int, Int, UnsafeMutablePointer<UInt64>) -> Void,
    resample: @escaping @Sendable (ResampleTask) -> Void,
    gather: @escaping @Sendable (GatherTask) -> Void,
    update: @escaping @Sendable (UpdateTask) -> Double
  ) {
    self.name = name
    self.multiply = multiply
    self.addRows = addRows
    self.relu = relu
    self.reluBackward = reluBackward
    self.activation = activation
    self.softmaxRows = softmaxRows
    self.softmaxRowsBackward = softmaxRowsBackward
    self.normalizeRows = normalizeRows
    self.normalizeRowsBackward = normalizeRowsBackward
    self.cell = cell
    self.binaryCrossEntropy = binaryCrossEntropy
    self.maxPool = maxPool
    self.maxPoolBackward = maxPoolBackward
    self.averagePool = averagePool
    self.averagePoolBackward = averagePoolBackward
    self.dropout = dropout
    self.scaleShift = scaleShift
    self.addDeviations = addDeviations
    self.addProducts = addProducts
    self.normBackward = normBackward
    self.reluPool = reluPool
    self.reluPoolBackward = reluPoolBackward
    self.gatherPatches = gatherPatches
    self.winogradInput = winogradInput
    self.winogradOutput = winogradOutput
    self.winogradWeights = winogradWeights
    self.winogradGradient = winogradGradient
    self.winogradWeightGradient = winogradWeightGradient
    self.winogradInputSmall = winogradInputSmall
    self.winogradOutputPooled = winogradOutputPooled
    self.winogradOutputSmall = winogradOutputSmall
    self.winogradWeightsSmall = winogradWeightsSmall
    self.sortLive = sortLive
    self.accumulateSparse = accumulateSparse
    self.findInk = findInk
    self.inkRows = inkRows
    self.resample = resample
    self.gather = gather
    self.update = update
  }
}
