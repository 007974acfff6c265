"""Ten steps of Adam in PyTorch on objectives other than the cross-entropy of classes: what Inkling's are held to.

Weights and images come from a small integer hash that the Swift test repeats. The objectives look at the outputs alone, so
that nothing here is drawn by chance: what an autoencoder samples is tested with its layer.

    pip install torch==2.13.0
    python Scripts/reference/objective_steps.py > Tests/EngineTests/Fixtures/objective_steps.json
"""
import json

import torch

from hashed import fill
from uniform import uniform

LATENTS = 3
PIXELS = 2 * 6 * 5
COUNT = 24


def network(outputs):
    n = torch.nn
    return fill(n.Sequential(n.Flatten(), n.Linear(PIXELS, 17), n.Tanh(), n.Linear(17, outputs)))


def convolutional():
    """Ends in feature maps, flattened."""
    n = torch.nn
    return fill(n.Sequential(n.Conv2d(2, 7, 3, padding=1), n.Tanh(), n.Conv2d(7, 2, 3, padding=1), n.Flatten()))


def evidence_bound(outputs, images, targets):
    mean, log_variance, logits = outputs.split([LATENTS, LATENTS, PIXELS], 1)
    reconstruction = torch.nn.functional.binary_cross_entropy_with_logits(
        logits, images.flatten(1), reduction="sum")
    divergence = -0.5 * torch.sum(1 + log_variance - mean.pow(2) - log_variance.exp())
    return (reconstruction + divergence) / len(images)


def squared_error(outputs, images, targets):
    return torch.nn.functional.mse_loss(outputs, targets)


def run(model, objective):
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    losses = []
    for step in range(10):
        images = torch.from_numpy(uniform(COUNT * PIXELS, 1000 + step)).reshape(COUNT, 2, 6, 5)
        targets = torch.from_numpy(2 * uniform(COUNT * PIXELS, 2000 + step) - 1).reshape(COUNT, PIXELS)
        optimizer.zero_grad()
        loss = objective(model(images), images, targets)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    images = torch.from_numpy(uniform(2 * PIXELS, 3000)).reshape(2, 2, 6, 5)
    with torch.no_grad():
        outputs = model(images)
    return {"losses": losses, "outputs": outputs.flatten().tolist()}


if __name__ == "__main__":
    torch.manual_seed(0)
    torch.use_deterministic_algorithms(True)
    print(json.dumps({
        "script": "objective_steps.py", "torch": torch.__version__,
        "runs": {
            "evidence bound": run(network(2 * LATENTS + PIXELS), evidence_bound),
            "squared error": run(network(PIXELS), squared_error),
            "squared error of maps": run(convolutional(), squared_error),
        },
    }, indent=1))
