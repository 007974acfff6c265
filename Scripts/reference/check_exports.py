"""Exported networks in ONNX's own checker, onnxruntime and PyTorch: what Inkling's exports are held to.

    pip install onnx==1.23.2 onnxruntime==1.32.0 torch==2.13.0
    python Scripts/reference/check_exports.py FOLDER

Each folder within FOLDER is a case: networks (`*.onnx`, `*.py` with its weights), `images.safetensors` with `images`, and
`logits.safetensors` with the `logits` that Inkling gives for the first of them. A network whose name ends in `outside` is
given the images normalised, by the mean and standard deviation that it names itself.

Prints, as JSON, for every network the largest difference of a logit in parts of the case's largest logit, or what failed.
PyTorch's are trained for a step as well. Without PyTorch the modules are left out, and the JSON says so.
"""
import importlib.util
import json
import pathlib
import struct
import sys

import numpy
import onnx
import onnxruntime

try:
    import torch
except ImportError:
    torch = None


def arrays(path):
    """The float32 arrays of a safetensors file."""
    data = path.read_bytes()
    (length,) = struct.unpack_from("<Q", data)
    header = json.loads(data[8 : 8 + length])
    header.pop("__metadata__", None)
    return {
        name: numpy.frombuffer(
            data, numpy.float32, (entry["data_offsets"][1] - entry["data_offsets"][0]) // 4,
            8 + length + entry["data_offsets"][0],
        ).reshape(entry["shape"])
        for name, entry in header.items() if entry["dtype"] == "F32"
    }


def in_onnxruntime(path, images):
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    inferred = onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
    metadata = {pair.key: pair.value for pair in model.metadata_props}
    assert metadata["inkling.normalisation"] == ("outside" if path.stem.endswith("outside") else "inside")
    assert [value.name for value in model.graph.input] == ["image"]
    assert [value.name for value in model.graph.output] == ["logits"]
    # Of every value the shape must be known but for the number of images.
    for value in inferred.graph.value_info:
        dimensions = value.type.tensor_type.shape.dim
        assert any(d.HasField("dim_value") for d in dimensions), value.name
    if path.stem.endswith("outside"):
        mean, deviation = (
            numpy.array(json.loads(metadata[f"inkling.{key}"]), numpy.float32).reshape(-1, 1, 1)
            for key in ("mean", "standard_deviation")
        )
        images = (images - mean) / deviation
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    whole = session.run(None, {"image": images})[0]
    # Any number of images goes in.
    single = session.run(None, {"image": images[:1]})[0]
    assert single.shape == (1, whole.shape[1])
    return whole


def in_pytorch(path, images):
    specification = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    weights = arrays(path.with_suffix(".safetensors"))
    model = module.load()
    own = {name: tensor for name, tensor in model.state_dict().items() if not name.endswith("num_batches_tracked")}
    assert own.keys() == weights.keys(), own.keys() ^ weights.keys()
    assert len(module.classes) == len(set(module.classes))
    x = torch.from_numpy(images.copy())
    if path.stem.endswith("outside"):
        x = module.Normalize()(x)
    with torch.no_grad():
        logits = model(x).numpy()
    train(model, x)
    return logits


def train(model, x):
    """A step changes every weight that learns, and every running statistic."""
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    model.train()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    loss = torch.nn.functional.cross_entropy(model(x), torch.arange(len(x)) % 2)
    loss.backward()
    optimizer.step()
    assert torch.isfinite(loss)
    assert all(parameter.grad is not None for parameter in model.parameters())
    assert any(not torch.equal(before[name], tensor) for name, tensor in model.state_dict().items())
    for name, tensor in model.state_dict().items():
        assert not name.endswith("running_mean") or not torch.equal(before[name], tensor), name


def main(folder):
    differences, failures = {}, {}
    for case in sorted(path for path in folder.iterdir() if path.is_dir()):
        logits = arrays(case / "logits.safetensors")["logits"]
        images = arrays(case / "images.safetensors")["images"][: len(logits)]
        logits = logits[: len(images)]
        for path in sorted(case.iterdir()):
            run = {".onnx": in_onnxruntime, ".py": torch and in_pytorch}.get(path.suffix)
            if run is None:
                continue
            name = f"{case.name}/{path.name}"
            try:
                found = run(path, images)
                assert found.shape == logits.shape, found.shape
                assert numpy.isfinite(found).all()
                differences[name] = float(numpy.abs(found - logits).max() / numpy.abs(logits).max())
            except Exception as error:
                failures[name] = f"{type(error).__name__}: {error}"[:2000]
    versions = {"onnx": onnx.__version__, "onnxruntime": onnxruntime.__version__}
    versions["torch"] = torch.__version__ if torch else None
    print(json.dumps({"versions": versions, "differences": differences, "failures": failures}))


main(pathlib.Path(sys.argv[1]))
