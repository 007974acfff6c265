import Attribution
import Engine
import Foundation
import Networks
import TestSupport
import Testing

/// Maps beside those of Captum, pytorch-grad-cam and zennit; `Scripts/reference/attributions.py` says with
/// which settings.
@Suite struct ReferenceTests {
  struct Fixture: Decodable {
    struct Maps: Decodable {
      let targets: [Int]
      let maps: [String: [Float]]
    }
    let script: String
    let networks: [String: Maps]
  }

  private let pool = WorkerPool(threads: 2)

  private func fixture(_ family: String) throws -> Fixture {
    let url = try #require(
      Bundle.module.url(forResource: "Fixtures/\(family)", withExtension: "json"))
    let fixture = try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: url))
    #expect(fixture.script == "attributions.py")
    return fixture
  }

  private func subject(_ name: String) throws -> (executor: Executor, images: [Float]) {
    name == "small"
      ? (Executor(try smallCNN(), pool: pool), hashed(8 * 144, 77))
      : (Executor(try mixedCNN(), pool: pool), hashed(4 * 432, 78))
  }

  /// The largest difference of each image's map, relative to the map's largest value.
  private func relativeErrors(_ a: [Float], _ b: [Float], images: Int) -> [Float] {
    let size = b.count / images
    return (0..<images).map { image in
      let range = image * size..<(image + 1) * size
      let largest = b[range].reduce(0) { max($0, abs($1)) }
      let difference = range.reduce(Float(0)) { max($0, abs(a[$1] - b[$1])) }
      return largest == 0 ? difference : difference / largest
    }
  }

  private func expectEqual(_ ours: [Float], _ theirs: [Float], images: Int, _ name: String) {
    #expect(ours.count == theirs.count, "\(name)")
    guard ours.count == theirs.count else { return }
    let errors = relativeErrors(ours, theirs, images: images).sorted()
    #expect(errors[errors.count - 1] < 1e-3, "\(name): \(errors)")
    #expect(errors[errors.count / 2] < 1e-5, "\(name): \(errors)")
  }

  @Test(arguments: ["small", "mixed"])
  func `gradient methods equal Captum's`(network: String) throws {
    let expected = try #require(try fixture("gradients").networks[network])
    let (executor, images) = try subject(network)
    let count = expected.targets.count
    for (name, theirs) in expected.maps where !name.hasSuffix(" delta") {
      let method: any AttributionMethod
      switch name {
      case "deeplift others":
        // Any baseline will do to compare: here each image's is another image of the batch.
        let size = images.count / count
        let others = (0..<count).reversed().flatMap { images[$0 * size..<($0 + 1) * size] }
        var settings = AttributionSettings()
        settings.baseline = .data
        let own = try (0..<count).map { image in
          settings.background = Array(others[image * size..<(image + 1) * size])
          return try AttributionMethods.method(
            "deeplift", settings, for: executor.network.architecture
          ).attribution(
            of: Array(images[image * size..<(image + 1) * size]), in: executor,
            for: [expected.targets[image]])
        }
        expectEqual(own.flatMap(\.scores), theirs, images: count, "\(network) \(name)")
        continue
      default:
        method = try AttributionMethods.method(name, for: executor.network.architecture)
      }
      let result = method.attribution(of: images, in: executor, for: expected.targets)
      expectEqual(result.scores, theirs, images: count, "\(network) \(name)")
      if let deltas = expected.maps[name + " delta"] {
        for (delta, right) in try paired(#require(result.convergenceDelta), deltas) {
          #expect(abs(delta - right) < 1e-4, "\(network) \(name)")
        }
      }
    }
  }

  @Test(arguments: ["small", "mixed"])
  func `class activation maps equal pytorch-grad-cam's`(network: String) throws {
    let expected = try #require(try fixture("activation_maps").networks[network])
    let (executor, images) = try subject(network)
    for (name, theirs) in expected.maps {
      let parts = name.split(separator: " ").map(String.init)
      var settings = AttributionSettings()
      settings.layer = parts[1]
      let method = try AttributionMethods.method(
        parts[0], settings, for: executor.network.architecture)
      let raw = try #require(
        method.attribution(of: images, in: executor, for: expected.targets).raw)
      // The sign of a principal component is open: theirs is turned to ours.
      let size = raw.height * raw.width
      let aligned = theirs.indices.map { i -> Float in
        guard parts[0] == "eigen-cam" else { return theirs[i] }
        let range = i / size * size..<(i / size + 1) * size
        let same = range.reduce(Float(0)) { $0 + raw.values[$1] * theirs[$1] }
        return max(0, same < 0 ? -theirs[i] : theirs[i])
      }
      expectEqual(raw.values, aligned, images: expected.targets.count, "\(network) \(name)")
    }
  }

  @Test(arguments: ["small", "mixed"])
  func `relevance equals zennit's`(network: String) throws {
    let expected = try #require(try fixture("relevance").networks[network])
    let (executor, images) = try subject(network)
    for (name, theirs) in expected.maps {
      let method = try AttributionMethods.method(name, for: executor.network.architecture)
      let result = method.attribution(of: images, in: executor, for: expected.targets)
      expectEqual(result.scores, theirs, images: expected.targets.count, "\(network) \(name)")
    }
  }

  @Test(arguments: ["small", "mixed"])
  func `occlusion and ablation equal Captum's`(network: String) throws {
    let expected = try #require(try fixture("ablations").networks[network])
    let (executor, images) = try subject(network)
    var settings = AttributionSettings()
    for (name, theirs) in expected.maps {
      (settings.window, settings.stride) = name == "occlusion" ? (5, 3) : (3, nil)
      let method = try AttributionMethods.method(
        name, settings, for: executor.network.architecture)
      let result = method.attribution(of: images, in: executor, for: expected.targets)
      // The same in every channel: the first is enough.
      let channels = result.scores.count / theirs.count
      let first = result.scores.indices.filter { $0 / 144 % channels == 0 }
      expectEqual(
        first.map { result.scores[$0] }, theirs, images: expected.targets.count,
        "\(network) \(name)")
    }
  }

  @Test func `sampled methods agree in the limit`() throws {
    let expected = try #require(try fixture("sampled").networks["small"])
    let executor = Executor(try smallCNN(), pool: pool)
    let images = hashed(4 * 144, 77)
    var settings = AttributionSettings()
    settings.samples = 2000
    settings.window = 3
    settings.background = hashed(32 * 144, 79)
    for (name, theirs) in expected.maps {
      let method = try AttributionMethods.method(
        name, settings, for: executor.network.architecture)
      let result = method.attribution(of: images, in: executor, for: expected.targets)
      for image in 0..<4 {
        let range = image * 144..<(image + 1) * 144
        let agreement = correlation(Array(result.scores[range]), Array(theirs[range]))
        #expect(agreement >= 0.99, "\(name), image \(image): \(agreement)")
      }
    }
  }
}
