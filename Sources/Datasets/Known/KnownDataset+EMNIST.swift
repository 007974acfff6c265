extension KnownDataset {
  /// EMNIST's handwritten digits and letters, 28 × 28 grey: each set's own division of the same archive.
  ///
  /// The images lie there with rows and columns exchanged and are put right. The classes are those of the archive's
  /// `emnist-…-mapping.txt`, in the order of the labels: the letters' labels run from 1 to 26, and a class of theirs holds
  /// both cases; of the balanced set's 47 classes, 15 do. Of the files in the archive no sums are published, only of the
  /// archive.
  ///
  /// Reference: Cohen, Afshar, Tapson, van Schaik, EMNIST: an Extension of MNIST to Handwritten Letters (2017).
  package static let emnist: [KnownDataset] = divisions.map { division in
    KnownDataset(
      name: "emnist-\(division.name)", title: "EMNIST \(division.name)",
      classes: division.classes.map(String.init), counts: division.counts,
      editions: [
        Edition(
          IDXLayout(
            division.files, labels: .bytes(first: division.firstLabel), isTransposed: true),
          archive: PublishedArchive(
            PublishedFile(
              "gzip.zip",
              checksum: .fileSHA256(
                "fb9bb67e33772a9cc0b895e4ecf36d2cf35be8b709693c3564cea2a019fcda8e")),
            members: divisions.flatMap(\.files)),
          mirrors: [
            "https://biometrics.nist.gov/cs_links/EMNIST/",
            "https://www.itl.nist.gov/iaui/vip/cs_links/EMNIST/",
          ])
      ],
      folder: "emnist", folders: ["EMNIST/raw", "EMNIST/raw/gzip", "EMNIST", "gzip"])
  }

  private struct Division {
    let name: String
    let classes: String
    var firstLabel: UInt8 = 0
    let counts: (Int, Int)

    var files: [PublishedFile] {
      ["train", "test"].flatMap { part in
        ["images-idx3-ubyte", "labels-idx1-ubyte"].map {
          PublishedFile("emnist-\(name)-\(part)-\($0)")
        }
      }
    }
  }

  private static let divisions = [
    Division(name: "digits", classes: "0123456789", counts: (240_000, 40_000)),
    Division(
      name: "letters", classes: "ABCDEFGHIJKLMNOPQRSTUVWXYZ", firstLabel: 1,
      counts: (124_800, 20_800)),
    Division(
      name: "balanced", classes: "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabdefghnqrt",
      counts: (112_800, 18_800)),
  ]
}
