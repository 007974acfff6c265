import Attribution
import Datasets
import Engine
import Evaluation
import Networks
import Representations

extension Study {
  /// A channel that answers fewer images than this is choosy by chance.
  private static let leastActivity = 0.01
  /// Channels and patches that are shown.
  private static let (shownChannels, shownPatches) = (10, 9)

  /// A layer by its name; unless it is named that of class activation maps or, without one, the last activation function before
  /// the answer. `nil` without any.
  func studiedLayer(_ name: String? = nil) -> Int? {
    if let name { return architecture.index(of: name) }
    return (try? LayerChoice(nil, in: architecture)).flatMap { architecture.index(of: $0.name) }
      ?? architecture.entries.indices.dropLast().last {
        architecture.entries[$0].layer.family.isActivation
      }
  }

  /// What the most selective channels of a layer answer to.
  ///
  /// - Parameter layer: its name; see `studiedLayer`.
  /// - Returns: the facts; `nil` without such a layer.
  package func channelFacts(of layer: String? = nil) -> FeatureFacts.ChannelFacts? {
    guard let position = studiedLayer(layer) else { return nil }
    let images = sample(extent.channelImages, for: "patches")
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
      layer: study.layer, areUnits: !architecture.entries[position].outputShape.hasPlaces,
      count: study.channels.count,
      dead: study.channels.count(where: \.isDead), duplicates: study.duplicates?.count,
      effectiveRank: study.effectiveRank, images: count,
      channels: varied.map { channel($0, patches: Self.shownPatches) },
      all: ideals.indices.map { channel($0, patches: 0) })
  }

  /// The part of an image that a receptive field holds.
  func crop(_ pixels: [Float], to field: ReceptiveField) -> Plane {
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
