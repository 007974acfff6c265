/// The tags of a template, as far as checking them needs.
indirect enum TemplateTag: Equatable, Sendable {
  /// A value, escaped or not.
  case value(String)
  /// A part that is repeated, or shown if a value holds or does not.
  case section(String, isInverted: Bool, [TemplateTag])
  /// Another template.
  case partial(String)

  /// The names of the templates that these tags include.
  static func partials(_ tags: [TemplateTag]) -> [String] {
    tags.flatMap { tag -> [String] in
      switch tag {
      case .value: []
      case .section(_, _, let inner): partials(inner)
      case .partial(let name): [name]
      }
    }
  }
}

/// Reads the tags of Mustache templates.
struct TemplateParser {
  private let template: String
  private var rest: Substring

  /// The tags of a template.
  static func tags(of text: String, named name: String) throws(TemplateError) -> [TemplateTag] {
    var parser = TemplateParser(template: name, rest: text[...])
    return try parser.tags(until: nil)
  }

  private init(template: String, rest: Substring) {
    self.template = template
    self.rest = rest
  }

  /// Sections deeper than this inside one another are no page's, but an attack on the stack.
  private static let deepest = 64
  private var depth = 0

  private mutating func tags(until end: String?) throws(TemplateError) -> [TemplateTag] {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.deepest else {
      throw .malformed(
        template: template, reason: "sections stand more than \(Self.deepest) deep in one another")
    }
    var tags: [TemplateTag] = []
    while let tag = try next() {
      let name = tag.dropFirst().trimmed
      switch tag.first {
      case "!": continue
      case "#", "^":
        let inner = try self.tags(until: name)
        tags.append(.section(name, isInverted: tag.first == "^", inner))
      case "/":
        guard name == end else {
          throw .malformed(template: template, reason: "{{/\(name)}} closes nothing")
        }
        return tags
      case ">":
        guard !name.isEmpty, name.allSatisfy({ $0.isLetter || $0.isNumber || "-_".contains($0) })
        else {
          throw .malformed(
            template: template, reason: "{{> \(name)}} is no name of a template in this folder")
        }
        tags.append(.partial(name))
      case "&", "{": tags.append(.value(name))
      default: tags.append(.value(tag.trimmed))
      }
    }
    guard let end else { return tags }
    throw .malformed(template: template, reason: "{{#\(end)}} is not closed")
  }

  /// The inside of the next tag; of `{{{x}}}` it is `{x`.
  private mutating func next() throws(TemplateError) -> Substring? {
    guard let start = Self.end(of: "{{", in: rest) else { return nil }
    rest = rest[start...]
    guard let close = rest.indices.first(where: { rest[$0...].hasPrefix("}}") }) else {
      throw .malformed(template: template, reason: "a tag is not closed")
    }
    let inside = rest[..<close]
    rest = rest[close...].dropFirst(inside.hasPrefix("{") ? 3 : 2)
    return inside
  }

  /// The place after the first occurrence of a text.
  private static func end(of text: String, in rest: Substring) -> Substring.Index? {
    rest.indices.first { rest[$0...].hasPrefix(text) }.map {
      rest.index($0, offsetBy: text.count)
    }
  }
}

extension Substring {
  /// The text without spaces around it.
  fileprivate var trimmed: String { String(split(separator: " ").joined(separator: " ")) }
}
