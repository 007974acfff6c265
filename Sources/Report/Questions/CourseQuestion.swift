/// The questions of the course: fifteen of its phases, then nine to look back. A report asks all of them, each once.
enum CourseQuestion: String, CaseIterable {
  // Phase 1
  case imageNumbers = "image-numbers"
  case hardClasses = "hard-classes"
  case tellingApart = "telling-apart"
  // Phase 2
  case parameters
  case randomPredictions = "random-predictions"
  case noActivations = "no-activations"
  // Phase 3
  case lossCourse = "loss-course"
  case epochAccuracy = "epoch-accuracy"
  case learningRate = "learning-rate"
  // Phase 4
  case bestSettings = "best-settings"
  case above98 = "above-98"
  case dropout
  // Phase 5
  case cnnAccuracy = "cnn-accuracy"
  case cnnParameters = "cnn-parameters"
  case firstFilters = "first-filters"
  // Reflection
  case explainPrediction = "explain-prediction"
  case whyBackpropagation = "why-backpropagation"
  case whyConvolutions = "why-convolutions"
  case bestAccuracy = "best-accuracy"
  case biggestImpact = "biggest-impact"
  case mostConfused = "most-confused"
  case otherProblems = "other-problems"
  case limitations
  case otherImages = "other-images"
}
