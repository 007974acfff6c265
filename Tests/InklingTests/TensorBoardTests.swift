import Files
import Foundation
import TestSupport
import Testing

/// `train --tensorboard` and `convert --to tensorboard`, read by the real TensorBoard where it is there.
@Suite struct TensorBoardTests {
  private let folder: TemporaryFolder
  private static let log = "events.out.tfevents.inkling"
  /// A network with everything that is told of one.
  private static let model =
    "conv(4,3) norm relu maxpool(2) flatten linear(16) relu dropout(0.1) linear(10)"

  init() throws { folder = try TemporaryFolder() }

  private func train(_ name: String, _ more: String...) throws -> Run {
    try run(
      ["train", "--model", Self.model, "--epochs", "3", "--output", "\(name).safetensors"]
        + few + more, in: folder)
  }

  private func bytes(_ name: String) throws -> [UInt8] { try FileBytes.read(folder.file(name)) }

  private func events(_ run: String) throws -> [UInt8] { try bytes("runs/\(run)/\(Self.log)") }

  private func names(_ value: Any?) -> Set<String> { Set((value as? [String: Any] ?? [:]).keys) }

  // MARK: Bytes

  @Test func `training does not see who looks, and events are the same on one thread or more`()
    throws
  {
    for (name, options) in [
      ("alone", []), ("one", ["--tensorboard", "runs/one", "--threads", "1"]),
      ("two", ["--tensorboard", "runs/two", "--threads", "2"]),
    ] {
      let made = try run(
        ["train", "--model", Self.model, "--epochs", "3", "--output", "\(name).safetensors"]
          + few + options, in: folder)
      #expect(made.status == 0, "\(made.errors)")
    }
    let alone = try bytes("alone.safetensors")
    #expect(try bytes("one.safetensors") == alone)
    #expect(try bytes("two.safetensors") == alone)
    #expect(try events("one") == events("two"))
    #expect(try FileBytes.names(in: folder.file("runs/one")) == [Self.log])
  }

  @Test func `members of an ensemble have a folder each`() throws {
    let one = try train("one", "--ensemble", "3", "--tensorboard", "runs/three", "--threads", "2")
    #expect(one.status == 0, "\(one.errors)")
    #expect(try train("other", "--ensemble", "3").status == 0)
    #expect(try bytes("one.safetensors") == bytes("other.safetensors"))
    let members = try FileBytes.names(in: folder.file("runs/three"))
    #expect(members == ["member-01", "member-02", "member-03"])
    let files = try members.map { try events("three/\($0)") }
    #expect(Set(files).count == 3 && files.allSatisfy { $0.count > 100_000 })
    // The first is the run of the seed alone.
    #expect(try train("alone", "--tensorboard", "runs/alone").status == 0)
    #expect(try events("alone") == files[0])
  }

  /// Killed at whatever moment, and then told to go on: nothing is doubled and nothing lost.
  @Test(arguments: [SIGKILL, SIGINT]) func `a run that is stopped goes on in the same file`(
    _ signal: Int32
  ) throws {
    let arguments =
      ["train", "--model", "cnn", "--epochs", "3", "--dataset", "drawn", "--drawn-count", "12000"]
      + ["--quiet"]
    func finish(_ name: String, _ more: [String] = []) throws {
      let made = try run(
        arguments + ["--output", "\(name).safetensors", "--tensorboard", "runs/\(name)"] + more,
        in: folder)
      #expect(made.status == 0, "\(made.errors)")
    }
    try finish("whole")
    let (process, _, _) = process(
      arguments + ["--output", "cut.safetensors", "--tensorboard", "runs/cut"], in: folder)
    try process.run()
    while process.isRunning, !FileBytes.exists(folder.file("cut.resume.safetensors")) {
      usleep(20_000)
    }
    #expect(process.isRunning, "it ended before it could be stopped")
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    let before = try events("cut")
    #expect(before.count < (try events("whole").count) && before.count > 100_000)
    try finish("cut", ["--resume"])
    #expect(try events("cut") == events("whole"))
    #expect(try bytes("cut.safetensors") == bytes("whole.safetensors"))
  }

  // MARK: What fails

  @Test func `a full disk stops the events and not the training`() throws {
    // Files may have 250 KiB: enough to save the network and to go on, and too little for the events.
    let made = try shell(
      "ulimit -f 250; inkling train --model '\(Self.model)' --epochs 3 --output a.safetensors"
        + " --tensorboard runs/a \(few.joined(separator: " "))", in: folder)
    #expect(made.status == 74, "\(made.errors)")
    let lines = made.errors.split(separator: "\n")
    #expect(lines.count { $0.hasPrefix("warning: ") } == 1, "\(made.errors)")
    #expect(lines.last?.hasPrefix("error: a.safetensors is saved, but") == true, "\(made.errors)")
    #expect(made.output.contains("validation"))
    let alone = try train("b")
    #expect(alone.status == 0)
    #expect(try bytes("a.safetensors") == bytes("b.safetensors"))
    // What is there is whole.
    #expect(try events("a").count <= 250 * 1024)
  }

  @Test func `what cannot be followed is refused before anything is trained`() throws {
    try folder.write([1], "file")
    try folder.write([], "theirs/events.out.tfevents.17.host")
    for (options, status, words) in [
      (["--tensorboard", "file"], 73, "file"),
      (["--tensorboard", "theirs"], 73, "name another folder"),
      (["--tensorboard", ""], 73, "the name is empty"),
      (["--mlflow", "127.0.0.1:5000"], 64, "http://127.0.0.1:5000 would be one"),
      (["--mlflow", "ftp://a"], 64, "http://127.0.0.1:5000 would be one"),
      (["--mlflow", "http://ann:word@127.0.0.1:5000"], 64, "without a name and a password"),
      (["--mlflow-experiment", "a"], 64, "goes with --mlflow"),
    ] {
      let refused = try run(
        ["train", "--model", tiny, "--output", "a.safetensors"] + few + options, in: folder)
      #expect(refused.status == Int32(status), "\(options): \(refused.errors)")
      #expect(refused.errors.contains(words), "\(refused.errors)")
      #expect(refused.errors.split(separator: "\n").count == 1, "\(refused.errors)")
    }
    let search = try run(
      ["train", "--find-rate", "--output", "a", "--tensorboard", "runs/a"] + few, in: folder)
    #expect(search.status == 64)
    #expect(try FileBytes.names(in: folder.path).allSatisfy { !$0.hasSuffix("safetensors") })
    #expect(!FileBytes.exists(folder.file("runs")))
    for (arguments, status) in [
      (["no.safetensors", "--to", "tensorboard", "--output", "runs"], 66),
      (["file", "--to", "tensorboard", "--output", "runs"], 65),
      (["theirs", "--to", "tensorboard", "--output", "runs"], 66),
      (["file", "--to", "nothing", "--output", "runs"], 64),
      (["file", "--to", "tensorboard", "--output", "runs", "--mlflow-experiment", "a"], 64),
      (["file", "--to", "mlflow", "--output", "runs"], 64),
    ] {
      let refused = try run(["convert"] + arguments, in: folder)
      #expect(refused.status == Int32(status), "\(arguments): \(refused.errors)")
    }
  }

  // MARK: The real TensorBoard

  private static let pictures: Set = [
    "pictures/samples", "pictures/confusion", "pictures/saliency", "pictures/filters",
  ]
  private static let scalars: Set = [
    "loss/batch", "loss/train", "loss/evaluated_train", "loss/validation",
    "loss/validation_standard_error", "accuracy/train", "accuracy/evaluated_train",
    "accuracy/validation", "training/epoch", "training/learning_rate", "training/gradient_norm",
    "dead_units/relu1", "dead_units/relu2",
  ]
  private static let learned: Set = [
    "conv1.weight", "conv1.bias", "norm1.weight", "norm1.bias", "linear1.weight", "linear1.bias",
    "linear2.weight", "linear2.bias",
  ]
  private static var histograms: Set<String> {
    Set(learned.flatMap { ["weights/\($0)", "gradients/\($0)"] }).union([
      "weights/norm1.running_mean", "weights/norm1.running_var",
    ])
  }

  @Test(.enabled(if: TrackingTools.areThere, "Scripts/tracking.sh fetches TensorBoard"))
  func `TensorBoard lists every number, picture, histogram and hyperparameter of a run`()
    throws
  {
    // 18 steps an epoch.
    let made = try train("a", "--tensorboard", "runs/live", "--json")
    let history = try #require(try made.json()["history"] as? [[String: Any]])
    let converted = try run(
      ["convert", "a.safetensors", "--to", "tensorboard", "--output", "runs/kept"], in: folder)
    #expect(converted.status == 0, "\(converted.errors)")
    let runs = try TrackingTools.events(below: folder.file("runs"), in: folder)
    let live = try #require(runs["live"] as? [String: Any])
    #expect(names(live["scalars"]) == Self.scalars)
    #expect(names(live["images"]) == Self.pictures)
    #expect(names(live["histograms"]) == Self.histograms)
    let scalars = try #require(live["scalars"] as? [String: [[Double]]])
    for (epoch, record) in history.enumerated() {
      let point = try #require(scalars["accuracy/train"])[epoch]
      #expect(Float(try #require(record["train_accuracy"] as? Double)) == Float(point[1]))
      #expect(point[0] == Double(18 * (epoch + 1)) && point[2] == point[0])
    }
    let steps = try #require(scalars["loss/batch"]).map { $0[0] }
    #expect(steps == (1...54).map(Double.init))
    // In the middle and at the end of each epoch.
    #expect(scalars["loss/validation"]?.map { $0[0] } == [9, 18, 27, 36, 45, 54])
    for (tag, points) in try #require(live["images"] as? [String: [[Any]]]) {
      #expect(points.map { $0[0] as? Int } == [0, 18, 36, 54], "\(tag)")
      #expect(points.allSatisfy { $0[3] as? Bool == true && ($0[1] as? Int ?? 0) > 100 }, "\(tag)")
    }
    for (tag, points) in try #require(live["histograms"] as? [String: [[Double]]]) {
      #expect(points.map { $0[0] } == [0, 18, 36, 54], "\(tag)")
      #expect(points.allSatisfy { $0[1] == $0[2] && $0[1] > 0 }, "\(tag)")
    }
    let parameters = try #require(live["hyperparameters"] as? [String: Any])
    let values = try #require(parameters["values"] as? [String: Any])
    #expect(values["batch-size"] as? Double == 64 && values["optimizer"] as? String == "adam")
    #expect(values["lookahead"] as? Bool == false && parameters["status"] as? Int == 1)
    // What a checkpoint keeps are the same numbers.
    let kept = try #require(runs["kept"] as? [String: Any])
    #expect(kept["scalars"] as? [String: [[Double]]] == scalars)
    #expect(names(kept["images"]) == ["pictures/filters"])
    #expect(names(kept["histograms"]) == Self.histograms.filter { $0.hasPrefix("weights/") })

    // The server, as the browser asks it.
    let server = try TrackingTools.Server.tensorBoard(folder.file("runs"), in: folder)
    func listed(_ plugin: String) throws -> Set<String> {
      names(try server.object("data/plugin/\(plugin)/tags")["live"])
    }
    #expect(try TrackingTools.Server.wait { try listed("images") == Self.pictures })
    #expect(try listed("scalars") == Self.scalars)
    #expect(try listed("histograms") == Self.histograms)
    #expect(try listed("distributions") == Self.histograms)
    let images = try JSONSerialization.jsonObject(
      with: try server.get(
        "data/plugin/images/images?run=live&tag=pictures/confusion&sample=0"))
    let shown = try #require(images as? [[String: Any]])
    #expect(shown.compactMap { $0["step"] as? Int } == [0, 18, 36, 54])
    let picture = try server.get(
      "data/plugin/images/individualImage?\(try #require(shown[3]["query"] as? String))")
    #expect(picture.starts(with: [137, 80, 78, 71]))
    let groups = try server.post(
      "data/plugin/hparams/session_groups", Self.groupsMessage(limit: 10))
    #expect(groups["totalSize"] as? Int == 2)
  }

  @Test(.enabled(if: TrackingTools.areThere, "Scripts/tracking.sh fetches TensorBoard"))
  func `TensorBoard follows a run while it trains`() throws {
    let server = try TrackingTools.Server.tensorBoard(folder.file("runs"), in: folder)
    let (process, _, _) = process(
      [
        "train", "--model", "cnn", "--epochs", "500", "--output", "a.safetensors", "--quiet",
        "--tensorboard", "runs/live", "--dataset", "drawn", "--drawn-count", "12000",
      ], in: folder)
    try process.run()
    var steps: [Int] = []
    // It sees more of the run, and then still more.
    let isFollowed = try TrackingTools.Server.wait {
      let points = try? JSONSerialization.jsonObject(
        with: server.get("data/plugin/scalars/scalars?run=live&tag=loss/batch"))
      if let step = (points as? [[Double]])?.last?[1] { steps.append(Int(step)) }
      return Set(steps).count > 2
    }
    #expect(isFollowed && process.isRunning && steps == steps.sorted(), "\(steps)")
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  private static func groupsMessage(limit: Int) -> [String: Any] {
    [
      "experimentName": "", "startIndex": 0, "sliceSize": limit,
      "allowedStatuses": [
        "STATUS_UNKNOWN", "STATUS_SUCCESS", "STATUS_FAILURE", "STATUS_RUNNING",
      ],
      "aggregationType": "AGGREGATION_AVG",
      "colParams": [
        ["metric": ["group": "", "tag": "accuracy/validation"], "order": "ORDER_DESC"]
      ],
    ]
  }

  /// The course's 1,536 trials, with results made up: what they are called and told is what `sweep` writes.
  @Test(.enabled(if: TrackingTools.areThere, "Scripts/tracking.sh fetches TensorBoard"))
  func `the HPARAMS tab lists every trial of the course's sweep`() throws {
    let plan = try run(
      ["sweep", "plan", "--preset", "course", "--output", "s", "--json"] + few, in: folder
    ).json()
    let trials = try #require(plan["trials"] as? [[String: Any]])
    #expect(trials.count == 1536)
    for (place, trial) in trials.enumerated() {
      let id = try #require(trial["id"] as? String)
      let point: [String: Any] = [
        "train_loss": 1, "train_accuracy": 0.5, "validation_loss": 1 + Double(place),
        "validation_accuracy": Double(place) / 1536, "validation_count": 100,
      ]
      let result: [String: Any] = [
        "id": id, "configuration": try #require(trial["configuration"]),
        "outcome": place == 7 ? "diverged" : "trained", "curve": place == 7 ? [] : [point],
      ]
      try folder.write(
        [UInt8](JSONSerialization.data(withJSONObject: result)), "s/results/\(id)-1.json")
    }
    let converted = try run(
      ["convert", "s", "--to", "tensorboard", "--output", "runs", "--json"], in: folder
    ).json()
    #expect((converted["files"] as? [String])?.count == 1537)
    let server = try TrackingTools.Server.tensorBoard(folder.file("runs"), in: folder)
    // It reads in the background.
    var experiment: [String: Any] = [:]
    var groups: [String: Any] = [:]
    let areThere = try TrackingTools.Server.wait {
      experiment = try server.post(
        "data/plugin/hparams/experiment", ["experimentName": "", "includeMetrics": true])
      groups = try server.post(
        "data/plugin/hparams/session_groups", Self.groupsMessage(limit: 2000))
      return groups["totalSize"] as? Int == 1536
    }
    #expect(areThere)
    let columns = try #require(experiment["hparamInfos"] as? [[String: Any]])
    #expect(
      columns.compactMap { $0["name"] as? String }.sorted() == [
        "batch-size", "dropout", "layers", "learning-rate", "optimizer", "width",
      ])
    #expect((experiment["metricInfos"] as? [Any])?.count == 4)
    let rows = try #require(groups["sessionGroups"] as? [[String: Any]])
    let best = try #require(rows.first)
    #expect(best["name"] as? String == trials.last?["id"] as? String)
    #expect((best["hparams"] as? [String: Any])?.count == 6)
    let statuses = rows.flatMap { $0["sessions"] as? [[String: Any]] ?? [] }
      .compactMap { $0["status"] as? String }
    #expect(statuses.count { $0 == "STATUS_FAILURE" } == 1 && statuses.count == 1536)
  }
}
