"""What other tools' attacks on decisions, pixels and all images at once leave right on images of a small network.

    pip install torch torchattacks foolbox
    python Scripts/reference/further_attacks.py > Tests/AttacksTests/Fixtures/further.json

right: how many of 1,000 images stay right, of which Inkling's may leave half a point more. median: of the
images' smallest changes in the norm named, which Inkling's may exceed by 2 %. auto, spsa, jsma, one-pixel and fab are
torchattacks', spatial and hop-skip-jump Foolbox's. torchattacks' auto takes its own defaults, its jsma aims at the
next class. universal is the algorithm of Moosavi-Dezfooli et al. (2017) written out, for none of the tools has it.
"""
import json

import foolbox
import torch
import torchattacks

from hashed import images, small_cnn

torch.manual_seed(0)
torch.set_num_threads(1)
model = small_cnn()
for parameter in model.parameters():
    parameter.requires_grad_(False)
many = images(1000, 12, 99)
truth = model(many).argmax(1)
wrapped = foolbox.PyTorchModel(model, bounds=(0, 1), device="cpu")


def held(changed, labels):
    return int((model(changed).argmax(1) == labels).sum())


def right(attack):
    return held(attack(many, truth), truth)


def foolbox_right(attack):
    return held(attack(wrapped, many, truth, epsilons=None)[1], truth)


def median(changed, norm):
    return float((changed - many).flatten(1).norm(dim=1, p=norm).median())


def foolbox_median(attack, norm):
    return median(attack(wrapped, many, truth, epsilons=None)[1], norm)


def deepfool(image, label, steps=10):
    """The smallest change of one image, by the original code: change so far, times 1.02."""
    change = torch.zeros_like(image)
    for _ in range(steps):
        x = (image + change * 1.02).detach().requires_grad_()
        logits = model(x)[0]
        if logits.argmax() != label:
            break
        rows = [torch.autograd.grad(logits[k] - logits[label], x, retain_graph=True)[0]
                for k in range(10) if k != label]
        gaps = [float(logits[k] - logits[label]) for k in range(10) if k != label]
        best = min(range(9), key=lambda i: abs(gaps[i]) / float(rows[i].norm()))
        change = change + (abs(gaps[best]) + 1e-4) * rows[best] / rows[best].norm() ** 2
    return 1.02 * change


def universal(epsilon, epochs=5):
    change = torch.zeros_like(many[:1])
    best = len(many)
    for _ in range(epochs):
        for place in torch.randperm(len(many)).tolist():
            label = truth[place]
            moved = many[place:place + 1] + change
            if model(moved)[0].argmax() == label:
                change = (change + deepfool(moved, label)).clamp(-epsilon, epsilon).detach()
        best = min(best, held((many + change).clamp(0, 1), truth))
    return best


a = torchattacks
f = foolbox.attacks
print(json.dumps({
    "script": "further_attacks.py", "torch": torch.__version__,
    "torchattacks": a.__version__, "foolbox": foolbox.__version__,
    "right": {
        "auto": right(a.AutoAttack(model, norm="Linf", eps=0.02, version="standard", n_classes=10, seed=0)),
        "spsa": right(a.SPSA(model, eps=0.02, nb_iter=20, nb_sample=128)),
        "jsma": right(a.JSMA(model, theta=1.0, gamma=0.1)),
        "one-pixel": right(a.OnePixel(model, pixels=1, steps=10, popsize=100)),
        "spatial": foolbox_right(f.SpatialAttack(
            max_translation=12 * 3 / 28, max_rotation=30, num_translations=5, num_rotations=31)),
        "universal": universal(0.05),
    },
    "median": {
        "fab linf": median(a.FAB(model, norm="Linf", eps=1, steps=100, n_classes=10)(many, truth), float("inf")),
        "hop-skip-jump l2": foolbox_median(f.HopSkipJumpAttack(steps=16, constraint="l2"), 2),
        "hop-skip-jump linf": foolbox_median(f.HopSkipJumpAttack(steps=16, constraint="linf"), float("inf")),
    }}))
