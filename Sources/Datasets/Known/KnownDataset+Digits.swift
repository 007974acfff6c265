extension KnownDataset {
  private static let digits = (0..<10).map(String.init)

  /// Handwritten digits, 28 × 28 grey. Reference: LeCun, Cortes, Burges, The MNIST Database of Handwritten Digits. Also
  /// read from the one file that Keras keeps them in.
  public static let mnist = KnownDataset(
    name: "mnist", title: "MNIST", classes: digits, counts: (60_000, 10_000),
    editions: [
      Edition(
        IDXLayout(
          packed([
            .contentsSHA256("ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
            .contentsSHA256("65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
            .contentsSHA256("0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
            .contentsSHA256("ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
          ])),
        mirrors: [
          "https://ossci-datasets.s3.amazonaws.com/mnist/",
          "https://storage.googleapis.com/cvdf-datasets/mnist/",
          "https://yann.lecun.com/exdb/mnist/",
        ]),
      Edition(
        NPZLayout(
          PublishedFile(
            "mnist.npz",
            checksum: .fileSHA256(
              "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1")),
          train: .init(images: "x_train", labels: "y_train"),
          test: .init(images: "x_test", labels: "y_test"))),
    ],
    folders: ["MNIST/raw", "MNIST", "raw"])

  /// Pictures of clothing, 28 × 28 grey. Reference: Xiao, Rasul, Vollgraf, Fashion-MNIST (2017).
  public static let fashionMNIST = KnownDataset(
    name: "fashion-mnist", title: "Fashion-MNIST",
    classes: [
      "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag",
      "Ankle boot",
    ],
    counts: (60_000, 10_000),
    editions: [
      Edition(
        IDXLayout(
          packed([
            .contentsSHA256("c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"),
            .contentsSHA256("bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"),
            .contentsSHA256("5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"),
            .contentsSHA256("0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"),
          ])),
        mirrors: [
          "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/",
          "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
          "https://cdn.jsdelivr.net/gh/zalandoresearch/fashion-mnist@master/data/fashion/",
        ])
    ],
    folders: ["FashionMNIST/raw", "FashionMNIST", "raw"])

  /// Cursive Japanese characters, 28 × 28 grey, one syllable a class. Reference: Clanuwat and others, Deep Learning for
  /// Classical Japanese Literature (2018).
  public static let kmnist = KnownDataset(
    name: "kmnist", title: "KMNIST",
    classes: ["o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"],
    counts: (60_000, 10_000),
    editions: [
      Edition(
        IDXLayout(
          packed([
            .fileSHA256("51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4"),
            .fileSHA256("e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17"),
            .fileSHA256("edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5"),
            .fileSHA256("20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c"),
          ])),
        // The set has one home, with and without encryption; the sums above hold for both.
        mirrors: [
          "https://codh.rois.ac.jp/kmnist/dataset/kmnist/",
          "http://codh.rois.ac.jp/kmnist/dataset/kmnist/",
        ])
    ],
    folders: ["KMNIST/raw", "KMNIST", "raw"])

  /// MNIST's digits made again from their source, with all 60,000 test digits; the first 10,000 are MNIST's. Reference:
  /// Yadav, Bottou, Cold Case: The Lost MNIST Digits (2019).
  public static let qmnist = KnownDataset(
    name: "qmnist", title: "QMNIST", classes: digits, counts: (60_000, 60_000),
    editions: [
      Edition(
        IDXLayout(
          zip(
            [
              "qmnist-train-images-idx3-ubyte", "qmnist-train-labels-idx2-int",
              "qmnist-test-images-idx3-ubyte", "qmnist-test-labels-idx2-int",
            ],
            [
              "ed72d4157d28c017586c42bc6afe6370", "0058f8dd561b90ffdd0f734c6a30e5e4",
              "1394631089c404de565df7b7aeaf9412", "5b5b05890a5e13444e108efe57b788aa",
            ]
          ).map { PublishedFile($0, isPacked: true, checksum: .fileMD5($1)) },
          labels: .table),
        mirrors: [
          "https://raw.githubusercontent.com/facebookresearch/qmnist/master/",
          "https://github.com/facebookresearch/qmnist/raw/master/",
          "https://cdn.jsdelivr.net/gh/facebookresearch/qmnist@master/",
        ])
    ],
    folders: ["QMNIST/raw", "QMNIST", "raw"])

  /// MNIST's four files, and sets' that took its names.
  private static func packed(_ checksums: [Checksum]) -> [PublishedFile] {
    let names = [
      "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte",
      "t10k-labels-idx1-ubyte",
    ]
    return zip(names, checksums).map { PublishedFile($0, isPacked: true, checksum: $1) }
  }
}
