"""Small networks as skl2onnx writes scikit-learn's to ONNX, with the scores they give: onnx_models_sklearn.py FOLDER [NAME...]

Needs scikit-learn, skl2onnx. See onnx_models.py.
"""
import json
import os
import sys

import numpy
from skl2onnx import to_onnx
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from uniform import uniform

FUNCTIONS = {"relu": lambda x: numpy.maximum(x, 0), "tanh": numpy.tanh, "logistic": lambda x: 1 / (1 + numpy.exp(-x)),
             "identity": lambda x: x}


def scores(model, x):
    if not isinstance(model, MLPClassifier):
        return scores(model[-1], model[0].transform(x))
    for weight, bias in zip(model.coefs_[:-1], model.intercepts_[:-1]):
        x = FUNCTIONS[model.activation](x @ weight + bias)
    return x @ model.coefs_[-1] + model.intercepts_[-1]


folder, names = sys.argv[1], set(sys.argv[2:])
os.makedirs(folder, exist_ok=True)
data = uniform(200 * 64, 600).reshape(200, 64)
labels = (data[:, :4].sum(1) * 2.4).astype(int) % 5
listed = []
for number, (name, model) in enumerate({
    "mlp": MLPClassifier((20,), max_iter=20, random_state=1),
    "mlp-deep": MLPClassifier((20, 12), activation="tanh", max_iter=20, random_state=2),
    "mlp-logistic": MLPClassifier((20,), activation="logistic", max_iter=20, random_state=3),
    "mlp-scaled": make_pipeline(StandardScaler(), MLPClassifier((20,), max_iter=20, random_state=4)),
}.items()):
    model.fit(data, labels)
    file = f"sklearn-{name}.onnx"
    if names and file not in names:
        continue
    options = {id(model): {"zipmap": number % 2 == 0}}
    exported = to_onnx(model, data[:1].astype("f"), options=options, target_opset=(13, 17)[number % 2])
    with open(os.path.join(folder, file), "wb") as out:
        out.write(exported.SerializeToString())
    x = uniform(3 * 64, 610 + number).reshape(3, 64)
    listed.append({"file": file, "shape": (1, 8, 8), "stream": 610 + number, "count": 3,
                   "scores": [float(v) for v in scores(model, x.astype("f")).flatten()], "refusal": None})
with open(os.path.join(folder, "cases.json"), "w") as out:
    json.dump(listed, out)
print(len(listed), "files")
