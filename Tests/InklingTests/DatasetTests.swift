import Files
import TestSupport
import Testing

/// Runs of the program on sets in each of their forms.
@Suite struct DatasetTests {
  /// Twelve images of a class for training and four for the test, no two alike.
  private func pixels(_ count: Int, _ size: Int, _ salt: Int) -> [UInt8] {
    hashed(count * size, UInt64(salt)).map { UInt8($0 * 255) }
  }

  private func cifar(_ name: String, _ files: [String], _ label: (Int) -> [UInt8]) -> [UInt8] {
    gzipped(
      tar(
        files.enumerated().map { place, file in
          ArchiveMember(
            "\(name)/\(file)",
            (0..<20).flatMap { label($0) + pixels(1, 3072, 100 * place + $0) })
        }))
  }

  private func emnist(_ name: String, first: UInt8) -> [UInt8] {
    zipped(
      ["train", "test"].enumerated().flatMap { salt, part in
        [
          ArchiveMember(
            "gzip/emnist-\(name)-\(part)-images-idx3-ubyte.gz",
            gzipped([0, 0, 8, 3, 0, 0, 0, 20, 0, 0, 0, 28, 0, 0, 0, 28] + pixels(20, 784, salt))),
          ArchiveMember(
            "gzip/emnist-\(name)-\(part)-labels-idx1-ubyte.gz",
            gzipped([0, 0, 8, 1, 0, 0, 0, 20] + (0..<20).map { first + UInt8($0) % 10 })),
        ]
      })
  }

  private func medical(_ channels: Int) -> [UInt8] {
    zipped(
      ["train", "val", "test"].enumerated().flatMap { salt, part in
        [
          ArchiveMember(
            "\(part)_images.npy",
            npy(
              [20, 28, 28] + (channels == 1 ? [] : [channels]),
              pixels(20, 784 * channels, 7 + salt))),
          ArchiveMember("\(part)_labels.npy", npy([20, 1], (0..<20).map { UInt8($0) % 2 })),
        ]
      })
  }

  @Test func `every kind of set is found where it lies, and learned from`() throws {
    let folder = try TemporaryFolder()
    let ten = (1...5).map { "data_batch_\($0).bin" } + ["test_batch.bin"]
    try folder.write(
      cifar("cifar-10-batches-bin", ten) { [UInt8($0 % 10)] }, "cifar-10-binary.tar.gz")
    try folder.write(
      cifar("cifar-100-binary", ["train.bin", "test.bin"]) { [1, UInt8($0)] },
      "cifar-100-binary.tar.gz")
    try folder.write(emnist("letters", first: 1), "gzip.zip")
    try folder.write(medical(3), "medmnist/pathmnist.npz")
    try folder.write(medical(1), "medmnist/pneumoniamnist.npz")
    let sets: [(name: String, shape: [Int], classes: Int, validation: Int?, path: String)] = [
      ("cifar-10", [3, 32, 32], 10, nil, "cifar-10-binary.tar.gz"),
      ("cifar-100", [3, 32, 32], 100, nil, "cifar-100-binary.tar.gz"),
      ("emnist-letters", [1, 28, 28], 26, nil, "gzip.zip"),
      ("medmnist:pathmnist", [3, 28, 28], 9, 20, "medmnist"),
      ("medmnist:pneumoniamnist", [1, 28, 28], 2, 20, "medmnist"),
    ]
    let list = try run(["data", "list", "--json", "--data", folder.path], in: folder).json()
    let listed = try #require(list["datasets"] as? [[String: Any]])
    for set in sets {
      let entry = listed.first { $0["name"] as? String == set.name }
      #expect(entry?["path"] as? String == folder.file(set.path))
      let info = try run(
        ["data", "info", set.name, "--data", folder.path, "--json"], in: folder
      ).json()
      #expect(info["shape"] as? [Int] == set.shape, "\(set.name)")
      #expect((info["classes"] as? [String])?.count == set.classes)
      #expect(info["validation_count"] as? Int == set.validation)
      #expect(info["origin"] as? String == "foreign" && info["test_count"] as? Int == 20)
      let trained = try run(
        [
          "train", "--dataset", set.name, "--data", folder.path, "--model",
          "flatten linear(\(set.classes))", "--epochs", "1", "--output", "x.safetensors", "--json",
        ], in: folder)
      #expect(trained.status == 0, "\(set.name): \(trained.errors)")
      #expect(trained.errors.contains("not the published files"), "\(trained.errors)")
    }
  }
}
