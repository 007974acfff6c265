/// Keeps labels apart that want to sit at nearby heights.
enum LabelSpacing {
  /// Positions at least `spacing` apart, inside the bounds, in the given order of wishes.
  ///
  /// Labels are joined into groups where they would collide, and every group sits at the mean of
  /// its wishes, which is the smallest sum of squared moves. If they do not fit between the bounds,
  /// they start at the lower one and run over the upper one.
  static func resolved(
    _ wishes: [Double], spacing: Double, lower: Double, upper: Double
  ) -> [Double] {
    struct Group {
      var members: [Int]
      var start: Double
    }
    let order = wishes.indices.sorted { (wishes[$0], $0) < (wishes[$1], $1) }
    func start(of members: [Int]) -> Double {
      let total = members.enumerated().reduce(0.0) { sum, member in
        sum + wishes[member.element] - Double(member.offset) * spacing
      }
      let extent = Double(members.count - 1) * spacing
      return max(lower, min(total / Double(members.count), upper - extent))
    }
    var groups: [Group] = []
    for index in order {
      var group = Group(members: [index], start: start(of: [index]))
      while let last = groups.last,
        group.start < last.start + Double(last.members.count) * spacing
      {
        let members = last.members + group.members
        group = Group(members: members, start: start(of: members))
        groups.removeLast()
      }
      groups.append(group)
    }
    var result = wishes
    for group in groups {
      for (offset, member) in group.members.enumerated() {
        result[member] = group.start + Double(offset) * spacing
      }
    }
    return result
  }
}
