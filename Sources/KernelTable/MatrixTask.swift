/// One general product: for every repeat q, row m and column n,
///
/// `C[q][m][n] = start + Σ_o Σ_k A[q][o][m][k] * B[q][o][k][n]`
///
/// where each index moves by its own stride. Convolution forward, its two gradients and all three
/// products of a linear layer are settings of these strides.
public struct MatrixTask {
  /// First number of A.
  public var a: Reading
  /// First number of B.
  public var b: Reading
  /// First number of C.
  public var c: Writing
  /// What C starts from: a row of `columns` numbers (a bias), or zero if `nil` and not accumulating.
  public var start: Reading?
  /// If true, C starts from what it holds.
  public var accumulates = false

  /// Number of repeats.
  public var repeats = 1
  /// Rows of A and C.
  public var rows: Int
  /// Columns of B and C: a multiple of 16, contiguous.
  public var columns: Int
  /// Length of the outer sum.
  public var outer = 1
  /// Length of the inner sum.
  public var inner: Int

  /// Step of A from one repeat to the next.
  public var aRepeat = 0
  /// Step of A from one outer term to the next.
  public var aOuter = 0
  /// Step of A from one row to the next.
  public var aRow: Int
  /// Step of A from one inner term to the next.
  public var aInner: Int
  /// Step of B from one repeat to the next; 0 if all have the same.
  public var bRepeat = 0
  /// Step of B from one outer term to the next.
  public var bOuter = 0
  /// Step of B from one inner term to the next.
  public var bInner: Int
  /// Step of C from one repeat to the next.
  public var cRepeat = 0
  /// Step of C from one row to the next.
  public var cRow: Int

  /// A plain product of `rows` x `inner` by `inner` x `columns`; the other strides are set afterwards.
  public init(
    a: Reading, aRow: Int, aInner: Int, b: Reading, bInner: Int, c: Writing, cRow: Int,
    start: Reading? = nil, rows: Int, columns: Int, inner: Int
  ) {
    self.a = a
    self.aRow = aRow
    self.aInner = aInner
    self.b = b
    self.bInner = bInner
    self.c = c
    self.cRow = cRow
    self.start = start
    self.rows = rows
    self.columns = columns
    self.inner = inner
  }
}
