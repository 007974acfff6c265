import Files
import Foundation
import Networks
import TestSupport
import Testing

/// What `attribute`, `attack` and `render features` tell beyond their first figures.
@Suite struct ExplainAndAttackTests {
  private func attribute(_ arguments: [String], in folder: TemporaryFolder) throws -> [String: Any]
  {
    try run(["attribute", "a.safetensors", "--json"] + arguments + few.suffix(2), in: folder).json()
  }

  @Test func `a method is checked and empty maps are counted, with pictures or without`() throws {
    let folder = try trained(epochs: 1)
    let method = ["--method", "grad-cam", "--indices", "0-3", "--target", "all"]
    let bare = try attribute(method, in: folder)
    #expect(bare["fails_sanity_check"] is Bool)
    #expect(bare["similarity_to_random_labels"] is NSNull)
    #expect(bare["all_zero"] is Int && bare["all_negative"] is Int)
    _ = try run(
      [
        "train", "--model", tiny, "--epochs", "1", "--random-labels", "--output",
        "a.random-labels.safetensors", "--json",
      ] + few, in: folder
    ).json()
    let sheet = try attribute(method + ["--output", "maps"], in: folder)
    #expect(sheet["similarity_to_random_labels"] is Double)
    #expect(
      sheet["similarity_without_weights"] as? Double
        == bare["similarity_without_weights"] as? Double)
  }

  @Test func `methods that do not go with a network are named`() throws {
    let folder = try trained("flatten linear(10)", epochs: 1)
    let judged = try attribute(
      ["--method", "all", "--judge", "--indices", "0-0", "--samples", "10"], in: folder)
    let leftOut = try #require(judged["left_out"] as? [[String: String]])
    #expect(leftOut.contains { $0["method"] == "grad-cam" })
    for one in leftOut {
      let needed = one["method"] == "rollout" ? "attention" : "convolution"
      #expect(one["reason"]?.contains(needed) == true)
    }
    let cards = try #require(judged["cards"] as? [[String: Any]])
    #expect(!cards.contains { $0["method"] as? String == "grad-cam" })
  }

  @Test func `an attack tells the smallest change of each image`() throws {
    let folder = try trained(epochs: 1)
    func attack(_ arguments: [String]) throws -> [String: Any] {
      try run(
        ["attack", "a.safetensors", "--count", "20", "--save", "d.safetensors", "--json"]
          + arguments + few.suffix(2), in: folder
      ).json()
    }
    let smallest = try attack(["--method", "deepfool"])
    let distances = try #require(smallest["flipping_distances"] as? [Any])
    #expect(distances.count == 20 && distances.contains { ($0 as? Double ?? 0) > 0 })
    #expect(smallest["median_l2"] is Double && smallest["median_flipping_distance"] is Double)
    let interval = try #require(smallest["robust_accuracy_interval"] as? [Double])
    let accuracy = try #require(smallest["robust_accuracy"] as? Double)
    #expect(interval[0] <= accuracy && accuracy <= interval[1])
    let saved = try SafeTensors(FileBytes.read(folder.file("d.safetensors")))
    #expect(saved.floats("distances")?.shape == [20])

    let curve = try attack(["--method", "bim", "--curve", "0,0.1,0.3"])
    let sizes = try #require(curve["flipping_distances"] as? [Any])
    // 0 where it was wrong before, null where it holds.
    #expect(sizes.allSatisfy { $0 is NSNull || [0, 0.1, 0.3].contains($0 as? Double) })
    let one = try attack(["--method", "bim"])
    #expect(one["flipping_distances"] is NSNull && one["median_flipping_distance"] is NSNull)
  }

  @Test func `before a rectifier there is something to raise, and flat layers have units`() throws {
    let folder = try trained(epochs: 1)
    func caption(_ layer: String) throws -> String {
      let result = try run(
        ["render", "features", "a.safetensors", "--layer", layer, "--output", "f", "--json"]
          + few.suffix(2), in: folder
      ).json()
      let figures = try #require(result["figures"] as? [[String: Any]])
      #expect(figures.last?["file"] as? String == "f/features-\(layer).png")
      return try #require(figures.last?["caption"] as? String)
    }
    let channels = try caption("relu1")
    #expect(channels.contains("channels of relu1 answer to. ") && channels.contains("conv1"))
    let units = try caption("linear1")
    #expect(units.contains("units of linear1") && !units.contains("rectifier"))
  }
}
