import KernelTable

// One optimizer step; the formulas are those of UpdateTask.Formula. Returns Σ g², summed in sixteen
// lanes over the run and then in order, before weight decay is added.
func update(_ task: UpdateTask) -> Double {
  switch task.formula {
  case .momentum(let rate, let momentum):
    run(task) { p, g, m, _ in
      m = multiplyAdd(g, m, Vector(repeating: momentum))
      p -= m * rate
    }
  case .nesterov(let rate, let momentum):
    run(task) { p, g, m, _ in
      m = multiplyAdd(g, m, Vector(repeating: momentum))
      p -= multiplyAdd(g, m, Vector(repeating: momentum)) * rate
    }
  case .adam(let rate, let beta1, let beta2, let epsilon, let rootScale):
    run(task) { p, g, m, v in
      m = multiplyAdd(m * beta1, g, Vector(repeating: 1 - beta1))
      v = multiplyAdd(v * beta2, g * g, Vector(repeating: 1 - beta2))
      let root = v.squareRoot()
      p -= m * rate / multiplyAdd(Vector(repeating: epsilon), root, Vector(repeating: rootScale))
    }
  }
}

@inline(__always)
private func run(
  _ task: UpdateTask,
  _ step: (_ p: inout Vector, _ g: Vector, _ m: inout Vector, _ v: inout Vector) -> Void
) -> Double {
  var squares = Vector.zero
  var i = 0
  while i < task.count {
    // Runs are padded to a multiple of sixteen, so there is no tail.
    let raw = load(task.gradient + i)
    squares = multiplyAdd(squares, raw, raw)
    var p = load(task.parameters + i)
    let g = multiplyAdd(raw, p, Vector(repeating: task.coupledDecay))
    p *= task.shrink
    var m = load(task.first + i)
    var v = load(task.second + i)
    step(&p, g, &m, &v)
    store(p, task.parameters + i)
    store(m, task.first + i)
    store(v, task.second + i)
    i += 16
  }
  var total = 0.0
  for lane in 0..<16 { total += Double(squares[lane]) }
  return total
}
