"""From a network trained in PyTorch to Inkling's report, by way of ONNX: how long it takes and how large the page is.

    .venv/bin/python Benchmarks/foreign.py --data FOLDER [--only lenet resnet18] [--keep FOLDER]

FOLDER holds MNIST's unpacked IDX files. Four networks learn from its training images for a short while (LeNet-5, a MobileNet of
depthwise convolutions, a DenseNet of concatenations, a ResNet-18 for small images with 11 million numbers), are exported, and
`inkling report` is run on each with nothing but the file, the images and their mean and standard deviation. Prints a row of
a table for each. It takes half an hour on two cores.
"""
import argparse
import json
import pathlib
import struct
import subprocess
import tempfile
import time

import numpy as np
import torch
from torch import nn

MEAN, DEVIATION = 0.1307, 0.3081
PROGRAM = pathlib.Path(__file__).parent.parent / ".build/release/inkling"


def mnist(folder):
    """The training images, `[N, 1, 28, 28]`, normalised, and their labels."""
    with open(folder / "train-images-idx3-ubyte", "rb") as file:
        _, count, height, width = struct.unpack(">4I", file.read(16))
        pixels = np.frombuffer(file.read(), np.uint8).reshape(count, 1, height, width)
    with open(folder / "train-labels-idx1-ubyte", "rb") as file:
        labels = np.frombuffer(file.read()[8:], np.uint8)
    images = (torch.from_numpy(pixels.astype(np.float32)) / 255 - MEAN) / DEVIATION
    return images, torch.from_numpy(labels.astype(np.int64))


def convolution(inputs, outputs, size=3, stride=1, groups=1):
    """Without bias, then normalised and cut off at zero."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, size, stride, size // 2, groups=groups, bias=False), nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True))


def lenet():
    """LeCun, Bottou, Bengio, Haffner, Gradient-Based Learning Applied to Document Recognition (1998), with rectifiers."""
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))


def mobilenet():
    """Depthwise and pointwise convolutions: Howard et al., MobileNets (2017), in small."""
    layers, width = [convolution(1, 16)], 16
    for outputs, stride in ((32, 2), (64, 1), (64, 2), (128, 1)):
        layers += [convolution(width, width, 3, stride, width), convolution(width, outputs, 1)]
        width = outputs
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(width, 10))


class Dense(nn.Module):
    """What comes in, and behind it the channels found in it."""

    def __init__(self, inputs, growth):
        super().__init__()
        self.norm, self.relu = nn.BatchNorm2d(inputs), nn.ReLU()
        self.conv = nn.Conv2d(inputs, growth, 3, padding=1, bias=False)

    def forward(self, x):
        return torch.cat([x, self.conv(self.relu(self.norm(x)))], 1)


def densenet():
    """Huang, Liu, van der Maaten, Weinberger, Densely Connected Convolutional Networks (2017), in small."""
    layers, width, growth = [nn.Conv2d(1, 16, 3, padding=1, bias=False)], 16, 12
    for stage in range(3):
        for _ in range(3):
            layers.append(Dense(width, growth))
            width += growth
        if stage < 2:
            layers += [nn.BatchNorm2d(width), nn.ReLU(), nn.Conv2d(width, width // 2, 1, bias=False), nn.AvgPool2d(2)]
            width //= 2
    return nn.Sequential(
        *layers, nn.BatchNorm2d(width), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(width, 10))


class Block(nn.Module):
    """Two convolutions beside a way past them."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.first = convolution(inputs, outputs, 3, stride)
        self.second = nn.Sequential(nn.Conv2d(outputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs))
        self.past = nn.Identity() if stride == 1 and inputs == outputs else nn.Sequential(
            nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x):
        return self.relu(self.second(self.first(x)) + self.past(x))


def resnet18():
    """He, Zhang, Ren, Sun, Deep Residual Learning (2016), torchvision's without the first stride and pooling."""
    layers, width = [convolution(1, 64)], 64
    for outputs, stride in ((64, 1), (128, 2), (256, 2), (512, 2)):
        layers += [Block(width, outputs, stride), Block(outputs, outputs, 1)]
        width = outputs
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(width, 10))


# How many images each learns from, in mini-batches of 64: enough to read most of them right.
NETWORKS = {
    "lenet": (lenet, 24_000), "mobilenet": (mobilenet, 24_000), "densenet": (densenet, 24_000), "resnet18": (resnet18, 4096),
}


def train(model, images, labels, count):
    """Once over so many images, by SGD with Nesterov's momentum."""
    optimizer = torch.optim.SGD(model.parameters(), 0.02, momentum=0.9, nesterov=True)
    order = torch.randperm(len(images))[:count]
    for batch in order.split(64):
        loss = nn.functional.cross_entropy(model(images[batch]), labels[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model.eval()


def report(name, file, data, folder):
    """Runs the report; says what it took."""
    start = time.perf_counter()
    subprocess.run(
        [PROGRAM, "report", file, "--data", data, "--dataset", "mnist", "--mean", str(MEAN),
         "--standard-deviation", str(DEVIATION), "--output", folder], check=True)
    seconds = time.perf_counter() - start
    facts = json.loads((folder / "report.json").read_text())
    return {
        "network": name,
        "parameters": sum(layer["parameters"] for layer in facts["model"]["layers"]),
        "file": file.stat().st_size, "seconds": seconds,
        "page": (folder / "index.html").stat().st_size,
        "folder": sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()),
        "runs": facts.get("live") is not None, "extent": facts["extent"],
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, required=True, help="folder of MNIST's unpacked IDX files")
    parser.add_argument("--only", nargs="+", choices=NETWORKS, default=list(NETWORKS), help="some of the networks")
    parser.add_argument("--keep", type=pathlib.Path, help="folder that the networks and reports are left in")
    options = parser.parse_args()
    images, labels = mnist(options.data)
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or pathlib.Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        print("| network | numbers | .onnx | report | extent | index.html | folder | runs in the page |")
        print("| --- | ---: | ---: | ---: | --- | ---: | ---: | --- |")
        for name in options.only:
            torch.manual_seed(1)
            build, count = NETWORKS[name]
            model, file = train(build(), images, labels, count), folder / f"{name}.onnx"
            torch.onnx.export(
                model, torch.zeros(1, 1, 28, 28), file, dynamo=False, input_names=["images"], dynamic_axes={"images": {0: "n"}})
            row = report(name, file, options.data, folder / name)
            print(
                f"| {name} | {row['parameters']:,} | {row['file'] / 1e6:.1f} MB | {row['seconds']:.0f} s | {row['extent']} |"
                f" {row['page'] / 1e6:.2f} MB | {row['folder'] / 1e6:.1f} MB | {'yes' if row['runs'] else 'no'} |", flush=True)


if __name__ == "__main__":
    main()
