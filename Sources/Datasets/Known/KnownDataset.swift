/// A published data set that Inkling knows by name.
public struct KnownDataset: Sendable {
  /// The set's name.
  public let name: String
  /// Its name as its makers write it.
  public let title: String
  /// Class names in the order of the labels.
  public let classes: [String]
  /// Images for training, without those that the set has for validation.
  public let trainCount: Int
  /// Images for the test.
  public let testCount: Int
  /// What it is published as: first what is downloaded, then what else is read where it lies.
  package let editions: [Edition]
  /// The folder in the cache, which several sets may share.
  package let folder: String
  /// Folders that other tools keep the files in.
  package let folders: [String]

  /// One way in which a set is published.
  package struct Edition: Sendable {
    /// How its files are laid out.
    package let layout: any DatasetLayout
    /// The archive that holds the files; `nil` if they are published one by one.
    package let archive: PublishedArchive?
    /// Addresses to download from, tried in this order; the archive's name, or a file's, is put behind.
    package let mirrors: [String]

    /// An edition of some files.
    package init(
      _ layout: any DatasetLayout, archive: PublishedArchive? = nil, mirrors: [String] = []
    ) {
      self.layout = layout
      self.archive = archive
      self.mirrors = mirrors
    }
  }

  /// A set of this description.
  package init(
    name: String, title: String, classes: [String], counts: (train: Int, test: Int),
    editions: [Edition], folder: String? = nil, folders: [String] = []
  ) {
    precondition(!editions.isEmpty, "KnownDataset: \(name) has no files")
    self.name = name
    self.title = title
    self.classes = classes
    trainCount = counts.train
    testCount = counts.test
    self.editions = editions
    self.folder = folder ?? name
    self.folders = folders
  }

  /// What is downloaded.
  package var published: Edition { editions[0] }

  /// The sets of no family.
  package static let general =
    [mnist, fashionMNIST, kmnist, qmnist] + emnist + [cifar10, cifar100]

  /// All of them.
  public static let all = general + MedMNIST.sets

  /// The names of all of them, in few words.
  public static let names =
    general.map(\.name).joined(separator: ", ") + ", \(MedMNIST.family)NAME"

  /// The set of a name.
  public static func named(_ name: String) -> KnownDataset? { all.first { $0.name == name } }

  /// Why a set that is published is none that Inkling can read; `nil` for any other name.
  public static func refusal(of name: String) -> DatasetError? {
    MedMNIST.refusals[name].map { .unsupported("\(name): \($0)") }
  }
}

/// An archive that a set is published in.
package struct PublishedArchive: Sendable {
  /// The archive itself.
  package let file: PublishedFile
  /// What is kept of it when it has been downloaded.
  package let members: [PublishedFile]

  /// An archive of which some members are kept.
  package init(_ file: PublishedFile, members: [PublishedFile]) {
    self.file = file
    self.members = members
  }
}
