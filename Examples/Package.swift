// swift-tools-version: 6.2
import PackageDescription

// How another package depends on Inkling. There, the path is an address:
// .package(url: "https://…/inkling", branch: "main")
let package = Package(
  name: "Examples",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "Inkling", path: "..")],
  targets: [
    .executableTarget(
      name: "first-network",
      dependencies: [.product(name: "InklingLibrary", package: "Inkling")])
  ])
