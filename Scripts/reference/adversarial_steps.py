"""Ten steps of a small GAN in PyTorch: the numbers that Inkling's are held to.

Weights, images and latents come from a small integer hash that the Swift test repeats, so that the fixture holds only what
PyTorch computed. A step is that of PyTorch's DCGAN example, but for one thing: the critic looks at pictures of the data and
drawn ones in one mini-batch. Nothing in the critic is random or hangs on the mini-batch.

    pip install torch==2.13.0
    python Scripts/reference/adversarial_steps.py > Tests/GeneratorsTests/Fixtures/adversarial_steps.json
"""
import json

import torch

from hashed import fill, images
from uniform import uniform

COUNT, LATENTS, SIDE, STEPS = 20, 6, 12, 10


def generator():
    n = torch.nn
    return fill(n.Sequential(
        n.Flatten(), n.Linear(LATENTS, 72, bias=False), n.Unflatten(1, (8, 3, 3)), n.BatchNorm2d(8), n.ReLU(),
        n.Upsample(scale_factor=2), n.Conv2d(8, 6, 3, padding=1, bias=False), n.BatchNorm2d(6), n.ReLU(),
        n.Upsample(scale_factor=2), n.Conv2d(6, 1, 3, padding=1), n.Sigmoid()))


def critic():
    n = torch.nn
    return fill(n.Sequential(
        n.Conv2d(1, 6, 4, stride=2, padding=1), n.LeakyReLU(0.2), n.Conv2d(6, 8, 4, stride=2, padding=1),
        n.LeakyReLU(0.2), n.Flatten(), n.Linear(72, 1)))


def latents(count, stream):
    return torch.from_numpy(4 * uniform(count * LATENTS, stream).reshape(count, LATENTS) - 2)


def numbers(model):
    return [[float(p.detach().double().sum()), float(p.detach().double().abs().sum())] for p in model.parameters()]


torch.use_deterministic_algorithms(True)
cross_entropy = torch.nn.functional.binary_cross_entropy_with_logits
drawing, judging = generator(), critic()
optimizers = [torch.optim.Adam(model.parameters(), lr=0.002, betas=(0.5, 0.999)) for model in (drawing, judging)]
losses = []
for step in range(STEPS):
    drawn = drawing(latents(COUNT, 1000 + step))
    seen = torch.cat([images(COUNT, SIDE, 2000 + step), drawn.detach()])
    loss = cross_entropy(judging(2 * seen - 1)[:, 0], torch.cat([torch.ones(COUNT), torch.zeros(COUNT)]))
    optimizers[1].zero_grad()
    loss.backward()
    optimizers[1].step()
    # How far the critic is from taking what is drawn for the data's.
    doubt = cross_entropy(judging(2 * drawn - 1)[:, 0], torch.ones(COUNT))
    optimizers[0].zero_grad()
    doubt.backward()
    optimizers[0].step()
    losses.append([loss.item(), doubt.item()])
drawing.eval()
with torch.no_grad():
    pictures = drawing(latents(3, 3000))
print(json.dumps({
    "script": "adversarial_steps.py", "torch": torch.__version__, "losses": losses,
    "generator": numbers(drawing), "critic": numbers(judging), "pictures": pictures.flatten().tolist(),
}, indent=1))
