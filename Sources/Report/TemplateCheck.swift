/// Finds tags without a value, which the template engine would leave blank without a word.
///
/// It walks templates the way rendering does: a section pushes each element of a list, or the value
/// itself, and names are looked for from the innermost value outwards.
struct TemplateCheck {
  /// The tags of every template by its name.
  let tags: [String: [TemplateTag]]

  /// Checks a template with the value it is rendered with.
  func check(_ template: String, view: Any) throws(TemplateError) {
    try check(tags[template] ?? [], in: template, stack: [view])
  }

  private func check(
    _ tags: [TemplateTag], in template: String, stack: [Any]
  ) throws(TemplateError) {
    for tag in tags {
      switch tag {
      case .value(let name): _ = try value(name, in: template, stack: stack)
      case .partial(let name):
        try check(self.tags[name] ?? [], in: name, stack: stack)
      case .section(let name, let isInverted, let inner):
        let value = try value(name, in: template, stack: stack)
        try check(inner, in: template, stacks: Self.pushed(value, stack, isInverted: isInverted))
      }
    }
  }

  private func check(
    _ tags: [TemplateTag], in template: String, stacks: [[Any]]
  ) throws(TemplateError) {
    for stack in stacks { try check(tags, in: template, stack: stack) }
  }

  /// The stacks that the inside of a section is rendered with; none if it is not rendered.
  private static func pushed(_ value: Any?, _ stack: [Any], isInverted: Bool) -> [[Any]] {
    if let flag = value as? Bool { return flag == isInverted ? [] : [stack] }
    guard let value else { return isInverted ? [stack] : [] }
    let mirror = Mirror(reflecting: value)
    guard mirror.displayStyle == .collection else { return isInverted ? [] : [stack + [value]] }
    if isInverted { return mirror.children.isEmpty ? [stack] : [] }
    return mirror.children.map { stack + [$0.value] }
  }

  /// The value of a name; nil for an optional without one.
  private func value(
    _ name: String, in template: String, stack: [Any]
  ) throws(TemplateError) -> Any? {
    if name == "." { return stack.last }
    let parts = name.split(separator: ".").map(String.init)
    for object in stack.reversed() {
      guard let first = parts.first, var found = Self.child(first, of: object) else { continue }
      for part in parts.dropFirst() {
        guard let object = Self.unwrapped(found), let child = Self.child(part, of: object) else {
          throw .missingValue(template: template, tag: name)
        }
        found = child
      }
      return Self.unwrapped(found)
    }
    throw .missingValue(template: template, tag: name)
  }

  private static func child(_ name: String, of object: Any) -> Any? {
    Mirror(reflecting: object).children.first { $0.label == name }?.value
  }

  private static func unwrapped(_ value: Any) -> Any? {
    let mirror = Mirror(reflecting: value)
    guard mirror.displayStyle == .optional else { return value }
    return mirror.children.first?.value
  }
}
