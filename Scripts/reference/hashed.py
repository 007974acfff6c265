"""Networks and images from a small integer hash, the same as Tests/TestSupport in Swift makes."""
import numpy
import torch

from uniform import uniform

def fill(model):
    """Parameters in order, uniform within 1 / sqrt(fan-in) (64 for vectors)."""
    with torch.no_grad():
        for index, parameter in enumerate(model.parameters()):
            values = uniform(parameter.numel(), index + 1).reshape(parameter.shape)
            fan_in = parameter[0].numel() if parameter.dim() > 1 else 64
            parameter.copy_(torch.from_numpy((2 * values - 1) / numpy.float32(fan_in) ** 0.5))
    return model


def images(count, size, stream, channels=1):
    return torch.from_numpy(uniform(count * channels * size * size, stream)).reshape(
        count, channels, size, size)


class Normalized(torch.nn.Module):
    """Mean 0.25 and standard deviation 0.5 inside the model, so that everything outside is pixels."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, x):
        return self.model((x - 0.25) / 0.5)


def small_cnn():
    """conv(8,3) relu maxpool(2) conv(12,3) relu maxpool(2) flatten linear(20) relu linear(10) on 12 x 12.

    Weights three times as large and no biases, so that different images get different answers.
    """
    n = torch.nn
    model = fill(n.Sequential(
        n.Conv2d(1, 8, 3, padding=1), n.ReLU(), n.MaxPool2d(2),
        n.Conv2d(8, 12, 3, padding=1), n.ReLU(), n.MaxPool2d(2),
        n.Flatten(), n.Linear(108, 20), n.ReLU(), n.Linear(20, 10)))
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.mul_(3 if parameter.dim() > 1 else 0)
    return Normalized(model).eval()


def mixed_cnn():
    """conv(8,3,stride=2,padding=1) norm relu avgpool(2) conv(12,3) norm relu maxpool(2,stride=1) flatten linear(20)
    norm relu linear(10) on 3 x 12 x 12: batch normalisation with statistics of its own, biases, colour.

    Weights three times as large; normalisation scales around one.
    """
    n = torch.nn
    model = fill(n.Sequential(
        n.Conv2d(3, 8, 3, stride=2, padding=1), n.BatchNorm2d(8), n.ReLU(), n.AvgPool2d(2),
        n.Conv2d(8, 12, 3, padding=1), n.BatchNorm2d(12), n.ReLU(), n.MaxPool2d(2, stride=1),
        n.Flatten(), n.Linear(48, 20), n.BatchNorm1d(20), n.ReLU(), n.Linear(20, 10)))
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.dim() > 1:
                parameter.mul_(3)
        for index, norm in enumerate(m for m in model if isinstance(m, (n.BatchNorm1d, n.BatchNorm2d))):
            norm.weight.add_(1)
            norm.running_mean.copy_(torch.from_numpy(uniform(norm.num_features, 500 + index) - numpy.float32(0.5)))
            norm.running_var.copy_(torch.from_numpy(uniform(norm.num_features, 600 + index) + numpy.float32(0.5)))
    return Normalized(model).eval()
