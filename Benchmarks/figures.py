"""The eleven figures of `bench draw` by matplotlib, from the same report.json at the same sizes.

figures.py REPORT.JSON [--output FOLDER] prints figures a second, imports and one warm-up pass left out.
"""
import argparse
import base64
import io
import json
import os
import time

import matplotlib
matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

parser = argparse.ArgumentParser()
parser.add_argument("report")
parser.add_argument("--output")
options = parser.parse_args()
with open(options.report) as file:
    results = json.load(file)


def plane(stored):
    """An array as report.json has it."""
    shape = stored["shape"]
    if "uint8_base64" in stored:
        values = np.frombuffer(base64.b64decode(stored["uint8_base64"]), np.uint8) / 255
    elif "int8_base64" in stored:
        values = np.frombuffer(base64.b64decode(stored["int8_base64"]), np.int8) * (stored.get("step") or 1)
    else:
        values = np.frombuffer(base64.b64decode(stored["float32_base64"]), "<f4")
    return values.reshape(shape)


def picture(axes, stored, **style):
    axes.imshow(plane(stored)[0], interpolation="nearest", **style)
    axes.set_xticks([])
    axes.set_yticks([])


def new(width, height, rows=1, columns=1):
    """A figure whose size in pixels is that of ours, at two device pixels each."""
    return plt.subplots(rows, columns, figsize=(width / 100, height / 100), dpi=200, squeeze=False)


def samples():
    data = results["data"]
    shown = len(data["samples"][0])
    figure, axes = new(984, 76 * len(data["samples"]), len(data["samples"]), shown + 1)
    for row, (mean, images) in enumerate(zip(data["meanImages"], data["samples"])):
        for cell, stored in zip(axes[row], [mean, *images]):
            picture(cell, stored, cmap="gray_r")
    return figure


def numbers():
    figure, axes = new(700, 356, 1, 2)
    image = plane(results["data"]["example"]["pixels"])[0]
    window = (255 * image[8:20, 8:20]).round().astype(int)
    axes[0][0].imshow(image, cmap="gray_r")
    axes[0][1].imshow(window, cmap="gray_r")
    for y in range(12):
        for x in range(12):
            axes[0][1].text(x, y, window[y, x], ha="center", va="center", fontsize=6,
                            color="white" if window[y, x] > 127 else "black")
    return figure


def curves(*names):
    figure, axes = new(984, 340)
    for name in names:
        axes[0][0].plot([epoch["epoch"] for epoch in results["history"]],
                        [epoch[name] for epoch in results["history"]], label=name)
    axes[0][0].legend()
    axes[0][0].grid(axis="y")
    return figure


def loss():
    figure = curves("train_loss", "validation_loss")
    losses = [sample for epoch in results["history"] for sample in epoch["losses"]]
    figure.axes[0].twiny().plot([sample["step"] for sample in losses], [sample["loss"] for sample in losses], lw=0.5)
    figure.axes[0].set_yscale("log")
    return figure


def confusion():
    counts = np.array(results["quality"]["evaluation"]["confusion"])
    figure, axes = new(664, 502)
    axes[0][0].imshow(np.log1p(counts), cmap="Reds")
    for y, row in enumerate(counts):
        for x, value in enumerate(row):
            axes[0][0].text(x, y, value, ha="center", va="center", fontsize=8)
    axes[0][0].set_xticks(range(len(counts)), results["model"]["classes"])
    axes[0][0].set_yticks(range(len(counts)), results["model"]["classes"])
    return figure


def per_class():
    figure, axes = new(984, 330, 1, 2)
    classes = results["quality"]["evaluation"]["perClass"]
    for cell, name in zip(axes[0], ["recall", "precision"]):
        cell.errorbar([item[name] or 0 for item in classes], range(len(classes)), xerr=0.005, fmt="o")
        cell.set_yticks(range(len(classes)), results["model"]["classes"])
        cell.set_title(name)
    return figure


def reliability():
    figure, axes = new(564, 420)
    bands = results["quality"]["bands"]
    axes[0][0].errorbar([band["meanConfidence"] or 0 for band in bands],
                        [band["correct"] / max(1, band["count"]) for band in bands],
                        yerr=0.02, fmt="o")
    axes[0][0].plot([0, 1], [0, 1], "--")
    return figure


def confidences():
    quality = results["quality"]
    figure, axes = new(564, 290)
    bands = quality["bands"]
    right, wrong = [b["correct"] for b in bands], [b["count"] - b["correct"] for b in bands]
    axes[0][0].bar(range(len(right)), right)
    axes[0][0].bar(range(len(wrong)), wrong)
    axes[0][0].set_yscale("log")
    return figure


def weights():
    features = results["features"]
    before, after = plane(features["untrainedWeights"]), plane(features["weights"])
    columns = 16
    rows = -(-len(after) // columns)
    figure, axes = new(984, 130 * rows, 2 * rows, columns)
    bound = np.abs(after).max()
    for half, filters in enumerate([before, after]):
        for index, values in enumerate(filters):
            axes[half * rows + index // columns][index % columns].imshow(
                values.mean(0), cmap="RdBu", vmin=-bound, vmax=bound)
    for cell in axes.flat:
        cell.axis("off")
    return figure


def saliency():
    facts = results["explanations"]
    figure, axes = new(984, 110 * len(facts["rows"]), len(facts["rows"]), 1 + len(facts["methods"]))
    for cells, row in zip(axes, facts["rows"]):
        picture(cells[0], row["example"]["pixels"], cmap="gray_r")
        for cell, stored in zip(cells[1:], row["maps"]):
            picture(cell, stored, cmap="RdBu")
    for cell, method in zip(axes[0][1:], facts["methods"]):
        cell.set_title(method["name"], fontsize=6)
    return figure


def robustness():
    figure, axes = new(984, 380)
    for curve in results["robustness"]["curves"]:
        points = curve["points"]
        xs = [point["epsilon"] for point in points]
        axes[0][0].plot(xs, [point["accuracy"] for point in points], label=curve["method"])
        axes[0][0].fill_between(xs, [point["interval"]["low"] for point in points],
                                [point["interval"]["high"] for point in points], alpha=0.16)
    axes[0][0].legend()
    return figure


FIGURES = [samples, numbers, loss, lambda: curves("train_accuracy", "validation_accuracy"), confusion, per_class,
           reliability, confidences, weights, saliency, robustness]


def draw_all():
    for index, make in enumerate(FIGURES):
        figure = make()
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png")
        plt.close(figure)
        if options.output:
            with open(os.path.join(options.output, f"{index}.png"), "wb") as file:
                file.write(buffer.getvalue())


draw_all()
start = time.perf_counter()
draw_all()
print(json.dumps({"figures_per_second": len(FIGURES) / (time.perf_counter() - start)}))
