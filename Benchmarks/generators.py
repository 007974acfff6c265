"""What PyTorch does with the same generators, on MNIST: generators.py vae|flow --data DIR.

The networks, objectives and batches are those of Inkling's presets. Fair to the peer: images are loaded before the clock
starts, warm-up is left out, the optimizer is fused, noise is drawn by PyTorch's own vectorised generator; --mode last lays
maps out channels-last. Prints one line of JSON.
"""
import argparse
import json
import struct
import time

parser = argparse.ArgumentParser()
parser.add_argument("kind", choices=["vae", "flow"])
parser.add_argument("--mode", choices=["first", "last"], default="first")
parser.add_argument("--batch", type=int, default=128)
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--seconds", type=float, default=5)
parser.add_argument("--data", required=True)
options = parser.parse_args()

import numpy as np
import torch

torch.set_num_threads(options.threads)
torch.manual_seed(1)
n = torch.nn
F = n.functional
LAYOUT = torch.contiguous_format if options.mode == "first" else torch.channels_last
LATENTS, CLASSES = 20, 10


class Autoencoder(n.Module):
    def __init__(self):
        super().__init__()
        self.encoder = n.Sequential(
            n.Flatten(), n.Linear(784, 512), n.GELU(), n.Linear(512, 256), n.GELU(), n.Linear(256, 2 * LATENTS))
        self.decoder = n.Sequential(
            n.Linear(LATENTS, 256), n.GELU(), n.Linear(256, 512), n.GELU(), n.Linear(512, 784))

    def loss(self, x, labels):
        mean, log_variance = self.encoder(x).chunk(2, 1)
        logits = self.decoder(mean + torch.exp(log_variance / 2) * torch.randn_like(mean))
        reconstruction = F.binary_cross_entropy_with_logits(logits, x.flatten(1), reduction="sum")
        divergence = -0.5 * torch.sum(1 + log_variance - mean.pow(2) - log_variance.exp())
        return (reconstruction + divergence) / len(x)


class Block(n.Module):
    """Beside what it reads, what is made of it at half the size."""

    def __init__(self, *layers):
        super().__init__()
        self.inner = n.Sequential(n.AvgPool2d(2), *layers, n.Upsample(scale_factor=2))

    def forward(self, x):
        return torch.cat([x, self.inner(x)], 1)


def conv(inputs, outputs):
    return [n.Conv2d(inputs, outputs, 3, padding=1), n.SiLU()]


class Flow(n.Module):
    def __init__(self):
        super().__init__()
        deep = Block(*conv(64, 128), *conv(128, 128), *conv(128, 64))
        middle = Block(*conv(32, 64), deep, *conv(128, 64), *conv(64, 32))
        self.velocity = n.Sequential(*conv(1 + 5 + CLASSES, 32), middle, *conv(64, 32), n.Conv2d(32, 1, 3, padding=1))

    def loss(self, x, labels):
        noise, end = torch.randn_like(x), 2 * x - 1
        t = torch.sigmoid(torch.randn(len(x), 1, 1, 1))
        told = F.one_hot(labels, CLASSES) * (torch.rand(len(x), 1) >= 0.1)
        times = torch.cat([2 * t - 1, *(f(w * torch.pi * t) for w in (1, 2) for f in (torch.sin, torch.cos))], 1)
        planes = torch.cat([times, told[:, :, None, None]], 1).expand(-1, -1, *x.shape[2:])
        read = torch.cat([(1 - t) * noise + t * end, planes], 1).contiguous(memory_format=LAYOUT)
        return F.mse_loss(self.velocity(read), end - noise)


def images():
    with open(f"{options.data}/train-images-idx3-ubyte", "rb") as file:
        _, count, height, width = struct.unpack(">4I", file.read(16))
        pixels = np.frombuffer(file.read(), np.uint8).reshape(count, 1, height, width)
    with open(f"{options.data}/train-labels-idx1-ubyte", "rb") as file:
        file.read(8)
        labels = np.frombuffer(file.read(), np.uint8)
    return torch.from_numpy(pixels.astype(np.float32) / 255), torch.from_numpy(labels.astype(np.int64))


def steps(model, x, labels):
    """Steps of Adam, and for a flow the mean of its weights that Inkling keeps too."""
    optimizer = torch.optim.Adam(model.parameters(), 0.001, fused=True)
    averaged = torch.optim.swa_utils.AveragedModel(
        model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.999)) if options.kind == "flow" else None
    while True:
        for chosen in torch.randperm(len(x)).split(options.batch):
            optimizer.zero_grad(set_to_none=True)
            model.loss(x[chosen], labels[chosen]).backward()
            optimizer.step()
            if averaged:
                averaged.update_parameters(model)
            yield len(chosen)


model = {"vae": Autoencoder, "flow": Flow}[options.kind]().to(memory_format=LAYOUT)
work = steps(model, *images())
for _ in range(5):
    next(work)
start, count = time.perf_counter(), 0
while time.perf_counter() - start < options.seconds:
    count += next(work)
print(json.dumps({"images_per_second": count / (time.perf_counter() - start)}))
