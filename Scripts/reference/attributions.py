"""Attribution maps of Captum, pytorch-grad-cam and zennit for small networks: Inkling's must agree.

    pip install torch==2.13.0 captum grad-cam zennit scikit-learn
    python Scripts/reference/attributions.py Tests/AttributionTests/Fixtures

Writes one file a family. Deterministic methods are to be equal, sampled ones to agree in the limit. Settings that
make them comparable:

- gradient: Saliency(abs=False). integrated-gradients: baseline 0, n_steps 50, gausslegendre or riemann_middle.
- smoothgrad: NoiseTunnel, 2,000 samples, stdevs 0.15. expected-gradients: GradientShap, stdevs 0; gradient-shap: 0.1.
- deeplift: Captum's DeepLift, baseline 0, on networks whose pooling windows do not overlap (its unpooling forgets overlaps)
  and with a copy between rectifier and maximum pooling (without it the rectifier sees the plain gradient, and the
  result is not complete). guided-backprop, deconvnet: Captum's defaults. guided-grad-cam: interpolate_mode bilinear.
- CAM: pytorch-grad-cam's map after ReLU and before it is brought to 0...1 and enlarged. Score-CAM enlarges with
  align_corners=True there; here with half-pixel centres, as every other enlargement.
- lrp: zennit on the normalised image, batch normalisation merged, all stabilisers 1e-6. Merging leaves each
  normalisation a factor of 1 / sqrt(1 + 1e-5), which is taken out here.
- kernel-shap, lime: Captum with blocks of 3 x 3 and many samples. LIME's kernel is on the switches, width 0.25.
- rise has no package for PyTorch: the paper's formula below with 4 x 4 cells, the mean score taken off.
"""
import json
import sys

import captum
import numpy
import torch
from captum.attr import (
    Deconvolution, DeepLift, FeatureAblation, GradientShap, GuidedBackprop, GuidedGradCam, InputXGradient,
    IntegratedGradients, KernelShap, Lime, NoiseTunnel, Occlusion, Saliency)
from captum._utils.models.linear_model import SkLearnRidge
from pytorch_grad_cam import (
    AblationCAM, EigenCAM, GradCAM, GradCAMPlusPlus, HiResCAM, LayerCAM, ScoreCAM, XGradCAM)
from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget
from zennit.attribution import Gradient
from zennit.canonizers import SequentialMergeBatchNorm
from zennit.composites import EpsilonAlpha2Beta1, EpsilonGammaBox, EpsilonPlus, LayerMapComposite
from zennit.composites import layer_map_base
from zennit.rules import Epsilon
from zennit.types import Convolution, Linear

from hashed import Normalized, images, mixed_cnn, small_cnn

torch.manual_seed(0)
NETWORKS = {"small": (small_cnn(), images(8, 12, 77)), "mixed": (mixed_cnn(), images(4, 12, 78, channels=3))}


def numbers(tensor):
    return [float(f"{value:.6g}") for value in numpy.asarray(tensor.detach() if torch.is_tensor(tensor) else tensor).flatten()]


def gradients(model, x, target):
    def plain(method, **settings):
        return method(model).attribute(x.clone().requires_grad_(), target=target, **settings)

    result = {"gradient": plain(Saliency, abs=False), "input-x-gradient": plain(InputXGradient)}
    for name, rule in [("integrated-gradients", "gausslegendre"), ("integrated-gradients:riemann-middle", "riemann_middle")]:
        result[name], delta = IntegratedGradients(model).attribute(
            x, baselines=0 * x, target=target, n_steps=50, method=rule, return_convergence_delta=True)
        result[name + " delta"] = delta
    if x.shape[1] == 1:
        apart = keep_apart(model)
        result["deeplift"] = DeepLift(apart).attribute(x, baselines=0 * x, target=target)
        result["deeplift others"] = DeepLift(apart).attribute(x, baselines=x.flip(0), target=target)
    result["guided-backprop"] = plain(GuidedBackprop)
    result["deconvnet"] = plain(Deconvolution)
    relu = [m for m in model.modules() if isinstance(m, torch.nn.ReLU)][1]
    result["guided-grad-cam"] = GuidedGradCam(model, relu).attribute(
        x.clone().requires_grad_(), target=target, interpolate_mode="bilinear")
    return result


class Copy(torch.nn.Module):
    def forward(self, x):
        return x * 1.0


def keep_apart(model):
    """The model with a copy between each ReLU and maximum pooling, for Captum's DeepLift."""
    layers = []
    for layer in model.model:
        if isinstance(layer, torch.nn.MaxPool2d):
            layers.append(Copy())
        layers.append(layer)
    return Normalized(torch.nn.Sequential(*layers)).eval()


def sampled(model, x, target):
    result = {}
    for name, kind in [("smoothgrad", "smoothgrad"), ("smoothgrad-squared", "smoothgrad_sq"), ("vargrad", "vargrad")]:
        result[name] = NoiseTunnel(Saliency(model)).attribute(
            x, nt_type=kind, nt_samples=2000, nt_samples_batch_size=100, stdevs=0.15, target=target, abs=False)
    background = images(32, 12, 79, channels=x.shape[1])
    for name, noise in [("expected-gradients", 0.0), ("gradient-shap", 0.1)]:
        result[name] = GradientShap(model).attribute(
            x, baselines=background, n_samples=4000, stdevs=noise, target=target)
    blocks = (torch.arange(12) // 3).repeat(12, 1)
    blocks = (blocks + 4 * blocks.T)[None, None]
    result["kernel-shap"] = KernelShap(model).attribute(
        x, target=target, feature_mask=blocks, n_samples=6000, perturbations_per_eval=500, return_input_shape=True)

    def near(original, perturbed, switches, **_):
        distance = 1 - switches.float().mean(-1).sqrt()
        return torch.exp(-distance**2 / (2 * 0.25**2))

    lime = Lime(model, interpretable_model=SkLearnRidge(alpha=1.0), similarity_func=near)
    result["lime"] = torch.cat([
        lime.attribute(x[i:i + 1], target=target[i], feature_mask=blocks, n_samples=6000, perturbations_per_eval=500)
        for i in range(len(x))])
    result = {name: value[:, :1] if name in ("kernel-shap", "lime") else value for name, value in result.items()}
    result["rise"] = rise(model, x, target)
    return result


def rise(model, x, target, count=60000, cells=4):
    """Petsiuk et al. (2018) with the mean score taken off."""
    side = x.shape[-1]
    cell = -(-side // cells)
    masks = []
    for _ in range(count):
        grid = (torch.rand(1, 1, cells + 1, cells + 1) < 0.5).float()
        large = torch.nn.functional.interpolate(grid, size=(cells + 1) * cell, mode="bilinear", align_corners=False)
        top, left = torch.randint(0, cell, (2,)).tolist()
        masks.append(large[0, 0, top:top + side, left:left + side])
    masks = torch.stack(masks)
    maps = []
    for image, k in zip(x, target):
        with torch.no_grad():
            score = torch.cat([model(image[None] * part[:, None])[:, k] for part in masks.split(4000)])
        maps.append(((score - score.mean())[:, None, None] * masks).sum(0) / (0.5 * count))
    return torch.stack(maps)


def ablations(model, x, target):
    channels = x.shape[1]
    window = (channels, 5, 5)
    blocks = (torch.arange(12) // 3).repeat(12, 1)
    result = {
        "occlusion": Occlusion(model).attribute(
            x, sliding_window_shapes=window, strides=(channels, 3, 3), target=target, perturbations_per_eval=16),
        "feature-ablation": FeatureAblation(model).attribute(
            x, target=target, feature_mask=(blocks + 4 * blocks.T)[None, None], perturbations_per_eval=16)}
    return {name: value[:, :1] for name, value in result.items()}


class HalfPixel(torch.nn.Upsample):
    def __init__(self, size):
        super().__init__(size=size, mode="bilinear", align_corners=False)


CAMS = {
    "grad-cam": GradCAM, "grad-cam++": GradCAMPlusPlus, "xgrad-cam": XGradCAM, "hires-cam": HiResCAM,
    "layer-cam": LayerCAM, "eigen-cam": EigenCAM, "score-cam": ScoreCAM, "ablation-cam": AblationCAM}


def activation_map(name, model, module, x, target):
    """A method's map at a layer, after ReLU, before it is brought to 0...1 and enlarged."""
    torch.nn.UpsamplingBilinear2d = HalfPixel
    targets = [ClassifierOutputTarget(int(k)) for k in target]
    cam = CAMS[name](model, [module])
    if name == "ablation-cam":
        # It can make its map only on its own way to it.
        kept = {}
        original = cam.get_cam_image

        def keep(*arguments, **named):
            kept["map"] = original(*arguments, **named)
            return kept["map"]

        cam.get_cam_image = keep
        cam(x.clone(), targets=targets)
        signed = kept["map"]
    else:
        cam(x.clone(), targets=targets)
        seen = cam.activations_and_grads
        slopes = seen.gradients[0].detach().numpy() if seen.gradients else None
        signed = cam.get_cam_image(x, module, targets, seen.activations[0].detach().numpy(), slopes, False)
    cam.activations_and_grads.release()
    return signed if name == "eigen-cam" else numpy.maximum(signed, 0)


def activation_maps(model, x, target):
    relus = [m for m in model.modules() if isinstance(m, torch.nn.ReLU)]
    pools = [m for m in model.modules() if isinstance(m, (torch.nn.MaxPool2d, torch.nn.AvgPool2d))]
    return {
        f"{name} {layer}": activation_map(name, model, module, x, target)
        for layer, module in [("relu2", relus[1]), ("pool1", pools[0])] for name in CAMS}


def relevance(model, x, target):
    inner = model.model
    normal = (x - 0.25) / 0.5
    low, high = ((torch.full_like(x[:1], v) - 0.25) / 0.5 for v in (0.0, 1.0))
    merged = [SequentialMergeBatchNorm()]
    composites = {
        "lrp:epsilon": LayerMapComposite(
            layer_map_base() + [(Convolution, Epsilon()), (torch.nn.Linear, Epsilon())], canonizers=merged),
        "lrp:epsilon-plus": EpsilonPlus(canonizers=merged),
        "lrp:epsilon-gamma-box": EpsilonGammaBox(low=low, high=high, canonizers=merged),
        "lrp:alpha2-beta1": EpsilonAlpha2Beta1(canonizers=merged)}
    for module in inner.modules():
        if isinstance(module, (torch.nn.BatchNorm1d, torch.nn.BatchNorm2d)):
            # The same function with the constant inside the variance, so that merging leaves the identity.
            module.running_var.add_(module.eps)
            module.eps = 0.0
    result = {}
    for name, composite in composites.items():
        with Gradient(model=inner, composite=composite) as attributor:
            _, result[name] = attributor(
                normal.clone().requires_grad_(),
                lambda out: out * torch.nn.functional.one_hot(target, out.shape[1]))
    return result


FAMILIES = {
    "gradients": gradients, "sampled": sampled, "ablations": ablations, "activation_maps": activation_maps,
    "relevance": relevance}

if __name__ == "__main__":
    for family, make in FAMILIES.items():
        fixture = {"script": "attributions.py", "torch": torch.__version__, "captum": captum.__version__, "networks": {}}
        for network, (model, x) in NETWORKS.items():
            if family == "sampled":
                if network == "mixed":
                    continue
                x = x[:4]
            target = model(x).argmax(1)
            fixture["networks"][network] = {
                "targets": target.tolist(),
                "maps": {name: numbers(value) for name, value in make(model, x, target).items()}}
        with open(f"{sys.argv[1]}/{family}.json", "w") as file:
            json.dump(fixture, file)
