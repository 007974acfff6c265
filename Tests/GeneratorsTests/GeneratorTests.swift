import Datasets
import Engine
import Files
import Foundation
import Generators
import Networks
import TestSupport
import Testing
import Training

@Suite struct GeneratorTests {
  private func trained(_ kind: GeneratorKind, epochs: Int = 3) throws -> GeneratorCheckpoint {
    var run = smallRun(kind)
    run.epochs = epochs
    let trainer = GeneratorTrainer(try prepared(run), pool: WorkerPool(threads: 2))
    trainer.train()
    return trainer.checkpoint
  }

  private func generator(_ checkpoint: GeneratorCheckpoint, threads: Int = 2) -> Generator {
    Generator(checkpoint, pool: WorkerPool(threads: threads))
  }

  @Test(arguments: GeneratorTrainerTests.kinds)
  func `a picture hangs on the seed and its number alone`(kind: GeneratorKind) throws {
    let checkpoint = try trained(kind, epochs: 1)
    let many = generator(checkpoint).pictures(70, seed: 9, steps: 3)
    #expect(many.count == 70 * 64 && many.allSatisfy { (0...1).contains($0) })
    #expect(generator(checkpoint, threads: 1).pictures(70, seed: 9, steps: 3) == many)
    #expect(
      Array(generator(checkpoint, threads: 3).pictures(5, seed: 9, steps: 3)) == Array(many[..<320])
    )
    #expect(generator(checkpoint).pictures(70, seed: 10, steps: 3) != many)
  }

  @Test(arguments: GeneratorTrainerTests.kinds)
  func `a checkpoint says the same when it is read again`(kind: GeneratorKind) throws {
    let checkpoint = try trained(kind, epochs: 2)
    let folder = try TemporaryFolder()
    let path = folder.file("g.safetensors")
    try checkpoint.write(to: path)
    let again = try GeneratorCheckpoint.read(path)
    #expect(again.kind == kind && again.network == checkpoint.network)
    #expect(again.history == checkpoint.history && again.course == checkpoint.course)
    #expect(again.classes == ["upper", "lower"] && again.dataset == "halves")
    #expect(again.trainedOn?.count == checkpoint.trainedOn?.count && again.run == checkpoint.run)
    #expect(try again.configuration()?.generator == kind)
    #expect(again.safeTensors().encoded() == checkpoint.safeTensors().encoded())
    // To those who want a classifier it says what it is; and a classifier says that it is no generator.
    let error = try #require(throws: CheckpointFileError.self) { try Checkpoint.read(path) }
    #expect(error.description.contains("inkling sample"))
    let classifier = Checkpoint(
      network: try hashedNetwork("flatten linear(2)", (1, 8, 8)), classes: ["a", "b"],
      dataset: "halves", seed: 1)
    try classifier.write(to: path)
    let other = try #require(throws: CheckpointFileError.self) {
      try GeneratorCheckpoint.read(path)
    }
    #expect(other.description.contains("no generator"))
  }

  @Test(arguments: GeneratorTrainerTests.kinds)
  func `files that were changed are refused, and none is read by half`(kind: GeneratorKind) throws {
    let file = try trained(kind, epochs: 1).safeTensors()
    func refused(_ change: (inout SafeTensors) -> Void) -> Bool {
      var changed = file
      change(&changed)
      do {
        _ = try GeneratorCheckpoint(changed)
        return false
      } catch { return true }
    }
    #expect(!refused { _ in })
    #expect(refused { $0.metadata["generator"] = "dream" })
    #expect(refused { $0.metadata["image_shape"] = "[1,8,9]" })
    #expect(refused { $0.metadata["image_shape"] = "[1,8,99999999]" })
    #expect(refused { $0.metadata["classes"] = "[]" })
    if kind == .flow { #expect(refused { $0.metadata["classes"] = #"["a","b","c"]"# }) }
    #expect(refused { $0.metadata["latents"] = "3" })
    #expect(refused { $0.metadata["latents"] = "-1" })
    #expect(refused { $0.metadata["course_epochs"] = "[0]" })
    #expect(refused { $0.metadata["course_epochs"] = "[]" })
    #expect(refused { $0.metadata["course_epochs"] = "[1,0]" })
    #expect(refused { $0.metadata["course_epochs"] = "[-1,0]" })
    #expect(refused { $0.metadata["history"] = "{}" })
    #expect(refused { $0.metadata["model"] = "flatten linear(64)" })
    #expect(refused { $0.metadata["input_shape"] = "[1,4,16]" })
    let bytes = file.encoded()
    for length in stride(from: 0, to: bytes.count, by: 97) {
      #expect(throws: CheckpointError.self) {
        _ = try GeneratorCheckpoint(SafeTensors(Array(bytes[..<length])))
      }
    }
  }

  @Test func `an autoencoder's halves give what the whole network gives`() throws {
    let checkpoint = try trained(.vae)
    let images = halves(7, stream: 3).floats(0..<7)
    let whole = Executor(checkpoint.network, pool: WorkerPool(threads: 1)).logits(images)
    let found = generator(checkpoint).encode(images)
    let decoded = generator(checkpoint).decode(found.means)
    for image in 0..<7 {
      let row = whole[image * 68..<(image + 1) * 68].map { $0 }
      for latent in 0..<2 {
        #expect(abs(row[latent] - found.means[image * 2 + latent]) < 1e-5)
        #expect(abs(row[2 + latent] - found.logVariances[image * 2 + latent]) < 1e-5)
      }
      // At prediction the whole network decodes the means.
      for pixel in 0..<64 {
        #expect(abs(1 / (1 + exp(-row[4 + pixel])) - decoded[image * 64 + pixel]) < 1e-5)
      }
    }
  }

  @Test func `the bound is what many draws of its latents have in the mean`() throws {
    let checkpoint = try trained(.vae)
    let images = halves(3, stream: 4)
    let draws = (0..<400).map { generator(checkpoint).bound(images, seed: UInt64($0)) }
    let (means, logVariances) = generator(checkpoint).encode(images.floats(0..<3))
    for image in 0..<3 {
      var divergence = 0.0
      for latent in 2 * image..<2 * image + 2 {
        let (mean, log) = (Double(means[latent]), Double(logVariances[latent]))
        divergence += 0.5 * (mean * mean + exp(log) - 1 - log)
      }
      #expect(draws.allSatisfy { abs($0[image].divergence - divergence) < 1e-4 })
      // Fresh latents each time, whose pictures are looked at without the trainer's help.
      let values = draws.map { $0[image].reconstruction }
      let mean = values.reduce(0, +) / 400
      let pixels = images.floats([image])
      var slow: [Double] = []
      var noise = hashed(2 * 400 * 12, 8 + UInt64(image))[...]
      for _ in 0..<400 {
        let code = (2 * image..<2 * image + 2).map { latent -> Float in
          // Twelve uniform numbers make a normal one.
          let normal = noise.prefix(12).reduce(-6, +)
          noise = noise.dropFirst(12)
          return means[latent] + exp(logVariances[latent] / 2) * normal
        }
        slow.append(
          zip(pixels, generator(checkpoint).decode(code)).reduce(0.0) {
            let (t, p) = (Double($1.0), min(max(Double($1.1), 1e-12), 1 - 1e-12))
            return $0 - t * log(p) - (1 - t) * log(1 - p)
          })
      }
      let other = slow.reduce(0, +) / 400
      let spread = values.reduce(0.0) { $0 + ($1 - mean) * ($1 - mean) } / 400
      #expect(abs(mean - other) < 6 * (2 * spread / 400).squareRoot() + 1e-3)
    }
  }

  @Test func `a flow that was told draws the class, by Euler's steps`() throws {
    let checkpoint = try trained(.flow, epochs: 40)
    let drawing = generator(checkpoint)
    func brightness(_ label: Int) -> Float {
      let pictures = drawing.pictures(20, of: Array(repeating: label, count: 20), seed: 1)
      return (0..<20).reduce(0) { sum, picture in
        let own = pictures[picture * 64..<(picture + 1) * 64]
        return sum + own.prefix(32).reduce(0, +) - own.suffix(32).reduce(0, +)
      } / (20 * 32)
    }
    #expect(brightness(0) > 0.4 && brightness(1) < -0.4)
    // Literally, one picture: noise, and steps along what the network says.
    let path = drawing.path(1, of: [1], seed: 3, steps: 4, guidance: 2)
    #expect(path.count == 5)
    #expect(path[4] == drawing.pictures(1, of: [1], seed: 3, steps: 4, guidance: 2))
    let network = Executor(checkpoint.network, pool: WorkerPool(threads: 1))
    var state = drawing.latents(1, seed: 3)
    for step in 0..<4 {
      let t = Float(step) / 4
      func velocity(_ label: Int?) -> [Float] {
        let planes: [Float] = [
          2 * t - 1, sin(.pi * t), cos(.pi * t), sin(2 * .pi * t), cos(2 * .pi * t),
          label == 0 ? 1 : 0, label == 1 ? 1 : 0,
        ]
        return network.logits(state + planes.flatMap { [Float](repeating: $0, count: 64) })
      }
      let (told, untold) = (velocity(1), velocity(nil))
      for i in state.indices { state[i] += (untold[i] + 2 * (told[i] - untold[i])) / 4 }
    }
    for (found, own) in zip(path[4], state) {
      #expect(abs(found - min(max((own + 1) / 2, 0), 1)) < 1e-4)
    }
  }
}
