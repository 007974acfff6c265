"""A checkpoint as PyTorch writes it, and its logits: Inkling reads the one and must give the other.

    pip install torch==2.13.0 safetensors
    python Scripts/reference/torch_file.py Tests/InterchangeTests/Fixtures
"""
import collections
import json
import sys

import torch
from safetensors.torch import save_file

torch.manual_seed(7)
n = torch.nn
model = n.Sequential(
    collections.OrderedDict(
        conv1=n.Conv2d(1, 4, 3, padding=1), norm1=n.BatchNorm2d(4), relu1=n.ReLU(),
        pool1=n.MaxPool2d(2), flatten1=n.Flatten(), linear1=n.Linear(4 * 4 * 3, 5)))
model.train()
for _ in range(3):
    model(torch.rand(8, 1, 8, 6))
model.eval()
images = torch.rand(3, 1, 8, 6)
with torch.no_grad():
    logits = model(images)
folder = sys.argv[1]
save_file(model.state_dict(), f"{folder}/torch.safetensors")
with open(f"{folder}/torch_file.json", "w") as file:
    json.dump(
        {"script": "torch_file.py", "torch": torch.__version__, "images": images.flatten().tolist(),
         "logits": logits.flatten().tolist()}, file)
