/// Something wrong with the templates of a report.
public enum TemplateError: Error, Equatable, CustomStringConvertible {
  /// A file that a report needs is not in the folder of templates.
  case missingFile(String)
  /// None of the places has a folder of templates.
  case notFound([String])
  /// A template that cannot be parsed, with the reason.
  case malformed(template: String, reason: String)
  /// A tag that the report has no value for.
  case missingValue(template: String, tag: String)

  /// One sentence.
  public var description: String {
    switch self {
    case .missingFile(let path):
      "the report needs the template \(path), which does not exist"
    case .notFound(let places):
      "no templates found in \(places.joined(separator: ", ")); name their folder with --templates"
    case .malformed(let template, let reason): "the template \(template) is malformed: \(reason)"
    case .missingValue(let template, let tag):
      "the template \(template) asks for {{\(tag)}}, which the report does not know"
    }
  }
}
