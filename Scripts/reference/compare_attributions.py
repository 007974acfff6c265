"""Inkling's maps of real digits beside those of Captum, pytorch-grad-cam and zennit, for a trained `cnn`.

    for M in gradient integrated-gradients deeplift ...; do
      inkling attribute models/cnn.safetensors --method $M --indices 0-199 --save maps/$M.safetensors --json
    done
    python Scripts/reference/compare_attributions.py models/cnn.safetensors maps

For each file: the relative error of an image is the largest difference over the map's largest value; printed are the
median, the 99th percentile, and the images above 1e-3, which are ties of rectifiers or poolings. Settings as in
attributions.py; seconds are PyTorch's, on two threads.
"""
import json
import pathlib
import sys
import time
import warnings

import numpy
import torch
from safetensors import safe_open

import attributions as reference

warnings.filterwarnings("ignore")
torch.set_num_threads(2)
n = torch.nn


def load(path):
    with safe_open(path, "pt") as file:
        tensors = {name: file.get_tensor(name) for name in file.keys()}
        facts = file.metadata()
    layers = n.Sequential()
    for name, layer in [
        ("conv1", n.Conv2d(1, 32, 3, padding=1)), ("relu1", n.ReLU()), ("pool1", n.MaxPool2d(2)),
        ("conv2", n.Conv2d(32, 64, 3, padding=1)), ("relu2", n.ReLU()), ("pool2", n.MaxPool2d(2)),
        ("flatten1", n.Flatten()), ("linear1", n.Linear(3136, 128)), ("relu3", n.ReLU()),
        ("linear2", n.Linear(128, 10))]:
        layers.add_module(name, layer)
    layers.load_state_dict(tensors)
    return layers.eval(), json.loads(facts["mean"])[0], json.loads(facts["standard_deviation"])[0]


class Pixels(n.Module):
    def __init__(self, model, mean, deviation):
        super().__init__()
        self.model, self.mean, self.deviation = model, mean, deviation

    def forward(self, x):
        return self.model((x - self.mean) / self.deviation)


def theirs(name, model, x, target):
    captum = reference.captum.attr
    grad = x.clone().requires_grad_()
    if name in reference.CAMS:
        return reference.activation_map(name, model, model.model.relu2, x, target)
    if name == "guided-grad-cam":
        return captum.GuidedGradCam(model, model.model.relu2).attribute(
            grad, target=target, interpolate_mode="bilinear").detach().numpy()
    if name == "feature-ablation":
        with torch.no_grad():
            return captum.FeatureAblation(model).attribute(x, target=target, perturbations_per_eval=14).numpy()
    if name.startswith("lrp"):
        low, high = ((torch.full_like(x[:1], v) - model.mean) / model.deviation for v in (0.0, 1.0))
        composite = {
            "lrp": lambda: reference.EpsilonPlus(), "lrp-epsilon-gamma-box": lambda: reference.EpsilonGammaBox(low=low, high=high),
            "lrp-epsilon": lambda: reference.LayerMapComposite(
                reference.layer_map_base()
                + [(reference.Convolution, reference.Epsilon()), (torch.nn.Linear, reference.Epsilon())]),
            "lrp-alpha2-beta1": lambda: reference.EpsilonAlpha2Beta1()}[name]()
        with reference.Gradient(model=model.model, composite=composite) as attributor:
            return attributor(
                ((x - model.mean) / model.deviation).requires_grad_(),
                lambda out: out * n.functional.one_hot(target, out.shape[1]))[1].detach().numpy()
    simple = {"guided-backprop": captum.GuidedBackprop, "deconvnet": captum.Deconvolution,
              "input-x-gradient": captum.InputXGradient}
    if name in simple:
        return simple[name](model).attribute(grad, target=target).detach().numpy()
    if name == "gradient":
        return captum.Saliency(model).attribute(grad, target=target, abs=False).numpy()
    if name == "integrated-gradients":
        return captum.IntegratedGradients(model).attribute(
            x, baselines=0 * x, target=target, n_steps=50, internal_batch_size=1000).detach().numpy()
    if name == "deeplift":
        apart = []
        for layer in model.model:
            apart += [reference.Copy()] if isinstance(layer, n.MaxPool2d) else []
            apart.append(layer)
        return captum.DeepLift(Pixels(n.Sequential(*apart), model.mean, model.deviation).eval()).attribute(
            x, baselines=0 * x, target=target).detach().numpy()
    if name == "occlusion":
        with torch.no_grad():
            return captum.Occlusion(model).attribute(
                x, sliding_window_shapes=(1, 7, 7), strides=(1, 2, 2), target=target, perturbations_per_eval=8).numpy()
    return None


if __name__ == "__main__":
    inner, mean, deviation = load(sys.argv[1])
    model = Pixels(inner, mean, deviation).eval()
    for path in sorted(pathlib.Path(sys.argv[2]).glob("*.safetensors")):
        with safe_open(path, "pt") as file:
            x, target = file.get_tensor("images"), file.get_tensor("targets")
            ours = file.get_tensor("raw" if "raw" in file.keys() else "attributions").numpy()
        start = time.time()
        expected = theirs(path.stem, model, x, target)
        seconds = time.time() - start
        if expected is None:
            continue
        expected = numpy.asarray(expected).reshape(len(x), -1)
        if path.stem == "eigen-cam":  # The sign of a component is anybody's choice; ours is above zero only.
            sign = numpy.sign((ours.reshape(len(x), -1) * expected).sum(1, keepdims=True))
            expected = numpy.maximum(sign * expected, 0)
        scale = numpy.abs(expected).max(1)
        error = numpy.abs(ours.reshape(len(x), -1) - expected).max(1) / numpy.where(scale > 0, scale, 1)
        print(f"{path.stem:24} median {numpy.median(error):.1e}  99th percentile {numpy.percentile(error, 99):.1e}"
              f"  {seconds:6.2f} s  above 1e-3: {numpy.nonzero(error > 1e-3)[0].tolist()}")
