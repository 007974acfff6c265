package import Datasets
package import Engine
import Evaluation
import Generators
public import Networks
import Randomness
import Training

/// Runs what the report of a generator needs.
public struct GeneratorStudy {
  /// A generator's checkpoint with its name and the hash of its file.
  public struct Subject: Sendable {
    /// The file's name without folder and ending.
    let name: String
    /// The checkpoint.
    package let checkpoint: GeneratorCheckpoint
    /// SHA-256 of the file, hexadecimal.
    let sha256: String

    /// A checkpoint with its name and hash.
    public init(name: String, checkpoint: GeneratorCheckpoint, sha256: String) {
      (self.name, self.checkpoint, self.sha256) = (name, checkpoint, sha256)
    }
  }

  /// How much is computed.
  package struct Extent: Sendable {
    /// Pictures that are measured.
    package var drawn: Int
    /// Pictures, and test images beside them, whose nearest training image is looked for.
    package var searched: Int
    /// Images of other kinds that are shown.
    package var strangers: Int
    /// Test images on maps of many.
    package var mapped: Int
    /// Pictures drawn in each number of steps.
    package var tried: Int

    /// What a report shows of a kind of generator; a flow takes many steps for each picture.
    package static func full(_ kind: GeneratorKind) -> Extent {
      Extent(
        drawn: kind == .flow ? 1000 : 5000, searched: 1000, strangers: 1000, mapped: 1200,
        tried: 200)
    }
    /// A first look.
    package static let quick = Extent(
      drawn: 60, searched: 40, strangers: 40, mapped: 60, tried: 20)
  }

  let subject: Subject
  let dataset: Dataset
  let split: Split
  let extent: Extent
  let pool: WorkerPool
  let generator: Generator
  /// The classifier that reads the pictures.
  let reader: Study?
  /// The pictures that are measured, the first ones of which are shown, `[N][C][H][W]`.
  let drawn: [Float]

  var checkpoint: GeneratorCheckpoint { subject.checkpoint }
  var test: LabeledImages { split.test }
  var imageShape: [Int] { checkpoint.imageShape.dimensions }
  /// Pictures that are measured, and as many test and training images.
  var count: Int { drawn.count / checkpoint.imageShape.count }
  /// The class that each picture was asked to be of.
  var asked: [Int]? { checkpoint.takesClasses ? generator.classes(count) : nil }

  private init(
    _ subject: Subject, readBy reader: Study?, on dataset: Dataset, split: Split, extent: Extent,
    pool: WorkerPool
  ) {
    (self.subject, self.reader, self.dataset) = (subject, reader, dataset)
    (self.split, self.extent, self.pool) = (split, extent, pool)
    generator = Generator(subject.checkpoint, pool: pool)
    // The shown ones are drawn in any case.
    let count = max(Self.shown, min(extent.drawn, split.train.count, split.test.count))
    // In 255ths, as pictures are shown and the others come.
    drawn = generator.pictures(count, seed: subject.checkpoint.seed).map {
      Float(Generator.byte($0)) / 255
    }
  }

  /// Studies a generator on its data set: every fact of its report.
  ///
  /// - Parameters:
  ///   - subject: the generator.
  ///   - classifier: reads its pictures; the classes are the data set's. Without one what needs it is left out.
  ///   - dataset: the data set; its images have the pictures' shape.
  ///   - split: which of its images are for learning, validation and test.
  ///   - strangers: images that belong to none of its classes.
  ///   - extent: how much is computed; what a report shows of this kind if `nil`.
  ///   - pool: the threads.
  ///   - progress: told what is being computed.
  /// - Returns: everything that a report shows.
  package static func run(
    _ subject: Subject, readBy classifier: Study.Subject? = nil, on dataset: Dataset, split: Split,
    strangers: [Study.Strangers] = [], extent: Extent? = nil, pool: WorkerPool,
    progress: (String) -> Void = { _ in }
  ) -> GeneratorResults {
    if classifier != nil { progress("reading the test images") }
    let reader = classifier.map { Study($0, on: dataset, split: split, pool: pool) }
    progress("drawing pictures")
    let study = GeneratorStudy(
      subject, readBy: reader, on: dataset, split: split,
      extent: extent ?? .full(subject.checkpoint.kind), pool: pool)
    progress("summarising the data")
    var data = DataFacts(dataset, split: split, seed: subject.checkpoint.seed)
    data.origin = DataFacts.Origin(of: split.train, to: subject.checkpoint.trainedOn)
    let parts = study.parts
    if study.checkpoint.kind == .flow { progress("going from noise to pictures") }
    let flow = study.flowFacts()
    progress("looking at the latents")
    let latents = study.latentFacts()
    if reader != nil { progress("measuring the pictures") }
    let quality = study.quality()
    progress("looking for copies")
    let memory = study.memoryFacts()
    let bounds = study.strangerBounds(strangers)
    return GeneratorResults(
      kind: subject.checkpoint.kind, model: study.model, parts: parts, imageShape: study.imageShape,
      latents: subject.checkpoint.latents, data: data, history: subject.checkpoint.history,
      course: subject.checkpoint.course.map {
        GeneratorResults.Stage(
          epoch: $0.epoch,
          pictures: Plane(
            pictures: $0.pixels.map { Float($0) / 255 }, shape: study.imageShape))
      }, samples: study.samples, flow: flow, latentSpace: latents, quality: quality,
      memory: memory, strangers: bounds, plane: study.plane(latents?.autoencoder?.map))
  }

  // MARK: What was drawn

  /// Pictures that are shown.
  private static let shown = 100

  /// The first pictures as they were drawn.
  private var samples: SampleFacts {
    let size = checkpoint.imageShape.count
    let pixels = Array(drawn.prefix(Self.shown * size))
    let answers = reader.map {
      Predictions(
        logits: $0.executor.logits(pixels), labels: [Int](repeating: 0, count: Self.shown),
        classes: $0.predictions.classes)
    }
    return SampleFacts(
      pictures: Plane(pictures: pixels, shape: imageShape),
      asked: asked.map { Array($0.prefix(Self.shown)) },
      readings: answers.map { answers in
        (0..<answers.count).map {
          SampleFacts.Reading(label: answers.predicted[$0], confidence: answers.confidence($0))
        }
      })
  }

  /// Test images drawn at random, in their order.
  func sample(_ count: Int, for purpose: String) -> [Int] {
    sample(count, of: test.count, for: "test images for \(purpose)")
  }

  /// The same of any images.
  func sample(_ count: Int, of all: Int, for purpose: String) -> [Int] {
    SplitMix64.sample(count, of: all, seed: checkpoint.seed, purpose: purpose)
  }

  /// The first test image of each class, of ten classes at most.
  var firstOfEach: [LatentFacts.End] {
    dataset.classes.indices.prefix(10).compactMap { label in
      test.labels.firstIndex(of: label).map { LatentFacts.End(index: $0, label: label) }
    }
  }

  // MARK: The network

  private var run: RunConfiguration? { try? checkpoint.configuration() }

  private var model: ModelFacts {
    facts(checkpoint.network.architecture)
  }

  private func facts(_ architecture: Architecture) -> ModelFacts {
    ModelFacts(
      architecture, name: subject.name, classes: checkpoint.classes, seed: checkpoint.seed,
      run: run, sha256: subject.sha256)
  }

  /// The networks that a picture passes, with what they say to the first test image, to the first latents, or to a picture
  /// halfway from noise.
  private var parts: [GeneratorPart] {
    func part(
      _ role: GeneratorPart.Role, _ network: Network, _ input: [Float], drawn: Bool
    ) -> GeneratorPart {
      GeneratorPart(
        role: role, model: facts(network.architecture),
        activations: FeatureFacts.activations(
          in: Executor(network, pool: pool).tracer, input),
        drawn: drawn ? Plane(shape: imageShape, values: generator.decode(input)) : nil)
    }
    func part(_ role: GeneratorPart.Role, _ architecture: Architecture) -> GeneratorPart {
      GeneratorPart(role: role, model: facts(architecture), activations: [], drawn: nil)
    }
    switch checkpoint.kind {
    case .vae:
      guard let halves = checkpoint.network.autoencoder else { return [] }
      let image = test.floats([0])
      var decoder = part(.decoder, halves.decoder, generator.encode(image).means, drawn: true)
      // Its layers are called as in the network as a whole: behind a first one of its own they stand behind the encoder's
      // and `sample`.
      let names = checkpoint.network.architecture.entries.map(\.name)
        .dropFirst(halves.encoder.architecture.entries.count + 1).dropLast()
      decoder.rename(
        Dictionary(
          zip(decoder.model.layers.dropFirst().map(\.name), names),
          uniquingKeysWith: { first, _ in first }))
      return [part(.encoder, halves.encoder, image, drawn: false), decoder]
    case .gan:
      let critic = run?.critic.flatMap { text in
        try? Architecture(
          Specification(text: text), inputShape: checkpoint.imageShape, for: .numbers)
      }
      let latents = generator.latents(1, seed: checkpoint.seed)
      return [part(.generator, checkpoint.network, latents, drawn: true)]
        + (critic.map { [part(.critic, $0)] } ?? [])
    case .flow: return [part(.velocity, checkpoint.network.architecture)]
    }
  }
}
