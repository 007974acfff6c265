import Datasets
import Engine
import Networks
import Randomness
import Training
let d = "/work/shared/data/mnist/"
let train = try IDX.read(images: d+"train-images-idx3-ubyte.gz", labels: d+"train-labels-idx1-ubyte.gz", classes: 10)
let test = try IDX.read(images: d+"t10k-images-idx3-ubyte.gz", labels: d+"t10k-labels-idx1-ubyte.gz", classes: 10)
let args = CommandLine.arguments
let split = Split(Dataset(name: "mnist", classes: (0..<10).map(String.init), train: train, test: test), seed: 1)
let spec = try Specification(model: args[1], classes: 10)
let arch = try Architecture(spec, inputShape: ImageShape(channels: 1, height: 28, width: 28))
print(arch.parameterCount)
let st = split.train.statistics()
var g = SplitMix64(seed: 1, purpose: "parameters")
let net = Network(architecture: arch, normalization: Normalization(mean: st.mean, standardDeviation: st.standardDeviation), using: &g)
let pool = WorkerPool(threads: Int(args[2])!)
let tr = Trainer(net, train: split.train, validation: split.validation, configuration: TrainingConfiguration(epochs: Int(args[3])!), pool: pool)
let clock = ContinuousClock()
var last = clock.now
tr.run { e in if case .epoch(let r) = e { let n = clock.now; print(r.epoch, r.trainLoss, r.trainAccuracy, r.validationLoss!, r.validationAccuracy!, r.gradientNorm, r.deadUnits, Double(split.train.count) / ((n - last) / .seconds(1)), "img/s"); last = n } }
let ex = Executor(tr.result, pool: pool)
let t0 = clock.now
let lg = ex.logits(test.floats(0..<10000))
print("eval", clock.now - t0)
var right = 0
for i in 0..<10000 { let r = Array(lg[i*10..<i*10+10]); if r.indices.max(by: { r[$0] < r[$1] }) == test.labels[i] { right += 1 } }
var hash = UInt64(14695981039346656037)
for t in tr.result.tensors { for v in t.values { hash = (hash ^ UInt64(v.bitPattern)) &* 1099511628211 } }
print("test", right, "hash", String(hash, radix: 16))
import Study
import Foundation
let cp = Checkpoint(network: tr.result, classes: (0..<10).map(String.init), dataset: "mnist", seed: 1, history: tr.currentState.history, recipe: ["optimizer": "adam", "learning rate": "0.001", "schedule": "cosine", "batch size": "64", "epochs": args[3]])
try cp.write(to: "/tmp/\(args[1]).safetensors")
let t1 = clock.now
let others: [Study.Subject] = args.count > 4 ? [Study.Subject(name: "mlp", checkpoint: try Checkpoint.read("/tmp/mlp.safetensors"), sha256: "abc")] : []
let res = Study.run(Study.Subject(name: args[1], checkpoint: cp, sha256: String(repeating: "0123456789abcdef", count: 4)), comparedWith: others, on: Dataset(name: "mnist", classes: cp.classes, train: train, test: test), split: split, pool: pool) { print($0, clock.now - t1) }
print("study", clock.now - t1)
let enc = JSONEncoder(); enc.outputFormatting = [.sortedKeys]
try enc.encode(res).write(to: URL(fileURLWithPath: "/tmp/\(args[1])-results.json"))
