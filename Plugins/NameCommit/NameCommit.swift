import Foundation
import PackagePlugin

/// Tells the program which commit it is built from. The script writes only what has changed, so that a build of the
/// same commit compiles nothing again.
@main
struct NameCommit: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    let script = context.package.directoryURL.appending(path: "Scripts/commit.sh")
    let folder = context.pluginWorkDirectoryURL
    return [
      .prebuildCommand(
        displayName: "Naming the commit", executable: URL(fileURLWithPath: "/bin/sh"),
        arguments: [script.path(percentEncoded: false), folder.path(percentEncoded: false)],
        outputFilesDirectory: folder)
    ]
  }
}
