/// The words of the report, explained.
enum Glossary {
  /// In alphabetical order.
  static let entries = [
    ("Accuracy", "Share of images whose most probable class is the true one."),
    ("Activation", "What a unit hands on for one image."),
    ("Attribution", "A number for each pixel: how much it did for a score."),
    ("Calibration", "Whether answers given with 80% confidence are right 80% of the time."),
    ("Confidence", "The probability of the class that was answered."),
    ("Cross-entropy", "The loss: −log of the probability given to the true class, in nats."),
    ("Dropout", "Switching off units at random while training, so that none is relied on alone."),
    ("Epoch", "One pass over all training images."),
    ("ε", "The largest change allowed in any pixel, on a scale from 0 to 1."),
    ("Filter", "A small stencil of weights slid over the image."),
    ("Gradient", "How a number changes when each of its inputs is moved a little."),
    ("Logit", "A class's score before softmax turns scores into probabilities."),
    ("Precision", "Of the answers of one class, the share that is true."),
    ("Recall", "Of the images of one class, the share that was found."),
    ("ReLU", "max(0, x): what is below zero becomes zero."),
    ("Augmentation", "Changing training images a little each time, so that none is seen twice."),
    (
      "Label smoothing",
      "Giving a small share of each label to all classes, so that the network does not grow too sure."
    ),
    (
      "Momentum",
      "Each step also goes a part of the last one; Nesterov’s takes the gradient ahead of it."
    ),
    (
      "Normalization layer",
      "Brings numbers to one mean and spread, a channel over a batch or all of one image, then scales and shifts them by learned ones."
    ),
    (
      "One-cycle, cosine",
      "Schedules of the learning rate: up and then down, or down in the shape of a half wave."
    ),
    (
      "Residual block",
      "Layers whose result is added to what they read, so that they learn what should change."
    ),
    ("Weight decay", "Pulling all weights a little towards zero in each step."),
    ("Adversarial example", "An image changed a little, on purpose, so that it is misread."),
    ("Bias", "A number that a unit adds to its weighted sum."),
    (
      "Channel", "One of several numbers at each place: red, green and blue, or one map of a layer."
    ),
    ("Checkpoint", "A file with a trained network: its layers, weights and how it was trained."),
    ("Gradient norm", "The length of the gradient: how steep the loss is."),
    (
      "Hyperparameter",
      "A setting that is chosen and not learned, such as the learning rate or the width of a layer."
    ),
    (
      "Overfitting",
      "Learning the training images by heart: better and better on them, and not on others."
    ),
    ("Seed", "The number that all randomness of a run begins with: the same seed, the same run."),
    ("Batch", "The few images that one step of training looks at."),
    (
      "Confident learning",
      "Doubting a label where another class claims the image at least as surely as it claims its own."
    ),
    ("Convolution", "Sliding a filter over an image and noting at each place how well it fits."),
    (
      "Dead unit",
      "A unit that is zero for every image it was shown: while it stays so, it takes no part and learns nothing."
    ),
    ("DeepFool", "An attack that looks for the smallest change that turns the answer."),
    (
      "Deletion, insertion",
      "The mean probability while pixels are blanked, or put in, the strongest first."
    ),
    ("Effective rank", "How many directions a layer’s numbers really use."),
    ("F1", "Recall and precision in one number: twice their product, divided by their sum."),
    (
      "Gaussian, Sobel map",
      "A blurred spot in the middle, and the edges of the image: maps that know no network."
    ),
    ("Grad-CAM", "Where a layer’s maps speak for the answer, weighed by their gradients."),
    ("Learning rate", "How far each step of training moves the weights."),
    ("LIME, RISE", "Attributions from what happens when random parts of the image are hidden."),
    ("Nat", "The unit of a loss with the natural logarithm: one nat is a probability of 1/e."),
    ("Occlusion", "How far a score falls when a window of the image is covered."),
    ("p-value", "How often chance alone would make a difference at least as large."),
    ("Pooling", "Keeping the largest, or the mean, of each block of a map."),
    (
      "Rank correlation",
      "Whether two lists put things in the same order: 1 if so, −1 if in reverse."
    ),
    ("Receptive field", "The part of the image that one place of a layer can see."),
    ("SmoothGrad", "The gradient, averaged over noisy copies of the image."),
    (
      "Expected calibration error",
      "The mean distance between confidence and accuracy, over bands of confidence."
    ),
    (
      "FGSM, PGD",
      "Attacks that move every pixel against the answer: in one step of the gradient’s sign, or in many small ones."
    ),
    (
      "McNemar’s test",
      "Whether two networks differ, judged by the images that only one of them reads."
    ),
    (
      "Principal component",
      "The direction in which points differ most; the next is the one that differs most of those at right angles to it."
    ),
    (
      "Softmax",
      "Turns scores into probabilities: e to the power of each, divided by the sum of all."
    ),
    (
      "Temperature",
      "A number that all logits are divided by before softmax, so that confidence matches accuracy better."
    ),
    (
      "t-SNE",
      "A map of points that keeps neighbors together. Distances between far groups, and sizes of groups, mean nothing."
    ),
    (
      "Wilson interval",
      "A 95% interval of a share; it covers chance in the choice of test images, not of the seed."
    ),
  ].sorted { ($0.0.lowercased(), $0.0) < ($1.0.lowercased(), $1.0) }
    .map { LabelView(name: $0.0, text: $0.1) }
}
