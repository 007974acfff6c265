extension Question.Form: Codable {
  private enum Kind: String, Codable { case number, choice, open }

  private enum CodingKeys: String, CodingKey {
    case kind, value, tolerance, near, unit, mistakes, options, right, reply, points
  }

  /// Reads the kind and what belongs to it.
  ///
  /// - Throws: `DecodingError` if it is something else.
  public init(from decoder: any Decoder) throws {
    let box = try decoder.container(keyedBy: CodingKeys.self)
    switch try box.decode(Kind.self, forKey: .kind) {
    case .number:
      self = .number(
        Question.Number(
          try box.decode(Double.self, forKey: .value),
          tolerance: try box.decode(Double.self, forKey: .tolerance),
          near: try box.decode(Double.self, forKey: .near),
          unit: try box.decode(String.self, forKey: .unit),
          mistakes: try box.decode([Question.Mistake].self, forKey: .mistakes)))
    case .choice:
      self = .choice(
        Question.Choice(
          try box.decode([String].self, forKey: .options),
          right: try box.decode([Int].self, forKey: .right),
          reply: try box.decode(String.self, forKey: .reply)))
    case .open: self = .open(points: try box.decode([String].self, forKey: .points))
    }
  }

  /// Writes the kind and what belongs to it, beside each other.
  ///
  /// - Throws: what the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var box = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .number(let number):
      try box.encode(Kind.number, forKey: .kind)
      try box.encode(number.value, forKey: .value)
      try box.encode(number.tolerance, forKey: .tolerance)
      try box.encode(number.near, forKey: .near)
      try box.encode(number.unit, forKey: .unit)
      try box.encode(number.mistakes, forKey: .mistakes)
    case .choice(let choice):
      try box.encode(Kind.choice, forKey: .kind)
      try box.encode(choice.options, forKey: .options)
      try box.encode(choice.right, forKey: .right)
      try box.encode(choice.reply, forKey: .reply)
    case .open(let points):
      try box.encode(Kind.open, forKey: .kind)
      try box.encode(points, forKey: .points)
    }
  }
}

extension Question: Codable {
  private enum CodingKeys: String, CodingKey { case id, chapter, text, answer }

  /// Reads a question, its form beside its words.
  ///
  /// - Throws: `DecodingError` if it is something else.
  public init(from decoder: any Decoder) throws {
    let box = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      try box.decode(String.self, forKey: .id), try box.decode(String.self, forKey: .text),
      try Form(from: decoder), answer: try box.decode(String.self, forKey: .answer))
    chapter = try box.decode(String.self, forKey: .chapter)
  }

  /// Writes a question, its form beside its words.
  ///
  /// - Throws: what the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var box = encoder.container(keyedBy: CodingKeys.self)
    try box.encode(id, forKey: .id)
    try box.encode(chapter, forKey: .chapter)
    try box.encode(text, forKey: .text)
    try box.encode(answer, forKey: .answer)
    try form.encode(to: encoder)
  }
}
