public import Engine

/// A way to say which pixels mattered: a value that holds its settings.
public protocol AttributionMethod: Sendable {
  /// The name on the command line and in figures, such as `integrated-gradients`.
  static var name: String { get }
  /// One line that says what the map shows.
  static var summary: String { get }
  /// Explains a logit of each image.
  ///
  /// - Parameters:
  ///   - images: pixels in [0, 1], `[N][C][H][W]`.
  ///   - executor: the network.
  ///   - targets: the class to explain, one an image.
  /// - Returns: signed scores of every pixel.
  func attribution(of images: [Float], in executor: Executor, for targets: [Int]) -> Attribution
}

/// The settings that methods read; each takes those that it knows.
public struct AttributionSettings: Sendable {
  /// Points along a path.
  public var steps: Int?

  /// Settings, all left to the methods' own defaults.
  public init(steps: Int? = nil) { self.steps = steps }
}

/// The methods by name.
public enum AttributionMethods {
  /// How each method is made from settings.
  public static let all:
    [(
      name: String, summary: String, make: @Sendable (AttributionSettings) -> any AttributionMethod
    )] = [
      (Gradient.name, Gradient.summary, { _ in Gradient() }),
      (
        IntegratedGradients.name, IntegratedGradients.summary,
        { IntegratedGradients(steps: $0.steps ?? IntegratedGradients.defaultSteps) }
      ),
    ]

  /// The method of a name; `nil` if there is none.
  public static func method(
    _ name: String, _ settings: AttributionSettings = AttributionSettings()
  ) -> (any AttributionMethod)? {
    all.first { $0.name == name }?.make(settings)
  }
}
