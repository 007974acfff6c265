import Attacks
import Augmentation
import Datasets
import Engine
import Foundation
import Networks
import Randomness
import TestSupport
import Testing
import Training

@Suite struct AugmentationTests {
  private let shape = ImageShape(channels: 2, height: 11, width: 14)
  private static let examples = AugmentationKinds.all.flatMap { $0.examples }

  private func changed(_ pixels: [Float], by change: ImageChange) -> [Float] {
    var result = pixels
    var span = result.mutableSpan
    change.apply(to: &span)
    return result
  }

  // MARK: Texts

  @Test(arguments: examples)
  func `text becomes a step and the same text again`(example: String) throws {
    let augmentation = try Augmentation(text: example)
    #expect(augmentation.description == example)
    #expect(try Augmentation(text: augmentation.description) == augmentation)
  }

  @Test func `presets are texts`() throws {
    for (name, text) in Augmentation.presets {
      let preset = try Augmentation(text: name)
      #expect(try Augmentation(text: preset.description) == preset)
      #expect(try Augmentation(text: text) == preset)
    }
  }

  @Test(arguments: [
    "", "shift", "shift(-1)", "rotate(400)", "scale(1)", "twist(3)", "crop(2,wrap)", "flip(2)",
    "shift(1) digits", "shift(1", "erase(0.5,3)", "noise(nan)", "mixup(0)", "cutmix(1,2)",
  ])
  func `what is no augmentation is refused with its place`(text: String) throws {
    #expect(throws: SpecificationError.self) { try Augmentation(text: text) }
  }

  // MARK: Every kind

  @Test(arguments: examples)
  func `pixels stay in range, and what is drawn hangs on seed, epoch and image alone`(
    example: String
  ) throws {
    let augmentation = try Augmentation(text: example)
    let pixels = hashed(shape.count, 3)
    let other = hashed(shape.count, 4)
    func drawn(_ seed: UInt64, _ epoch: Int, _ image: Int) -> [Float] {
      var result = changed(
        pixels,
        by: augmentation.change(
          of: shape, ground: [0, 0.5], seed: seed, epoch: epoch, image: image))
      let mix = augmentation.mix(of: shape, seed: seed, epoch: epoch, image: image)
      #expect((mix != nil) == augmentation.mixes)
      if let mix {
        var span = result.mutableSpan
        mix.apply(other.span, to: &span, shape)
      }
      return result
    }
    var different: Set<[Float]> = []
    for (seed, epoch, image) in [(1, 0, 0), (2, 0, 0), (1, 1, 0), (1, 0, 1), (1, 3, 7), (5, 2, 9)] {
      let once = drawn(UInt64(seed), epoch, image)
      #expect(once == drawn(UInt64(seed), epoch, image))
      #expect(once.allSatisfy { (0...1).contains($0) })
      different.insert(once)
    }
    // All but an exchange of left and right, which always does the same.
    #expect(different.count > (example == "flip(1.0)" ? 0 : 1))
    for change in augmentation.extremes(of: shape, ground: [0, 0.5]).flatMap(\.changes) {
      #expect(changed(pixels, by: change).allSatisfy { (0...1).contains($0) })
      #expect((0...1).contains(change.lostInk(pixels)))
    }
  }

  @Test func `an alternating flip mirrors every image every other time, half of them at once`()
    throws
  {
    let augmentation = try Augmentation(text: "flip(alternating)")
    let pixels = hashed(shape.count, 3)
    var counts = [0, 0]
    for image in 0..<400 {
      let seen = (0..<4).map { epoch in
        changed(
          pixels,
          by: augmentation.change(of: shape, ground: [0, 0], seed: 7, epoch: epoch, image: image))
      }
      #expect(seen[0] == seen[2] && seen[1] == seen[3] && seen[0] != seen[1])
      #expect(seen.contains(pixels))
      counts[seen[0] == pixels ? 0 : 1] += 1
    }
    #expect(abs(counts[0] - 200) < 50)
  }

  // MARK: Mixing

  @Test(arguments: [Float(0.2), 1, 4])
  func `shares are those of the beta distribution, and pixels have them`(alpha: Float) throws {
    let augmentation = try Augmentation(text: "mixup(\(alpha))")
    let (zeros, ones) = (
      [Float](repeating: 0, count: shape.count), [Float](repeating: 1, count: shape.count)
    )
    var shares: [Double] = []
    var partners = [Int](repeating: 0, count: 10)
    for image in 0..<4000 {
      let mix = try #require(augmentation.mix(of: shape, seed: 1, epoch: 0, image: image))
      shares.append(Double(mix.share))
      partners[mix.partner(among: 10)] += 1
      guard image < 50 else { continue }
      var mixed = zeros
      var span = mixed.mutableSpan
      mix.apply(ones.span, to: &span, shape)
      #expect(mixed.allSatisfy { $0 == mix.share })
    }
    let mean = shares.reduce(0, +) / 4000
    let variance = shares.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 4000
    #expect(abs(mean - 0.5) < 0.03)
    #expect(abs(variance * 4 * (2 * Double(alpha) + 1) - 1) < 0.1, "\(variance)")
    #expect(partners.allSatisfy { abs($0 - 400) < 80 })
  }

  @Test func `a window's share is its area, in every channel`() throws {
    let augmentation = try Augmentation(text: "cutmix")
    let (zeros, ones) = (
      [Float](repeating: 0, count: shape.count), [Float](repeating: 1, count: shape.count)
    )
    var areas: Set<Int> = []
    for image in 0..<300 {
      let mix = try #require(augmentation.mix(of: shape, seed: 1, epoch: 0, image: image))
      var mixed = zeros
      var span = mixed.mutableSpan
      mix.apply(ones.span, to: &span, shape)
      let plane = shape.height * shape.width
      let area = mixed[..<plane].count { $0 == 1 }
      #expect(mixed.allSatisfy { $0 == 0 || $0 == 1 } && mixed[plane...].count { $0 == 1 } == area)
      #expect(abs(mix.share - Float(area) / Float(plane)) < 1e-6)
      areas.insert(area)
    }
    #expect(areas.count > 30)
    // Of two steps that mix, either is drawn about as often.
    let both = try Augmentation(text: "mixup(1) cutmix(1)")
    let whole = try (0..<400).count { image in
      var mixed = zeros
      var span = mixed.mutableSpan
      let mix = try #require(both.mix(of: shape, seed: 1, epoch: 0, image: image))
      mix.apply(ones.span, to: &span, shape)
      return Set(mixed).count == 1
    }
    #expect((150..<260).contains(whole), "\(whole)")
  }

  // MARK: torchvision

  private struct Reference: Decodable {
    let script: String
    let image: [Float]
    let moves: [String: [Float]]
    let light: [String: [Float]]
  }

  private func reference() throws -> Reference {
    let url = try #require(
      Bundle.module.url(forResource: "Fixtures/augmentation", withExtension: "json"))
    let found = try JSONDecoder().decode(Reference.self, from: Data(contentsOf: url))
    #expect(found.script == "augmentation.py")
    return found
  }

  @Test func `moves are torchvision's within a grey level`() throws {
    let reference = try reference()
    #expect(reference.moves.count == 9)
    for (name, theirs) in reference.moves {
      var change = ImageChange(shape, ground: [0, 0])
      switch name {
      case "rotate 30": change.turn(degrees: 30)
      case "rotate -12.5": change.turn(degrees: -12.5)
      case "shift 1.25 -2.5": change.shift(1.25, -2.5)
      case "scale 1.3": change.grow(1.3)
      case "scale 0.7": change.grow(0.7)
      case "shear 20": change.shear(degrees: 20)
      case "all":
        change.shear(degrees: -10)
        change.grow(0.9)
        change.turn(degrees: 15)
        change.shift(2, 1)
      case "flip": change.mirror()
      case "reflect 3 -2":
        change.shift(3, -2)
        change.reflect()
      default: Issue.record("nothing is compared with \(name)")
      }
      let ours = changed(reference.image, by: change)
      #expect(ours.count == theirs.count)
      for (a, b) in try paired(ours, theirs) { #expect(abs(a - b) < 1e-4, "\(name)") }
    }
  }

  @Test(arguments: [
    "shift(9)", "rotate(180)", "scale(0.9)", "shear(60)", "elastic(60,1.5)", "crop(12)", "flip(1)",
    "crop(12,reflect)", "shear(30) scale(0.5) rotate(90) shift(4) elastic(20,2)",
  ])
  func `an image moves as its pixels one by one: nothing is left out around ink`(text: String)
    throws
  {
    let augmentation = try Augmentation(text: text)
    for (width, height, draws) in [(14, 11, 12), (5, 9, 12), (1, 7, 3), (29, 31, 2)] {
      let shape = ImageShape(channels: 1, height: height, width: width)
      let pixels = hashed(shape.count, UInt64(width))
      for draw in 0..<draws {
        let change = augmentation.change(of: shape, ground: [0], seed: 3, epoch: 0, image: draw)
        var sum = [Float](repeating: 0, count: shape.count)
        for place in pixels.indices {
          var dot = [Float](repeating: 0, count: shape.count)
          dot[place] = pixels[place]
          for (i, value) in changed(dot, by: change).enumerated() { sum[i] += value }
        }
        for (a, b) in try paired(changed(pixels, by: change), sum) { #expect(abs(a - b) < 1e-4) }
      }
    }
  }

  @Test func `light is torchvision's`() throws {
    let reference = try reference()
    #expect(reference.light.count == 3)
    let grey = Array(reference.image[..<154])
    for (name, theirs) in reference.light {
      let isColour = name.hasSuffix("colour")
      let shape = ImageShape(channels: isColour ? 3 : 1, height: 11, width: 14)
      let image = isColour ? reference.image + grey.map { $0 * 0.5 } : grey
      var change = ImageChange(shape, ground: [Float](repeating: 0, count: shape.channels))
      switch name {
      case "brightness 1.4": change.brighten(1.4)
      case "contrast 0.6": change.stretch(0.6)
      default: change.stretch(1.7)
      }
      let ours = changed(image, by: change)
      #expect(ours.count == theirs.count)
      for (a, b) in try paired(ours, theirs) { #expect(abs(a - b) < 1e-4, "\(name)") }
    }
  }

  // MARK: What it promises

  @Test func `ground comes in where an image is moved away, and ink that leaves is told`() {
    var pixels = [Float](repeating: 0.25, count: 100)
    pixels[0] = 1
    var change = ImageChange(ImageShape(channels: 1, height: 10, width: 10), ground: [0.25])
    #expect(change.lostInk(pixels) == 0)
    change.shift(3, 4)
    let moved = changed(pixels, by: change)
    #expect(moved[43] == 1 && moved.filter { $0 != 0.25 }.count == 1)
    #expect(change.lostInk(pixels) == 0)
    change.shift(-5, 0)
    #expect(change.lostInk(pixels) == 1)
    #expect(changed(pixels, by: change).allSatisfy { $0 == 0.25 })
  }

  @Test func `the ground of images is the middle of their edges`() {
    // A dark edge but for a few pixels, a bright middle.
    var pixels = [UInt8](repeating: 10, count: 2 * 36)
    for i in 0..<36 where (1..<5).contains(i / 6) && (1..<5).contains(i % 6) { pixels[i] = 200 }
    pixels[0] = 255
    let images = LabeledImages(channels: 1, height: 6, width: 6, pixels: pixels, labels: [0, 1])
    #expect(images.ground == [Float(10) / 255])
  }

  @Test func `bending moves by the strength, smoothly`() throws {
    // Ramps along both axes show how far each pixel was moved.
    let (h, w) = (28, 28)
    let ramp = (0..<h * w).map { Float($0 % w) / Float(w) }
    let augmentation = try Augmentation(text: "elastic(34,4)")
    var moves: [Float] = []
    for image in 0..<40 {
      let change = augmentation.change(
        of: ImageShape(channels: 1, height: h, width: w), ground: [0], seed: 1, epoch: 0,
        image: image)
      let bent = changed(ramp, by: change)
      for y in 8..<20 { for x in 8..<20 { moves.append((bent[y * w + x] - ramp[y * w + x]) * 28) } }
    }
    // Uniform noise of variance 1/3 through a normal window of two dimensions: α √(1/3 · 1 / (4 π σ²)).
    let expected = 34 * (1 / 3 / (4 * Float.pi * 16)).squareRoot()
    let spread = (moves.reduce(0) { $0 + $1 * $1 } / Float(moves.count)).squareRoot()
    #expect(abs(spread / expected - 1) < 0.15, "\(spread) for \(expected)")
  }

  private func configuration(_ text: String?, _ attack: String?) throws -> TrainingConfiguration {
    TrainingConfiguration(
      epochs: 2, batchSize: 20, learningRate: 0.01,
      augmentation: try text.map { try Augmentation(text: $0) },
      adversary: try attack.map {
        InnerAttack(try #require(InnerAttack.Kind($0, beta: 3)), epsilon: 0.1, steps: 2)
      }, seed: 3)
  }

  private func trainer(_ text: String?, threads: Int, attack: String? = nil) throws -> Trainer {
    let images = LabeledImages(
      channels: 1, height: 8, width: 9, pixels: hashed(60 * 72, 5).map { UInt8($0 * 255) },
      labels: (0..<60).map { $0 % 3 })
    return Trainer(
      try hashedNetwork("conv(4,3) relu flatten linear(3)", (1, 8, 9)), train: images,
      validation: images, configuration: try configuration(text, attack),
      pool: WorkerPool(threads: threads))
  }

  @Test(arguments: [nil, "pgd", "trades"])
  func `training on what is drawn is the same on any number of threads and after a resume`(
    attack: String?
  ) throws {
    let text =
      "rotate(20) shift(1) elastic(5,2) noise(0.1) erase"
      + (attack == nil ? " mixup(0.4) cutmix" : "")
    let whole = try trainer(text, threads: 1, attack: attack)
    whole.run()
    let plain = try trainer(nil, threads: 1, attack: attack)
    plain.run()
    #expect(whole.result != plain.result)
    for threads in [2, 3] {
      let other = try trainer(text, threads: threads, attack: attack)
      other.run()
      #expect(other.result == whole.result)
    }
    let first = try trainer(text, threads: 2, attack: attack)
    first.run(while: { false })
    let images = LabeledImages(
      channels: 1, height: 8, width: 9, pixels: hashed(60 * 72, 5).map { UInt8($0 * 255) },
      labels: (0..<60).map { $0 % 3 })
    let second = Trainer(
      first.currentState, train: images, validation: images,
      configuration: try configuration(text, attack), pool: WorkerPool(threads: 3))
    second.run()
    #expect(second.result == whole.result)
  }
}
