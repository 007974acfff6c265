"""Small networks as PyTorch's two exporters write them to ONNX, with the scores they give:
onnx_models.py FOLDER [--opsets N,N...] [NAME...]

Without names, all of them: the corpus. With operator sets, what the older exporter writes in each of them alone.
Tests/InterchangeTests/Fixtures/ONNX keeps a few (see onnx_fixtures.sh).
Needs torch, onnx, onnxscript. cases.json says for each file the images (the hash of uniform.py), the scores, and how the
network is said to be refused where it must be.
"""
import argparse
import json
import os
import warnings

import onnx
import torch

from hashed import images

warnings.filterwarnings("ignore")
n, f = torch.nn, torch.nn.functional


def chain(*layers):
    return n.Sequential(*layers)


class Block(n.Module):
    """A residual block; with a projection where the shape changes."""

    def __init__(self, inputs, outputs, stride=1, norm=True):
        super().__init__()
        def conv(i, o, k, s):
            return chain(n.Conv2d(i, o, k, s, k // 2, bias=not norm), n.BatchNorm2d(o) if norm else n.Identity())
        self.first, self.second = conv(inputs, outputs, 3, stride), conv(outputs, outputs, 3, 1)
        self.shortcut = n.Identity() if stride == 1 and inputs == outputs else conv(inputs, outputs, 1, stride)

    def forward(self, x):
        return torch.relu(self.second(torch.relu(self.first(x))) + self.shortcut(x))


class Dense(n.Module):
    """Layers that each read all before them, laid anew in one row as torchvision's DenseNet does."""

    def __init__(self, inputs, growth, count):
        super().__init__()
        self.layers = n.ModuleList(
            chain(n.BatchNorm2d(inputs + i * growth), n.ReLU(), n.Conv2d(inputs + i * growth, growth, 3, padding=1, bias=False))
            for i in range(count))

    def forward(self, x):
        parts = [x]
        for layer in self.layers:
            parts.append(layer(torch.cat(parts, 1)))
        return torch.cat(parts, 1)


class Branches(n.Module):
    """Inception's: branches side by side."""

    def __init__(self, inputs):
        super().__init__()
        self.a = n.Conv2d(inputs, 3, 1)
        self.b = chain(n.Conv2d(inputs, 4, 1), n.ReLU(), n.Conv2d(4, 5, 3, padding=1))
        self.c = chain(n.Conv2d(inputs, 2, 5, padding=2), n.Tanh())

    def forward(self, x):
        return torch.cat([self.a(x), self.b(x), self.c(x)], 1)


class Functional(n.Module):
    """A network as people write it: functions in forward, a flatten that goes by the batch's size."""

    def __init__(self, flatten):
        super().__init__()
        self.conv1, self.conv2 = n.Conv2d(1, 6, 3), n.Conv2d(6, 8, 3, padding=1)
        self.fc1, self.fc2 = n.Linear(8 * 2 * 2, 16), n.Linear(16, 5)
        self.flatten = flatten

    def forward(self, x):
        x = f.max_pool2d(f.relu(self.conv1(x)), 2)
        x = f.max_pool2d(f.relu(self.conv2(x)), 2)
        x = self.flatten(x)
        return self.fc2(f.dropout(f.relu(self.fc1(x)), 0.5, self.training))


class Scaled(n.Module):
    """Pixels made ready inside the network."""

    def __init__(self, model, mean, deviation, largest=1):
        super().__init__()
        self.model, self.largest = model, largest
        self.register_buffer("mean", torch.tensor(mean).reshape(-1, 1, 1))
        self.register_buffer("deviation", torch.tensor(deviation).reshape(-1, 1, 1))

    def forward(self, x):
        return self.model((x / self.largest - self.mean) / self.deviation)


class Mean(n.Module):
    def forward(self, x):
        return x.mean((2, 3))


class Norms(n.Module):
    """Layer normalisation of channels, as ConvNeXt has it."""

    def __init__(self, channels):
        super().__init__()
        self.norm = n.LayerNorm(channels)

    def forward(self, x):
        return self.norm(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


class Times(n.Module):
    def __init__(self, factor):
        super().__init__()
        self.factor = factor

    def forward(self, x):
        return x * self.factor


class Crossing(n.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b, self.c = n.Conv2d(1, 4, 3, padding=1), n.Conv2d(4, 4, 3, padding=1), n.Conv2d(4, 4, 3, padding=1)
        self.head = chain(n.Flatten(), n.Linear(4 * 144, 5))

    def forward(self, x):
        a = self.a(x)
        b = torch.relu(self.b(a))
        c = torch.tanh(self.c(a)) + b
        return self.head(torch.cat([b, c], 1)[:, :4])


class Gated(n.Module):
    def __init__(self):
        super().__init__()
        self.conv, self.gate = n.Conv2d(1, 4, 3, padding=1), n.Linear(4, 4)
        self.head = n.Linear(4, 5)

    def forward(self, x):
        x = self.conv(x)
        x = x * torch.sigmoid(self.gate(x.mean((2, 3))))[:, :, None, None]
        return self.head(x.mean((2, 3)))


def head(inputs, outputs=5):
    return chain(n.Flatten(), n.Linear(inputs, outputs))


def inverted(inputs, outputs, stride, activation=n.ReLU6):
    """MobileNet's: widen, depthwise, narrow."""
    wide = 3 * inputs
    return chain(
        n.Conv2d(inputs, wide, 1, bias=False), n.BatchNorm2d(wide), activation(),
        n.Conv2d(wide, wide, 3, stride, 1, groups=wide, bias=False), n.BatchNorm2d(wide), activation(),
        n.Conv2d(wide, outputs, 1, bias=False), n.BatchNorm2d(outputs))


# name: network, shape of its images, words that its refusal must hold (None if it must be read)
def cases():
    grey, colour = (1, 12, 12), (3, 16, 16)
    yield "mlp", chain(n.Flatten(), n.Linear(144, 20), n.ReLU(), n.Linear(20, 5)), grey, None
    yield "mlp-norm", chain(n.Flatten(), n.Linear(144, 20), n.BatchNorm1d(20), n.ReLU(), n.Dropout(), n.Linear(20, 5)), grey, None
    yield "mlp-no-bias", chain(n.Flatten(), n.Linear(144, 20, bias=False), n.Tanh(), n.Linear(20, 5, bias=False)), grey, None
    yield "lenet", chain(
        n.Conv2d(1, 6, 5, padding=2), n.Tanh(), n.AvgPool2d(2), n.Conv2d(6, 8, 5, padding=2), n.Tanh(), n.AvgPool2d(2),
        n.Flatten(), n.Linear(72, 20), n.Tanh(), n.Linear(20, 5)), grey, None
    for name, flatten in {
        "view": lambda x: x.view(x.size(0), -1), "view-fixed": lambda x: x.view(-1, 32),
        "reshape": lambda x: x.reshape(x.shape[0], 32), "flatten": lambda x: torch.flatten(x, 1)}.items():
        yield f"functional-{name}", Functional(flatten), grey, None
    for stride in (1, 2):
        for padding in (0, 1, 2):
            for norm in (False, True):
                size = (12 + 2 * padding - 3) // stride + 1
                yield f"conv-s{stride}-p{padding}{'-norm' if norm else ''}", chain(
                    n.Conv2d(1, 4, 3, stride, padding), n.BatchNorm2d(4) if norm else n.Identity(), n.ReLU(),
                    head(4 * size * size)), grey, None
    yield "conv-even", chain(n.Conv2d(1, 4, 4, 2, 1), n.ReLU(), head(144)), grey, None
    yield "conv-rectangle", chain(n.Conv2d(1, 4, (1, 3), padding=(0, 1)), n.ReLU(), n.Conv2d(4, 4, (3, 1), padding=(1, 0)), head(4 * 144)), grey, None
    yield "conv-dilated", chain(n.Conv2d(1, 4, 3, padding=2, dilation=2), n.ReLU(), head(4 * 144)), grey, None
    yield "conv-same", chain(n.Conv2d(1, 4, 4, padding="same"), n.ReLU(), head(4 * 144)), grey, None
    yield "groups", chain(n.Conv2d(3, 6, 3, groups=3), n.ReLU(), n.Conv2d(6, 8, 3, groups=2), head(8 * 144)), colour, None
    yield "depthwise", chain(n.Conv2d(3, 6, 3, padding=1, groups=3), n.Conv2d(6, 8, 1), n.ReLU(), head(8 * 256)), colour, None
    for name, activation in {
        "leaky": n.LeakyReLU(0.2), "elu": n.ELU(0.7), "gelu": n.GELU(), "silu": n.SiLU(), "sigmoid": n.Sigmoid(),
        "selu": n.SELU(), "prelu": n.PReLU(), "relu6": n.ReLU6()}.items():
        yield f"function-{name}", chain(n.Conv2d(1, 4, 3), activation, n.Flatten(), n.Linear(400, 9), activation, n.Linear(9, 5)), grey, None
    yield "maxpool-overlap", chain(n.Conv2d(1, 4, 3), n.MaxPool2d(3, 2), n.ReLU(), head(64)), grey, None
    yield "maxpool-padded", chain(n.Conv2d(1, 4, 3), n.ReLU(), n.MaxPool2d(3, 2, 1), head(100)), grey, None
    yield "maxpool-ceil", chain(n.Conv2d(1, 4, 4), n.ReLU(), n.MaxPool2d(2, ceil_mode=True), head(100)), grey, None
    yield "avgpool-padded", chain(n.Conv2d(1, 4, 3), n.ReLU(), n.AvgPool2d(3, 2, 1), head(100)), grey, None
    yield "avgpool-padded-fair", chain(n.Conv2d(1, 4, 3), n.ReLU(), n.AvgPool2d(3, 2, 1, count_include_pad=False), head(100)), grey, None
    yield "adaptive", chain(n.Conv2d(1, 6, 3), n.ReLU(), n.AdaptiveAvgPool2d(1), n.Flatten(), n.Linear(6, 5)), grey, None
    yield "adaptive-max", chain(n.Conv2d(1, 6, 3), n.ReLU(), n.AdaptiveMaxPool2d(1), n.Flatten(), n.Linear(6, 5)), grey, None
    yield "mean", chain(n.Conv2d(1, 6, 3), n.ReLU(), Mean(), n.Linear(6, 5)), grey, None
    yield "all-convolutional", chain(n.Conv2d(1, 6, 3), n.ReLU(), n.Conv2d(6, 5, 1), Mean()), grey, None
    yield "layernorm", chain(n.Conv2d(1, 6, 3), Norms(6), n.GELU(), Mean(), n.LayerNorm(6), n.Linear(6, 5)), grey, None
    yield "groupnorm", chain(n.Conv2d(1, 6, 3), n.GroupNorm(3, 6), n.ReLU(), head(600)), grey, None
    yield "instancenorm", chain(n.Conv2d(1, 6, 3), n.InstanceNorm2d(6, affine=True), n.ReLU(), head(600)), grey, None
    yield "norm-first", chain(n.BatchNorm2d(1), n.Conv2d(1, 6, 3), n.ReLU(), head(600)), grey, None
    yield "norm-epsilon", chain(n.Conv2d(1, 6, 3), n.ReLU(), n.BatchNorm2d(6, eps=1e-3), head(600)), grey, None
    yield "norm-plain", chain(n.Conv2d(1, 6, 3), n.ReLU(), n.BatchNorm2d(6, affine=False), head(600)), grey, None
    yield "scaled-grey", Scaled(chain(n.Conv2d(1, 4, 3), n.ReLU(), head(400)), [0.1307], [0.3081]), grey, None
    yield "scaled-colour", Scaled(chain(n.Conv2d(3, 4, 3), n.ReLU(), head(784)), [0.49, 0.48, 0.45], [0.25, 0.24, 0.26]), colour, None
    yield "scaled-bytes", Scaled(chain(n.Conv2d(1, 4, 3), n.ReLU(), head(400)), [0.1307], [0.3081], 255), grey, None
    yield "softmax", chain(n.Flatten(), n.Linear(144, 5), n.Softmax(1)), grey, None
    yield "log-softmax", chain(n.Conv2d(1, 4, 3), n.ReLU(), head(400), n.LogSoftmax(1)), grey, None
    yield "logits-scaled", chain(n.Conv2d(1, 4, 3), n.ReLU(), head(400), Times(0.125)), grey, None
    for norm in (False, True):
        end = "-norm" if norm else ""
        yield f"residual{end}", chain(n.Conv2d(1, 6, 3, padding=1), Block(6, 6, 1, norm), Mean(), n.Linear(6, 5)), grey, None
        yield f"projection{end}", chain(n.Conv2d(1, 6, 3, padding=1), n.ReLU(), Block(6, 8, 2, norm), Mean(), n.Linear(8, 5)), grey, None
    yield "resnet", chain(
        n.Conv2d(3, 8, 3, padding=1, bias=False), n.BatchNorm2d(8), n.ReLU(), Block(8, 8), Block(8, 8), Block(8, 12, 2),
        Block(12, 12), n.AdaptiveAvgPool2d(1), n.Flatten(), n.Linear(12, 5)), colour, None
    yield "dense", chain(
        n.Conv2d(3, 6, 3, padding=1), Dense(6, 4, 3), n.Conv2d(18, 9, 1), n.AvgPool2d(2), Dense(9, 4, 2), n.BatchNorm2d(17),
        n.ReLU(), n.AdaptiveAvgPool2d(1), n.Flatten(), n.Linear(17, 5)), colour, None
    yield "inception", chain(n.Conv2d(3, 6, 3), Branches(6), n.ReLU(), Branches(10), n.AdaptiveAvgPool2d(1), n.Flatten(), n.Linear(10, 5)), colour, None
    yield "mobilenet", chain(
        n.Conv2d(3, 8, 3, 2, 1, bias=False), n.BatchNorm2d(8), n.ReLU6(), inverted(8, 8, 1), inverted(8, 12, 2),
        n.AdaptiveAvgPool2d(1), n.Flatten(), n.Dropout(0.2), n.Linear(12, 5)), colour, None
    yield "crossing", Crossing(), grey, ["node", "Slice"]
    yield "gated", Gated(), grey, ["node", "Mul", "gate"]
    yield "transposed-convolution", chain(n.ConvTranspose2d(1, 4, 3), n.ReLU(), head(784)), grey, ["node", "ConvTranspose"]
    yield "one-output", chain(n.Flatten(), n.Linear(144, 1), n.Sigmoid()), grey, ["sigmoid"]
    yield "tanh-gelu", chain(n.Flatten(), n.Linear(144, 9), n.GELU(approximate="tanh"), n.Linear(9, 5)), grey, ["node"]
    yield "norms-epsilon", chain(
        n.Conv2d(1, 6, 3), n.GroupNorm(3, 6, eps=0.05), n.ReLU(), Mean(), n.LayerNorm(6, eps=0.01), n.Linear(6, 5)), grey, None


def settle(model):
    """Statistics that are not those of an untrained network."""
    for index, module in enumerate(model.modules()):
        if getattr(module, "running_mean", None) is not None:
            module.running_mean.copy_(torch.linspace(-0.3, 0.4, module.num_features))
            module.running_var.copy_(torch.linspace(0.6, 1.7, module.num_features))
        if isinstance(module, (n.BatchNorm1d, n.BatchNorm2d, n.LayerNorm, n.GroupNorm, n.InstanceNorm2d)) \
                and getattr(module, "weight", None) is not None:
            with torch.no_grad():
                module.weight.copy_(torch.linspace(0.7, 1.4, module.weight.numel()))
                module.bias.copy_(torch.linspace(-0.2, 0.3, module.bias.numel()))
    return model.eval()


def strip(path):
    """Without what an exporter notes of the place where it ran."""
    model = onnx.load(path, load_external_data=False)
    for holder in [model, model.graph, *model.graph.node, *model.graph.input, *model.graph.output, *model.graph.value_info,
                   *model.graph.initializer]:
        del holder.metadata_props[:]
    with open(path, "wb") as out:
        out.write(model.SerializeToString())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--opsets", type=lambda words: [int(word) for word in words.split(",")], default=[])
    chosen = parser.parse_intermixed_args()
    folder, names = chosen.folder, set(chosen.names)
    os.makedirs(folder, exist_ok=True)
    listed = []
    for number, (name, model, shape, refusal) in enumerate(cases()):
        torch.manual_seed(number)
        for module in model.modules():
            if hasattr(module, "reset_parameters"):
                module.reset_parameters()
        settle(model)
        count = 3
        x = images(count, shape[1], 900 + number, shape[0])
        with torch.no_grad():
            layers = list(model.children()) if isinstance(model, n.Sequential) else []
            ends = layers and isinstance(layers[-1], (n.Softmax, n.LogSoftmax))
            # What divides by 255 itself is given bytes.
            scores = (chain(*layers[:-1]) if ends else model)(x * getattr(model, "largest", 1))
        ways = [(f"opset{opset}", opset) for opset in chosen.opsets] or [("script", (13, 17, 11)[number % 3]), ("dynamo", None)]
        for way, opset in ways:
            file = f"{name}.{way}.onnx"
            if names and file not in names:
                continue
            path = os.path.join(folder, file)
            for old in (path, path + ".data"):
                if os.path.exists(old):
                    os.remove(old)
            try:
                if opset:
                    torch.onnx.export(model, (x,), path, dynamo=False, opset_version=opset,
                                      input_names=["image"], output_names=["scores"], dynamic_axes={"image": {0: "n"}})
                else:
                    torch.onnx.export(model, (x,), path, dynamo=True, external_data=number % 4 == 0, verbose=False,
                                      dynamic_shapes=({0: torch.export.Dim("n")},))
            except Exception as error:  # An exporter that cannot is not ours to test.
                print(file, "not exported:", str(error).splitlines()[0])
                continue
            strip(path)
            listed.append({"file": file, "shape": shape, "stream": 900 + number, "count": count,
                           "scores": scores.flatten().tolist(), "refusal": refusal})
    with open(os.path.join(folder, "cases.json"), "w") as out:
        json.dump(listed, out)
    print(len(listed), "files")


main()
