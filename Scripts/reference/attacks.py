"""Adversarial examples of torchattacks for a small network.

    pip install torch==2.13.0 torchattacks
    python Scripts/reference/attacks.py > Tests/AttacksTests/Fixtures/attacks.json

fgsm: the changed images, which Inkling's must equal. pgd: how many of 200 images stay right, which
Inkling's may not exceed by more than half a point.
"""
import json

import torch
import torchattacks

from hashed import images, small_cnn

torch.manual_seed(0)
model = small_cnn()
few = images(6, 12, 88)
labels = model(few).argmax(1)
fgsm = torchattacks.FGSM(model, eps=0.03)(few, labels)
targeted = torchattacks.FGSM(model, eps=0.03)
targeted.set_mode_targeted_by_label(quiet=True)
aims = (labels + 1) % 10
towards = targeted(few, aims)
many = images(200, 12, 99)
truth = model(many).argmax(1)


def right(attack):
    return int((model(attack(many, truth)).argmax(1) == truth).sum())


print(json.dumps({
    "script": "attacks.py", "torch": torch.__version__,
    "torchattacks": torchattacks.__version__,
    "labels": labels.tolist(), "fgsm": fgsm.flatten().tolist(),
    "aims": aims.tolist(), "targeted_fgsm": towards.flatten().tolist(),
    "truth": truth.tolist(),
    "fgsm_right": right(torchattacks.FGSM(model, eps=0.02)),
    "pgd_right": right(torchattacks.PGD(model, eps=0.02, alpha=0.002, steps=20)),
    "pgd_l2_right": right(torchattacks.PGDL2(model, eps=0.15, alpha=0.015, steps=20))}))
