"""What torchvision makes of images by given parameters: what Inkling's augmentation is held to.

Images come from a small integer hash that the Swift test repeats, smoothed so that they look like something.

    pip install torch==2.13.0 torchvision==0.28.0
    python Scripts/reference/augmentation.py > Tests/AugmentationTests/Fixtures/augmentation.json
"""
import json

import torch
from torchvision.transforms.v2 import InterpolationMode
from torchvision.transforms.v2 import functional as F

from uniform import uniform

SHAPE = (2, 11, 14)


def image():
    count = SHAPE[0] * SHAPE[1] * SHAPE[2]
    raw = torch.from_numpy(uniform(count, 900)).reshape(1, *SHAPE)
    return torch.nn.functional.avg_pool2d(raw, 3, stride=1, padding=1)[0]


def numbers(tensor):
    return [float(f"{x:.7g}") for x in tensor.flatten().tolist()]


def affine(**given):
    parameters = dict(angle=0.0, translate=[0.0, 0.0], scale=1.0, shear=[0.0, 0.0])
    parameters.update(given)
    return numbers(F.affine(image(), interpolation=InterpolationMode.BILINEAR, **parameters))


moves = {
    "rotate 30": affine(angle=30.0),
    "rotate -12.5": affine(angle=-12.5),
    "shift 1.25 -2.5": affine(translate=[1.25, -2.5]),
    "scale 1.3": affine(scale=1.3),
    "scale 0.7": affine(scale=0.7),
    "shear 20": affine(shear=[20.0, 0.0]),
    # torchvision shears first, then scales, turns and moves.
    "all": affine(angle=15.0, translate=[2.0, 1.0], scale=0.9, shear=[-10.0, 0.0]),
    "flip": numbers(F.horizontal_flip(image())),
    "reflect 3 -2": numbers(
        F.crop(F.pad(image(), [4, 4, 4, 4], padding_mode="reflect"), 4 + 2, 4 - 3, SHAPE[1], SHAPE[2])),
}
grey = F.adjust_brightness(image()[:1], 1.4)
colour = torch.cat([image(), image()[:1] * 0.5])
light = {
    "brightness 1.4": numbers(grey),
    "contrast 0.6": numbers(F.adjust_contrast(image()[:1], 0.6)),
    "contrast 1.7, colour": numbers(F.adjust_contrast(colour, 1.7)),
}
print(json.dumps({"script": "augmentation.py", "shape": SHAPE, "image": numbers(image()), "moves": moves, "light": light}))
