import Drawing
import Figures
public import Study

extension ReportFigures {
  /// Each class with its number of images, its mean image and some examples.
  public func samples(_ data: DataFacts) -> Illustration {
    let size = max(data.example.pixels.dimensions.width, 1)
    // Many classes are shown with few examples each, and larger ones with as many as a line has room for.
    let isMany = subject.hasManyClasses
    let each = isMany ? 5 : size <= 28 ? 12 : 10
    let most = data.classCounts.max() ?? 0
    let rows = subject.classes.indices.map { label in
      let count = data.classCounts.indices.contains(label) ? data.classCounts[label] : 0
      let examples =
        data.samples.indices.contains(label) ? Array(data.samples[label].prefix(each)) : []
      let mean = data.meanImages.indices.contains(label) ? data.meanImages[label] : nil
      let name = subject.className(label)
      let bar = ImageGrid.Tile(
        bar(count, of: most, size: size), frame: nil,
        words: "\(Format.count(count)) images of \(name)")
      return ImageGrid.Row(
        [
          StyledLine([
            StyledLine.Span(name, .ink, weight: .semibold),
            StyledLine.Span(Format.count(count), .ink3),
          ])
        ],
        tiles: (isMany ? [] : [bar])
          + [ImageGrid.Tile(mean?.picture, frame: nil, words: "Mean image of \(name)")]
          + (examples.isEmpty
            ? []
            : [
              ImageGrid.Tile(
                Plate.sheet(examples.map(\.picture), columns: each, gutter: 4), frame: nil,
                words: "\(Wording.counted(examples.count, "training example")) of \(name)")
            ]))
    }
    let headers =
      (isMany ? [] : [[StyledLine("Images", .ink3)]])
      + [[StyledLine("Mean", .ink3)], [StyledLine("Random examples", .ink3)]]
    let grid = ImageGrid(rows: rows, headers: headers, scale: size <= 32 ? 2 : 1, gutter: 8)
    let caption =
      "Left, the number of training images. A blurred mean says that the class "
      + "\(subject.isDigits ? "is drawn in many ways" : "comes in many forms"), a sharp one in few. n = \(Format.count(data.labeledCount)) training images."
    return Illustration(
      text(
        .samples, Findings.balance(data.classCounts), caption,
        alt: "Mean image and examples of \(subject.classes.count) classes"), grid)
  }

  /// A count as a bar in a picture as large as an image.
  private func bar(_ count: Int, of most: Int, size: Int) -> Picture {
    let length = (Double(size) * Double(count) / Double(max(most, 1))).rounded()
    let height = max(1, size / 9)
    let top = (size - height) / 2
    let values = (0..<size * size).map { at -> Float in
      (top..<top + height).contains(at / size) && Double(at % size) < length ? 0.5 : 0
    }
    return Plate.ink(FloatPlane(width: size, height: size, values: values))
  }

  /// One picture at full size and a window of it as numbers.
  public func numbers(_ data: DataFacts) -> Illustration {
    let pixels = data.example.pixels
    let (channels, height, width) = pixels.dimensions
    let plane = channels == 1 ? pixels.planes[0] : pixels.mean
    let (rows, columns) = (min(12, height), min(12, width))
    let (top, left) = pixels.window(rows: rows, columns: columns)
    let values = (top..<top + rows).map { y in
      (left..<left + columns).map { x in
        Int(bounding: plane.values[y * width + x] * 255, in: 0...255)
      }
    }
    let total = channels * height * width
    let (mean, they) =
      channels == 1
      ? ("", "they")
      : (
        " Shown is the mean of a pixel’s \(channels) numbers, one a channel.",
        "all \(Format.count(total))"
      )
    return Illustration(
      text(
        .numbers,
        "To the network, \(subject.isDigits ? "a digit" : "an image") is "
          + "\(Format.count(total)) numbers.",
        "Test image #\(data.example.index), and the \(rows) × \(columns) pixels inside the orange outline as numbers: "
          + (subject.isInk
            ? "0 is the page, 255 is full ink"
            : channels == 1
              ? "from 0, drawn as the page, to 255, in the color of its text"
              : "they run from 0 to 255")
          + ".\(mean) Before \(they) enter the network they are divided by 255, and scaled by mean and standard deviation.",
        alt: "Test image #\(data.example.index) and a window of its pixels as numbers from 0 to 255"
      ),
      NumberGrid(
        values, of: NumberGrid.Source(pixels.picture, row: top, column: left),
        isInk: channels == 1), width: 984)
  }

  /// How many pixels have each value: 0 alone, all others in eight bands.
  package func histogram(_ data: DataFacts) -> Illustration {
    let values = subject.channels == 1 ? "pixels" : "numbers (\(subject.channels) to a pixel)"
    let rows = data.bands.map { band in
      let (values, isBlank) = (band.values, band.values.count == 1)
      return BarRows.Row(
        isBlank ? "0" : "\(values.lowerBound)–\(values.upperBound - 1)", value: band.share,
        valueText: Format.percent(band.share, decimals: 1), isHighlighted: isBlank)
    }
    return Illustration(
      text(
        .pixels, Findings.pixels(data.histogram, values: values),
        "Share of the training images’ \(values) with each value: 0 alone, all others in bands. n = "
          + "\(Format.count(data.pixelCount)) \(values)."
      ),
      BarRows(rows, title: "pixel value", maximum: 1), width: 664)
  }
}

extension FigureName {
  static let samples = FigureName("samples")
  static let numbers = FigureName("numbers")
  static let pixels = FigureName("pixels")
}
