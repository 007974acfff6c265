extension DataFacts {
  /// The two classes whose mean training images are most alike.
  package var likestClasses: (Int, Int)? {
    let means = meanImages.map(\.values)
    var best: (pair: (Int, Int), distance: Float)?
    for second in means.indices {
      // A class without images has no mean.
      for first in 0..<second where classCounts[first] > 0 && classCounts[second] > 0 {
        let distance = zip(means[first], means[second]).reduce(0) {
          $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
        }
        if distance < best?.distance ?? .infinity { best = ((first, second), distance) }
      }
    }
    return best?.pair
  }
}
