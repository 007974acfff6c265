/// Keeps labels apart that want to sit at nearby heights.
enum LabelSpacing {
  /// The middles of labels that do not overlap, inside the bounds, in the given order of wishes.
  ///
  /// Labels are joined into groups where they would collide, and every group sits at the mean of
  /// its wishes, which is the smallest sum of squared moves. If they do not fit between the bounds,
  /// they start at the lower one and run over the upper one.
  ///
  /// - Parameters:
  ///   - wishes: Where each label's middle would be.
  ///   - sizes: How much room each needs.
  ///   - lower: The least middle of a label.
  ///   - upper: The greatest.
  /// - Returns: The middles.
  static func resolved(
    _ wishes: [Double], sizes: [Double], lower: Double, upper: Double
  ) -> [Double] {
    struct Group {
      var members: [Int]
      /// The middle of the first.
      var start: Double
    }
    let order = wishes.indices.sorted { (wishes[$0], $0) < (wishes[$1], $1) }
    /// From the middle of the first of some labels to that of each.
    func offsets(_ members: [Int]) -> [Double] {
      var offset = 0.0
      return members.indices.map { place in
        if place > 0 { offset += (sizes[members[place - 1]] + sizes[members[place]]) / 2 }
        return offset
      }
    }
    func start(of members: [Int]) -> Double {
      let offsets = offsets(members)
      let total = zip(members, offsets).reduce(0.0) { $0 + wishes[$1.0] - $1.1 }
      return max(lower, min(total / Double(members.count), upper - (offsets.last ?? 0)))
    }
    var groups: [Group] = []
    for index in order {
      var group = Group(members: [index], start: start(of: [index]))
      while let last = groups.last, let end = offsets(last.members + group.members.prefix(1)).last,
        group.start < last.start + end
      {
        let members = last.members + group.members
        group = Group(members: members, start: start(of: members))
        groups.removeLast()
      }
      groups.append(group)
    }
    var result = wishes
    for group in groups {
      for (member, offset) in zip(group.members, offsets(group.members)) {
        result[member] = group.start + offset
      }
    }
    return result
  }
}
