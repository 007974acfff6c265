/// MedMNIST's sets of small medical images, 28 × 28, grey or in colour, each with its own validation images.
///
/// Reference: Yang and others, MedMNIST v2 (2023); names, sums and counts are those of the package medmnist 3.0.2
/// (`medmnist/info.py`).
enum MedMNIST {
  /// What stands before a set's name.
  static let family = "medmnist:"

  /// Those that give each image one label.
  static let sets = [
    set(
      "pathmnist", "PathMNIST", (89996, 7180), md5: "a8b06965200029087d5bd730944a56c1",
      [
        "adipose", "background", "debris", "lymphocytes", "mucus", "smooth muscle",
        "normal colon mucosa", "cancer-associated stroma", "colorectal adenocarcinoma epithelium",
      ]),
    set(
      "dermamnist", "DermaMNIST", (7007, 2005), md5: "0744692d530f8e62ec473284d019b0c7",
      [
        "actinic keratoses and intraepithelial carcinoma", "basal cell carcinoma",
        "benign keratosis-like lesions", "dermatofibroma", "melanoma", "melanocytic nevi",
        "vascular lesions",
      ]),
    set(
      "octmnist", "OCTMNIST", (97477, 1000), md5: "c68d92d5b585d8d81f7112f81e2d0842",
      ["choroidal neovascularization", "diabetic macular edema", "drusen", "normal"]),
    set(
      "pneumoniamnist", "PneumoniaMNIST", (4708, 624), md5: "28209eda62fecd6e6a2d98b1501bb15f",
      ["normal", "pneumonia"]),
    set(
      "retinamnist", "RetinaMNIST", (1080, 400), md5: "bd4c0672f1bba3e3a89f0e4e876791e4",
      ["0", "1", "2", "3", "4"]),
    set(
      "breastmnist", "BreastMNIST", (546, 156), md5: "750601b1f35ba3300ea97c75c52ff8f6",
      ["malignant", "normal, benign"]),
    set(
      "bloodmnist", "BloodMNIST", (11959, 3421), md5: "7053d0359d879ad8a5505303e11de1dc",
      [
        "basophil", "eosinophil", "erythroblast",
        "immature granulocytes(myelocytes, metamyelocytes and promyelocytes)", "lymphocyte",
        "monocyte", "neutrophil", "platelet",
      ]),
    set(
      "tissuemnist", "TissueMNIST", (165466, 47280), md5: "ebe78ee8b05294063de985d821c1c34b",
      [
        "Collecting Duct, Connecting Tubule", "Distal Convoluted Tubule",
        "Glomerular endothelial cells", "Interstitial endothelial cells", "Leukocytes", "Podocytes",
        "Proximal Tubule Segments", "Thick Ascending Limb",
      ]),
    set(
      "organamnist", "OrganAMNIST", (34561, 17778), md5: "68e3f8846a6bd62f0c9bf841c0d9eacc",
      [
        "bladder", "femur-left", "femur-right", "heart", "kidney-left", "kidney-right", "liver",
        "lung-left", "lung-right", "pancreas", "spleen",
      ]),
    set(
      "organcmnist", "OrganCMNIST", (12975, 8216), md5: "b9ceb9546e10131b32923c5bbeaea2b1",
      [
        "bladder", "femur-left", "femur-right", "heart", "kidney-left", "kidney-right", "liver",
        "lung-left", "lung-right", "pancreas", "spleen",
      ]),
    set(
      "organsmnist", "OrganSMNIST", (13932, 8827), md5: "9ab87b696fb54e2a387ebe992d6ed5f1",
      [
        "bladder", "femur-left", "femur-right", "heart", "kidney-left", "kidney-right", "liver",
        "lung-left", "lung-right", "pancreas", "spleen",
      ]),
  ]

  /// Why the others cannot be read, by their names.
  static let refusals: [String: String] = {
    let volumes = [
      "organmnist3d", "nodulemnist3d", "adrenalmnist3d", "fracturemnist3d", "vesselmnist3d",
      "synapsemnist3d",
    ]
    var reasons = Dictionary(
      uniqueKeysWithValues: volumes.map {
        (family + $0, "its images are volumes of 28 × 28 × 28; Inkling reads flat images")
      })
    reasons["\(family)chestmnist"] =
      "an image has any number of its 14 labels at once; Inkling classifies images that have one"
    return reasons
  }()

  private static func set(
    _ name: String, _ title: String, _ counts: (train: Int, test: Int), md5: String,
    _ classes: [String]
  ) -> KnownDataset {
    KnownDataset(
      name: family + name, title: title, classes: classes, counts: counts,
      editions: [
        .init(
          NPZLayout(
            PublishedFile("\(name).npz", checksum: .fileMD5(md5)),
            train: .init(images: "train_images", labels: "train_labels"),
            validation: .init(images: "val_images", labels: "val_labels"),
            test: .init(images: "test_images", labels: "test_labels")),
          mirrors: [
            "https://zenodo.org/records/10519652/files/",
            "https://huggingface.co/datasets/albertvillanova/medmnist-v2/resolve/main/data/",
          ])
      ],
      folder: "medmnist", folders: [".medmnist"])
  }
}
