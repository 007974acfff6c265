import Files
import Networks
import Study
import Training

/// The last pages of a generator's report: how to do it again, and what the words mean.
struct GeneratorAppendix {
  let results: GeneratorResults

  /// The view.
  func view(number: Int) -> AppendixView {
    let told: Set = ["model", "dataset", "seed"]
    let fields = results.model.run?.fields.filter { !told.contains($0.name) } ?? []
    let place = DatasetPlace(results.data.name)
    return AppendixView(
      id: "appendix", number: String(number), commands: commands(place), note: place.note,
      hasNote: place.isFolder,
      facts: [
        LabelView(name: "Specification", text: results.model.specification),
        LabelView(
          name: "Data set", text: DataFacts.title(ofSet: results.data.name) ?? results.data.name),
        LabelView(name: "Seed", text: String(results.model.seed)),
        LabelView(name: "Checkpoint, SHA-256", text: results.model.sha256),
      ]
        + (results.quality.map { [LabelView(name: "Classifier, SHA-256", text: $0.sha256)] } ?? [])
        + fields.compactMap { field in
          field.value.map { LabelView(name: field.title, text: $0) }
        }, glossary: GeneratorGlossary.entries(for: results.kind))
  }

  /// The commands that make this checkpoint, pictures and the report, from the checkpoint's own words.
  private func commands(_ place: DatasetPlace) -> [String] {
    let model = results.model
    let file = "models/\(model.name)\(CheckpointName.ending)"
    let reader = results.quality.map {
      ["--classifier", "models/\($0.classifier)\(CheckpointName.ending)"]
    }
    let shown = [
      Shell.command(["inkling", "sample", file, "--count", "64", "--output", "pictures"]),
      Shell.command(
        ["inkling", "report", file] + (reader ?? [])
          + (model.run == nil || place.isFolder ? ["--dataset", place.words] : []) + [
            "--output", "report",
          ]),
    ]
    guard var run = model.run else { return shown }
    run.dataset = place.words
    return [Shell.command(["inkling", "train"] + run.options + ["--output", file])] + shown
  }
}

/// The words of a generator's report, explained.
enum GeneratorGlossary {
  /// Those that a kind needs, in alphabetical order.
  static func entries(for kind: GeneratorKind) -> [LabelView] {
    entries.filter { $0.kinds.contains(kind) }.map { LabelView(name: $0.name, text: $0.text) }
  }

  private static let all = Set(GeneratorKind.allCases)

  private static let entries: [(name: String, text: String, kinds: Set<GeneratorKind>)] = [
    (
      "Area under the curve",
      "The chance that a score is higher for one of the things it should find than for one of the others.",
      [.vae]
    ), ("Critic", "The network that tells real pictures from drawn ones.", [.gan]),
    ("Decoder", "From latents to a picture.", [.vae]),
    (
      "Divergence",
      "Here: how far an image’s distribution of latents is from the standard normal one, in nats (Kullback and Leibler).",
      [.vae]
    ), ("Encoder", "From an image to a distribution of latents.", [.vae]),
    ("Epoch", "One pass over all training images.", all),
    (
      "Evidence bound",
      "Reconstruction and divergence together, in nats: for pixels of 0 and 1 no less than −log of the probability that the model gives the image.",
      [.vae]
    ),
    (
      "Fréchet distance",
      "How far two sets of images are apart by mean and covariance of their features; 0 if both agree.",
      all
    ),
    (
      "Guidance", "Going beyond what is drawn without the class towards what is drawn with it.",
      [.flow]
    ), ("Latent", "One of the numbers that a picture is drawn from.", [.vae, .gan]),
    ("Mode collapse", "Drawing a few kinds of pictures only, however good.", all),
    (
      "Nat", "The unit of a loss with the natural logarithm: one nat is a probability of 1/e.",
      [.vae, .gan]
    ),
    (
      "Precision, recall",
      "Of generators: which share of the pictures lies among real images, and which share of real images lies among pictures.",
      all
    ),
    (
      "Reconstruction",
      "What a decoder makes of an image’s latents; as a loss, its cross-entropy with the image.",
      [.vae]
    ),
    (
      "Velocity",
      "In which direction, and how fast, each pixel moves on the way from noise to a picture.",
      [.flow]
    ),
    (
      "Wilson interval",
      "A 95% interval of a share; it covers chance in the choice of pictures and images, not of the seed.",
      all
    ),
  ]
}
