import KernelTable

// A tile is a block of C held in registers: a stack of rows, each one to three vectors wide. Stacks are
// built from stacks, so that a tile of 14 rows is one type and the compiler keeps all of it in registers.

protocol Lanes {
  static var width: Int { get }
  init()
  init(_ pointer: Reading)
  func write(_ pointer: Writing)
  mutating func add(_ x: Float, times b: Self)
}

struct OneVector: Lanes {
  @inline(__always) static var width: Int { 16 }
  var v: Vector
  @inline(__always) init() { v = .zero }
  @inline(__always) init(_ pointer: Reading) { v = load(pointer) }
  @inline(__always) func write(_ pointer: Writing) { store(v, pointer) }
  @inline(__always) mutating func add(_ x: Float, times b: Self) {
    v = multiplyAdd(v, Vector(repeating: x), b.v)
  }
}

struct TwoVectors: Lanes {
  @inline(__always) static var width: Int { 32 }
  var v: Vector
  var w: Vector
  @inline(__always) init() {
    v = .zero
    w = .zero
  }
  @inline(__always) init(_ pointer: Reading) {
    v = load(pointer)
    w = load(pointer + 16)
  }
  @inline(__always) func write(_ pointer: Writing) {
    store(v, pointer)
    store(w, pointer + 16)
  }
  @inline(__always) mutating func add(_ x: Float, times b: Self) {
    let x = Vector(repeating: x)
    v = multiplyAdd(v, x, b.v)
    w = multiplyAdd(w, x, b.w)
  }
}

struct ThreeVectors: Lanes {
  @inline(__always) static var width: Int { 48 }
  var two: TwoVectors
  var one: OneVector
  @inline(__always) init() {
    two = TwoVectors()
    one = OneVector()
  }
  @inline(__always) init(_ pointer: Reading) {
    two = TwoVectors(pointer)
    one = OneVector(pointer + 32)
  }
  @inline(__always) func write(_ pointer: Writing) {
    two.write(pointer)
    one.write(pointer + 32)
  }
  @inline(__always) mutating func add(_ x: Float, times b: Self) {
    two.add(x, times: b.two)
    one.add(x, times: b.one)
  }
}

protocol Tile {
  associatedtype Columns: Lanes
  static var rows: Int { get }
  init()
  /// Every row starts from the same numbers: a bias.
  init(repeating pointer: Reading)
  init(_ pointer: Reading, step: Int)
  func write(_ pointer: Writing, step: Int)
  /// Row m += a[m * step] * b.
  mutating func add(_ a: Reading, step: Int, times b: Columns)
}

struct Row<Columns: Lanes>: Tile {
  @inline(__always) static var rows: Int { 1 }
  var sum: Columns
  @inline(__always) init() { sum = Columns() }
  @inline(__always) init(repeating pointer: Reading) { sum = Columns(pointer) }
  @inline(__always) init(_ pointer: Reading, step: Int) { sum = Columns(pointer) }
  @inline(__always) func write(_ pointer: Writing, step: Int) { sum.write(pointer) }
  @inline(__always) mutating func add(_ a: Reading, step: Int, times b: Columns) {
    sum.add(a[0], times: b)
  }
}

struct Stack<Top: Tile, Bottom: Tile>: Tile where Top.Columns == Bottom.Columns {
  typealias Columns = Top.Columns
  @inline(__always) static var rows: Int { Top.rows + Bottom.rows }
  var top: Top
  var bottom: Bottom
  @inline(__always) init() {
    top = Top()
    bottom = Bottom()
  }
  @inline(__always) init(repeating pointer: Reading) {
    top = Top(repeating: pointer)
    bottom = Bottom(repeating: pointer)
  }
  @inline(__always) init(_ pointer: Reading, step: Int) {
    top = Top(pointer, step: step)
    bottom = Bottom(pointer + Top.rows * step, step: step)
  }
  @inline(__always) func write(_ pointer: Writing, step: Int) {
    top.write(pointer, step: step)
    bottom.write(pointer + Top.rows * step, step: step)
  }
  @inline(__always) mutating func add(_ a: Reading, step: Int, times b: Columns) {
    top.add(a, step: step, times: b)
    bottom.add(a + Top.rows * step, step: step, times: b)
  }
}

typealias Rows2<L: Lanes> = Stack<Row<L>, Row<L>>
typealias Rows3<L: Lanes> = Stack<Rows2<L>, Row<L>>
typealias Rows4<L: Lanes> = Stack<Rows2<L>, Rows2<L>>
typealias Rows5<L: Lanes> = Stack<Rows4<L>, Row<L>>
typealias Rows6<L: Lanes> = Stack<Rows4<L>, Rows2<L>>
typealias Rows7<L: Lanes> = Stack<Rows6<L>, Row<L>>
typealias Rows8<L: Lanes> = Stack<Rows4<L>, Rows4<L>>
typealias Rows14<L: Lanes> = Stack<Rows7<L>, Rows7<L>>
typealias Rows16<L: Lanes> = Stack<Rows8<L>, Rows8<L>>
