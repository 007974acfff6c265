"""Images per second of training, Inkling and PyTorch alternately: training.py PROGRAM THREADS"""
import json
import statistics
import subprocess
import sys
import tempfile
import time

import torch

program, threads = sys.argv[1], int(sys.argv[2])
BATCH, ROUNDS, IMAGES = 64, 3, 12_000
torch.set_num_threads(threads)
n = torch.nn


def mlp():
    return n.Sequential(n.Flatten(), n.Linear(784, 128), n.ReLU(), n.Linear(128, 10))


def cnn():
    return n.Sequential(
        n.Conv2d(1, 32, 3, padding=1), n.ReLU(), n.MaxPool2d(2),
        n.Conv2d(32, 64, 3, padding=1), n.ReLU(), n.MaxPool2d(2),
        n.Flatten(), n.Linear(3136, 128), n.ReLU(), n.Dropout(0.5), n.Linear(128, 10))


def pytorch(make, layout, images):
    model = make().to(memory_format=layout)
    pixels = torch.rand(images, 1, 28, 28).to(memory_format=layout)
    labels = torch.randint(0, 10, (images,))
    optimizer = torch.optim.Adam(model.parameters(), 0.001)

    def epoch(count):
        for start in range(0, count, BATCH):
            optimizer.zero_grad(set_to_none=True)
            logits = model(pixels[start:start + BATCH])
            n.functional.cross_entropy(logits, labels[start:start + BATCH]).backward()
            optimizer.step()

    epoch(20 * BATCH)
    begin = time.perf_counter()
    epoch(images)
    return images / (time.perf_counter() - begin)


def inkling(model, images, folder):
    result = subprocess.run(
        [program, "train", "--model", model, "--epochs", "1", "--dataset", "drawn",
         "--drawn-count", str(images), "--validation", "0", "--threads", str(threads),
         "--output", f"{folder}/{model}.safetensors", "--json", "--quiet"],
        check=True, capture_output=True)
    return json.loads(result.stdout)["images_per_second"]


print(f"batch {BATCH}, {threads} threads, PyTorch {torch.__version__}; median of {ROUNDS} (lowest to highest)")
with tempfile.TemporaryDirectory() as folder:
    for name, make, images in [("mlp", mlp, 5 * IMAGES), ("cnn", cnn, IMAGES)]:
        rates = {"inkling": [], "channels-first": [], "channels-last": []}
        for _ in range(ROUNDS):
            rates["inkling"].append(inkling(name, images, folder))
            rates["channels-first"].append(pytorch(make, torch.contiguous_format, images))
            rates["channels-last"].append(pytorch(make, torch.channels_last, images))
        medians = {key: statistics.median(values) for key, values in rates.items()}
        best = max(medians["channels-first"], medians["channels-last"])
        for key, values in rates.items():
            print(f"{name}  {key:15} {medians[key]:9,.0f} images/s  ({min(values):,.0f} to {max(values):,.0f})")
        print(f"{name}  Inkling / PyTorch's better: {medians['inkling'] / best:.2f}")
