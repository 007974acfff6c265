import Datasets
import Files
import Pictures
import TestSupport
import Testing

@Suite struct DatasetTests {
  private func small(_ count: Int) -> Dataset {
    let train = LabeledImages(
      channels: 1, height: 1, width: 1, pixels: (0..<count).map { UInt8($0) },
      labels: (0..<count).map { $0 % 2 })
    let test = LabeledImages(
      channels: 1, height: 1, width: 1, pixels: (count..<2 * count).map { UInt8($0) },
      labels: (0..<count).map { $0 % 2 })
    return Dataset(name: "small", classes: ["a", "b"], train: train, test: test)
  }

  @Test func `classes in another order keep their images`() {
    var data = small(6)
    data.validation = data.test
    data.files = [7: [0: "a/x.png", 1: "b/y.png"]]
    let turned = data.ordered(["b", "a"])
    #expect(turned.classes == ["b", "a"])
    #expect(turned.train.pixels == data.train.pixels)
    #expect(turned.train.labels == [1, 0, 1, 0, 1, 0])
    #expect(turned.test.labels == turned.train.labels && turned.validation == turned.test)
    #expect(turned.files == [7: [1: "a/x.png", 0: "b/y.png"]])
    #expect(turned.ordered(["a", "b"]).train == data.train)
  }

  @Test func `a split holds each image once and keeps the test images apart`() {
    let data = small(60)
    let split = Split(data, seed: 3)
    #expect(split.validation.count == 5 && split.train.count == 55)
    #expect((split.train.pixels + split.validation.pixels).sorted() == data.train.pixels)
    #expect(split.test == data.test)
    #expect(Split(data, seed: 3).train == split.train)
    #expect(Split(data, seed: 4).validation != split.validation)
    let course = Split(data, scheme: .course, seed: 3)
    #expect(course.train.count == 96 && course.validation.count == 12 && course.test.count == 12)
    let all = course.train.pixels + course.validation.pixels + course.test.pixels
    #expect(all.sorted() == (0..<120).map { UInt8($0) })
  }

  @Test func `statistics are those of the pixels, for each channel`() {
    let images = LabeledImages(
      channels: 2, height: 1, width: 2, pixels: [0, 255, 10, 10, 255, 0, 10, 10], labels: [0, 1])
    let (mean, deviation) = images.statistics()
    #expect(mean[0] == 0.5 && deviation[0] == 0.5)
    #expect(abs(mean[1] - 10.0 / 255) < 1e-7 && deviation[1] == 1)
    #expect(images.histogram()[10] == 4 && images.counts(classes: 3) == [1, 1, 0])
    #expect(images.meanImages(classes: 3)[2] == [0, 0, 0, 0])
  }

  @Test func `scaling keeps the mean when it shrinks by a whole factor`() {
    let planes = ImageScaling.Planes(
      channels: 1, height: 4, width: 6, values: hashed(24, 1))
    let small = ImageScaling.resized(planes, height: 2, width: 3)
    let (smallMean, mean) = (small.values.reduce(0, +) / 6, planes.values.reduce(0, +) / 24)
    #expect(abs(smallMean - mean) < 1e-6)
    let corner: Float = [0, 1, 6, 7].reduce(0) { $0 + planes.values[$1] }
    #expect(abs(small.values[0] - corner / 4) < 1e-6)
    let constant = ImageScaling.Planes(
      channels: 1, height: 3, width: 5, values: [Float](repeating: 0.25, count: 15))
    for size in [(1, 1), (2, 7), (28, 28)] {
      let scaled = ImageScaling.resized(constant, height: size.0, width: size.1)
      #expect(scaled.values.allSatisfy { abs($0 - 0.25) < 1e-6 })
    }
  }

  @Test func `drawn digits are the same for the same seed, however many there are`() {
    let few = DrawnDigits.dataset(count: 30, testCount: 5, seed: 2)
    let more = DrawnDigits.dataset(count: 60, testCount: 9, seed: 2)
    #expect(Array(more.train.pixels[..<few.train.pixels.count]) == few.train.pixels)
    #expect(Array(more.test.labels[..<5]) == few.test.labels)
    #expect(DrawnDigits.dataset(count: 30, testCount: 5, seed: 3).train != few.train)
    #expect(few.train.selecting(0..<5).pixels != few.test.pixels)
  }

  @Test func `drawn digits lie as MNIST's do: in a box of 20, centred by mass`() {
    let digits = DrawnDigits.dataset(count: 1000, testCount: 1, seed: 1).train
    #expect(Set(digits.labels) == Set(0..<10))
    for index in 0..<digits.count {
      let bytes = Array(digits.bytes(index))
      let inked = bytes.indices.filter { bytes[$0] > 0 }
      let rows = inked.map { $0 / 28 }
      let columns = inked.map { $0 % 28 }
      let height = (rows.max() ?? 0) - (rows.min() ?? 0) + 1
      let width = (columns.max() ?? 0) - (columns.min() ?? 0) + 1
      #expect(max(height, width) <= 20 && max(height, width) >= 15)
      let mass = bytes.reduce(0) { $0 + Int($1) }
      let x = bytes.enumerated().reduce(0) { $0 + ($1.offset % 28) * Int($1.element) }
      #expect(abs(Double(x) / Double(mass) + 0.5 - 14) < 3)
      #expect(mass > 20 * 255)
    }
  }

  @Test func `shuffled labels are the same labels in another order, the test's left alone`() {
    let set = DrawnDigits.dataset(count: 120, testCount: 10)
    let split = Split(set, seed: 1)
    let shuffled = split.shufflingLabels(seed: 2)
    #expect(shuffled.train.pixels == split.train.pixels && shuffled.test == split.test)
    #expect(shuffled.train.labels != split.train.labels)
    #expect(shuffled.train.labels.sorted() == split.train.labels.sorted())
    #expect(shuffled.train == split.shufflingLabels(seed: 2).train)
  }
}
