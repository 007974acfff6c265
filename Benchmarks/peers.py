"""What PyTorch and onnxruntime do with the same work: peers.py train|evaluate|gradients|target MODEL ...

Fair to the peers: tensors are loaded before the clock starts, warm-up is left out, both memory formats and
bfloat16 are asked for by --mode. Prints one line of JSON.
"""
import argparse
import json
import struct
import time

parser = argparse.ArgumentParser()
parser.add_argument("work", choices=["train", "evaluate", "gradients", "target"])
parser.add_argument("model", choices=["mlp", "cnn", "other", "other-norm"])
parser.add_argument("--mode", choices=["first", "last", "bf16", "onnx"], default="first")
parser.add_argument("--batch", type=int, default=64)
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--seconds", type=float, default=2)
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--accuracy", type=float, default=0.99)
parser.add_argument("--epochs", type=int, default=3)
parser.add_argument("--rate", type=float, default=0.002)
parser.add_argument("--data", required=True)
options = parser.parse_args()

import numpy as np
import torch

torch.set_num_threads(options.threads)
torch.manual_seed(options.seed)
n = torch.nn
LAYOUT = torch.channels_last if options.mode in ("last", "bf16") else torch.contiguous_format


def network(name):
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
    with open(f"{options.data}/{part}-images-idx3-ubyte", "rb") as file:
        _, count, height, width = struct.unpack(">4I", file.read(16))
        pixels = np.frombuffer(file.read(), np.uint8).reshape(count, 1, height, width)
    with open(f"{options.data}/{part}-labels-idx1-ubyte", "rb") as file:
        file.read(8)
        labels = np.frombuffer(file.read(), np.uint8)
    normal = (torch.from_numpy(pixels.astype(np.float32)) / 255 - 0.1307) / 0.3081
    return normal.contiguous(memory_format=LAYOUT), torch.from_numpy(labels.astype(np.int64))


def steady(body):
    for _ in range(5):
        body()
    start, work = time.perf_counter(), 0
    while time.perf_counter() - start < options.seconds:
        work += body()
    return work / (time.perf_counter() - start)


def trainer(model, pixels, labels, rate):
    optimizer = torch.optim.Adam(model.parameters(), rate)
    order = torch.randperm(len(labels))
    place = 0

    def step():
        nonlocal order, place
        if place + options.batch > len(order):
            order, place = torch.randperm(len(labels)), 0
        chosen = order[place:place + options.batch]
        place += options.batch
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast("cpu", torch.bfloat16, enabled=options.mode == "bf16"):
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
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, options.rate, total_steps=options.epochs * per_epoch)
    for number in range(1, 4 * options.epochs * per_epoch + 1):
        step()
        if number < options.epochs * per_epoch:
            schedule.step()
        if number % (per_epoch // 4):
            continue
        model.eval()
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=options.mode == "bf16"):
            right = sum((model(test[i:i + 500]).argmax(1) == answers[i:i + 500]).sum().item()
                        for i in range(0, len(test), 500))
        model.train()
        if right / len(test) >= options.accuracy:
            return {"accuracy": right / len(test), "epochs": number / per_epoch}
    raise SystemExit("the accuracy was not reached")


model = network(options.model).to(memory_format=LAYOUT)
print(json.dumps(globals()[options.work](model)))
