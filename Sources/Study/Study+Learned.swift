import Attribution
import Datasets
import Engine
import Evaluation
import Networks
import Representations

extension Study {
  /// Test images looked at for patches.
  private static let patchImages = 2000
  /// A channel that answers fewer images than this is choosy by chance.
  private static let leastActivity = 0.01
  /// Channels and patches that are shown.
  private static let (shownChannels, shownPatches) = (10, 9)

  /// A picture for each of the first ten classes that excites it most.
  func ideals() -> [Plane] {
    guard let last = architecture.entries.last else { return [] }
    let units = (0..<min(10, predictions.classes)).map {
      FeatureVisualization.Unit(layer: last.name, index: $0)
    }
    let found = FeatureVisualization(pictures: 1, seed: checkpoint.seed).images(
      of: units, in: executor)
    let size = test.imageSize
    return units.indices.map { plane(Array(found.pixels[$0 * size..<($0 + 1) * size])) }
  }

  /// What the most selective channels of the last convolution, or of the last hidden layer, answer to.
  func channelFacts() -> FeatureFacts.ChannelFacts? {
    let hidden = try? LayerChoice(nil, in: architecture)
    let position =
      hidden.flatMap { architecture.index(of: $0.name) }
      ?? architecture.entries.indices.dropLast().last {
        architecture.entries[$0].layer.family.isActivation
      }
    guard let position else { return nil }
    let images = sample(Self.patchImages, for: "patches")
    let count = images.count
    let study = ChannelStudy(
      of: position, on: test.floats(images), labels: images.map { test.labels[$0] }, in: executor)
    let ideals = ideals(of: position)
    func channel(_ index: Int, patches: Int) -> FeatureFacts.Channel {
      let channel = study.channels[index]
      return FeatureFacts.Channel(
        index: index, favorite: channel.favorite, selectivity: channel.selectivity,
        patches: channel.peaks.filter { $0.value > 0 }.prefix(patches).map {
          crop(test.floats([images[$0.image]]), to: $0.field)
        },
        classMeans: channel.classMeans, ideal: ideals.indices.contains(index) ? ideals[index] : nil)
    }
    let chosen = study.channels.indices.filter { index in
      !study.channels[index].isDead && study.channels[index].activity >= Self.leastActivity
    }
    .sorted { (study.channels[$1].selectivity, $0) < (study.channels[$0].selectivity, $1) }
    // Two of a class at most, so that more classes are seen.
    var favored: [Int: Int] = [:]
    let varied = chosen.filter {
      favored[study.channels[$0].favorite, default: 0] += 1
      return favored[study.channels[$0].favorite, default: 0] <= 2
    }.prefix(Self.shownChannels)
    return FeatureFacts.ChannelFacts(
      layer: study.layer, areUnits: hidden == nil, count: study.channels.count,
      dead: study.channels.count(where: \.isDead), duplicates: study.duplicates?.count,
      effectiveRank: study.effectiveRank, images: count,
      channels: varied.map { channel($0, patches: Self.shownPatches) },
      all: ideals.indices.map { channel($0, patches: 0) })
  }

  /// What excites one place in the middle of each channel of a layer most, cut to what that place sees.
  private func ideals(of position: Int) -> [Plane] {
    let entries = architecture.entries
    // Before a rectifier there is a slope even where nothing is active yet.
    let layer = architecture.indexBeforeActivation(position)
    let size = entries[layer].outputShape.dimensions
    let isMap = size.count == 3
    let (row, column) = isMap ? (size[1] / 2, size[2] / 2) : (0, 0)
    let place = isMap ? row * size[2] + column : 0
    let units = (0..<min(extent.idealChannels, size[0])).map {
      FeatureVisualization.Unit(layer: entries[layer].name, index: $0, place: place)
    }
    let found = FeatureVisualization(pictures: 1, seed: checkpoint.seed).images(
      of: units, in: executor)
    let field = ReceptiveField(of: layer, row: row, column: column, in: architecture)
    return found.pixels.chunks(of: test.imageSize).map { crop(Array($0), to: field).rounded() }
  }

  private func crop(_ pixels: [Float], to field: ReceptiveField) -> Plane {
    let shape = architecture.inputShape
    let rows = field.rows.clamped(to: 0..<shape.height)
    let columns = field.columns.clamped(to: 0..<shape.width)
    var values: [Float] = []
    for channel in 0..<shape.channels {
      for row in rows {
        let start = (channel * shape.height + row) * shape.width
        values += pixels[start + columns.lowerBound..<start + columns.upperBound]
      }
    }
    return Plane(shape: [shape.channels, rows.count, columns.count], values: values)
  }

  /// From the surest image of one class to that of the class it is most often taken for.
  func path() -> (ends: [Int], steps: [DoubtFacts.Step], shares: [[Float]]) {
    let sure = byConfidence(predictions.isCorrect)
    let wrong = Dictionary(
      grouping: (0..<predictions.count).filter { !predictions.isCorrect($0) }
    ) { [predictions.labels[$0], predictions.predicted[$0]] }
    let most = wrong.max {
      ($0.value.count, $1.key[0], $1.key[1]) < ($1.value.count, $0.key[0], $0.key[1])
    }
    guard let pair = most?.key,
      let start = sure.first(where: { predictions.labels[$0] == pair[0] }),
      let end = sure.first(where: { predictions.labels[$0] == pair[1] })
    else { return ([], [], []) }
    let (from, to) = (test.floats([start]), test.floats([end]))
    let (points, every) = (101, 10)
    let probabilities = DecisionSlice.path(from: from, to: to, in: executor, points: points)
    let rows = probabilities.chunks(of: predictions.classes).map(Array.init)
    return (
      [start, end],
      stride(from: 0, to: points, by: every).map { point in
        let t = Float(point) / Float(points - 1)
        let best = CrossEntropy.answer(rows[point])
        return DoubtFacts.Step(
          pixels: plane(zip(from, to).map { $0 + t * ($1 - $0) }).rounded(), predicted: best,
          probability: rows[point][best])
      }, rows.map { [$0[pair[0]], $0[pair[1]]] }
    )
  }
}
