import Datasets
import Engine
import Experiments
import Networks
import TestSupport
import Testing
import Training

@Suite struct RecipeTests {
  private static let photographs = {
    let count = 96
    let images = LabeledImages(
      channels: 3, height: 32, width: 32,
      pixels: hashed(count * 3 * 1024, 9).map { UInt8($0 * 255) },
      labels: (0..<count).map { $0 % 4 })
    return Dataset(
      name: "noise", classes: ["a", "b", "c", "d"], train: images,
      test: LabeledImages(channels: 3, height: 32, width: 32, pixels: [], labels: []))
  }()

  private static let classifiers = Recipe.allCases.filter { $0.run.generator == nil }

  @Test(arguments: classifiers, [DrawnDigits.dataset(count: 96, testCount: 10), photographs])
  func `every recipe fits digits and photographs, and trains`(
    recipe: Recipe, dataset: Dataset
  ) throws {
    var run = recipe.run
    (run.epochs, run.batchSize) = (1, 40)
    let images = PreparedImages(for: run, of: dataset, split: Split(dataset, seed: 1))
    let prepared = try PreparedRun(run, on: images)
    let trainer = prepared.trainer(pool: WorkerPool(threads: 2))
    trainer.run()
    #expect(!trainer.hasDiverged && trainer.result != prepared.beginning)
    for name in run.freeze {
      #expect(trainer.result.tensor(name) == prepared.beginning.tensor(name), "\(name)")
    }
    #expect(run.freeze.allSatisfy { prepared.beginning.tensor($0) != nil })
  }
}
