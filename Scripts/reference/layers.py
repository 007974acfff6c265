"""Every kind of layer in PyTorch, in small networks: what Inkling's layers are held to.

Weights and images come from a small integer hash that the Swift test repeats, so that the fixture holds only what
PyTorch computed: logits, and the gradient of the first logit's sum with respect to the pixels, at prediction.

    pip install torch==2.13.0
    python Scripts/reference/layers.py > Tests/ConformanceTests/Fixtures/layers.json
"""
import json
import re

import torch

from hashed import fill
from uniform import uniform

n = torch.nn
SHAPE = (2, 7, 8)
COUNT = 2
EXAMPLES = """
conv(5,3) conv(4,5,stride=2) conv(3,2,padding=0) conv(6,4,stride=3,padding=2) conv(3,1) conv(4,3,groups=2)
conv(6,3,stride=2,groups=2,bias=no) conv(5,3,bias=no,init=kaiming)
maxpool(2) maxpool(3,stride=1) avgpool(2) avgpool(3,stride=2) maxpool(3,stride=2,padding=1) maxpool(2,ceil=yes)
avgpool(3,stride=2,padding=1) avgpool(3,stride=2,padding=1,ceil=yes,include-pad=no) globalpool globalpool(max)
norm norm(scale=no) norm(momentum=0.3) layernorm layernorm(epsilon=0.001) groupnorm(2) groupnorm(1,epsilon=0.001)
relu leaky-relu(0.01) leaky-relu(0.3) clipped-relu(6.0) clipped-relu(0.5) gelu silu elu(1.0) elu(0.4) tanh sigmoid multiply(0.125) multiply(3.0)
rows patches(1) class-token positions attention(2) attention(1) rnn(5) lstm(6) gru(18) first last mean
unflatten(3,2,1) unflatten(2,1,3) upsample(2) upsample(3) sample
flatten dropout(0.3) dropout(0.0) noise(0.2) linear(7) linear(33) linear(6,bias=no,init=xavier)
""".split() + """
residual(relu)
residual(conv(6,3) relu)
residual(conv(4,3,stride=2) norm | conv(4,1,stride=2))
residual(linear(6) tanh)
residual(residual(tanh) | sigmoid | )
concat(conv(3,3) | )
concat(relu | conv(20,1) | tanh)
concat(linear(20) relu | )
ensemble(linear(3) | tanh linear(3))
ensemble( | linear(6,bias=no) | relu)
ensemble(linear(4))
""".strip().splitlines()
CONTEXTS = [
    "conv(6,3) {} flatten linear(3)", "{} flatten linear(3)", "flatten linear(6) {} linear(3)", "conv(2,3) flatten {}",
    "rows linear(6) {} flatten linear(3)", "patches(1) lstm(4) {} linear(3)",
    "flatten linear(6) {} conv(5,3) flatten linear(3)",
]

WHOLE = [
    "maxpool(2,ceil=yes) patches(2) linear(6) class-token positions residual(layernorm attention(2))"
    " residual(layernorm linear(12) gelu linear(6)) residual(layernorm attention(3)) layernorm first linear(3)",
    "rows rnn(20) gru(17) lstm(16) last linear(3)",
    "flatten unflatten(2,7,8) upsample(2) conv(5,3) relu flatten unflatten(5,14,16) maxpool(2) flatten linear(3)",
    "flatten linear(12) relu concat( | sample linear(36) relu unflatten(4,3,3) norm upsample(3) conv(5,3) flatten)"
    " linear(3)",
]


class Channels(n.Module):
    """Layer normalisation of the channels of each place."""

    def __init__(self, channels, epsilon):
        super().__init__()
        self.norm = n.LayerNorm(channels, epsilon)

    def forward(self, x):
        return self.norm(x.movedim(1, -1)).movedim(-1, 1)


class Rows(n.Module):
    def forward(self, x):
        return x.permute(0, 2, 1, 3).reshape(len(x), x.shape[2], -1)


class Patches(n.Module):
    def __init__(self, side):
        super().__init__()
        self.side = side

    def forward(self, x):
        assert x.shape[2] % self.side == 0 and x.shape[3] % self.side == 0
        return n.functional.unfold(x, self.side, stride=self.side).transpose(1, 2)


class ClassToken(n.Module):
    def __init__(self, width):
        super().__init__()
        self.weight = n.Parameter(torch.zeros(width))

    def forward(self, x):
        return torch.cat([self.weight.expand(len(x), 1, -1), x], 1)


class Positions(n.Module):
    def __init__(self, shape):
        super().__init__()
        self.weight = n.Parameter(torch.zeros(shape))

    def forward(self, x):
        return x + self.weight


class Attention(n.MultiheadAttention):
    def forward(self, x):
        return super().forward(x, x, x, need_weights=False)[0]


class States(n.Module):
    def __init__(self, cell):
        super().__init__()
        self.cell = cell

    def forward(self, x):
        return self.cell(x)[0]


class End(n.Module):
    def __init__(self, word):
        super().__init__()
        self.word = word

    def forward(self, x):
        return {"first": x[:, 0], "last": x[:, -1], "mean": x.mean(1)}[self.word]


class Means(n.Module):
    def forward(self, x):
        return x.chunk(2, 1)[0]


class Multiply(n.Module):
    def __init__(self, factor):
        super().__init__()
        self.factor = factor

    def forward(self, x):
        return self.factor * x


class Largest(n.Module):
    def forward(self, x):
        return x.amax((2, 3))


class Same(n.Module):
    """Padding that keeps the size: an even window has one zero more behind than before."""

    def __init__(self, kernel):
        super().__init__()
        before = (kernel - 1) // 2
        self.pad = (before, kernel - 1 - before) * 2

    def forward(self, x):
        return n.functional.pad(x, self.pad)


class Block(n.Module):
    """Branches that read the same, added up, laid one behind the other, or of one mean probability."""

    def __init__(self, branches, word):
        super().__init__()
        self.branches = n.ModuleList(branches)
        self.word = word

    def forward(self, x):
        parts = [branch(x) for branch in self.branches]
        if self.word == "concat":
            assert parts[0].dim() != 3
            return torch.cat(parts, 1)
        assert len({part.shape for part in parts}) == 1
        if self.word == "residual":
            return sum(parts)
        assert parts[0].dim() == 2
        logits = torch.stack(parts)
        shift = torch.logsumexp(logits, 2).mean(0).unsqueeze(1)
        return torch.softmax(logits, 2).mean(0).log() + shift


def parted(text, mark):
    """The parts of a text between marks that stand in no parentheses."""
    parts, depth = [""], 0
    for letter in text:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == mark and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


def layer(text, shape):
    """The modules of one layer for an input of a shape `(channels, ...)`."""
    word, inside = re.fullmatch(r"([a-z-]+)(?:\((.*)\))?", text).groups()
    if word in ("residual", "concat", "ensemble"):
        branches = [chain(part, shape)[0] for part in parted(inside, "|")]
        if word == "residual" and len(branches) == 1:
            branches.append(n.Sequential())
        return [Block(branches, word)]
    values = [v for v in (inside or "").split(",") if v and "=" not in v]
    named = dict(v.split("=") for v in (inside or "").split(",") if "=" in v)
    if word == "conv":
        assert len(shape) == 3
        filters, kernel = map(int, values)
        options = dict(stride=int(named.get("stride", 1)), groups=int(named.get("groups", 1)),
                       bias=named.get("bias") != "no")
        if "padding" in named:
            return [n.Conv2d(shape[0], filters, kernel, padding=int(named["padding"]), **options)]
        return [Same(kernel), n.Conv2d(shape[0], filters, kernel, **options)]
    if word in ("maxpool", "avgpool"):
        assert len(shape) == 3
        kind = n.MaxPool2d if word == "maxpool" else n.AvgPool2d
        options = {} if word == "maxpool" else {"count_include_pad": named.get("include-pad") != "no"}
        return [kind(int(values[0]), stride=int(named.get("stride", values[0])), padding=int(named.get("padding", 0)),
                     ceil_mode=named.get("ceil") == "yes", **options)]
    if word == "globalpool":
        assert len(shape) == 3
        return [Largest()] if values else [n.AdaptiveAvgPool2d(1), n.Flatten()]
    if word in ("rows", "patches"):
        assert len(shape) == 3
        return [Rows() if word == "rows" else Patches(int(values[0]))]
    if word in ("class-token", "positions", "attention", "rnn", "lstm", "gru", "first", "last", "mean"):
        assert len(shape) == 2
        if word in ("rnn", "lstm", "gru"):
            return [States(getattr(n, word.upper())(shape[1], int(values[0]), batch_first=True))]
        return [{"class-token": lambda: ClassToken(shape[1]), "positions": lambda: Positions(shape),
                 "attention": lambda: Attention(shape[1], int(values[0]), batch_first=True)}.get(word, lambda: End(word))()]
    if word == "unflatten":
        assert len(shape) == 1
        return [n.Unflatten(1, tuple(map(int, values)))]
    if word == "upsample":
        assert len(shape) == 3
        return [n.Upsample(scale_factor=int(values[0]))]
    if word == "sample":
        assert len(shape) == 1 and shape[0] % 2 == 0
        return [Means()]
    if word == "norm":
        assert len(shape) != 2
        kind = n.BatchNorm2d if len(shape) == 3 else n.BatchNorm1d
        return [kind(shape[0], affine=named.get("scale") != "no")]
    if word == "layernorm":
        epsilon = float(named.get("epsilon", 1e-5))
        return [Channels(shape[0], epsilon) if len(shape) == 3 else n.LayerNorm(shape[-1], epsilon)]
    if word == "groupnorm":
        assert len(shape) != 2
        return [n.GroupNorm(int(values[0]), shape[0], float(named.get("epsilon", 1e-5)))]
    if word == "linear":
        assert len(shape) != 3
        return [n.Linear(shape[-1], int(values[0]), bias=named.get("bias") != "no")]
    if word == "multiply":
        return [Multiply(float(values[0]))]
    simple = {
        "relu": n.ReLU, "gelu": n.GELU, "silu": n.SiLU, "tanh": n.Tanh, "sigmoid": n.Sigmoid,
        "flatten": n.Flatten, "dropout": n.Identity, "noise": n.Identity,
        "leaky-relu": lambda: n.LeakyReLU(float(values[0])), "clipped-relu": lambda: n.Hardtanh(0, float(values[0])), "elu": lambda: n.ELU(float(values[0])),
    }
    return [simple[word]()]


def chain(text, shape):
    """The layers of a text one after the other, and the shape that they give."""
    modules, first = [], shape
    for word in filter(None, parted(text, " ")):
        modules += layer(word, shape)
        shape = tuple(n.Sequential(*modules).eval()(torch.zeros(1, *first)).shape[1:])
    return n.Sequential(*modules), shape


def network(text):
    return fill(chain(text, SHAPE)[0]).eval()


def run(text):
    model = network(text)
    size = SHAPE[0] * SHAPE[1] * SHAPE[2]
    images = torch.from_numpy(uniform(COUNT * size, 800)).reshape(COUNT, *SHAPE).requires_grad_()
    logits = model((images - 0.25) / 0.5)
    # What does not end in logits is no network of Inkling's.
    assert logits.dim() == 2
    assert parted(text, " ")[-1].startswith(("linear", "ensemble"))
    logits[:, 0].sum().backward()
    return {"text": text, "logits": numbers(logits), "gradient": numbers(images.grad)}


def numbers(tensor):
    return [float(f"{x:.7g}") for x in tensor.flatten().tolist()]


results = []
for example in EXAMPLES:
    for context in CONTEXTS:
        try:
            results.append(run(context.format(example)))
        except (AssertionError, RuntimeError, ValueError):
            pass
results += [run(text) for text in WHOLE]
print(json.dumps({"script": "layers.py", "torch": torch.__version__, "shape": SHAPE, "networks": results}))
