"""What PyTorch and onnxruntime do with the same work: peers.py train|evaluate|gradients|target|explain|fool MODEL ...

explain is Captum's, fool is torchattacks', both on a checkpoint that Inkling trained.

Fair to the peers: tensors are loaded before the clock starts, warm-up is left out, optimizers are fused; both memory
formats, torch.compile and bfloat16 are asked for by --mode. Prints one line of JSON.
"""
import argparse
import json
import struct
import time

parser = argparse.ArgumentParser()
parser.add_argument("work", choices=["train", "evaluate", "gradients", "target", "explain", "fool"])
parser.add_argument("model", choices=["mlp", "cnn", "other", "other-norm", "resnet20", "colour", "lstm", "vit"])
parser.add_argument("--mode", choices=["first", "last", "compiled", "bf16", "bf16-compiled", "onnx"], default="first")
parser.add_argument("--batch", type=int, default=64)
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--seconds", type=float, default=2)
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--accuracy", type=float, default=0.99)
parser.add_argument("--epochs", type=float, default=3)
parser.add_argument("--rate", type=float, default=0.002)
parser.add_argument("--data", required=True)
parser.add_argument("--colour", action="store_true", help="CIFAR-10 instead of MNIST")
parser.add_argument("--checkpoint")
parser.add_argument("--method")
parser.add_argument("--epsilon", type=float)
parser.add_argument("--steps", type=int)
parser.add_argument("--step-size", type=float)
parser.add_argument("--queries", type=int)
options = parser.parse_args()

import numpy as np
import torch

torch.set_num_threads(options.threads)
torch.manual_seed(options.seed)
n = torch.nn
HALF = options.mode.startswith("bf16")
COMPILED = options.mode.endswith("compiled")
LAYOUT = torch.contiguous_format if options.mode in ("first", "onnx") else torch.channels_last


class Residual(n.Module):
    def __init__(self, inputs, outputs, stride=1):
        super().__init__()
        self.body = n.Sequential(
            n.Conv2d(inputs, outputs, 3, stride, 1), n.BatchNorm2d(outputs), n.ReLU(inplace=True),
            n.Conv2d(outputs, outputs, 3, 1, 1), n.BatchNorm2d(outputs))
        self.shortcut = (n.Identity() if inputs == outputs else
                         n.Sequential(n.Conv2d(inputs, outputs, 1, stride), n.BatchNorm2d(outputs)))
        self.relu = n.ReLU(inplace=True)

    def forward(self, x):
        return self.relu(self.body(x) + self.shortcut(x))


class Lambda(n.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


class LSTM(n.Module):
    def __init__(self, inputs, units):
        super().__init__()
        self.cell = n.LSTM(inputs, units, batch_first=True)

    def forward(self, x):
        return self.cell(x)[0][:, -1]


class Block(n.Module):
    def __init__(self, width, heads, hidden):
        super().__init__()
        self.before, self.behind = n.LayerNorm(width), n.LayerNorm(width)
        self.attention = n.MultiheadAttention(width, heads, batch_first=True)
        self.map = n.Sequential(n.Linear(width, hidden), n.GELU(), n.Linear(hidden, width))

    def forward(self, x):
        y = self.before(x)
        x = x + self.attention(y, y, y, need_weights=False)[0]
        return x + self.map(self.behind(x))


class Tokens(n.Module):
    def __init__(self, places, width):
        super().__init__()
        self.token = n.Parameter(torch.zeros(1, 1, width))
        self.places = n.Parameter(0.02 * torch.randn(1, places + 1, width))

    def forward(self, x):
        return torch.cat([self.token.expand(len(x), -1, -1), x], 1) + self.places


def network(name):
    if name == "lstm":
        return n.Sequential(Lambda(lambda x: x[:, 0]), LSTM(28, 128), n.Linear(128, 10))
    if name == "vit":
        return n.Sequential(
            n.Conv2d(1, 64, 4, 4), Lambda(lambda x: x.flatten(2).transpose(1, 2)), Tokens(49, 64),
            *(Block(64, 4, 128) for _ in range(6)), n.LayerNorm(64), Lambda(lambda x: x[:, 0]), n.Linear(64, 10))
    if name == "resnet20":
        return n.Sequential(
            n.Conv2d(3, 16, 3, padding=1), n.BatchNorm2d(16), n.ReLU(inplace=True),
            *(Residual(16, 16) for _ in range(3)), Residual(16, 32, 2), *(Residual(32, 32) for _ in range(2)),
            Residual(32, 64, 2), *(Residual(64, 64) for _ in range(2)),
            n.AdaptiveAvgPool2d(1), n.Flatten(), n.Linear(64, 10))
    if name == "colour":
        layers, inputs = [n.Conv2d(3, 24, 2), n.GELU()], 24
        for width in (64, 128, 128):
            layers += [n.Conv2d(inputs, width, 3, padding=1, bias=False), n.MaxPool2d(2), n.BatchNorm2d(width), n.GELU(),
                       n.Conv2d(width, width, 3, padding=1, bias=False), n.BatchNorm2d(width), n.GELU()]
            inputs = width
        return n.Sequential(*layers, n.MaxPool2d(3), n.Flatten(), n.Linear(128, 10, bias=False))
    if name == "mlp":
        return n.Sequential(n.Flatten(), n.Linear(784, 128), n.ReLU(), n.Linear(128, 10))
    if name == "cnn":
        return n.Sequential(
            n.Conv2d(1, 32, 3, padding=1), n.ReLU(), n.MaxPool2d(2),
            n.Conv2d(32, 64, 3, padding=1), n.ReLU(), n.MaxPool2d(2),
            n.Flatten(), n.Linear(3136, 128), n.ReLU(), n.Dropout(0.5), n.Linear(128, 10))
    norm = (lambda c: [n.BatchNorm2d(c)]) if name == "other-norm" else (lambda c: [])
    return n.Sequential(
        n.Conv2d(1, 16, 5, padding=2), *norm(16), n.ReLU(), n.MaxPool2d(2),
        n.Conv2d(16, 48, 3, padding=1), *norm(48), n.ReLU(),
        n.Conv2d(48, 48, 3, padding=1), *norm(48), n.ReLU(), n.AvgPool2d(2),
        n.Flatten(), n.Linear(48 * 49, 64), n.ReLU(), n.Linear(64, 10))


def images(part):
    if options.colour:
        names = [f"data_batch_{k}" for k in range(1, 6)] if part == "train" else ["test_batch"]
        rows = np.concatenate([np.fromfile(f"{options.data}/{name}.bin", np.uint8) for name in names]).reshape(-1, 3073)
        mean, deviation = (torch.tensor(v).reshape(3, 1, 1) for v in ((0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616)))
        normal = (torch.from_numpy(rows[:, 1:].astype(np.float32)).reshape(-1, 3, 32, 32) / 255 - mean) / deviation
        return normal.contiguous(memory_format=LAYOUT), torch.from_numpy(rows[:, 0].astype(np.int64))
    with open(f"{options.data}/{part}-images-idx3-ubyte", "rb") as file:
        _, count, height, width = struct.unpack(">4I", file.read(16))
        pixels = np.frombuffer(file.read(), np.uint8).reshape(count, 1, height, width)
    with open(f"{options.data}/{part}-labels-idx1-ubyte", "rb") as file:
        file.read(8)
        labels = np.frombuffer(file.read(), np.uint8)
    normal = (torch.from_numpy(pixels.astype(np.float32)) / 255 - 0.1307) / 0.3081
    return normal.contiguous(memory_format=LAYOUT), torch.from_numpy(labels.astype(np.int64))


class Pixels(n.Module):
    """A trained network that reads pixels in [0, 1], as explanations and attacks do."""

    def __init__(self, model):
        super().__init__()
        with open(options.checkpoint, "rb") as file:
            header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
            data = file.read()
        values = {name: torch.from_numpy(np.frombuffer(data, np.float32, offset=entry["data_offsets"][0],
                                                       count=int(np.prod(entry["shape"]))).reshape(entry["shape"]).copy())
                  for name, entry in header.items() if name != "__metadata__"}
        layers = [layer for layer in model if isinstance(layer, (n.Conv2d, n.Linear))]
        names = [name[:-7] for kind in ("conv", "linear")
                 for name in sorted(values) if name.startswith(kind) and name.endswith(".weight")]
        for layer, name in zip(layers, names):
            layer.weight.data, layer.bias.data = values[name + ".weight"], values[name + ".bias"]
        self.model = model.to(memory_format=LAYOUT).eval()
        for parameter in self.parameters():
            parameter.requires_grad_(False)
        self.mean, self.deviation = (json.loads(header["__metadata__"][key])[0] for key in ("mean", "standard_deviation"))

    def forward(self, x):
        return self.model((x - self.mean) / self.deviation)


def pixels_and_labels():
    normal, labels = images("t10k")
    x = (normal[:options.batch] * 0.3081 + 0.1307).clamp(0, 1).contiguous(memory_format=LAYOUT)
    return x, labels[:options.batch]


def steady(body):
    for _ in range(5):
        body()
    start, work = time.perf_counter(), 0
    while time.perf_counter() - start < options.seconds:
        work += body()
    return work / (time.perf_counter() - start)


def steadily(work, x, labels):
    """As steady, for work that takes seconds or minutes: a few images are enough to warm up."""
    work(x[:20], labels[:20])
    start, count = time.perf_counter(), 0
    while time.perf_counter() - start < options.seconds:
        work(x, labels)
        count += options.batch
    return count / (time.perf_counter() - start)


def trainer(model, pixels, labels, rate):
    optimizer = torch.optim.Adam(model.parameters(), rate, fused=True)
    order = torch.randperm(len(labels))
    place = 0

    def step():
        nonlocal order, place
        if place + options.batch > len(order):
            order, place = torch.randperm(len(labels)), 0
        chosen = order[place:place + options.batch]
        place += options.batch
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast("cpu", torch.bfloat16, enabled=HALF):
            loss = n.functional.cross_entropy(model(pixels[chosen]), labels[chosen])
        loss.backward()
        optimizer.step()
        return options.batch

    return step, optimizer


def train(model):
    pixels, labels = images("train")
    step, _ = trainer(model, pixels, labels, 0.001)
    return {"images_per_second": steady(step)}


def evaluate(model):
    pixels, _ = images("t10k")
    model.eval()
    if options.mode == "onnx":
        import os
        import tempfile

        import onnxruntime

        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "model.onnx")
            torch.onnx.export(
                model, (pixels[:1],), path, input_names=["x"], output_names=["y"],
                dynamic_axes={"x": {0: "n"}, "y": {0: "n"}}, dynamo=False)
            settings = onnxruntime.SessionOptions()
            settings.intra_op_num_threads = options.threads
            session = onnxruntime.InferenceSession(path, settings)
        arrays = [pixels[i:i + 500].numpy() for i in range(0, len(pixels), 500)]

        def body():
            for array in arrays:
                session.run(None, {"x": array})
            return len(pixels)
    else:
        @torch.inference_mode()
        def body():
            for start in range(0, len(pixels), 500):
                model(pixels[start:start + 500])
            return len(pixels)

    return {"images_per_second": steady(body)}


def gradients(model):
    pixels, labels = images("t10k")
    x = pixels[:options.batch].clone().requires_grad_()
    model.eval()
    for parameter in model.parameters():
        parameter.requires_grad_(False)

    def body():
        loss = n.functional.cross_entropy(model(x), labels[:options.batch], reduction="sum")
        torch.autograd.grad(loss, x)
        return options.batch

    return {"images_per_second": steady(body)}


def target(model):
    pixels, labels = images("train")
    test, answers = images("t10k")
    step, optimizer = trainer(model, pixels, labels, options.rate)
    per_epoch = len(labels) // options.batch
    planned = int(options.epochs * per_epoch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, options.rate, total_steps=planned)
    for number in range(1, 4 * planned + 1):
        step()
        if number < planned:
            schedule.step()
        elif number == planned:
            # Who has missed the target when the plan ends goes on at a tenth of the largest rate.
            optimizer.param_groups[0]["lr"] = options.rate / 10
        if number % (per_epoch // 4):
            continue
        model.eval()
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=HALF):
            right = sum((model(test[i:i + 500]).argmax(1) == answers[i:i + 500]).sum().item()
                        for i in range(0, len(test), 500))
        model.train()
        if right / len(test) >= options.accuracy:
            return {"accuracy": right / len(test), "epochs": number / per_epoch}
    raise SystemExit("the accuracy was not reached")


def explain(model):
    import captum.attr as c

    model = Pixels(model)
    x, _ = pixels_and_labels()
    targets = model(x).argmax(1)
    work = {
        "integrated-gradients": lambda x, targets: c.IntegratedGradients(model).attribute(
            x, target=targets, n_steps=50, internal_batch_size=500),
        "smoothgrad": lambda x, targets: c.NoiseTunnel(c.Saliency(model)).attribute(
            x, target=targets, abs=False, nt_samples=50, nt_samples_batch_size=1, stdevs=0.15),
        "occlusion": lambda x, targets: c.Occlusion(model).attribute(
            x, (1, 7, 7), strides=(1, 2, 2), target=targets),
        "deeplift": lambda x, targets: c.DeepLift(model).attribute(x, target=targets),
        "guided-backprop": lambda x, targets: c.GuidedBackprop(model).attribute(x, target=targets),
    }[options.method]
    return {"images_per_second": steadily(work, x, targets)}


def fool(model):
    import torchattacks as a

    model = Pixels(model)
    x, labels = pixels_and_labels()
    if options.method == "pgd":
        attack = a.PGD(model, eps=options.epsilon, alpha=options.step_size, steps=options.steps)
    elif options.method == "square":
        attack = a.Square(model, eps=options.epsilon, n_queries=options.queries)
    else:
        # It has no search for the weight: nine weights, as many as Inkling's search tries.
        attacks = [a.CW(model, c=10.0 ** k, steps=options.steps, lr=0.01) for k in range(-2, 7)]

        def attack(x, labels):
            for one in attacks:
                one(x, labels)

    return {"images_per_second": steadily(attack, x, labels)}


model = network(options.model).to(memory_format=LAYOUT)
if COMPILED:
    model.compile()
print(json.dumps(globals()[options.work](model)))
