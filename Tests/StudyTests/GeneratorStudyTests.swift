import Datasets
import Engine
import Evaluation
import Foundation
import Generators
import Networks
import StudySupport
import TestSupport
import Testing

@testable import Study

/// What is found out about a generator.
@Suite struct GeneratorStudyTests {
  private let pool = WorkerPool(threads: 2)
  private let split = TrainedGenerator.split

  private func json(_ results: GeneratorResults) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return try encoder.encode(results)
  }

  @Test func `results are the same on any threads, and when they are read again`() throws {
    for (kind, latents) in [(GeneratorKind.vae, 2), (.flow, nil)] as [(GeneratorKind, Int?)] {
      let subject = TrainedGenerator.subject(kind, latents: latents)
      let written = try json(TrainedGenerator.results(subject, isRead: true))
      #expect(
        try json(TrainedGenerator.results(subject, isRead: true, threads: 1)) == written, "\(kind)")
      let read = try JSONDecoder().decode(GeneratorResults.self, from: written)
      #expect(try json(read) == written, "\(kind)")
    }
  }

  @Test func `each kind has what fits it, and nothing else`() throws {
    let (plane, wide) = (TrainedGenerator.plane, TrainedGenerator.wide)
    let (flow, adversarial) = (TrainedGenerator.flow, TrainedGenerator.adversarial)
    #expect(plane.parts.map(\.role) == [.encoder, .decoder])
    #expect(flow.parts.map(\.role) == [.velocity] && adversarial.parts.map(\.role) == [.generator])
    #expect(plane.latentSpace?.autoencoder?.map != nil && plane.plane != nil)
    #expect(wide.latentSpace?.autoencoder?.map == nil && wide.plane == nil)
    #expect(adversarial.latentSpace?.autoencoder == nil && flow.latentSpace == nil)
    #expect(plane.flow == nil && flow.flow?.ways.count == 11)
    #expect(plane.strangers.map(\.name) == ["shuffled pixels", "upside down"])
    #expect(adversarial.strangers.isEmpty && flow.strangers.isEmpty)
    // Without a classifier nothing is said that needs one.
    #expect(wide.quality == nil && wide.samples.readings == nil)
    #expect(plane.quality?.readings.count == plane.quality?.count)
    #expect(flow.samples.asked == (0..<100).map { $0 % 10 } && plane.samples.asked == nil)
    #expect(plane.course.map(\.epoch) == [0, 1, 2, 3] && plane.history.count == 3)
    #expect(plane.data.origin == .learned && adversarial.data.origin == .unknown)
    for results in [plane, wide, flow, adversarial] {
      #expect(results.samples.pictures.shape == [100, 1, 28, 28])
      #expect(results.samples.pictures.values.allSatisfy { (0...1).contains($0) })
    }
  }

  @Test func `the latents' numbers are those of the encoder and the bound`() throws {
    let subject = TrainedGenerator.subject(.vae, latents: 6)
    let generator = Generator(subject.checkpoint, pool: pool)
    let facts = try #require(
      TrainedGenerator.results(subject, isRead: false).latentSpace?.autoencoder)
    let codes = generator.encode(split.test.floats(Array(0..<split.test.count)))
    for latent in 0..<6 {
      let mean =
        (0..<split.test.count).reduce(0.0) { sum, image in
          let (mean, logVariance) = (
            Double(codes.means[6 * image + latent]), Double(codes.logVariances[6 * image + latent])
          )
          return sum + 0.5 * (mean * mean + exponential(logVariance) - 1 - logVariance)
        } / Double(split.test.count)
      #expect(abs(facts.divergences[latent] - mean) < 1e-6)
    }
    #expect(abs(facts.divergences.reduce(0, +) - facts.divergence) < 1e-4)
    let interval = try #require(facts.interval)
    #expect(interval.contains(facts.bound) && facts.count == split.test.count)
    // The turned latents are those with most, and stand at the given values.
    let order = facts.turns.map { facts.divergences[$0.latent] }
    #expect(order == order.sorted(by: >) && order.first == facts.divergences.max())
    let turn = facts.turns[0]
    var code = generator.encode(split.test.floats([try #require(facts.turned).index])).means
    code[turn.latent] = turn.values[2]
    let drawn = Plane(pictures: generator.decode(code), shape: [1, 28, 28])
    #expect(
      turn.values.first == -3 && turn.values.last == 3
        && turn.pictures.pictures[2].values == drawn.values)
    // The first test image of each class, and what is made of it.
    #expect(facts.ends.map(\.label) == Array(0..<10))
    for end in facts.ends {
      #expect(split.test.labels.firstIndex(of: end.label) == end.index)
    }
    #expect(facts.originals.values == split.test.floats(facts.ends.map(\.index)))
  }

  @Test func `the map lies on the quantiles of the normal distribution`() throws {
    let map = try #require(TrainedGenerator.plane.latentSpace?.autoencoder?.map)
    #expect(map.side == 20 && map.pictures.shape == [400, 1, 28, 28])
    // scipy.stats.norm.ppf of 0.025, 0.475 and 0.975.
    let known: [(Int, Float)] = [(0, -1.959964), (9, -0.0627068), (19, 1.959964)]
    for (place, value) in known { #expect(abs(map.quantiles[place] - value) < 1e-5) }
    let subject = TrainedGenerator.subject(.vae, latents: 2)
    let generator = Generator(subject.checkpoint, pool: pool)
    // Row by row, the second latent falling.
    let corner = generator.decode([map.quantiles[3], map.quantiles[19 - 1]])
    #expect(
      map.pictures.pictures[20 + 3].values == Plane(pictures: corner, shape: [1, 28, 28]).values)
    let point = try #require(map.points.first)
    let means = generator.encode(split.test.floats([point.image])).means
    #expect(
      point.x == means[0] && point.y == means[1] && point.label == split.test.labels[point.image])
  }

  /// A decoder that draws one training image, whatever its latents are.
  private func copying(_ image: Int) -> GeneratorStudy.Subject {
    let architecture = TrainedGenerator.architecture(
      "flatten linear(4) concat( | sample linear(784))")
    let pixels = split.train.floats([image])
    var network = Network.untrained(
      architecture, normalization: .identity(channels: 1), seed: 1)
    for place in network.tensors.indices {
      switch network.tensors[place].name {
      case "linear2.weight":
        network.tensors[place].values = network.tensors[place].values.map { _ in 0 }
      case "linear2.bias":
        // Logits that give each pixel to less than half of a 255th.
        network.tensors[place].values = pixels.map {
          $0 <= 0 ? -20 : $0 >= 1 ? 20 : Float(logarithm(Double($0) / (1 - Double($0))))
        }
      default: break
      }
    }
    return GeneratorStudy.Subject(
      name: "copy",
      checkpoint: GeneratorCheckpoint(
        kind: .vae, network: network, imageShape: ImageShape(channels: 1, height: 28, width: 28),
        latents: 2, classes: TrainedGenerator.dataset.classes, dataset: "drawn", seed: 1,
        history: [], course: [], run: nil, trainedOn: nil), sha256: "")
  }

  @Test func `a generator that draws one training image again and again is found out`() throws {
    let results = TrainedGenerator.results(copying(17), isRead: true)
    let memory = results.memory
    #expect(memory.check.limits.allSatisfy { $0.nearer == memory.check.count })
    for match in memory.first + memory.nearest {
      #expect(match.distance == 0 && match.label == split.train.labels[17])
      #expect(match.image.values == split.train.floats([17]))
    }
    #expect(memory.pictureCounts[0] == memory.check.count)
    #expect(memory.testCounts.reduce(0, +) == memory.check.testCount)
    let quality = try #require(results.quality)
    #expect(quality.readings.covered == 1 && quality.readings.missing.count == 9)
    #expect(quality.precisionRecall.recall < 0.2)
    #expect(quality.frechet > 10 * quality.frechetFloor)
    // It makes the same of everything: what differs from its one picture is badly drawn again.
    #expect(results.strangers.allSatisfy { $0.counts.reduce(0, +) == $0.count })
    #expect(
      results.latentSpace?.autoencoder?.reconstructed.pictures.allSatisfy {
        $0.values == split.train.floats([17])
      } == true)
  }

  @Test func `numbers are not finite, and nothing breaks`() throws {
    var subject = copying(3)
    var checkpoint = subject.checkpoint
    for place in checkpoint.network.tensors.indices {
      checkpoint.network.tensors[place].values[0] = .nan
    }
    subject = GeneratorStudy.Subject(name: "broken", checkpoint: checkpoint, sha256: "")
    let results = TrainedGenerator.results(subject, isRead: true)
    #expect(results.plane == nil && results.samples.pictures.values.allSatisfy(\.isFinite))
    #expect(results.quality?.frechet.isFinite != true || results.quality?.readings.count ?? 0 > 0)
  }

  @Test func `few images leave out what needs neighbours`() throws {
    let few = Split(
      Dataset(
        name: "few", classes: TrainedGenerator.dataset.classes,
        train: split.train.selecting(0..<3), test: split.test.selecting(0..<3)), seed: 1)
    let results = GeneratorStudy.run(
      TrainedGenerator.subject(.vae, latents: 2), readBy: TrainedGenerator.classifier,
      on: TrainedGenerator.dataset, split: few, extent: .quick, pool: pool)
    #expect(results.quality == nil && results.memory.check.testCount > 0)
    #expect(results.samples.pictures.shape[0] == 100)
  }
}
