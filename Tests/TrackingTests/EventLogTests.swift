import Files
import SwiftProtobuf
import TestSupport
import Testing

@testable import Tracking

/// Event files that grow, are interrupted and go on.
@Suite struct EventLogTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private var path: String { folder.file(EventLog.fileName) }

  /// Two events a step, one of a number and one of many.
  private func events(_ steps: ClosedRange<Int>) -> [TrackedEvent] {
    steps.map { step in
      TrackedEvent(
        step: step,
        [
          TrackedValue("loss", .scalar(1 / Double(step + 1))),
          TrackedValue("weights/a", .histogram(ValueHistogram([Float(step), 1, -0.5]))),
        ])
    }
  }

  private func write(_ events: [TrackedEvent], to log: EventLog) throws {
    for event in events { try log.append(event) }
  }

  private func steps() throws -> [Int64] {
    let bytes = try FileBytes.read(path)
    let records = RecordFile.records(in: bytes)
    #expect(records.last?.upperBound == bytes.count)
    return try records.map {
      try Tensorboard_Event(serializedBytes: Array(bytes[RecordFile.content(of: $0)])).step
    }
  }

  /// The bytes of a run that nothing stopped.
  private func wholeRun() throws -> [UInt8] {
    let other = try TemporaryFolder()
    let log = try EventLog(in: other.path)
    try log.begin([Hyperparameter("batch-size", .number(64))])
    try write(events(0...9), to: log)
    try log.end(.finished, step: 9)
    return try FileBytes.read(other.file(EventLog.fileName))
  }

  @Test func `what is told is there at once, and the time is the step`() throws {
    let log = try EventLog(in: folder.path)
    #expect(log.isNew)
    for (count, event) in events(0...3).enumerated() {
      try log.append(event)
      #expect(try steps() == [0] + (0...count).map(Int64.init))
    }
    #expect(!log.isNew)
    let bytes = try FileBytes.read(path)
    let first = try Tensorboard_Event(
      serializedBytes: Array(bytes[RecordFile.content(of: RecordFile.records(in: bytes)[0])]))
    #expect(first.fileVersion == "brain.Event:2")
    for record in RecordFile.records(in: bytes) {
      let event = try Tensorboard_Event(
        serializedBytes: Array(bytes[RecordFile.content(of: record)]))
      #expect(event.wallTime == Double(event.step))
    }
  }

  /// Stopped after a step, with more told than was saved, or with half a record at the end: it goes on to the same bytes.
  @Test(arguments: [(0, 0), (4, 4), (4, 7), (2, 9)], [0, 1, 11, 30])
  func `a run that goes on doubles nothing and loses nothing`(
    _ at: (saved: Int, told: Int), torn: Int
  )
    throws
  {
    do {
      let log = try EventLog(in: folder.path)
      try log.begin([Hyperparameter("batch-size", .number(64))])
      try write(events(0...at.told), to: log)
    }
    let half = RecordFile.record([UInt8](repeating: 1, count: 40)).prefix(torn)
    try folder.write(try FileBytes.read(path) + half, EventLog.fileName)
    let log = try EventLog(in: folder.path, goingOnFrom: at.saved)
    #expect(!log.isNew)
    // Nothing that was told is lost before it is told again.
    #expect(try steps() == [0, 0] + (0...at.told).map(Int64.init))
    if at.saved < 9 { try write(events(at.saved + 1...9), to: log) }
    try log.end(.finished, step: 9)
    #expect(try FileBytes.read(path) == wholeRun())
  }

  @Test func `where another machine reckons otherwise, it is told anew from there`() throws {
    do {
      let log = try EventLog(in: folder.path)
      try write(events(0...6), to: log)
    }
    let log = try EventLog(in: folder.path, goingOnFrom: 2)
    try log.append(events(3...3)[0])
    try log.append(TrackedEvent(step: 4, [TrackedValue("loss", .scalar(7))]))
    #expect(try steps() == [0, 0, 1, 2, 3, 4])
    try write(events(5...6), to: log)
    #expect(try steps() == [0, 0, 1, 2, 3, 4, 5, 6])
  }

  @Test func `a new run replaces an old one, and going on with none begins one`() throws {
    do { try write(events(0...6), to: try EventLog(in: folder.path)) }
    do {
      let log = try EventLog(in: folder.path)
      #expect(log.isNew)
    }
    #expect(try steps() == [0])
    try FileBytes.remove(path)
    do {
      let log = try EventLog(in: folder.path, goingOnFrom: 5)
      #expect(log.isNew)
    }
    try folder.write([1, 2, 3], EventLog.fileName)
    let log = try EventLog(in: folder.path, goingOnFrom: 5)
    #expect(log.isNew)
  }

  @Test func `two runs do not write one file`() throws {
    let log = try EventLog(in: folder.path)
    try write(events(0...2), to: log)
    do {
      _ = try EventLog(in: folder.path)
      Issue.record("both write")
    } catch { #expect("\(error)".contains("another run is writing it")) }
    #expect(try steps() == [0, 0, 1, 2])
  }

  @Test func `places that cannot be written are refused before anything is made`() throws {
    try folder.write([1], "file")
    for place in [folder.file("file"), folder.file("file/below"), ""] {
      #expect(throws: FileError.self) { try EventLog.check(place) }
    }
    try folder.write([], "other/events.out.tfevents.123.host")
    do {
      try EventLog.check(folder.file("other"))
      Issue.record("taken beside another program's events")
    } catch { #expect("\(error)".contains("name another folder")) }
    #expect(throws: Never.self) { try EventLog.check(folder.file("not/yet")) }
    #expect(!FileBytes.exists(folder.file("not")))
  }

  @Test func `what half fits on the disk is taken off again`() throws {
    let small = folder.file("small")
    let file = try AppendedFile(small, keeping: 0)
    try file.append([1, 2, 3])
    #expect(file.count == 3)
    // A device that is always full.
    do {
      _ = try AppendedFile("/dev/full", keeping: 0)
      Issue.record("a device was taken for a file")
    } catch { #expect("\(error)".contains("not a regular file")) }
    try file.cut(to: 1)
    try file.append([4])
    #expect(try FileBytes.read(small) == [1, 4])
  }

  @Test func `pictures tell their size and colors`() throws {
    // A PNG's signature, then its header's length, name, width, height, depth and kind.
    func png(kind: UInt8) -> [UInt8] {
      [137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82]
        + [0, 0, 1, 4, 0, 0, 0, 9, 8, kind, 0, 0, 0]
    }
    let log = try EventLog(in: folder.path)
    for kind: UInt8 in [0, 2, 3, 4, 6] {
      try log.append(TrackedEvent(step: 1, [TrackedValue("a", .image(png: png(kind: kind)))]))
    }
    let bytes = try FileBytes.read(path)
    let images = try RecordFile.records(in: bytes).dropFirst().map {
      try Tensorboard_Event(serializedBytes: Array(bytes[RecordFile.content(of: $0)])).summary
        .value[0].image
    }
    #expect(images.map(\.colorspace) == [1, 3, 3, 2, 4])
    #expect(images.allSatisfy { $0.width == 260 && $0.height == 9 })
  }
}
