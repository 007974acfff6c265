import Foundation
import Synchronization

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// An MLflow server, asked through its REST interface, one request at a time.
///
/// Reference: MLflow's documentation, REST API (version 2.0, which servers of version 3 speak as well).
package final class MLflowServer: Sendable {
  /// The address as it was given, such as `http://127.0.0.1:5000`.
  package let address: String
  /// Seconds that a request may take.
  package let patience: Double
  private let base: URL
  /// One for all requests, so that they share a connection.
  private let session: URLSession

  /// A server at an address; nothing is asked yet.
  ///
  /// - Throws: `MLflowError` of `.address` if that is no http address.
  package init(_ address: String, patience: Double = 5) throws(MLflowError) {
    let trimmed = String(address.reversed().drop { $0 == "/" }.reversed())
    guard let base = URL(string: trimmed), ["http", "https"].contains(base.scheme),
      base.host?.isEmpty == false, base.query == nil, base.fragment == nil
    else {
      throw MLflowError(
        .address,
        "“\(address)” is not the address of an MLflow server; http://127.0.0.1:5000 would be one")
    }
    guard base.user == nil, base.password == nil else {
      throw MLflowError(
        .address, "an MLflow server's address is taken without a name and a password")
    }
    (self.address, self.patience, self.base) = (trimmed, patience, base)
    let configuration = URLSessionConfiguration.ephemeral
    configuration.timeoutIntervalForRequest = patience
    session = URLSession(configuration: configuration)
  }

  deinit { session.invalidateAndCancel() }

  /// What the server says when it says no.
  private struct Refusal: Decodable {
    let error_code: String
    let message: String?
  }

  /// What came of a request.
  private struct Answer: Sendable {
    var status = 0
    var body = Data()
    var failure: String?
  }

  /// Asks for something.
  ///
  /// - Parameters:
  ///   - path: such as `runs/create`.
  ///   - query: names and values behind the path.
  /// - Returns: the answer; `nil` if what is asked for does not exist.
  /// - Throws: `MLflowError`.
  func get<Result: Decodable>(
    _ path: String, _ query: [String: String]
  ) throws(MLflowError) -> Result? {
    let items = query.map { URLQueryItem(name: $0, value: $1) }
    let request = URLRequest(url: url(path).appending(queryItems: items))
    let answer = try answer(to: request)
    if answer.status == 404, refusal(answer)?.error_code == "RESOURCE_DOES_NOT_EXIST" { return nil }
    return try decoded(answer)
  }

  /// Sends something.
  ///
  /// - Parameters:
  ///   - path: such as `runs/create`.
  ///   - message: what is sent.
  /// - Returns: the answer.
  /// - Throws: `MLflowError`.
  func post<Result: Decodable>(
    _ path: String, _ message: some Encodable
  ) throws(MLflowError) -> Result {
    var request = URLRequest(url: url(path))
    request.httpMethod = "POST"
    request.setValue("application/json", forHTTPHeaderField: "Content-Type")
    do {
      request.httpBody = try JSONEncoder().encode(message)
    } catch {
      throw MLflowError(.refused, "MLflow takes no numbers that are not finite")
    }
    return try decoded(try answer(to: request))
  }

  private func url(_ path: String) -> URL { base.appending(path: "api/2.0/mlflow/\(path)") }

  private func answer(to request: URLRequest) throws(MLflowError) -> Answer {
    let received = Received()
    let task = session.dataTask(with: request) { body, response, error in
      received.set(
        Answer(
          status: (response as? HTTPURLResponse)?.statusCode ?? 0, body: body ?? Data(),
          failure: error?.localizedDescription))
    }
    task.resume()
    guard let answer = received.wait(patience) else {
      task.cancel()
      throw MLflowError(
        .unreachable, "MLflow at \(address) gave no answer within \(Int(patience)) s")
    }
    if let failure = answer.failure {
      throw MLflowError(.unreachable, "MLflow at \(address) cannot be reached: \(failure)")
    }
    return answer
  }

  private func refusal(_ answer: Answer) -> Refusal? {
    try? JSONDecoder().decode(Refusal.self, from: answer.body)
  }

  private func decoded<Result: Decodable>(_ answer: Answer) throws(MLflowError) -> Result {
    if let refusal = refusal(answer) {
      let words = (refusal.message ?? refusal.error_code).split(whereSeparator: \.isNewline)
      throw MLflowError(.refused, "MLflow at \(address) refuses: \(words.joined(separator: " "))")
    }
    guard ![401, 403].contains(answer.status) else {
      throw MLflowError(
        .refused,
        "MLflow at \(address) refuses: HTTP status \(answer.status), and names and passwords are not sent"
      )
    }
    guard answer.status == 200,
      let result = try? JSONDecoder().decode(Result.self, from: answer.body)
    else {
      throw MLflowError(
        .unreachable,
        "what answers at \(address) is no MLflow server: HTTP status \(answer.status)")
    }
    return result
  }

  /// Where an answer is put by one thread and awaited by another.
  private final class Received: Sendable {
    private let answer = Mutex<Answer?>(nil)
    private let semaphore = DispatchSemaphore(value: 0)

    func set(_ answer: Answer) {
      self.answer.withLock { $0 = answer }
      semaphore.signal()
    }

    /// The answer; `nil` if none comes within some seconds.
    func wait(_ seconds: Double) -> Answer? {
      guard semaphore.wait(timeout: .now() + seconds) == .success else { return nil }
      return answer.withLock { $0 }
    }
  }
}
