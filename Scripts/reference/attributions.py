"""Attribution maps of Captum for a small network: Inkling's must equal them.

    pip install torch==2.13.0 captum
    python Scripts/reference/attributions.py > Tests/AttributionTests/Fixtures/attributions.json

gradient: Saliency(abs=False). integrated-gradients: IntegratedGradients, baseline 0, n_steps 50,
method gausslegendre, with its convergence delta.
"""
import json

import captum
import torch
from captum.attr import IntegratedGradients, Saliency

from hashed import images, small_cnn

model = small_cnn()
pixels = images(8, 12, 77)
targets = model(pixels).argmax(1)
gradient = Saliency(model).attribute(pixels.clone().requires_grad_(), target=targets, abs=False)
integrated, delta = IntegratedGradients(model).attribute(
    pixels, baselines=0 * pixels, target=targets, n_steps=50, return_convergence_delta=True)
print(json.dumps({
    "script": "attributions.py", "torch": torch.__version__, "captum": captum.__version__,
    "targets": targets.tolist(),
    "gradient": gradient.flatten().tolist(),
    "integrated_gradients": integrated.flatten().tolist(),
    "convergence_delta": delta.tolist()}))
