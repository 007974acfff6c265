/// A published data set that Inkling knows by name.
public struct KnownDataset: Sendable {
  /// One file of the set.
  public struct File: Sendable {
    /// Its name, uncompressed; the file may also have `.gz` behind it.
    public let name: String
    /// SHA-256 of the uncompressed file, hexadecimal.
    public let sha256: String

    /// A file with its hash.
    public init(name: String, sha256: String) {
      self.name = name
      self.sha256 = sha256
    }
  }

  /// The set's name.
  public let name: String
  /// Class names in the order of the labels.
  public let classes: [String]
  /// The files: training images, training labels, test images, test labels, in the IDX format; or CIFAR-10's
  /// batches with the test batch last.
  public let files: [File]
  /// Folders that other tools keep the files in.
  public let folders: [String]
  /// Places to download from, tried in this order; a file's name with `.gz` is put behind. Empty if Inkling cannot
  /// download the set.
  public let mirrors: [String]

  /// A set of this description.
  public init(
    name: String, classes: [String], files: [File], folders: [String] = [], mirrors: [String]
  ) {
    self.name = name
    self.folders = folders
    self.classes = classes
    self.files = files
    self.mirrors = mirrors
  }

  /// Handwritten digits. Reference: LeCun, Cortes, Burges, The MNIST Database of Handwritten Digits.
  public static let mnist = KnownDataset(
    name: "mnist", classes: (0..<10).map(String.init),
    files: idxFiles([
      "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
      "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
      "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
      "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    ]),
    folders: ["MNIST/raw", "MNIST", "raw"],
    mirrors: [
      "https://ossci-datasets.s3.amazonaws.com/mnist/",
      "https://storage.googleapis.com/cvdf-datasets/mnist/",
      "https://yann.lecun.com/exdb/mnist/",
    ])

  /// Pictures of clothing. Reference: Xiao, Rasul, Vollgraf, Fashion-MNIST (2017).
  public static let fashionMNIST = KnownDataset(
    name: "fashion-mnist",
    classes: [
      "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag",
      "Ankle boot",
    ],
    files: idxFiles([
      "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
      "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
      "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
      "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
    ]),
    folders: ["FashionMNIST/raw", "FashionMNIST", "raw"],
    mirrors: [
      "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/",
      "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
      "https://cdn.jsdelivr.net/gh/zalandoresearch/fashion-mnist@master/data/fashion/",
    ])

  /// Small colour photographs, read where they are; Inkling does not download them yet.
  public static let cifar10 = KnownDataset(
    name: "cifar-10",
    classes: [
      "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
    ],
    files: ((1...5).map { "data_batch_\($0).bin" } + ["test_batch.bin"]).map {
      File(name: $0, sha256: "")
    },
    folders: ["cifar-10-batches-bin"],
    mirrors: [])

  /// All of them.
  public static let all = [mnist, fashionMNIST, cifar10]

  /// The set of a name.
  public static func named(_ name: String) -> KnownDataset? { all.first { $0.name == name } }

  private static func idxFiles(_ hashes: [String]) -> [File] {
    let names = [
      "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte",
      "t10k-labels-idx1-ubyte",
    ]
    return zip(names, hashes).map { File(name: $0, sha256: $1) }
  }
}
