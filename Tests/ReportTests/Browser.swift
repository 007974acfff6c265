import Foundation
import Testing

/// A headless Chromium, driven through the pipe of its DevTools protocol.
final class Browser {
  /// What went wrong in a conversation with the browser.
  struct Failure: Error {
    var message: String
  }

  /// How a page is looked at.
  struct View: Sendable, CustomTestStringConvertible {
    /// CSS pixels.
    var width = 1440
    var height = 2000
    /// Device pixels per CSS pixel.
    var density = 1
    var isDark = false
    var isSingle = false
    var isScripted = true

    var testDescription: String {
      "\(width) px" + (density > 1 ? " of \(density)" : "") + (isDark ? ", dark" : "")
        + (isSingle ? ", single file" : "") + (isScripted ? "" : ", no script")
    }
  }

  private static let names = [
    "chromium", "chromium-browser", "google-chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  ]

  private let folder: String
  private let process = Process()
  private let writing: FileHandle
  private let reading: FileHandle
  private var received = Data()
  private var count = 0
  /// What the browser told without being asked.
  fileprivate var events: [[String: Any]] = []

  init() throws {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    let program = Self.names.lazy.flatMap { name in
      name.hasPrefix("/") ? [name] : folders.map { "\($0)/\(name)" }
    }.first { FileManager.default.isExecutableFile(atPath: $0) }
    let found = try #require(program, "no browser found: run Scripts/setup.sh test")
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("inkling-browser-\(UUID().uuidString)").path
    self.folder = folder
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    // The protocol speaks on descriptors 3 and 4, which only a shell can hand over.
    let pipes = ["in", "out"].map { "\(folder)/\($0)" }
    for pipe in pipes where mkfifo(pipe, 0o600) != 0 {
      throw Failure(message: "no pipe at \(pipe)")
    }
    signal(SIGPIPE, SIG_IGN)
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments =
      ["-c", "exec \"$@\" 3<\"$0/in\" 4>\"$0/out\" 2>\"$0/log\"", folder, found]
      + [
        "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe",
        "--user-data-dir=\(folder)/profile", "about:blank",
      ]
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    writing = try #require(FileHandle(forWritingAtPath: pipes[0]))
    reading = try #require(FileHandle(forReadingAtPath: pipes[1]))
  }

  deinit {
    _ = try? send("Browser.close")
    process.waitUntilExit()
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// Opens a file in a tab of its own and waits until it has loaded.
  func open(_ path: String, _ view: View = View()) throws -> Page {
    let target = try send("Target.createTarget", ["url": "about:blank"])
    let session = try send(
      "Target.attachToTarget", ["targetId": target["targetId"] ?? "", "flatten": true])
    let page = Page(browser: self, session: session["sessionId"] as? String ?? "")
    for domain in ["Page", "Runtime", "Network", "Log"] { try page.send("\(domain).enable") }
    try page.send(
      "Emulation.setDeviceMetricsOverride",
      [
        "width": view.width, "height": view.height, "deviceScaleFactor": view.density,
        "mobile": false,
      ])
    // A phone's scroll bars take no room.
    try page.send("Emulation.setScrollbarsHidden", ["hidden": true])
    try page.emulate(isDark: view.isDark)
    if !view.isScripted {
      try page.send("Emulation.setScriptExecutionDisabled", ["value": true])
    }
    try page.load(path)
    return page
  }

  /// Asks for something and returns the answer.
  @discardableResult
  func send(
    _ method: String, _ parameters: [String: Any] = [:], session: String? = nil
  ) throws -> [String: Any] {
    count += 1
    var message: [String: Any] = ["id": count, "method": method, "params": parameters]
    message["sessionId"] = session
    try writing.write(contentsOf: try JSONSerialization.data(withJSONObject: message) + [0])
    while true {
      let answer = try receive()
      guard answer["id"] as? Int == count else {
        events.append(answer)
        continue
      }
      if let error = answer["error"] as? [String: Any] {
        throw Failure(message: "\(method): \(error["message"] ?? "")")
      }
      return answer["result"] as? [String: Any] ?? [:]
    }
  }

  /// Waits for an event of a session.
  fileprivate func wait(for method: String, of session: String) throws {
    func isIt(_ event: [String: Any]) -> Bool {
      event["method"] as? String == method && event["sessionId"] as? String == session
    }
    if let known = events.firstIndex(where: isIt) {
      events.remove(at: known)
      return
    }
    while true {
      let event = try receive()
      if isIt(event) { return }
      events.append(event)
    }
  }

  /// The next message: JSON that ends with a zero.
  private func receive() throws -> [String: Any] {
    while true {
      if let end = received.firstIndex(of: 0) {
        let message = received[received.startIndex..<end]
        received = Data(received[received.index(after: end)...])
        return try JSONSerialization.jsonObject(with: message) as? [String: Any] ?? [:]
      }
      let more = reading.availableData
      guard !more.isEmpty else {
        let log = try? String(contentsOfFile: "\(folder)/log", encoding: .utf8)
        throw Failure(message: "the browser ended: \(log ?? "")")
      }
      received += more
    }
  }
}

/// A page in a tab.
struct Page {
  fileprivate let browser: Browser
  fileprivate let session: String

  @discardableResult
  func send(_ method: String, _ parameters: [String: Any] = [:]) throws -> [String: Any] {
    try browser.send(method, parameters, session: session)
  }

  /// Loads a file and waits until it has loaded.
  func load(_ path: String) throws {
    try send("Page.navigate", ["url": URL(fileURLWithPath: path).absoluteString])
    try browser.wait(for: "Page.loadEventFired", of: session)
  }

  /// Loads the page again and waits until it has loaded.
  func reload() throws {
    try send("Page.reload")
    try browser.wait(for: "Page.loadEventFired", of: session)
  }

  /// Sets what the page is told of the screen or the paper.
  func emulate(isDark: Bool, media: String = "") throws {
    try send(
      "Emulation.setEmulatedMedia",
      [
        "media": media,
        "features": [["name": "prefers-color-scheme", "value": isDark ? "dark" : "light"]],
      ])
  }

  /// The value of an expression, which may wait for something.
  func read<Value: Decodable>(_ expression: String, as type: Value.Type = Value.self) throws
    -> Value
  {
    let answer = try send(
      "Runtime.evaluate",
      [
        "expression": "(async () => JSON.stringify([await (\(expression))]))()",
        "awaitPromise": true, "returnByValue": true,
      ])
    guard let text = (answer["result"] as? [String: Any])?["value"] as? String else {
      let thrown = (answer["exceptionDetails"] as? [String: Any])?["exception"] as? [String: Any]
      throw Browser.Failure(message: "\(thrown?["description"] ?? answer)")
    }
    return try JSONDecoder().decode([Value].self, from: Data(text.utf8))[0]
  }

  /// Runs statements in the page.
  func run(_ script: String) throws {
    _ = try read("(async () => { \(script); return true; })()", as: Bool.self)
  }

  /// Presses a key and lets it go.
  func press(_ key: String, code: Int, text: String? = nil) throws {
    var parameters: [String: Any] = [
      "type": text == nil ? "rawKeyDown" : "keyDown", "key": key, "code": key,
      "windowsVirtualKeyCode": code,
    ]
    parameters["text"] = text
    try send("Input.dispatchKeyEvent", parameters)
    parameters["type"] = "keyUp"
    parameters["text"] = nil
    try send("Input.dispatchKeyEvent", parameters)
  }

  /// A PNG of a part of what is seen, in device pixels.
  func screenshot(x: Double, y: Double, width: Double, height: Double) throws -> [UInt8] {
    let answer = try send(
      "Page.captureScreenshot",
      [
        "clip": ["x": x, "y": y, "width": width, "height": height, "scale": 1]
      ])
    return [UInt8](try #require(Data(base64Encoded: answer["data"] as? String ?? "")))
  }

  /// The page as it is printed.
  func pdf() throws -> Data {
    let answer = try send(
      "Page.printToPDF", ["preferCSSPageSize": true, "printBackground": true])
    return try #require(Data(base64Encoded: answer["data"] as? String ?? ""))
  }

  /// Warnings, errors and what scripts wrote.
  var console: [String] {
    events.compactMap { method, parameters in
      switch method {
      case "Runtime.exceptionThrown": "\(parameters["exceptionDetails"] ?? "")"
      case "Runtime.consoleAPICalled": "\(parameters["args"] ?? "")"
      case "Log.entryAdded": "\((parameters["entry"] as? [String: Any])?["text"] ?? "")"
      default: nil
      }
    }
  }

  /// The addresses of everything that was asked for.
  var requests: [String] {
    events.compactMap { method, parameters in
      method == "Network.requestWillBeSent"
        ? (parameters["request"] as? [String: Any])?["url"] as? String : nil
    }
  }

  private var events: [(String, [String: Any])] {
    browser.events.filter { $0["sessionId"] as? String == session }.map {
      ($0["method"] as? String ?? "", $0["params"] as? [String: Any] ?? [:])
    }
  }
}
