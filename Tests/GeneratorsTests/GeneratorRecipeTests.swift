import Datasets
import Engine
import Experiments
import Generators
import Networks
import TestSupport
import Testing
import Training

@Suite struct GeneratorRecipeTests {
  private static let photographs = {
    let pixels = hashed(60 * 3 * 1024, 9).map { UInt8($0 * 255) }
    return Dataset(
      name: "noise", classes: ["a", "b", "c", "d"],
      train: LabeledImages(
        channels: 3, height: 32, width: 32, pixels: pixels, labels: (0..<60).map { $0 % 4 }),
      test: LabeledImages(channels: 3, height: 32, width: 32, pixels: [], labels: []))
  }()

  private static let recipes = Recipe.allCases.filter { $0.run.generator != nil }

  @Test(arguments: recipes, [DrawnDigits.dataset(count: 60, testCount: 10), photographs])
  func `every recipe fits digits and photographs, trains and draws`(
    recipe: Recipe, dataset: Dataset
  ) throws {
    var run = recipe.run
    (run.epochs, run.batchSize) = (1, 20)
    let images = PreparedImages(for: run, of: dataset, split: Split(dataset, seed: 1))
    let pool = WorkerPool(threads: 2)
    let trainer = GeneratorTrainer(try PreparedGenerator(run, on: images), pool: pool)
    let before = trainer.checkpoint.network
    trainer.train()
    #expect(!trainer.hasDiverged && trainer.isFinished && trainer.checkpoint.network != before)
    let pictures = Generator(trainer.checkpoint, pool: pool).pictures(3, seed: 1)
    #expect(pictures.count == 3 * trainer.checkpoint.imageShape.count)
    #expect(pictures.allSatisfy { (0...1).contains($0) })
  }
}
