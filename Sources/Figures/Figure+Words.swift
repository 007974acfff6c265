import Drawing

extension Figure {
  /// The figure with its title and caption above it, for a picture that no page explains.
  public var withWords: Figure {
    let titleStyle = TextStyle(.ink, size: 17, weight: .semibold)
    let captionStyle = TextStyle(.ink2, size: 13)
    var words: [Mark] = []
    var y = 0.0
    for (text, style) in [(title, titleStyle), (caption, captionStyle)] where !text.isEmpty {
      for line in TextMetrics.wrapped(text, to: width, style: style) {
        y += style.size * 1.35
        words.append(.text(line, Point(0, y), style))
      }
    }
    y += 16
    var figure = self
    figure.height += y
    (figure.readout, figure.links) = (nil, [])
    figure.marks = words + marks.map { $0.moved(x: 0, y: y) }
    return figure
  }
}
