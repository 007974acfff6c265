"""Logits and attribution maps of networks with residual and concat blocks: Inkling's must agree.

    pip install torch==2.13.0 captum==0.9.0 grad-cam==1.5.7 zennit==0.5.1 scikit-learn
    python Scripts/reference/residual.py > Tests/AttributionTests/Fixtures/residual.json

Tensors and images come from a small integer hash, rounded to thousandths, and are in the fixture. Everything is
computed in double precision and must be the same in single precision up to 2e-5 of the map's largest value, so that
no number hangs on a tie. Settings are those of attributions.py; what graphs add:

- residual adds with zennit's Sum, as zennit's ResNetCanonizer does: each branch gets its share of the sum, stabiliser
  1e-6 (the Norm rule, in every composite). concat gives each branch what belongs to its channels. Where an output is
  read several times, relevance adds up.
- An activation function that is first in a branch gets in Captum the gradient of all that reads its input, and zennit
  merges a normalisation into the convolution before it in the order of modules, whatever its input is. So no branch
  begins with either here, every normalisation follows a convolution and no activation function another; the script
  makes sure of it.
- deeplift: Captum does not know GELU and SiLU; its rule for the others is given to them. It starts from a black image,
  and in "deeplift others" from the image before (the first from the last). Layer normalisation has no such rule.
- grad-cam: at layers in a branch, at joints, and behind them.
- occlusion: windows of 5 x 5 pixels, 3 apart.
"""
import copy
import json
import re
import sys
import warnings
from importlib.metadata import version

import captum
import captum.attr._core.deep_lift as captum_deeplift
import torch
from captum.attr import (
    Deconvolution, DeepLift, GuidedBackprop, InputXGradient, IntegratedGradients, Occlusion, Saliency)
from zennit.layer import Sum

import attributions as reference
from hashed import Normalized
from uniform import uniform

n = torch.nn
F = n.functional
warnings.filterwarnings("ignore")
SHAPE, COUNT = (1, 10, 10), 3
MEAN, DEVIATION = 0.25, 0.5
TEXTS = {
    "residual":
        "conv(4,3) norm relu residual(conv(4,3) norm relu conv(4,3) norm) relu"
        " residual(conv(6,3,stride=2) norm relu conv(6,3) norm | conv(6,1,stride=2) norm) relu"
        " concat(conv(3,3) relu | conv(2,1) | ) globalpool linear(5)",
    "layernorm": "conv(4,3) layernorm gelu residual(conv(4,3) gelu) flatten linear(8) layernorm gelu linear(5)",
    "gelu": "conv(4,3) gelu residual(conv(4,3) gelu) flatten linear(8) silu linear(5)",
}
LAYERS = {"residual": ["conv3", "norm6", "add1", "relu5", "concat1"], "layernorm": ["gelu2"], "gelu": ["gelu2"]}
ACTIVATIONS = (n.ReLU, n.GELU, n.SiLU)
NORMS = (n.BatchNorm2d,)


# Networks


class Branches(n.Module):
    """Branches side by side and what joins them; an empty one is the identity."""

    def __init__(self, branches, joint):
        super().__init__()
        self.branches = n.ModuleList(branches)
        self.joint = joint

    def forward(self, x):
        return self.joint([branch(x) for branch in self.branches])


class Add(n.Module):
    def __init__(self):
        super().__init__()
        self.sum = Sum()

    def forward(self, parts):
        return self.sum(torch.stack(parts, dim=-1))


class Concat(n.Module):
    def forward(self, parts):
        return torch.cat(parts, dim=1)


class LayerNorm(n.LayerNorm):
    """Of the channels of each place, or of a flat list."""

    def forward(self, x):
        return super().forward(x.movedim(1, -1)).movedim(-1, 1)


class Builder:
    """The network of a text; its layers by name, counted for each kind in the order of the text."""

    def __init__(self, text):
        self.words = re.findall(r"(?:residual|concat)\(|[a-z]+(?:\([^()]*\))?|[|)]", text)
        self.layers, self.counts = {}, {}
        self.network = self.chain(SHAPE)[0].double().eval()
        assert not self.words

    def add(self, stem, layer):
        self.counts[stem] = self.counts.get(stem, 0) + 1
        self.layers[f"{stem}{self.counts[stem]}"] = layer
        return layer

    def chain(self, shape):
        """Layers up to the end of a branch, and their output's shape."""
        made = []
        while self.words and self.words[0] not in "|)":
            word = self.words.pop(0)
            made.append(self.block(word[:-1], shape) if word.endswith("(") else self.layer(word, shape))
            shape = tuple(copy.deepcopy(made[-1]).eval()(torch.zeros(1, *shape)).shape[1:])
        return n.Sequential(*made), shape

    def block(self, kind, shape):
        branches = [self.chain(shape)[0]]
        while self.words.pop(0) == "|":
            branches.append(self.chain(shape)[0])
        if kind == "residual" and len(branches) == 1:
            branches.append(n.Sequential())
        joint = self.add("add", Add()) if kind == "residual" else self.add("concat", Concat())
        return Branches(branches, joint)

    def layer(self, word, shape):
        stem, inside = re.fullmatch(r"([a-z]+)(?:\((.*)\))?", word).groups()
        values = [int(v.split("=")[-1]) for v in (inside or "").split(",") if v]
        made = {
            "conv": lambda f, k, s=1: n.Conv2d(shape[0], f, k, stride=s, padding=(k - 1) // 2),
            "linear": lambda outputs: n.Linear(shape[0], outputs), "flatten": n.Flatten,
            "norm": lambda: n.BatchNorm2d(shape[0]), "layernorm": lambda: LayerNorm(shape[0]),
            "relu": n.ReLU, "gelu": n.GELU, "silu": n.SiLU,
            "globalpool": lambda: n.Sequential(n.AdaptiveAvgPool2d(1), n.Flatten())}[stem](*values)
        return self.add(stem, made)

    def tensors(self):
        return {
            f"{name}.{key}": tensor for name, layer in self.layers.items() for key, tensor in layer.state_dict().items()
            if key != "num_batches_tracked"}


def rounded(count, stream, low, high):
    """Thousandths, as the nearest number of single precision."""
    values = low + (high - low) * uniform(count, stream).astype(float)
    return torch.tensor(values.round(3), dtype=torch.float32).double()


def build(text, stream):
    """Weights three times as large as is usual; normalisations with statistics, scales and shifts of their own."""
    built = Builder(text)
    for index, (name, tensor) in enumerate(built.tensors().items()):
        if tensor.dim() > 1:
            bound = 3 / tensor[0].numel() ** 0.5
            low, high = -bound, bound
        elif "norm" in name:
            # Some scales are below zero.
            low, high = {
                "weight": (-0.4, 1.6), "bias": (-0.4, 0.4), "running_mean": (-0.5, 0.5), "running_var": (0.3, 1.7),
            }[name.split(".")[1]]
        else:
            low, high = -0.3, 0.3
        tensor.copy_(rounded(tensor.numel(), stream + index, low, high).reshape(tensor.shape))
    return built


# What this script takes for granted


def check_places(network):
    """That Captum and zennit see each layer by itself: see above."""
    parents = [m for m in network.modules() if isinstance(m, n.Sequential)]
    for layers in parents[1:]:
        assert not layers or not isinstance(layers[0], ACTIVATIONS + NORMS)
    for layers in parents:
        for before, after in zip(layers, layers[1:]):
            assert not (isinstance(after, NORMS) and not isinstance(before, n.Conv2d))
            assert not (isinstance(after, ACTIVATIONS) and isinstance(before, ACTIVATIONS))


def plain_logits(t, x):
    """The network "residual" written out, from its tensors alone."""
    def conv(x, i, stride=1):
        weight = t[f"conv{i}.weight"]
        return F.conv2d(x, weight, t[f"conv{i}.bias"], stride, weight.shape[-1] // 2)

    def norm(x, i):
        part = [t[f"norm{i}.{k}"] for k in ("running_mean", "running_var", "weight", "bias")]
        mean, variance, weight, bias = (v[:, None, None] for v in part)
        return (x - mean) / (variance + 1e-5).sqrt() * weight + bias

    x = norm(conv((x - MEAN) / DEVIATION, 1), 1).relu()
    x = (norm(conv(norm(conv(x, 2), 2).relu(), 3), 3) + x).relu()
    x = (norm(conv(norm(conv(x, 4, 2), 4).relu(), 5), 5) + norm(conv(x, 6, 2), 6)).relu()
    x = torch.cat([conv(x, 7).relu(), conv(x, 8), x], 1).mean((2, 3))
    return x @ t["linear1.weight"].T + t["linear1.bias"]


def check_completeness(model, x, target, maps):
    """DeepLIFT adds up to the difference of the logits; so does LRP's epsilon rule to the logit without biases."""
    def score(images):
        return model(images)[range(COUNT), target]

    for name, start in [("deeplift", 0 * x), ("deeplift others", x.roll(1, 0))]:
        if name in maps:
            torch.testing.assert_close(maps[name].sum((1, 2, 3)), score(x) - score(start), rtol=1e-9, atol=1e-9)
    if "lrp:epsilon" in maps:
        free = copy.deepcopy(model)
        for name, tensor in free.state_dict().items():
            if name.endswith(("bias", "running_mean")):
                tensor.zero_()
        logits = free(x)[range(COUNT), target]
        relevance = reference.relevance(copy.deepcopy(free), x, target)["lrp:epsilon"].sum((1, 2, 3))
        torch.testing.assert_close(relevance, logits, rtol=1e-4, atol=1e-4)


# Maps


def pixel_maps(name, model, x, target):
    def plain(method, **settings):
        return method(model).attribute(x.clone().requires_grad_(), target=target, **settings).detach()

    result = {"gradient": plain(Saliency, abs=False), "input-x-gradient": plain(InputXGradient)}
    result["integrated-gradients"], delta = IntegratedGradients(model).attribute(
        x, baselines=0 * x, target=target, n_steps=50, method="gausslegendre", return_convergence_delta=True)
    result["integrated-gradients delta"] = delta
    result["occlusion"] = Occlusion(model).attribute(
        x, sliding_window_shapes=(1, 5, 5), strides=(1, 3, 3), target=target)
    if name == "layernorm":
        return result
    result["deeplift"] = DeepLift(model).attribute(x, baselines=0 * x, target=target).detach()
    result["deeplift others"] = DeepLift(model).attribute(x, baselines=x.roll(1, 0), target=target).detach()
    if name == "residual":
        result["guided-backprop"] = plain(GuidedBackprop)
        result["deconvnet"] = plain(Deconvolution)
    result.update(reference.relevance(copy.deepcopy(model), x, target))
    return result


def all_maps(name, built, x, target):
    model = Normalized(built.network).eval()
    return {
        "maps": pixel_maps(name, model, x, target),
        "activation_maps": {
            f"grad-cam {layer}": torch.as_tensor(
                reference.activation_map("grad-cam", model, built.layers[layer], x, target))
            for layer in LAYERS[name]}}


def check_precision(name, double, single):
    for kind, maps in double.items():
        for key, exact in maps.items():
            if not key.endswith(" delta"):
                error = (exact - single[kind][key]).flatten(1).abs().amax(1) / exact.flatten(1).abs().amax(1)
                print(f"{name:10} {key:24} single precision {float(error.max()):.1e}", file=sys.stderr)
                assert error.max() < 2e-5, (name, key)


def main():
    for kind in (n.GELU, n.SiLU):
        captum_deeplift.SUPPORTED_NON_LINEAR[kind] = captum_deeplift.nonlinear
    x = rounded(COUNT * SHAPE[1] * SHAPE[2], 700, 0, 1).reshape(COUNT, *SHAPE)
    fixture = {
        "script": "residual.py", "torch": torch.__version__, "captum": captum.__version__,
        "grad_cam": version("grad-cam"), "zennit": version("zennit"),
        "shape": SHAPE, "mean": [MEAN], "standard_deviation": [DEVIATION],
        "images": [round(v, 3) for v in x.flatten().tolist()], "networks": {}}
    for index, (name, text) in enumerate(TEXTS.items()):
        built = build(text, 1000 + 100 * index)
        check_places(built.network)
        tensors = {key: [round(v, 3) for v in value.flatten().tolist()] for key, value in built.tensors().items()}
        model = Normalized(built.network).eval()
        logits = model(x).detach()
        # The surest class of the first image, and others of the others.
        target = (logits.argmax(1) + torch.arange(COUNT)) % logits.shape[1]
        if name == "residual":
            stored = {
                key: torch.tensor(values, dtype=torch.float32).double().reshape(built.tensors()[key].shape)
                for key, values in tensors.items()}
            torch.testing.assert_close(plain_logits(stored, x), logits, rtol=1e-12, atol=1e-12)
        exact = all_maps(name, built, x, target)
        check_completeness(model, x, target, exact["maps"])
        single = Builder(text)
        single.network.load_state_dict(built.network.state_dict())
        single.network.float()
        check_precision(name, exact, all_maps(name, single, x.float(), target))
        fixture["networks"][name] = {
            "text": text, "tensors": tensors, "logits": reference.numbers(logits), "targets": target.tolist(),
            **{kind: {key: reference.numbers(value) for key, value in maps.items()} for kind, maps in exact.items()}}
    json.dump(fixture, sys.stdout, separators=(",", ":"))


if __name__ == "__main__":
    main()
