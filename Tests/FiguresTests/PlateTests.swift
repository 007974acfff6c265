import Drawing
import Figures
import Pictures
import Testing

struct PlateTests {
  private func plane(_ values: [Float]) -> FloatPlane {
    FloatPlane(width: values.count, height: 1, values: values)
  }

  @Test func `each map has its own bound or all share one`() {
    let planes = [plane([0, 1, -2]), plane([0, 0, 8])]
    #expect(Plate(planes, map: .signed, policy: .perMap(percentile: 100)).bounds == [2, 8])
    #expect(Plate(planes, map: .signed, policy: .maximum).bounds == [8, 8])
    #expect(Plate(planes, map: .signed, policy: .fixed(3)).bounds == [3, 3])
    // Magnitudes 0 0 0 1 2 8: the 60th percentile is rank 3.
    #expect(Plate(planes, map: .signed, policy: .shared(percentile: 60)).bounds == [1, 1])
    // Rank 4.5 lies halfway between 2 and 8.
    #expect(Plate(planes, map: .signed, policy: .shared(percentile: 90)).bounds == [5, 5])
  }

  @Test func `a percentile of zero falls back to the largest magnitude`() {
    let sparse = plane([Float](repeating: 0, count: 999) + [4])
    #expect(Plate([sparse], map: .activation, policy: .perMap(percentile: 50)).bounds == [4])
  }

  @Test func `maps of zeros are blank and reported`() {
    for policy in [ScalePolicy.attribution, .filters, .activations, .maximum, .fixed(1)] {
      let plate = Plate([plane([0, 0]), plane([1, 0])], map: .signed, policy: policy)
      #expect(plate.blankCount == 1)
      #expect(plate.bounds[0] == 0)
      #expect(plate.description.hasSuffix("; 1 of 2 is zero everywhere"))
      for appearance in Appearance.allCases {
        let page = Theme(appearance: appearance).color(.background)
        let image = plate.pictures[0].pixels(appearance)
        #expect(image.color(x: 0, y: 0) == page && image.color(x: 1, y: 0) == page)
      }
    }
  }

  @Test func `signed maps are symmetric and clamped`() {
    let plate = Plate([plane([-9, -1, 0, 1, 9])], map: .signed, policy: .fixed(1))
    let image = plate.pictures[0].pixels(.light)
    let map = ColorMap.signed(.light)
    #expect(image.color(x: 0, y: 0) == map.entries[0])
    #expect(image.color(x: 1, y: 0) == map.entries[0])
    #expect(image.color(x: 2, y: 0) == Theme.light.color(.background))
    #expect(image.color(x: 3, y: 0) == map.entries[255])
    #expect(image.color(x: 4, y: 0) == map.entries[255])
  }

  @Test func `what is not a number is zero`() {
    let plate = Plate([plane([.nan, .infinity, 2])], map: .activation, policy: .maximum)
    #expect(plate.bounds == [2])
    #expect(plate.pictures[0].pixels(.dark).color(x: 0, y: 0) == Theme.dark.color(.background))
    #expect(plate.pictures[0].pixels(.dark).color(x: 1, y: 0) == Theme.dark.color(.background))
  }

  @Test func `policies say what they do`() {
    #expect(
      ScalePolicy.filters.description
        == "all maps share one scale, the 98.5th percentile of magnitude")
    #expect(
      ScalePolicy.attribution.description
        == "each map is scaled by its own 99.5th percentile of magnitude")
    #expect(ScalePolicy.fixed(0.1).description == "all maps share one scale, ending at 0.100")
  }

  @Test func `a sheet has invisible gutters`() {
    let plate = Plate(
      (0..<3).map { _ in plane([1, 1]) }, map: .activation, policy: .activations)
    let sheet = plate.sheet(columns: 2, gutter: 2).pixels(.light)
    #expect(sheet.width == 6 && sheet.height == 4)
    #expect(sheet.color(x: 0, y: 0).alpha == 255)
    #expect(sheet.color(x: 2, y: 0).alpha == 0)
    #expect(sheet.color(x: 4, y: 3).alpha == 0)
    #expect(plate.sheet(columns: 9).pixels(.light).height == 1)
    #expect(Plate.sheet([], columns: 3).width == 0)
  }

  @Test func `ink is black with alpha and colors are kept`() {
    #expect(
      Plate.ink(plane([0, 0.5, 2, .nan]))
        == .ink(PixelImage(width: 4, height: 1, channels: 2, pixels: [0, 0, 0, 128, 0, 255, 0, 0])))
    #expect(
      Plate.rgb(red: plane([1]), green: plane([0.2]), blue: plane([-1]))
        == .fixed(PixelImage(width: 1, height: 1, channels: 3, pixels: [255, 51, 0])))
    let sheet = Plate.sheet([Plate.ink(plane([1])), Plate.ink(plane([1]))], columns: 2)
    guard case .ink = sheet else {
      Issue.record("a sheet of ink is ink")
      return
    }
  }
}
