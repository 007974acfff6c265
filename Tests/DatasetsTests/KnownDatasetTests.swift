import Datasets
import Files
import Foundation
import TestSupport
import Testing

@Suite struct KnownDatasetTests {
  private func find(_ set: KnownDataset, _ folder: String) throws -> FoundDataset {
    try #require(try DatasetLocator(explicit: folder, environment: [:]).find(set))
  }

  private let record = [UInt8(7)] + (0..<3072).map { UInt8(truncatingIfNeeded: $0) }

  @Test func `a set is looked for in its folder and in the folder itself, and must be whole`()
    throws
  {
    let folder = try TemporaryFolder()
    for (index, file) in KnownDataset.mnist.published.layout.files.enumerated() {
      let bytes =
        index % 2 == 0 ? idx([2, 28, 28], [UInt8](repeating: 0, count: 1568)) : idx([2], [3, 4])
      try folder.write(gzipped(bytes), "one/mnist/\(file.name).gz")
      try folder.write(bytes, "two/\(file.name)")
      if index > 0 { try folder.write(bytes, "part/\(file.name)") }
    }
    for name in ["one", "two"] {
      let set = try find(.mnist, folder.file(name)).read()
      #expect(set.train.labels == [3, 4] && !set.isPublished)
      #expect(set.notes.count == 1 && set.notes[0].contains("not the published files"))
    }
    let part = DatasetLocator(explicit: folder.file("part"), environment: [:])
    let error = try #require(throws: DatasetError.self) { try part.find(.mnist) }
    #expect("\(error)".contains("train-images-idx3-ubyte"))
    let cache = DatasetLocator(
      explicit: nil,
      environment: ["INKLING_DATA": folder.file("none"), "XDG_CACHE_HOME": folder.file("none")])
    #expect(try cache.find(.mnist) == nil)
    let half = DatasetLocator(
      explicit: nil, environment: ["INKLING_DATA": folder.path + "/half"])
    try folder.write([1], "half/mnist/train-images-idx3-ubyte")
    #expect(throws: DatasetError.self) { try half.find(.mnist) }
    let fromEnvironment = DatasetLocator(
      explicit: nil, environment: ["INKLING_DATA": folder.file("one")])
    #expect(try fromEnvironment.find(.mnist)?.path == folder.file("one/mnist"))
  }

  @Test func `names are what the list says, and those that cannot be read say why`() throws {
    #expect(Set(KnownDataset.all.map(\.name)).count == KnownDataset.all.count)
    for set in KnownDataset.all {
      #expect(KnownDataset.named(set.name)?.title == set.title)
      #expect(Set(set.classes).count == set.classes.count && set.classes.count > 1, "\(set.name)")
      #expect(!set.published.mirrors.isEmpty, "\(set.name)")
      #expect(KnownDataset.refusal(of: set.name) == nil)
      // Every file that is downloaded has something to be held to.
      let downloaded = set.published.archive.map { [$0.file] } ?? set.published.layout.files
      #expect(downloaded.allSatisfy { $0.checksum != nil }, "\(set.name)")
      for edition in set.editions {
        let files = edition.layout.files + (edition.archive.map { [$0.file] } ?? [])
        for file in files {
          guard let checksum = file.checksum else { continue }
          let (digits, count) =
            switch checksum {
            case .contentsSHA256(let digits), .fileSHA256(let digits): (digits, 64)
            case .fileMD5(let digits): (digits, 32)
            }
          #expect(digits.count == count && digits.allSatisfy { "0123456789abcdef".contains($0) })
        }
      }
    }
    let classes = KnownDataset.all.reduce(into: [:]) { $0[$1.name] = $1.classes.count }
    #expect(classes["emnist-balanced"] == 47 && classes["emnist-letters"] == 26)
    #expect(classes["cifar-100"] == 100 && classes["medmnist:pathmnist"] == 9)
    for (name, word) in [
      ("medmnist:chestmnist", "14 labels"), ("medmnist:organmnist3d", "volumes"),
      ("medmnist:synapsemnist3d", "volumes"),
    ] {
      let refusal = try #require(KnownDataset.refusal(of: name))
      #expect("\(refusal)".contains(name) && "\(refusal)".contains(word))
      #expect(KnownDataset.named(name) == nil)
    }
    #expect(KnownDataset.refusal(of: "nonsense") == nil)
  }

  @Test func `CIFAR is read from its archive as well as from its files`() throws {
    let names = KnownDataset.cifar10.published.layout.files.map(\.name)
    let members = names.map { ArchiveMember("cifar-10-batches-bin/\($0)", record) }
    let packed = gzipped(tar([ArchiveMember("cifar-10-batches-bin", kind: .folder)] + members))
    let folder = try TemporaryFolder()
    try folder.write(packed, "packed/cifar-10-binary.tar.gz")
    try folder.write(packed, "browser/cifar-10/cifar-10-binary.tar (1).gz")
    for name in names { try folder.write(record, "loose/cifar-10-batches-bin/\(name)") }
    for place in ["packed", "browser", "loose"] {
      let found = try find(.cifar10, folder.file(place))
      let set = try found.read()
      #expect(set.train.labels == [7, 7, 7, 7, 7] && set.test.labels == [7])
      #expect(set.origin == .foreign && set.notes.count == 1)
      #expect(FileBytes.isFolder(found.path) == (place == "loose"))
    }
    #expect(try FileBytes.names(in: folder.file("packed")) == ["cifar-10-binary.tar.gz"])
    // Where somebody has unpacked it, the archive beside is left alone.
    try folder.write([1], "loose/cifar-10-binary.tar.gz")
    #expect(try find(.cifar10, folder.file("loose")).path.hasSuffix("cifar-10-batches-bin"))
    try folder.write(gzipped(tar(Array(members.dropLast()))), "few/cifar-10-binary.tar.gz")
    let error = try #require(throws: DatasetError.self) {
      try find(.cifar10, folder.file("few")).read()
    }
    #expect("\(error)".contains("does not hold test_batch.bin"))
    let missing = try #require(throws: DatasetError.self) {
      try find(.cifar100, folder.file("packed"))
    }
    for word in ["cifar-100-binary.tar.gz, or train.bin, test.bin", "cifar-10-binary.tar.gz"] {
      #expect("\(missing)".contains(word), "\(missing)")
    }
  }

  @Test func `EMNIST is read from its archive of packed files`() throws {
    let letters = try #require(KnownDataset.named("emnist-letters"))
    let pixels = (0..<784).map { UInt8(truncatingIfNeeded: $0) }
    let members = letters.published.layout.files.map { file in
      ArchiveMember(
        "gzip/\(file.name).gz",
        gzipped(file.name.contains("images") ? idx([1, 28, 28], pixels) : idx([1], [26])))
    }
    let folder = try TemporaryFolder()
    let beside = ["gzip/emnist-digits-train-images-idx3-ubyte.gz", "__MACOSX/gzip/._x"]
    try folder.write(zipped(beside.map { ArchiveMember($0, [1]) } + members), "gzip.zip")
    let set = try find(letters, folder.path).read()
    #expect(set.train.labels == [25] && set.classes[25] == "Z")
    #expect(set.train.pixels[28] == 1 && set.train.pixels[1] == 28)
    #expect(set.origin == .foreign)
    try folder.write(zipped(members), "emnist/gzip (2).zip")
    #expect(try find(letters, folder.path).path == folder.file("emnist/gzip (2).zip"))
  }

  @Test func `MNIST is read from Keras' file, MedMNIST's sets from theirs`() throws {
    let folder = try TemporaryFolder()
    let image = [UInt8](repeating: 3, count: 784)
    try folder.write(
      zipped([
        ArchiveMember("x_train.npy", npy([1, 28, 28], image)),
        ArchiveMember("y_train.npy", npy([1], [4])),
        ArchiveMember("x_test.npy", npy([1, 28, 28], image)),
        ArchiveMember("y_test.npy", npy([1], [5])),
      ]), "mnist.npz")
    let mnist = try find(.mnist, folder.path).read()
    #expect(mnist.train.labels == [4] && mnist.test.labels == [5] && mnist.validation == nil)
    let blood = try #require(KnownDataset.named("medmnist:bloodmnist"))
    let arrays = ["train", "val", "test"].flatMap { part in
      [
        ArchiveMember("\(part)_images.npy", npy([1, 28, 28, 3], image + image + image)),
        ArchiveMember("\(part)_labels.npy", npy([1, 1], [7])),
      ]
    }
    try folder.write(zipped(arrays), "medmnist/bloodmnist.npz")
    let set = try find(blood, folder.path).read()
    #expect(set.train.channels == 3 && set.validation?.labels == [7])
    #expect(Split(set, seed: 1).validation.count == 1)
  }

  @Test(arguments: [true, false])
  func `a file that is another set's is said to be that, packed or plain`(isPacked: Bool) throws {
    let images = [idx([1, 1, 1], [9]), idx([1], [0]), idx([1, 1, 1], [8]), idx([1], [1])]
    let names = ["a", "b", "c", "d"]
    func set(_ name: String, _ checksum: (Int) -> Checksum) -> KnownDataset {
      let files = names.indices.map {
        PublishedFile(names[$0], isPacked: true, checksum: checksum($0))
      }
      return KnownDataset(
        name: name, title: name, classes: ["x", "y"], counts: (1, 1),
        editions: [.init(IDXLayout(files))])
    }
    let owner = set("owner") { .contentsSHA256(SHA256(of: images[$0]).hexadecimal) }
    // Of a set whose packed files alone have sums, plain ones could be anybody's.
    let other = set("other") { .fileSHA256(SHA256(of: [UInt8($0)]).hexadecimal) }
    let folder = try TemporaryFolder()
    for (name, bytes) in zip(names, images) {
      try folder.write(isPacked ? gzipped(bytes) : bytes, "f/\(name)\(isPacked ? ".gz" : "")")
    }
    let place = folder.file("f")
    #expect(try find(owner, place).read(among: [owner, other]).origin == .published)
    let error = #expect(throws: DatasetError.self) {
      try find(other, place).read(among: [owner, other])
    }
    #expect(error.map { "\($0)" }?.contains("this is owner, not other") == true)
    // Alone, it is not told for what it is.
    #expect(
      try find(other, place).read(among: [other]).origin == (isPacked ? .foreign : .unverified))
  }

  @Test func `the origin of files follows from sums and numbers of images`() throws {
    let folder = try TemporaryFolder()
    let images = [idx([1, 1, 1], [9]), idx([1], [0]), idx([1, 1, 1], [8]), idx([1], [1])]
    let names = ["a", "b", "c", "d"]
    func origin(
      _ checksums: [Checksum?], count: Int = 1, isPacked: Bool = true
    ) throws -> Dataset.Origin {
      let files = zip(names, checksums).map { PublishedFile($0, isPacked: true, checksum: $1) }
      let set = KnownDataset(
        name: "tiny", title: "Tiny", classes: ["x", "y"], counts: (count, 1),
        editions: [.init(IDXLayout(files))])
      let place = isPacked ? "packed" : "plain"
      for (name, bytes) in zip(names, images) {
        try folder.write(
          isPacked ? gzipped(bytes) : bytes, "\(place)/\(name)\(isPacked ? ".gz" : "")")
      }
      return try find(set, folder.file(place)).read().origin
    }
    let contents = images.map { Checksum.contentsSHA256(SHA256(of: $0).hexadecimal) }
    let files = images.map { Checksum.fileMD5(MD5(of: gzipped($0)).hexadecimal) }
    let none = [Checksum?](repeating: nil, count: 4)
    #expect(try origin(contents) == .published)
    #expect(try origin(contents, isPacked: false) == .published)
    #expect(try origin(files) == .published)
    // Unpacked, the sums of packed files say nothing.
    #expect(try origin(files, isPacked: false) == .unverified)
    #expect(try origin(none) == .unverified && origin(none, count: 2) == .foreign)
    #expect(try origin(Array(contents.reversed())) == .foreign)
    #expect(try origin(Array(files.reversed())) == .foreign)
  }
}
