/// A class or function of the Python file's own: what PyTorch has no word for.
enum PyTorchHelper: CaseIterable {
  case normalize, channelNorm, noise, sample, multiple, rows, patches, classToken, positions,
    mixture

  /// A part of Python's own library that it needs beside the others.
  var library: String? {
    switch self {
    case .mixture: "math"
    case .normalize, .channelNorm, .noise, .sample, .multiple, .rows, .patches, .classToken,
      .positions:
      nil
    }
  }

  /// Its text.
  var source: String {
    switch self {
    case .normalize:
      """

      class Normalize(nn.Module):
          \"\"\"Subtracts each channel's mean and divides by its standard deviation.\"\"\"

          def __init__(self):
              super().__init__()
              for name, values in [("mean", mean), ("deviation", standard_deviation)]:
                  # Not among the weights: their file has it in its metadata.
                  tensor = torch.tensor(values).view(-1, 1, 1)
                  self.register_buffer(name, tensor, persistent=False)

          def forward(self, image):
              return (image - self.mean) / self.deviation

      """
    case .channelNorm:
      """

      class ChannelNorm(nn.LayerNorm):
          \"\"\"Layer normalization of the channels of each place of feature maps.\"\"\"

          def forward(self, x):
              return super().forward(x.movedim(1, -1)).movedim(-1, 1)

      """
    case .noise:
      """

      class Noise(nn.Module):
          \"\"\"In training, a normal number of this deviation is added to each.\"\"\"

          def __init__(self, deviation):
              super().__init__()
              self.deviation = deviation

          def forward(self, x):
              return x + self.deviation * torch.randn_like(x) if self.training else x

      """
    case .sample:
      """

      class Sample(nn.Module):
          \"\"\"Of means and then log variances, normal numbers in training, and the means otherwise.\"\"\"

          def forward(self, x):
              mean, log_variance = x.chunk(2, 1)
              if not self.training:
                  return mean
              return mean + (log_variance / 2).exp() * torch.randn_like(mean)

      """
    case .multiple:
      """

      class Multiple(nn.Module):
          \"\"\"A fixed number times each.\"\"\"

          def __init__(self, factor):
              super().__init__()
              self.factor = factor

          def forward(self, x):
              return self.factor * x

      """
    case .rows:
      """

      class Rows(nn.Module):
          \"\"\"An image as the sequence of its rows.\"\"\"

          def forward(self, x):
              return x.transpose(1, 2).flatten(2)

      """
    case .patches:
      """

      class Patches(nn.Module):
          \"\"\"An image as the sequence of its squares.\"\"\"

          def __init__(self, side):
              super().__init__()
              self.side = side

          def forward(self, x):
              return nn.functional.unfold(x, self.side, stride=self.side).transpose(1, 2)

      """
    case .classToken:
      """

      class ClassToken(nn.Module):
          \"\"\"A learned place before a sequence's first.\"\"\"

          def __init__(self, width):
              super().__init__()
              self.weight = nn.Parameter(torch.zeros(width))

          def forward(self, x):
              return torch.cat([self.weight.expand(len(x), 1, -1), x], 1)

      """
    case .positions:
      """

      class Positions(nn.Module):
          \"\"\"A learned number added to each of a sequence.\"\"\"

          def __init__(self, length, width):
              super().__init__()
              self.weight = nn.Parameter(0.02 * torch.randn(length, width))

          def forward(self, x):
              return x + self.weight

      """
    case .mixture:
      """

      def mean_probability(members):
          \"\"\"Logits whose softmax is the mean of the members' softmaxes.\"\"\"
          logits = torch.stack(members)
          level = logits.logsumexp(2, keepdim=True).mean(0)
          return logits.log_softmax(2).logsumexp(0) - math.log(len(members)) + level

      """
    }
  }
}
