package import Attribution
import Datasets

/// How alike attribution maps of the same images are, where these are not blank: rank correlations, means over images.
package struct Agreement: Codable, Sendable {
  /// Of the maps' magnitudes.
  package var strength: Estimate
  /// Of the maps with their signs.
  package var signed: Estimate
  /// Images whose maps can be compared with their signs.
  package var count: Int

  /// Of each image every pair of its maps; `nil` if there is no image on which two maps order its places.
  ///
  /// - Parameter maps: for each image its maps, `[place]`, where it is not blank; a map that is the same everywhere says
  ///   nothing and is left out.
  init?(_ maps: [[[Float]]]) {
    func means(_ transform: (Float) -> Float) -> [Double] {
      maps.compactMap { maps -> Double? in
        let values = maps.map { $0.map(transform) }.filter { map in
          map.contains { $0 != map.first }
        }
        let pairs = values.indices.flatMap { one in
          values[..<one].map { RankCorrelation.spearman($0, values[one]) }
        }
        return pairs.isEmpty ? nil : pairs.reduce(0, +) / Double(pairs.count)
      }
    }
    let (strength, signed) = (means(abs), means { $0 })
    guard !strength.isEmpty, !signed.isEmpty else { return nil }
    (self.strength, self.signed, count) = (Estimate(strength), Estimate(signed), signed.count)
  }
}

extension Study {
  /// The maps of some images where these are not blank, elsewhere many methods are zero whatever the network: image by image, method
  /// by method.
  func inkedMaps(_ attributions: [Attribution], of pixels: [Float]) -> [[[Float]]] {
    let (size, area) = (test.imageSize, test.height * test.width)
    return pixels.chunks(of: size).enumerated().map { row, image in
      func places(_ values: some Collection<Float>) -> [Float] {
        values.enumerated().reduce(into: [Float](repeating: 0, count: area)) {
          $0[$1.offset % area] += $1.element
        }
      }
      let ink = places(image)
      return attributions.map { attribution in
        zip(places(attribution.map(row)), ink).compactMap { $1 > 0 ? $0 : nil }
      }
    }
  }
}
