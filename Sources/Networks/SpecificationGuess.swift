/// What the shapes of a file's tensors say of the network that they are of, and what is left for a person to say.
struct SpecificationGuess {
  /// The layers that the tensors decide, in order, as a specification writes them.
  let words: [String]
  /// A whole network that fits them, of the usual functions and poolings between; `nil` if none was found.
  let example: String?
  private let names: [String]

  /// So many convolutions and no more are tried with poolings between.
  private static let most = 8
  /// So many layers and no more.
  private static let mostLayers = 64

  /// - Parameters:
  ///   - file: names and shapes in the file's order.
  ///   - isOrdered: true if that order is the order in which the network's layers were made.
  ///   - inputShapes: the images that it may read.
  init(_ file: [(name: String, shape: [Int])], isOrdered: Bool, inputShapes: [ImageShape]) {
    let prefix = TensorMatching.prefix(of: file.map(\.name))
    let modules = TensorMatching.modules(
      file.map { (String($0.name.dropFirst(prefix.count)), $0.shape) }, isOrdered: isOrdered)
    names = modules.map(\.name)
    words = modules.map { Self.word($0) ?? "?" }
    let hasBranches = names.contains { name in
      ["downsample", "shortcut", "branch"].contains { name.contains($0) }
    }
    let convolutions = modules.count { $0.rank == 4 }
    guard !hasBranches, !words.contains("?"), convolutions <= Self.most,
      modules.count <= Self.mostLayers
    else {
      example = nil
      return
    }
    example = inputShapes.lazy.compactMap { Self.example(modules, $0) }.first
  }

  /// The sentence that asks for the network.
  var question: String {
    let most = 12
    let known = zip(names, words).prefix(most).map { $1 == "?" ? "\($0) ?" : $1 }
      .joined(separator: ", ")
    let head =
      words.isEmpty
      ? "it was not written by Inkling, and holds no tensors"
      : "it was not written by Inkling: it holds tensors, not the network. Their shapes say \(known)\(words.count > most ? ", …" : "");"
        + " say with --model what stands between them"
    return head + (example.map { ", perhaps --model \"\($0)\"" } ?? "")
  }

  /// The layer of a module; `nil` if its shapes do not decide it.
  private static func word(_ module: TensorMatching.Module) -> String? {
    guard let weight = module.shapes["weight"] else { return nil }
    let bias = module.shapes["bias"] == nil ? ",bias=no" : ""
    switch weight.count {
    case 4 where weight[2] == weight[3]: return "conv(\(weight[0]),\(weight[2])\(bias))"
    case 2: return "linear(\(weight[0])\(bias))"
    case 1 where module.shapes["running_mean"] != nil: return "norm"
    case _: return nil
    }
  }

  /// The first network of a few usual forms whose tensors have the modules' shapes.
  private static func example(_ modules: [TensorMatching.Module], _ shape: ImageShape) -> String? {
    let convolutions = modules.count { $0.rank == 4 }
    // A pooling behind each, behind every second, behind the first ones: by the bits of a number.
    let poolings = (0..<1 << convolutions).sorted { a, b in
      (a.nonzeroBitCount, a) > (b.nonzeroBitCount, b)
    }
    for padding in ["", ",padding=0", "first"] where convolutions > 0 || padding.isEmpty {
      for pooled in poolings {
        for end in convolutions > 0 ? ["flatten", "globalpool"] : ["flatten"] {
          let text = text(modules, padding: padding, pooled: pooled, end: end)
          guard let specification = try? Specification(text: text),
            let architecture = try? Architecture(specification, inputShape: shape)
          else { continue }
          let entries = architecture.entries.filter { !$0.parameters.isEmpty }
          let fits =
            entries.count == modules.count
            && zip(entries, modules).allSatisfy { entry, module in
              entry.parameters.allSatisfy { module.shapes[$0.name] == $0.shape }
            }
          if fits { return text }
        }
      }
    }
    return nil
  }

  // What `padding` says, every convolution says; `first` is LeNet's way, in which only the first keeps the size.
  private static func text(
    _ modules: [TensorMatching.Module], padding: String, pooled: Int, end: String
  ) -> String {
    var words: [String] = []
    var place = 0
    var isFlat = false
    for (index, module) in modules.enumerated() {
      guard var word = word(module) else { continue }
      let next = index + 1 < modules.count ? modules[index + 1] : nil
      if module.rank == 4 {
        let said = padding == "first" ? (place == 0 ? "" : ",padding=0") : padding
        word.insert(contentsOf: said, at: word.index(before: word.endIndex))
      }
      if module.rank == 2, !isFlat {
        words.append(end)
        isFlat = true
      }
      words.append(word)
      // A function behind each layer, or behind its normalisation, but for the last.
      if let next, next.rank != 1 || module.rank == 1 { words.append("relu") }
      if module.rank == 4 || (module.rank == 1 && !isFlat), next.map({ $0.rank != 1 }) ?? true {
        if pooled >> place & 1 == 1, next != nil { words.append("maxpool(2)") }
        place += 1
      }
    }
    return words.joined(separator: " ")
  }
}

extension TensorMatching.Module {
  /// Dimensions of its weights.
  fileprivate var rank: Int { shapes["weight"]?.count ?? 0 }
}
