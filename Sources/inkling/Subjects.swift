import Crypto
import Datasets
import Files
import Foundation
import Networks
import Study

extension Study.Subject {
  /// A checkpoint file as the subject of a study.
  init(path: String, foreign: ForeignOptions) throws {
    let checkpoint = try foreign.load(path)
    let file = path.split(separator: "/").last.map(String.init) ?? path
    let ending = ".safetensors"
    self.init(
      name: file.hasSuffix(ending) ? String(file.dropLast(ending.count)) : file,
      checkpoint: checkpoint,
      sha256: SHA256.hash(data: try FileBytes.read(path)).hexadecimal)
  }
}
