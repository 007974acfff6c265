import Drawing
import Evaluation
import Figures
import Networks
import Questions
import Study

/// What the latents stand for; left out of a flow, whose latents are noise.
struct LatentChapter: GeneratorChapter {
  let context: GeneratorContext

  var outline: ChapterOutline? {
    guard let facts = results.latentSpace else { return nil }
    let isRead = facts.autoencoder != nil
    return ChapterOutline(
      id: "latents", title: "The latent space",
      question:
        "What do the \(results.latents == 1 ? "latent" : "\(Format.count(results.latents)) latents") stand for?",
      goal:
        "You will be able to say what lies between two pictures, and how that differs from mixing their pixels.",
      paragraphs: paragraphs(facts),
      notes: [
        isRead
          ? (
            "Nats",
            "A divergence of d nats says that the encoder narrows a latent’s place down to about one part in eᵈ of where it would be "
              + "expected. One of 0 says nothing about the image."
          )
          : (
            "Arcs",
            "Normal numbers in many dimensions nearly all have about the same length. A straight way between two of them passes through "
              + "shorter ones, which the generator has hardly seen; an arc keeps the length."
          )
      ],
      illustrations: illustrations(facts),
      trial: results.plane.flatMap { plane in
        facts.autoencoder?.map.map { Trial.latents(plane, $0) }
      })
  }

  private func paragraphs(_ facts: LatentFacts) -> [String] {
    guard let coding = facts.autoencoder else {
      return [
        "Nobody told the generator what any of its numbers should mean. That near numbers give near pictures comes from the network being "
          + "smooth; a way between two pictures shows what it takes for in-between."
      ]
    }
    let interval = coding.interval.map {
      " (95% interval \(Format.fixed($0.low, 1))–\(Format.fixed($0.high, 1)))"
    }
    return [
      "On \(Wording.all(coding.count, "test image")) the negative evidence bound is \(Format.fixed(coding.bound, 1)) nats an image\(interval ?? ""): "
        + "\(Format.fixed(coding.reconstruction, 1)) for the pixels and \(Format.fixed(coding.divergence, 1)) for the latents, which were drawn once "
        + "for each image.",
      coding.map == nil
        ? "What is shown of an image is drawn from its means. Nobody told the network what a latent should stand for; what it made of them is seen by turning one at a time."
        : "With two latents everything it can draw lies on a plane, which can be seen at once; so few numbers are a narrow gate, and its pictures are the blurrier for it.",
    ]
  }

  private func illustrations(_ facts: LatentFacts) -> [Illustration] {
    var shown: [Illustration] = []
    if let coding = facts.autoencoder {
      if let map = coding.map {
        shown += [figure.latentMap(map), figure.latentPoints(map)]
      }
      shown.append(figure.reconstructions(coding))
      if coding.map == nil { shown.append(figure.divergences(coding)) }
      if !coding.turns.isEmpty { shown.append(figure.turns(coding)) }
    }
    if !facts.ways.isEmpty { shown.append(figure.ways(facts)) }
    return shown
  }

  var questions: [Question] {
    guard let facts = results.latentSpace else { return [] }
    var asked = [
      Question(
        "generator-between",
        facts.autoencoder == nil
          ? "Halfway on the arc between two pictures stands a picture. Why is it not the two laid on each other?"
          : "Halfway between two codes stands one picture. Mixing the pixels halfway gives another. What is the difference?",
        points: [
          "Mixed pixels are two faint images on each other.",
          "A picture between codes is drawn by the network, and looks like something that it could have learned from.",
        ],
        answer:
          "Mixed pixels show both ends at once, each half as strong. What lies between the codes is one picture that the network draws, "
          + "in which the one turns into the other.")
    ]
    if let coding = facts.autoencoder, coding.map == nil {
      asked.append(
        Question(
          "generator-carrying-latents",
          "How many of its \(Format.count(results.latents)) latents tell at least \(Format.significant(LatentFacts.Autoencoding.leastDivergence, 1)) nats of an image in the mean?",
          .number(
            Question.Number(
              Double(coding.carrying), near: 2,
              mistakes: [
                Question.Mistake(
                  Double(results.latents),
                  "That is how many there are. Look for those that say next to nothing.")
              ])),
          answer:
            "\(Format.count(coding.carrying)). \(coding.carrying < results.latents ? "The others are left at the standard normal distribution for every image: the decoder does not use them, and they cost nothing." : "None is left unused: more latents might tell more.")"
        ))
    }
    return asked
  }
}

extension ReportFigures {
  /// All that two latents can give.
  func latentMap(_ map: LatentFacts.Map) -> Illustration {
    let pictures = map.pictures.pictures
    // Every second picture and line for a phone.
    let halved = pictures.indices.filter {
      ($0 / map.side).isMultiple(of: 2) && ($0 % map.side).isMultiple(of: 2)
    }.map { pictures[$0].picture }
    func grid(_ pictures: [Picture], columns: Int) -> ImageGrid {
      ImageGrid(
        [
          ImageGrid.Tile(
            Plate.sheet(pictures, columns: columns, gutter: 0), frame: nil,
            words: "\(pictures.count) pictures of a plane of latents")
        ], scale: 1)
    }
    return Illustration(
      text(
        .latentMap, "Everything that two latents can give, on one plane.",
        "The first latent grows from left to right, the second from bottom to top, each through \(map.side) quantiles of the normal distribution: so "
          + "every picture stands for an equal share of what it draws. A phone shows every second one.",
        method:
          "Quantiles \(Format.fixed(Double(map.quantiles.first ?? 0), 2)) to \(Format.fixed(Double(map.quantiles.last ?? 0), 2)): the middles of \(map.side) equal shares.",
        alt: "\(map.side) × \(map.side) pictures of a plane of two latents"),
      grid(pictures.map(\.picture), columns: map.side),
      narrow: grid(halved, columns: (map.side + 1) / 2))
  }

  /// Where test images lie on the plane.
  func latentPoints(_ map: LatentFacts.Map) -> Illustration {
    Illustration(
      text(
        .latentPoints, "Where the encoder puts images, though nobody told it their classes.",
        "The means of \(drawn(map.points.count)), on the same plane as the pictures above: from edge to edge in equal shares of the normal distribution. Each mark is the true "
          + "class, a dot where there is no room. Classes that share a place share their codes: they are what it mixes up.",
        alt: "Test images on the plane of two latents, marked by class"),
      ClassMap(
        map.shares.map {
          ClassMap.Item(Point(Double($0.x), -Double($0.y)), label: $0.label)
        }, classNames: subject.classes, height: 640), width: 664)
  }

  /// Images beside what becomes of them.
  func reconstructions(_ coding: LatentFacts.Autoencoding) -> Illustration {
    let names = Wording.list(coding.ends.map { subject.className($0.label) })
    func row(_ name: String, _ pictures: Plane) -> SheetRows.Row {
      SheetRows.Row(
        [StyledLine(name, .ink, weight: .semibold)], pictures, words: "\(name): \(names)")
    }
    return SheetRows(
      rows: [row("given", coding.originals), row("drawn again", coding.reconstructed)],
      header: "One test image of \(subject.eachClass(of: coding.ends.count))",
      scale: coding.originals.sheetScale(columns: coding.ends.count)
    ).illustration(
      text(
        .reconstructions, "What is left of an image after the narrow gate.",
        "Above, the first test image of \(subject.eachClass(of: coding.ends.count)) (\(Wording.list(coding.ends.map { "#\($0.index)" }))); below, what the decoder draws from the means of its latents. "
          + "None of them was learned from.",
        alt: "Test images and what the decoder makes of them"))
  }

  /// How much each latent tells.
  func divergences(_ coding: LatentFacts.Autoencoding) -> Illustration {
    let order = coding.divergences.indices.sorted {
      (coding.divergences[$1], $0) < (coding.divergences[$0], $1)
    }
    let shown = order.prefix(40)
    let least = LatentFacts.Autoencoding.leastDivergence
    let all = coding.divergences.count
    return Illustration(
      text(
        .divergences,
        coding.carrying == all
          ? "All \(Format.count(all)) latents carry something."
          : "\(Format.count(coding.carrying)) of \(Format.count(all)) latents carry something; the others tell next to nothing.",
        "The mean divergence of each latent from the standard normal distribution over \(Wording.all(coding.count, "test image")), the largest first\(shown.count < all ? ", the first \(shown.count) of \(all)" : ""). A latent counts as carrying something from "
          + "\(Format.significant(least, 1)) nats (bold)."),
      BarRows(
        shown.map {
          BarRows.Row(
            "latent \($0 + 1)", value: coding.divergences[$0],
            valueText: Format.fixed(coding.divergences[$0], 2),
            isHighlighted: coding.divergences[$0] >= least)
        }, title: "nats an image"), width: 664)
  }

  /// One latent at a time.
  func turns(_ coding: LatentFacts.Autoencoding) -> Illustration {
    let values = coding.turns.first?.values ?? []
    let (low, high) = (
      Format.fixed(Double(values.first ?? 0), 0), Format.fixed(Double(values.last ?? 0), 0)
    )
    let rows = coding.turns.map { turn in
      SheetRows.Row(
        [
          StyledLine("latent \(turn.latent + 1)", .ink, weight: .semibold),
          StyledLine("\(Format.fixed(coding.divergences[turn.latent], 2)) nats", .ink3),
        ], turn.pictures, words: "Latent \(turn.latent + 1) from \(low) to \(high)")
    }
    return SheetRows(
      rows: rows, header: "From \(low) to \(high)",
      scale: coding.turns.first?.pictures.sheetScale(columns: values.count) ?? 1
    ).illustration(
      text(
        .latentTurns, "One latent at a time: what it changes, and what it leaves.",
        "The latents of test image #\(coding.turned?.index ?? 0), \(subject.anExample(coding.turned?.label ?? 0)), with one of them turned from \(low) to \(high) in equal steps while the "
          + "others stay: the \(Wording.counted(rows.count, "latent")) that tell\(rows.count == 1 ? "s" : "") most. Beside each, what it tells of an image in the mean.",
        alt: "Pictures along \(rows.count) latents"))
  }

  /// From one picture to another.
  func ways(_ facts: LatentFacts) -> Illustration {
    let isRead = facts.autoencoder != nil
    let rows = facts.ways.enumerated().flatMap { place, way -> [SheetRows.Row] in
      let name =
        way.ends.count == 2
        ? "\(subject.className(way.ends[0].label)) to \(subject.className(way.ends[1].label))"
        : "way \(place + 1)"
      func row(_ words: [StyledLine], _ pictures: Plane) -> SheetRows.Row {
        SheetRows.Row(words, pictures, words: "\(name), \(words.last?.text ?? "")")
      }
      let title = StyledLine(name, .ink, weight: .semibold)
      return [row(isRead ? [title, StyledLine("latents", .ink3)] : [title], way.pictures)]
        + (way.mixed.map { [row([StyledLine("pixels mixed", .ink3)], $0)] } ?? [])
    }
    let pictures = facts.ways.first?.pictures
    return SheetRows(
      rows: rows, header: "In equal steps",
      scale: pictures.map { $0.sheetScale(columns: $0.shape[0]) } ?? 1
    ).illustration(
      text(
        .latentWays,
        isRead
          ? "Between two codes lie pictures, not two pictures on each other."
          : "Between two drawn pictures lie others.",
        isRead
          ? "From the means of one test image’s latents to another’s, and below each the same steps with the pixels mixed. The images are the first of "
            + "their classes; the ends are what the decoder makes of them."
          : "From one picture’s random numbers to another’s along an arc. The ends are the first pictures drawn; none was chosen.",
        alt: "\(facts.ways.count) ways between pictures"))
  }
}

extension FigureName {
  static let latentMap = FigureName("latent-map")
  static let latentPoints = FigureName("latent-points")
  static let reconstructions = FigureName("reconstructions")
  static let divergences = FigureName("divergences")
  static let latentTurns = FigureName("latent-turns")
  static let latentWays = FigureName("latent-ways")
}
