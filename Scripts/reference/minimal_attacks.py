"""What other tools' attacks leave right, and how small their smallest changes are, on 1,000 images of a small network.

    pip install torch torchattacks foolbox
    python Scripts/reference/minimal_attacks.py > Tests/AttacksTests/Fixtures/minimal.json

right: how many of 1,000 images stay right, of which Inkling's may leave half a point more. median: the median L2 of the
images' smallest changes, which Inkling's may exceed by 2 %. fab is torchattacks' (the official code),
deepfool and cw are Foolbox's; torchattacks' deepfool overshoots at each step and its cw has no binary search; its square in L2 does not run on 12 x 12 images.
"""
import json

import foolbox
import torch
import torchattacks

from hashed import images, small_cnn

torch.manual_seed(0)
torch.set_num_threads(1)
model = small_cnn()
many = images(1000, 12, 99)
truth = model(many).argmax(1)
wrapped = foolbox.PyTorchModel(model, bounds=(0, 1), device="cpu")


def right(attack):
    return int((model(attack(many, truth)).argmax(1) == truth).sum())


def median(changed):
    assert (model(changed).argmax(1) != truth).all()
    return float((changed - many).flatten(1).norm(dim=1).median())


a = torchattacks
f = foolbox.attacks
print(json.dumps({
    "script": "minimal_attacks.py", "torch": torch.__version__,
    "torchattacks": a.__version__, "foolbox": foolbox.__version__,
    "truth": truth.tolist(),
    "right": {
        "bim linf": right(a.BIM(model, eps=0.03, alpha=0.006, steps=10)),
        "mi-fgsm linf": right(a.MIFGSM(model, eps=0.03, alpha=0.003, steps=10)),
        "pgd linf": right(a.PGD(model, eps=0.03, alpha=0.001, steps=40)),
        "pgd l2": right(a.PGDL2(model, eps=0.3, alpha=0.01, steps=40)),
        "apgd-ce linf": right(a.APGD(model, norm="Linf", eps=0.03, steps=100, loss="ce")),
        "apgd-ce l2": right(a.APGD(model, norm="L2", eps=0.3, steps=100, loss="ce")),
        "apgd-dlr linf": right(a.APGD(model, norm="Linf", eps=0.03, steps=100, loss="dlr")),
        "apgd-dlr l2": right(a.APGD(model, norm="L2", eps=0.3, steps=100, loss="dlr")),
        "square linf": right(a.Square(model, norm="Linf", eps=0.03, n_queries=200)),
    },
    "median": {
        "deepfool l2": median(f.L2DeepFoolAttack()(wrapped, many, truth, epsilons=None)[1]),
        "cw l2": median(
            f.L2CarliniWagnerAttack(steps=1000)(wrapped, many, truth, epsilons=None)[1]),
        "fab l2": median(a.FAB(model, norm="L2", eps=10, steps=100, n_classes=10)(many, truth)),
    }}))
