"""Ten training steps of small networks in PyTorch: the numbers that Inkling's engine is held to.

Weights and images come from a small integer hash that the Swift test repeats, so that the fixture
holds only what PyTorch computed. Dropout is left out: its masks are each library's own.

    pip install torch==2.13.0
    python Scripts/reference/training_steps.py > Tests/EngineTests/Fixtures/training_steps.json
"""
import json

import numpy
import torch

from hashed import fill, uniform


def network(name):
    n = torch.nn
    if name == "mlp":
        return n.Sequential(n.Flatten(), n.Linear(784, 128), n.ReLU(), n.Linear(128, 10))
    if name == "cnn":
        return n.Sequential(
            n.Conv2d(1, 32, 3, padding=1), n.ReLU(), n.MaxPool2d(2),
            n.Conv2d(32, 64, 3, padding=1), n.ReLU(), n.MaxPool2d(2),
            n.Flatten(), n.Linear(3136, 128), n.ReLU(), n.Linear(128, 10))
    # Batch normalisation, average pooling, stride, padding and a kernel of even size.
    return n.Sequential(
        n.Conv2d(1, 8, 5, stride=2, padding=1), n.BatchNorm2d(8), n.ReLU(), n.AvgPool2d(2),
        n.Conv2d(8, 12, 3, padding=2), n.BatchNorm2d(12), n.ReLU(), n.MaxPool2d(3, stride=2),
        n.Flatten(), n.Linear(12 * 3 * 3, 20), n.BatchNorm1d(20), n.ReLU(), n.Linear(20, 10))


class Lookahead:
    """Zhang et al. (2019) around an optimizer, with its k and alpha."""

    def __init__(self, parameters, optimizer):
        self.parameters, self.steps = list(parameters), 0
        self.optimizer = optimizer(self.parameters)
        self.slow = [p.detach().clone() for p in self.parameters]

    def zero_grad(self):
        self.optimizer.zero_grad()

    @torch.no_grad()
    def step(self):
        self.optimizer.step()
        self.steps += 1
        if self.steps % 5 == 0:
            for slow, p in zip(self.slow, self.parameters):
                slow += 0.5 * (p - slow)
                p.copy_(slow)


def with_rates(model):
    """The first convolution at a tenth of the rate, the first normalisation frozen."""
    model[1].eval()
    for p in model[1].parameters():
        p.requires_grad_(False)
    rest = [p for layer in model[2:] for p in layer.parameters()]
    return torch.optim.SGD([{"params": model[0].parameters(), "lr": 0.005}, {"params": rest}], lr=0.05, momentum=0.9)


def run(name, make_optimizer, smoothing=0.0, longest=None, mixes=False):
    model = fill(network(name))
    optimizer = with_rates(model) if make_optimizer is None else make_optimizer(model.parameters())
    losses, correct = [], []
    for step in range(10):
        # 40 images: two whole shards and a half.
        pixels = uniform(40 * 784, 1000 + step).reshape(40, 1, 28, 28)
        labels = torch.from_numpy((uniform(40, 2000 + step) * 10).astype(numpy.int64))
        optimizer.zero_grad()
        logits = model(torch.from_numpy((pixels - numpy.float32(0.25)) / numpy.float32(0.5)))
        targets = labels
        if mixes:
            others = torch.from_numpy((uniform(40, 4000 + step) * 10).astype(numpy.int64))
            share = torch.from_numpy(uniform(40, 5000 + step))[:, None]
            one = torch.nn.functional.one_hot
            targets = (1 - share) * one(labels, 10) + share * one(others, 10)
        loss = torch.nn.functional.cross_entropy(logits, targets, label_smoothing=smoothing)
        loss.backward()
        if longest:
            torch.nn.utils.clip_grad_norm_(model.parameters(), longest)
        optimizer.step()
        losses.append(loss.item())
        correct.append(int((logits.argmax(1) == labels).sum()))
    model.eval()
    with torch.no_grad():
        pixels = uniform(3 * 784, 3000).reshape(3, 1, 28, 28)
        logits = model(torch.from_numpy((pixels - numpy.float32(0.25)) / numpy.float32(0.5)))
    sums = [[float(p.detach().double().sum()), float(p.detach().double().abs().sum())] for p in model.parameters()]
    return {"losses": losses, "correct": correct, "parameter_sums": sums, "logits": logits.flatten().tolist()}


OPTIMIZERS = {
    "adam": lambda p: torch.optim.Adam(p, lr=0.001),
    "adamw": lambda p: torch.optim.AdamW(p, lr=0.001, weight_decay=0.1),
    "adam-decay": lambda p: torch.optim.Adam(p, lr=0.001, weight_decay=0.01),
    "sgd": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, weight_decay=0.001),
}

FURTHER = {
    "sgd-nesterov": (lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, nesterov=True), {}),
    "sgd-smoothing": (OPTIMIZERS["sgd"], {"smoothing": 0.1}),
    "sgd-mixed": (OPTIMIZERS["sgd"], {"smoothing": 0.1, "mixes": True}),
    "sgd-clipped": (OPTIMIZERS["sgd"], {"longest": 0.5}),
    "sgd-lookahead": (lambda p: Lookahead(p, OPTIMIZERS["sgd"]), {}),
}

if __name__ == "__main__":
    torch.manual_seed(0)
    torch.use_deterministic_algorithms(True)
    fixture = {"script": "training_steps.py", "torch": torch.__version__, "runs": {}}
    for model in ["mlp", "cnn", "mixed"]:
        for name, optimizer in OPTIMIZERS.items():
            fixture["runs"][f"{model} {name}"] = run(model, optimizer)
    for model in ["mlp", "mixed"]:
        for name, (optimizer, options) in FURTHER.items():
            fixture["runs"][f"{model} {name}"] = run(model, optimizer, **options)
    fixture["runs"]["mixed sgd-rates"] = run("mixed", None)
    print(json.dumps(fixture, indent=1))
