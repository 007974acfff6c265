// swift-tools-version: 6.2
import PackageDescription

// The kernels are one source, compiled once per instruction-set level. The levels above the
// baseline exist on x86-64 only; Sources/KernelsV3 and KernelsV4 are symbolic links to the source.
let kernelFlags = ["-Ounchecked", "-Xcc", "-fno-math-errno"]
var kernels: [Target] = [
  .target(
    name: "KernelsBase", dependencies: ["CProcessor", "KernelTable"],
    swiftSettings: [.unsafeFlags(kernelFlags)])
]
#if arch(x86_64)
  kernels += [
    .target(
      name: "KernelsV3", dependencies: ["CProcessor", "KernelTable"],
      swiftSettings: [
        .unsafeFlags(kernelFlags + ["-Xcc", "-march=x86-64-v3"]), .define("KERNELS_V3"),
      ]),
    .target(
      name: "KernelsV4", dependencies: ["CProcessor", "KernelTable"],
      swiftSettings: [
        .unsafeFlags(
          kernelFlags + ["-Xcc", "-march=x86-64-v4", "-Xcc", "-mprefer-vector-width=512"]),
        .define("KERNELS_V4"),
      ]),
  ]
#endif
let kernelModules: [Target.Dependency] = kernels.map { .byName(name: $0.name) }

let package = Package(
  name: "Inkling",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "inkling", targets: ["inkling"]),
    .library(
      name: "InklingLibrary",
      targets: [
        "Attacks", "Attribution", "Augmentation", "Datasets", "Drawing", "Engine", "Evaluation",
        "Experiments", "Figures", "Files", "Generators", "Interchange", "KernelTable", "Networks",
        "Pictures",
        "Questions", "Randomness", "Report", "Representations", "Study", "Training",
      ]),
  ],
  traits: [
    .trait(
      name: "MPI",
      description: "Training that several processes share; needs Open MPI and pkg-config.")
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.0"),
    .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
  ],
  targets: kernels + [
    .systemLibrary(
      name: "CCairo", pkgConfig: "cairo",
      providers: [.apt(["libcairo2-dev"]), .brew(["cairo"])]),
    .systemLibrary(
      name: "CPNG", pkgConfig: "libpng",
      providers: [.apt(["libpng-dev"]), .brew(["libpng"])]),
    .systemLibrary(
      name: "CJPEG", pkgConfig: "libturbojpeg",
      providers: [.apt(["libturbojpeg0-dev"]), .brew(["jpeg-turbo"])]),
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib",
      providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .systemLibrary(
      name: "CCrypto", pkgConfig: "libcrypto",
      providers: [.apt(["libssl-dev"]), .brew(["openssl@3"])]),
    .systemLibrary(
      name: "CArchive", pkgConfig: "libarchive",
      providers: [.apt(["libarchive-dev"]), .brew(["libarchive"])]),
    .systemLibrary(
      name: "CMPI", pkgConfig: "ompi-c", providers: [.apt(["libopenmpi-dev"]), .brew(["open-mpi"])]),
    .target(name: "CProcessor"),
    .target(name: "KernelTable"),

    .target(name: "Randomness"),
    .target(name: "Files", dependencies: ["CArchive", "CCrypto"]),
    .target(name: "Networks", dependencies: ["Files", "Randomness"]),
    .target(
      name: "Interchange",
      dependencies: [
        "Files", "Networks", .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ], exclude: ["ONNX/Schema/onnx.proto"]),
    .target(
      name: "Tracking",
      dependencies: ["Files", .product(name: "SwiftProtobuf", package: "swift-protobuf")],
      exclude: ["TensorBoard/Schema/tensorboard.proto"]),
    .target(
      name: "Engine",
      dependencies: ["Networks", "KernelTable", "CProcessor", "Randomness"] + kernelModules),
    .target(
      name: "MessagePassing",
      dependencies: [
        "Engine", "CProcessor", .target(name: "CMPI", condition: .when(traits: ["MPI"])),
      ]),
    .target(
      name: "Datasets",
      dependencies: ["Files", "Pictures", "Randomness", "CZlib"]),
    .target(
      name: "Augmentation", dependencies: ["Engine", "KernelTable", "Networks", "Randomness"]),
    .target(
      name: "Training",
      dependencies: [
        "Attacks", "Augmentation", "Datasets", "Engine", "Files", "KernelTable", "Networks",
        "Randomness",
      ]),
    .target(
      name: "Evaluation",
      dependencies: ["Augmentation", "Datasets", "Engine", "Networks", "Randomness"]),
    .target(name: "Representations", dependencies: ["Engine", "Networks", "Randomness"]),
    .target(
      name: "Attribution",
      dependencies: ["Engine", "Networks", "Randomness", "Representations"]),
    .target(name: "Attacks", dependencies: ["Engine", "Networks", "Randomness"]),
    .target(name: "Pictures", dependencies: ["CJPEG", "CPNG"]),
    .target(name: "Drawing", dependencies: ["Pictures", "CCairo"]),
    .target(name: "Figures", dependencies: ["Drawing", "Pictures"]),
    .target(
      name: "Experiments",
      dependencies: [
        "Datasets", "Engine", "Evaluation", "Files", "Networks", "Pictures", "Randomness",
        "Training",
        .product(name: "TOMLKit", package: "TOMLKit"),
      ]),
    .target(
      name: "Generators",
      dependencies: [
        "Datasets", "Engine", "Experiments", "Files", "Networks", "Randomness", "Training",
      ]),
    .target(
      name: "Study",
      dependencies: [
        "Attacks", "Attribution", "Augmentation", "Datasets", "Engine", "Evaluation", "Experiments",
        "Generators", "Networks", "Pictures", "Randomness", "Representations", "Training",
      ]),
    .target(name: "Questions", dependencies: [.product(name: "TOMLKit", package: "TOMLKit")]),
    .target(
      name: "Report",
      dependencies: [
        "Attribution", "Drawing", "Evaluation", "Experiments", "Figures", "Files", "Networks",
        "Pictures", "Questions", "Study", "Training",
        .product(name: "Mustache", package: "swift-mustache"),
      ],
      resources: [.process("templates")]),
    .executableTarget(
      name: "inkling",
      dependencies: [
        "Attacks", "Attribution", "Augmentation", "Datasets", "Drawing", "Engine", "Evaluation",
        "Experiments", "Figures", "Files", "Generators", "Interchange", "MessagePassing",
        "Networks", "Pictures",
        "Questions", "Report", "Study", "Tracking", "Training",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], plugins: ["NameCommit"]),
    .plugin(name: "NameCommit", capability: .buildTool),

    .target(
      name: "TestSupport",
      dependencies: ["Engine", "Networks", "CZlib"], path: "Tests/TestSupport"),
    .testTarget(name: "KernelsTests", dependencies: ["Engine", "KernelTable", "TestSupport"]),
    .testTarget(
      name: "NetworksTests", dependencies: ["Engine", "Files", "Networks", "TestSupport"]),
    .testTarget(
      name: "InterchangeTests",
      dependencies: [
        "Engine", "Files", "Interchange", "Networks", "TestSupport",
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "EngineTests", dependencies: ["Engine", "KernelTable", "Networks", "TestSupport"],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "ConformanceTests",
      dependencies: [
        "Attribution", "Datasets", "Engine", "Files", "KernelTable", "Networks", "Randomness",
        "TestSupport", "Training",
      ],
      resources: [.copy("Fixtures")]),
    .testTarget(name: "RandomnessTests", dependencies: ["Randomness"]),
    .testTarget(name: "FilesTests", dependencies: ["Files", "TestSupport"]),
    .testTarget(
      name: "DatasetsTests",
      dependencies: ["Datasets", "Files", "Pictures", "TestSupport"]),
    .testTarget(
      name: "PicturesTests", dependencies: ["Datasets", "Pictures", "TestSupport"]),
    .testTarget(
      name: "TrainingTests",
      dependencies: [
        "Attacks", "Augmentation", "Datasets", "Engine", "Files", "Networks", "Training",
        "TestSupport",
      ]),
    .testTarget(
      name: "AugmentationTests",
      dependencies: [
        "Attacks", "Augmentation", "Datasets", "Engine", "Networks", "Randomness", "TestSupport",
        "Training",
      ],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "EvaluationTests",
      dependencies: [
        "Augmentation", "Datasets", "Engine", "Evaluation", "Networks", "Randomness", "TestSupport",
      ]),
    .testTarget(
      name: "AttributionTests", dependencies: ["Attribution", "Engine", "Networks", "TestSupport"],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "RepresentationsTests",
      dependencies: ["Engine", "Networks", "Representations", "TestSupport"]),
    .testTarget(
      name: "AttacksTests",
      dependencies: [
        "Attacks", "Datasets", "Engine", "Files", "Networks", "TestSupport", "Training",
      ],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "TrackingTests",
      dependencies: [
        "Files", "TestSupport", "Tracking",
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ]),
    .testTarget(name: "DrawingTests", dependencies: ["Drawing", "Pictures"]),
    .testTarget(
      name: "FiguresTests", dependencies: ["Drawing", "Figures", "Pictures", "TestSupport"],
      exclude: ["Snapshots"]),
    .testTarget(
      name: "ExperimentsTests",
      dependencies: [
        "Datasets", "Engine", "Evaluation", "Experiments", "Files", "Networks", "TestSupport",
        "Training",
      ]),
    .testTarget(
      name: "GeneratorsTests",
      dependencies: [
        "Datasets", "Engine", "Experiments", "Files", "Generators", "Networks", "TestSupport",
        "Training",
      ],
      resources: [.copy("Fixtures")]),
    .testTarget(name: "QuestionsTests", dependencies: ["Questions"]),
    .target(
      name: "StudySupport",
      dependencies: [
        "Datasets", "Engine", "Evaluation", "Experiments", "Generators", "Networks", "Study",
        "Training",
      ],
      path: "Tests/StudySupport"),
    .testTarget(
      name: "StudyTests",
      dependencies: [
        "Attribution", "Datasets", "Engine", "Evaluation", "Generators", "Networks", "Pictures",
        "Randomness", "Study", "StudySupport", "TestSupport",
      ]),
    .testTarget(
      name: "ReportTests",
      dependencies: [
        "Attribution", "Datasets", "Drawing", "Engine", "Evaluation", "Experiments", "Figures",
        "Generators", "Networks", "Pictures", "Questions", "Report", "Study", "StudySupport",
        "TestSupport", "Training",
      ]),
    .testTarget(
      name: "InklingTests",
      dependencies: [
        "inkling", "Datasets", "Drawing", "Engine", "Evaluation", "Figures", "Files", "KernelTable",
        "Networks", "Pictures", "Questions", "TestSupport", "Tracking", "Training",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], exclude: ["Snapshots"]),
  ]
)

// Modules whose tests look inside. Not the kernels: testable code keeps type metadata, with functions that
// the linker may take from any module, and one compiled for AVX must never be taken by the others.
let testable: Set = [
  "Drawing", "Figures", "Interchange", "Pictures", "Report", "Study", "Tracking", "inkling",
]

for target in package.targets
where ![.system, .plugin].contains(target.type) && target.name != "CProcessor" {
  target.swiftSettings =
    (target.swiftSettings ?? []) + [
      .enableUpcomingFeature("ExistentialAny"),
      .enableUpcomingFeature("InternalImportsByDefault"),
      .enableUpcomingFeature("MemberImportVisibility"),
      .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    ] + (testable.contains(target.name) ? [.unsafeFlags(["-enable-testing"])] : [])
}

// `make docs` asks for it; whoever builds or uses the library need not fetch it.
if Context.environment["INKLING_DOCS"] != nil {
  package.dependencies.append(
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"))
}

// `make fuzz` asks for it; it has no main of its own, but libFuzzer's.
if Context.environment["INKLING_FUZZ"] != nil {
  package.targets.append(
    .executableTarget(
      name: "FuzzFiles", dependencies: ["Datasets", "Files", "Interchange", "Networks"],
      path: "Tests/FuzzFiles", swiftSettings: [.unsafeFlags(["-parse-as-library"])]))
}
