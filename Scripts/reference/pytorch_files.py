"""Small files as torch.save writes them, for Tests/InterchangeTests/Fixtures/PyTorch: pytorch_files.py FOLDER

All hold the weights of one network, whose numbers expected.json has; hostile.pt would run a command if it were executed.
"""
import collections
import json
import os
import sys

import torch

folder = sys.argv[1]
os.makedirs(folder, exist_ok=True)
n = torch.nn
torch.manual_seed(7)


class Net(n.Module):
    def __init__(self):
        super().__init__()
        self.features = n.Sequential(n.Conv2d(1, 2, 3), n.BatchNorm2d(2), n.ReLU(), n.MaxPool2d(2))
        self.classifier = n.Linear(2 * 2 * 2, 3)

    def forward(self, x):
        return self.classifier(torch.flatten(self.features(x), 1))


net = Net()
optimizer = torch.optim.Adam(net.parameters())
for _ in range(3):
    optimizer.zero_grad()
    net(torch.randn(8, 1, 6, 6)).square().sum().backward()
    optimizer.step()
net.eval()
weights = net.state_dict()


def floats(change):
    return {key: change(value) if value.is_floating_point() else value for key, value in weights.items()}


def save(value, name, legacy=False):
    torch.save(value, os.path.join(folder, name), _use_new_zipfile_serialization=not legacy)


save(weights, "plain.pt")
save(weights, "legacy.pt", legacy=True)
script = {"epoch": 3, "optimizer_state_dict": optimizer.state_dict(), "loss": 0.25, "model_state_dict": weights}
save(script, "script.pt")
save(script, "script-legacy.pt", legacy=True)
wrapped = collections.OrderedDict((f"module._orig_mod.{key}", value) for key, value in weights.items())
save({"state_dict": wrapped}, "wrapped.pth")
save(floats(lambda v: v.half()), "half.pt")
save(floats(lambda v: v.bfloat16()), "bfloat16.pt")
save(floats(lambda v: v.double()), "double.pt")
# Every array a part of one storage, the axes exchanged.
store, place, strided = torch.zeros(200), 0, {}
for key, value in weights.items():
    if not value.is_floating_point():
        continue
    turned = value.permute(*reversed(range(value.dim()))).contiguous()
    store[place:place + value.numel()] = turned.flatten()
    strided[key] = store[place:place + value.numel()].view(turned.shape).permute(*reversed(range(value.dim())))
    place += value.numel()
save(strided, "strided.pt")
save(net, "module.pt")


class Hostile:
    def __reduce__(self):
        return os.system, ("touch executed",)


save({"weights": Hostile()}, "hostile.pt")
x = torch.linspace(0, 1, 2 * 36).reshape(2, 1, 6, 6)
with open(os.path.join(folder, "expected.json"), "w") as file:
    json.dump({"weights": {key: value.flatten().tolist() for key, value in weights.items() if value.is_floating_point()},
               "logits": net(x).detach().flatten().tolist()}, file)
