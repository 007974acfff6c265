extension Study {
  /// How much is computed.
  public struct Extent: Sendable {
    /// Test images attacked at each size.
    package var attacked: Int
    /// Gradient steps of PGD.
    package var attackSteps: Int
    /// Sizes of the attacks, largest change of a pixel, ascending in equal steps.
    package var epsilons: [Double]
    /// Mistakes that get a page of their own, and sure answers of each class.
    package var cases: (mistakes: Int, sure: Int)
    /// Training images among which neighbours are looked for.
    package var searched: Int
    /// Test images on which attribution methods are judged, on which those that are shown are held against random
    /// weights, and on which all others are.
    package var judged: (faithfulness: Int, sanity: Int, glance: Int)
    /// Test images on maps of many: as many as a page of a megabyte has room for.
    package var mapped: Int
    /// Points along a side of the plane through three images.
    package var sliceSide: Int
    /// Channels of a layer of which an ideal is sought.
    package var idealChannels: Int
    /// Test images on which the channels of a layer are looked at.
    package var channelImages: Int

    /// An extent.
    package init(
      attacked: Int, attackSteps: Int, epsilons: [Double], cases: (mistakes: Int, sure: Int),
      searched: Int, judged: (faithfulness: Int, sanity: Int, glance: Int), mapped: Int,
      sliceSide: Int, idealChannels: Int, channelImages: Int
    ) {
      self.attacked = attacked
      self.attackSteps = attackSteps
      self.epsilons = epsilons
      self.cases = cases
      self.searched = searched
      self.judged = judged
      self.mapped = mapped
      self.sliceSide = sliceSide
      self.idealChannels = idealChannels
      self.channelImages = channelImages
    }

    /// What a report shows.
    public static let full = Extent(
      attacked: 300, attackSteps: 20,
      epsilons: (1...12).map { Double($0) / 40 },
      cases: (100, 3), searched: 20_000, judged: (100, 100, 10),
      mapped: 1200, sliceSide: 89, idealChannels: 128, channelImages: 2000)
    /// A first look.
    public static let quick = Extent(
      attacked: 60, attackSteps: 10, epsilons: [0.05, 0.1, 0.15, 0.2], cases: (20, 0),
      searched: 2000,
      judged: (20, 6, 4), mapped: 300, sliceSide: 31, idealChannels: 16, channelImages: 500)

    /// The extents that are asked for by name.
    public enum Preset: String, Codable, CaseIterable, Sendable {
      /// What a report shows.
      case full
      /// A first look, with fewer images.
      case quick

      /// The multiplications for an image above which a first look is usual.
      public static let mostMultiplications = 100_000_000

      /// What is computed of a network unless something else is asked for.
      ///
      /// - Parameter multiplications: of the network for one image.
      /// - Returns: all of it; a first look at more than `mostMultiplications`.
      public static func usual(multiplications: Int) -> Preset {
        multiplications > mostMultiplications ? .quick : .full
      }

      /// What it stands for.
      public var extent: Extent {
        switch self {
        case .full: .full
        case .quick: .quick
        }
      }
    }
  }
}
