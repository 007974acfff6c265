"""Runs Inkling and its peers alternately on the same work and prints a table of medians and ratios.

run.py --data DIR [--threads N] [--rounds N] [--seeds N] [--bf16] [--compiled] [--date] [--only NAME ...]

DIR holds MNIST's four files as plain IDX and CIFAR-10's binary files. Writes results/PROCESSOR.md, unless only a part is run.
"""
import argparse
import datetime
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

import record

here = os.path.dirname(os.path.abspath(__file__))
parser = argparse.ArgumentParser()
parser.add_argument("--data", required=True, help="folder with MNIST's four plain IDX files and CIFAR-10's binary ones")
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--rounds", type=int, default=3)
parser.add_argument("--seeds", type=int, default=5, help="of the races to an accuracy")
parser.add_argument("--bf16", action="store_true", help="race against bfloat16 too")
parser.add_argument("--compiled", action="store_true", help="torch.compile too, which needs g++")
parser.add_argument("--date", action="store_true", help="write the date into the results")
parser.add_argument("--only", nargs="*", help="names of the rows to run")
options = parser.parse_args()

BENCH = os.path.join(here, ".build/release/bench")
INKLING = os.path.join(here, "../.build/release/inkling")
OTHER = ("conv(16,5){} relu maxpool(2) conv(48,3){} relu conv(48,3){} relu avgpool(2)"
         " flatten linear(64) relu linear(10)")
# He et al. (2015) for CIFAR-10: three stages of three blocks, 0.27 million parameters.
BLOCK = "residual(conv({0},3) norm relu conv({0},3) norm) relu"
STAGE = "residual(conv({0},3,stride=2) norm relu conv({0},3) norm | conv({0},1,stride=2) norm) relu 2*(%s)" % BLOCK
RESNET = f"conv(16,3) norm relu 3*({BLOCK.format(16)}) {STAGE.format(32)} {STAGE.format(64)} globalpool linear(10)"
COLOUR = ("conv(24,2,padding=0) gelu"
          + "".join(f" conv({c},3,bias=no) maxpool(2) norm gelu conv({c},3,bias=no) norm gelu" for c in (64, 128, 128))
          + " maxpool(3) flatten linear(10,bias=no)")
VIT = ("patches(4) linear(64) class-token positions 6*(residual(layernorm attention(4)) residual(layernorm linear(128)"
       " gelu linear(64))) layernorm first linear(10)")
MODELS = {"mlp": "mlp", "cnn": "cnn", "other": OTHER.format("", "", ""),
          "other-norm": OTHER.format(" norm", " norm", " norm"), "resnet20": RESNET,
          "colour": COLOUR, "lstm": "rows lstm(128) last linear(10)", "vit": VIT}
common = ["--data", options.data, "--threads", str(options.threads)]


def told(command, environment=None):
    result = subprocess.run(command, capture_output=True, text=True,
                            env={**os.environ, **(environment or {})})
    if result.returncode:
        sys.exit(f"{' '.join(command)}\n{result.stderr}")
    return result.stdout.strip()


def line(command, environment=None):
    return json.loads(told(command, environment).splitlines()[-1])


def whole(command):
    return json.loads(told(command))


def ours(work, model, *arguments, environment=None):
    return line([BENCH, work, MODELS[model], *common, *arguments], environment)


def theirs(work, model, *arguments):
    return line([sys.executable, os.path.join(here, "peers.py"), work, model, *common, *arguments])


def seconds(measure, *arguments):
    start = time.perf_counter()
    measure(*arguments)
    return time.perf_counter() - start


def quantities(values):
    """Lowest, median, highest."""
    return [min(values), statistics.median(values), max(values)]


roofline = subprocess.run([BENCH, "roofline"], capture_output=True, text=True, check=True).stdout
words, stem = record.processor(roofline.strip().splitlines()[-1].split()[0], options.threads)
old = record.before(stem)
rows = []


def row(name, unit, mine, peers, wanted, aim, smaller=False, digits=0):
    """Prints a line of the table: figures, and our ratio to the best of the peers, now and the last time."""
    peers = {key: quantities(values) for key, values in peers.items()}
    own, best, ratio = quantities(mine), None, None
    if peers:
        best = (min if smaller else max)(peers, key=lambda key: peers[key][1])
        ratio = peers[best][1] / own[1] if smaller else own[1] / peers[best][1]
    rows.append({"name": name, "unit": unit, "ours": own, "peers": peers, "best": best, "ratio": ratio,
                 "wanted": wanted, "aim": aim, "digits": digits})
    print(" | ".join(record.cells(rows[-1], old.get(name))), flush=True)


def rates(name, work, model, modes, wanted, aim, arguments=(), environment=None):
    if options.only and name not in options.only:
        return
    mine, peers = [], {mode: [] for mode in modes}
    for _ in range(options.rounds):
        mine.append(ours(work, model, *arguments, environment=environment)["images_per_second"])
        for mode in modes:
            peers[mode].append(
                theirs(work, model, "--mode", mode, *arguments)["images_per_second"])
    row(name, "images/s", mine, peers, wanted, aim)


def race(name, model, own, recipes, wanted, aim):
    """Ours against several recipes of PyTorch's, of which the fastest counts."""
    if options.only and name not in options.only:
        return
    mine, peers = [], {recipe: [] for recipe in recipes}
    for seed in range(1, options.seeds + 1):
        mine.append(seconds(ours, "target", model, "--seed", str(seed), *own))
        for recipe, arguments in recipes.items():
            peers[recipe].append(
                seconds(theirs, "target", model, "--seed", str(seed), *arguments))
    row(name, "s", mine, peers, wanted, aim, smaller=True, digits=2)


fp32 = ["first", "last"]
rates("train cnn, batch 64", "train", "cnn", fp32, "5", "6.5")
rates("train cnn, batch 128", "train", "cnn", fp32, "5", "6.5", ["--batch", "128"])
rates("train cnn, batch 64, beside bfloat16", "train", "cnn", ["bf16"], "2.5", "–")
rates("train mlp, batch 64", "train", "mlp", fp32, "4", "5")
rates("evaluate cnn", "evaluate", "cnn", fp32, "4", "5")
rates("evaluate cnn, beside onnxruntime", "evaluate", "cnn", ["onnx"], "2.2", "2.5")
rates("input gradients of cnn, batch 250", "gradients", "cnn", fp32, "5", "6", ["--batch", "250"])
rates("train cnn, AVX2 forced", "train", "cnn", fp32, "2.5", "3.5",
      environment={"INKLING_INSTRUCTION_SET": "avx2"})
rates("train another CNN", "train", "other", fp32, "3", "4")
rates("train another CNN with batch normalisation", "train", "other-norm", fp32, "3", "4")
rates("train ResNet-20 on CIFAR-10, batch 128", "train", "resnet20", fp32, "2.5", "4", ["--batch", "128", "--colour"])
rates("train an LSTM over rows, batch 64", "train", "lstm", ["first"], "2", "4")
rates("train a vision transformer, batch 128", "train", "vit", ["first"], "2", "4", ["--batch", "128"])
colour = ["--batch", "512", "--colour"]
compiled = ["compiled"] if options.compiled else []
rates("train the colour network on CIFAR-10, batch 512", "train", "colour", [*fp32, *compiled], "2.5", "4", colour)
rates("train the colour network, beside bfloat16", "train", "colour", ["bf16", *(f"bf16-{mode}" for mode in compiled)],
      "1.5", "2.5", colour)



def generators(name, kind, modes, wanted, aim):
    """A whole epoch of ours, or five, with what is drawn at their ends; a few seconds of PyTorch's steps."""
    if options.only and name not in options.only:
        return
    mine, peers = [], {mode: [] for mode in modes}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(options.rounds):
            mine.append(whole([
                INKLING, "train", "--preset", kind, "--dataset", "mnist", "--epochs", "5" if kind == "vae" else "1",
                "--validation", "0.0002", *common, "--quiet", "--json", "--output", f"{folder}/one.safetensors",
            ])["images_per_second"])
            for mode in modes:
                peers[mode].append(line([sys.executable, os.path.join(here, "generators.py"), kind, "--mode", mode,
                                         *common])["images_per_second"])
    row(name, "images/s", mine, peers, wanted, aim)


generators("train a variational autoencoder, batch 128", "vae", ["first"], "2", "4")
generators("train flow matching, batch 128", "flow", fp32, "2", "4")

explained = [("integrated-gradients", "integrated gradients, 50 steps"), ("smoothgrad", "SmoothGrad, 50 draws"),
             ("occlusion", "occlusion 7 x 7, stride 2"), ("deeplift", "DeepLIFT"),
             ("guided-backprop", "guided backpropagation")]
fooled = [("PGD, 40 steps, 1,000 images", ["--method", "pgd", "--batch", "1000", "--epsilon", "0.3", "--steps", "40",
                                           "--step-size", "0.01"]),
          ("Carlini and Wagner, 9 x 100 steps, 200 images", ["--method", "cw", "--batch", "200", "--steps", "100"]),
          ("Square, 500 queries, 200 images", ["--method", "square", "--batch", "200", "--epsilon", "0.1",
                                               "--queries", "500"])]
named = [(f"{words}, 500 images", "explain", ["--method", method, "--batch", "500"]) for method, words in explained]
named += [(words, "fool", arguments) for words, arguments in fooled]
if not options.only or any(name in options.only for name, _, _ in named):
    with tempfile.TemporaryDirectory() as folder:
        trained = f"{folder}/cnn.safetensors"
        subprocess.run([INKLING, "train", "--dataset", "mnist", "--data", options.data, "--model", "cnn", "--epochs", "2",
                        "--quiet", "--output", trained], capture_output=True, check=True)
        for name, work, arguments in named:
            rates(name, work, "cnn", fp32, "6", "8", ["--checkpoint", trained, *arguments])

if not options.only or "drawing" in options.only:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([INKLING, "journey", "--quick", "--dataset", "mnist", "--data", options.data, "--quiet",
                        "--output", folder], capture_output=True, check=True)
        mine, peers = [], {"matplotlib": []}
        for _ in range(options.rounds):
            mine.append(line([BENCH, "draw", f"{folder}/report.json"])["figures_per_second"])
            peers["matplotlib"].append(
                line([sys.executable, os.path.join(here, "figures.py"), f"{folder}/report.json"])["figures_per_second"])
    row("drawing eleven figures", "figures/s", mine, peers, "20", "–", digits=1)

one_cycle = ["--rate", "0.005", "--epochs", "1.5"]
race("to 99 % with cnn", "cnn", ["--batch", "64", *one_cycle],
     {"fp32, batch 64": ["--batch", "64", *one_cycle, "--mode", "last"],
      "fp32, batch 64, two epochs": ["--batch", "64", "--rate", "0.003", "--epochs", "2", "--mode", "last"],
      # On processors without bfloat16 arithmetic this mode takes hours.
      **({"bf16, batch 64": ["--batch", "64", *one_cycle, "--mode", "bf16"]} if options.bf16 else {})},
     "5", "8")
quick = ["--batch", "128", "--rate", "0.005", "--epochs", "5", "--accuracy", "0.975"]
race("to 97.5 % with mlp", "mlp", quick,
     {"first": quick, "last": [*quick, "--mode", "last"]}, "5", "8")

if not options.only or "threads" in options.only:
    one, two = [], []
    for _ in range(options.rounds):
        one.append(line([BENCH, "train", "cnn", "--data", options.data, "--threads", "1"])["images_per_second"])
        two.append(line([BENCH, "train", "cnn", "--data", options.data, "--threads", "2"])["images_per_second"])
    row("two threads", "images/s", two, {"one thread": one}, "1.85", "1.95")

if not options.only or "memory" in options.only:
    with tempfile.TemporaryDirectory() as folder:
        result = subprocess.run(
            ["/usr/bin/env", "time", "-f", "%M", INKLING, "train", "--dataset", "mnist", "--data",
             options.data, "--model", "cnn", "--epochs", "1", "--threads", str(options.threads),
             "--quiet", "--output", f"{folder}/cnn.safetensors"],
            capture_output=True, text=True, check=True)
    row("peak memory, training cnn", "MB", [int(result.stderr.strip().splitlines()[-1]) / 1024], {},
        "at most 150", "–")

if not options.only or "help" in options.only:
    def show():
        subprocess.run([INKLING, "--help"], capture_output=True, check=True)

    row("inkling --help", "ms", [1000 * seconds(show) for _ in range(20)], {}, "at most 15", "–",
        digits=1)

print()
print(roofline)
if options.only:
    sys.exit()
import torch

date = f"{datetime.date.today()}, " if options.date else ""
path = record.write(
    words, stem, rows, old,
    f"{date}PyTorch {torch.__version__}, medians of {options.rounds} alternating rounds (lowest to"
    f" highest), races of {options.seeds} seeds; before: the last time on such a processor.", roofline)
print(os.path.relpath(path))
