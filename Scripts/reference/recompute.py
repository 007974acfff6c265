"""Recomputes what a report says: its numbers from the checkpoint and the images, with NumPy and in double precision.

recompute.py REPORT CHECKPOINT IMAGES

REPORT is a report's folder and CHECKPOINT its network, the preset cnn on digits of 28 x 28 pixels. IMAGES holds `train`,
`validation` and `test`, each as NAME-images and NAME-labels in plain IDX, the images just as they were divided. Only what cannot
be had from those (which images were drawn, how training went, what an attack found) is taken from report.json. Every sentence is
looked for on the page; a number holds if the recomputed one rounds to it.

Prints a line for each statement that does not hold, then how many do; the status is 1 if one does not.
"""
import base64
import html
import json
import math
import re
import struct
import sys

import numpy as np

Z = 1.959963984540054


# The page


class Page:
    """The words of a page, and what is claimed in them."""

    NUMBER = r"([<>]?[−-]?\d[\d,]*(?:\.\d+)?)"

    def __init__(self, text):
        text = re.sub(r"<(script|style|template)\b.*?</\1>", " ", text, flags=re.S)
        self.text = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text)))
        self.held, self.failed = 0, []

    def claim(self, sentence, *values):
        """Looks for a sentence with a # in place of each number (## is a # before one); it holds if all that say it say these."""
        parts = sentence.replace("##", "§#").split("#")
        pattern = self.NUMBER.join(re.escape(part.replace("§", "#")) for part in parts)
        places = list(re.finditer(pattern, self.text))
        said = [place.groups() for place in places]
        wrong = [row for row in said if not all(map(agrees, row, values))]
        if not said:
            self.failed.append(f"not on the page: {sentence}   {list(map(short, values))}")
        elif wrong or len(parts) != len(values) + 1:
            self.failed.append(f"{sentence}   said {wrong[0] if wrong else said[0]}, is {list(map(short, values))}")
        else:
            self.held += 1


def short(value):
    return value if isinstance(value, int) else float(f"{value:.6g}")


def agrees(said, value):
    """True if a number on the page is a value, rounded; <1 and >99 mean what they say."""
    bound, digits = re.fullmatch(r"([<>]?)(.*)", said.replace(",", "").replace("−", "-")).groups()
    number = float(digits)
    if bound:
        return value < number if bound == "<" else value > number
    unit = 10.0 ** -len(digits.partition(".")[2])
    return abs(value - number) <= 0.502 * unit


# The network


def tensors(path):
    """Metadata and tensors of a safetensors file."""
    with open(path, "rb") as file:
        data = file.read()
    (size,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8:8 + size])
    metadata = header.pop("__metadata__")
    values = {}
    for name, entry in header.items():
        first, end = entry["data_offsets"]
        numbers = np.frombuffer(data[8 + size:][first:end], "<f4")
        values[name] = numbers.reshape(entry["shape"]).astype(float)
    return metadata, values


def convolve(x, weight, bias):
    """Stride 1, as many outputs as inputs."""
    k = weight.shape[2]
    x = np.pad(x, ((0, 0), (0, 0), ((k - 1) // 2, k // 2), ((k - 1) // 2, k // 2)))
    windows = np.lib.stride_tricks.sliding_window_view(x, (k, k), axis=(2, 3))
    return np.einsum("nchwij,ocij->nohw", windows, weight, optimize=True) + bias[:, None, None]


class Network:
    def __init__(self, path):
        self.metadata, self.tensors = tensors(path)
        self.parameters = sum(tensor.size for tensor in self.tensors.values())
        mean, deviation = (np.array(json.loads(self.metadata[key])) for key in ("mean", "standard_deviation"))
        self.mean, self.deviation = mean[:, None, None], deviation[:, None, None]
        self.words = self.metadata["model"].split()
        linear = sum(word.startswith("linear") for word in self.words)
        relu = sum(word.startswith("relu") for word in self.words)
        self.last, self.hidden = f"linear{linear}", f"relu{relu}"

    def run(self, pixels):
        """Every layer's output by name, for images [n, c, h, w] of 0 to 1."""
        x, counts, values = (pixels - self.mean) / self.deviation, {}, {}
        for word in self.words:
            kind = re.match(r"[a-z]+", word).group()
            name = {"maxpool": "pool"}.get(kind, kind)
            counts[name] = counts.get(name, 0) + 1
            name += str(counts[name])
            if kind == "conv":
                x = convolve(x, self.tensors[f"{name}.weight"], self.tensors[f"{name}.bias"])
            elif kind == "linear":
                x = x @ self.tensors[f"{name}.weight"].T + self.tensors[f"{name}.bias"]
            elif kind == "relu":
                x = np.maximum(x, 0)
            elif word == "maxpool(2)":
                n, c, h, w = x.shape
                x = x[:, :, :h // 2 * 2, :w // 2 * 2].reshape(n, c, h // 2, 2, w // 2, 2).max((3, 5))
            elif kind == "flatten":
                x = x.reshape(len(x), -1)
            elif kind != "dropout":
                sys.exit(f"no formula here for {word}")
            values[name] = x
        return values

    def all(self, pixels, *names):
        """Some layers' outputs for many images, a few at a time."""
        parts = [[values[name] for name in names]
                 for values in (self.run(pixels[i:i + 100]) for i in range(0, len(pixels), 100))]
        return [np.concatenate(part) for part in zip(*parts)]


def softmax(logits):
    e = np.exp(logits - logits.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def cross_entropy(logits, labels):
    largest = logits.max(1)
    return largest + np.log(np.exp(logits - largest[:, None]).sum(1)) - logits[np.arange(len(labels)), labels]


# Formulas


def wilson(hits, count):
    """The 95 % score interval of a share."""
    p, n = hits / count, count
    middle = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z / (1 + Z * Z / n) * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    return middle - half, middle + half


def calibration_error(confidence, right, bins=15):
    """ECE over bins of equal width (Guo et al. 2017)."""
    error = 0
    for i in range(bins):
        inside = (confidence > i / bins) & (confidence <= (i + 1) / bins)
        if inside.any():
            error += abs(confidence[inside].mean() - right[inside].mean()) * inside.mean()
    return error


def temperature(logits, labels):
    """The one that makes the mean cross-entropy smallest, by golden section."""
    low, high, golden = math.log(0.05), math.log(20), (math.sqrt(5) - 1) / 2

    def loss(t):
        return cross_entropy(logits / math.exp(t), labels).mean()

    for _ in range(60):
        a, b = high - golden * (high - low), low + golden * (high - low)
        low, high = (low, b) if loss(a) < loss(b) else (a, high)
    return math.exp((low + high) / 2)


def numbers(value):
    """Numbers that report.json holds in base64."""
    kind = next(key for key in value if key.endswith("_base64"))
    return np.frombuffer(base64.b64decode(value[kind]), {"uint8_base64": "u1", "float32_base64": "<f4"}[kind]).astype(
        float).reshape(value["shape"])


def images(folder, name):
    """Bytes [n, 1, h, w] and labels of a part."""
    with open(f"{folder}/{name}-images", "rb") as file:
        data = file.read()
    _, count, height, width = struct.unpack(">4I", data[:16])
    with open(f"{folder}/{name}-labels", "rb") as file:
        labels = np.frombuffer(file.read()[8:], "u1").astype(int)
    return np.frombuffer(data[16:], "u1").reshape(count, 1, height, width), labels


# What is said


def summary(page, known):
    n, errors = known.count, known.errors
    sure = int((known.confidence[~known.right] > 0.9).sum())
    review = known.confidence <= 0.9
    caught = int((review & ~known.right).sum())
    low, high = wilson(n - errors, n)
    page.claim("correctly #% of the time, about one mistake in #.", 100 * known.accuracy, n / errors)
    page.claim("On # of its # mistakes it was more than 90% sure.", sure, errors)
    page.claim(
        "Checking the #% of answers of which it is at most 90% sure finds # of the # errors:"
        " #% of those answers are wrong, #% of the others.",
        100 * review.mean(), caught, errors, 100 * (~known.right[review]).mean(), 100 * (~known.right[~review]).mean())
    page.claim("Accuracy #% 95% CI #–#", 100 * known.accuracy, 100 * low, 100 * high)
    page.claim("Mistakes # of # test digits", errors, n)
    parameters = known.network.parameters
    page.claim("Parameters # # KB as float32", parameters, parameters * 4 / 1024)
    page.claim("All of it is # numbers, which start out random.", parameters)
    page.claim("Test loss # nats", known.loss.mean())
    page.claim("Calibration error # pts ECE, 15 bins", 100 * calibration_error(known.confidence, known.right))
    attack, (low, high) = known.attack
    page.claim("Robust accuracy #% PGD, ε = 0.10, n = #, 95% CI #–#", 100 * attack, known.attacked, 100 * low, 100 * high)
    page.claim("The # red ones were misread.", errors)
    rows = []
    for k in range(known.classes):
        own, wrong = known.labels == k, ~known.right
        c = known.confidence
        rows += [k, (own & ~wrong & (c > 0.99)).sum(), (own & ~wrong & (c > 0.9) & (c <= 0.99)).sum(),
                 (own & ~wrong & (c <= 0.9)).sum(), (own & wrong).sum()]
    page.claim("wrong, counted at the right " + " ".join("#" for _ in rows), *map(int, rows))


def data(page, known):
    train, labels = known.train
    counts = np.bincount(labels, minlength=known.classes)
    page.claim(" has # training and # test images of ", len(train), known.count)
    page.claim(", each # × # pixels, and # for validation.", *train.shape[2:], len(known.validation[0]))
    shown = train / 255
    page.claim("subtracts their mean (#) and divides by their standard deviation (#).", shown.mean(), shown.std())
    page.claim("the largest is # times the smallest.", counts.max() / counts.min())
    page.claim("Random examples " + " ".join(f"{k} #" for k in range(known.classes)), *map(int, counts))
    page.claim("#% of all pixels are exactly 0.", 100 * (train == 0).mean())
    page.claim("all others in bands. n = # pixels.", train.size)
    bands = [100 * ((train >= max(1, i)) & (train < i + 32)).mean() for i in range(0, 256, 32)]
    page.claim("pixel value 0 #% 1–31 #% 32–63 #% 64–95 #% 96–127 #% 128–159 #% 160–191 #% 192–223 #% 224–255 #%",
               100 * (train == 0).mean(), *bands)
    one = known.pixels[known.report["data"]["example"]["index"]]
    page.claim("numbers from 0 to 1: # of them are 0, the largest is #, and their mean is #.",
               int((one == 0).sum()), one.max(), one.mean())
    often = np.bincount(known.labels)
    page.claim("#%, because # of # test images are of that class.", 100 * often.max() / known.count, int(often.max()),
               known.count)
    means = np.array([train[labels == k].mean(0).ravel() for k in range(known.classes)]) / 255
    apart = np.linalg.norm(means[:, None] - means[None], axis=2) + 1e9 * np.eye(known.classes)
    a, b = sorted(np.unravel_index(apart.argmin(), apart.shape))
    page.claim("By their mean training images “#” and “#” are the most alike.", int(a), int(b))
    recall = known.recall
    page.claim("This network reads #% of “#” right and #% of “#”", 100 * recall.min(), int(recall.argmin()),
               100 * recall.max(), int(recall.argmax()))


def network(page, known):
    tensors = known.network.tensors
    count = known.report["untrained"]["count"]
    page.claim("Before training it was right on #% of # test images; now it is right on #%.",
               100 * known.report["untrained"]["accuracy"], count, 100 * known.accuracy)
    for name, words in [("conv1", "maps, 28 × 28"), ("conv2", "maps, 14 × 14"), ("linear1", "numbers")]:
        filters = len(tensors[f"{name}.bias"])
        page.claim(f"# {words} # param.", filters, tensors[f"{name}.weight"].size + filters)
    page.claim("10 probabilities # param.", tensors["linear2.weight"].size + 10)
    p = known.probabilities[known.report["data"]["example"]["index"]]
    page.claim("param. " + " ".join(f"{k} #%" for k in range(known.classes)), *(100 * p))
    worked = known.report["worked"]
    k, left, top = worked["channel"], worked["left"], worked["top"]
    picture = np.pad(((known.pixels[worked["image"]] - known.network.mean) / known.network.deviation)[0], 1)
    window = picture[top + 1:top + 4, left + 1:left + 4]
    bias = tensors["conv1.bias"][k]
    total = (window * tensors["conv1.weight"][k, 0]).sum()
    page.claim("# products and a bias make #.", 9, total + bias)
    first = known.network.run(known.pixels[worked["image"]][None])["relu1"][0]
    place = np.unravel_index(first.argmax(), first.shape)
    page.claim("The strongest number that relu1 has for test image ##, map #, row #, column #:",
               worked["image"], *map(int, place))
    page.claim("Together they make #, with the bias of # that is #;", total, bias, total + bias)
    weight = tensors["conv1.weight"][k, 0]
    page.claim(
        "Products " + " ".join(f"0 {i // 3} {i % 3} # # #" for i in range(9)),
        *np.stack([window, weight, window * weight], 2).ravel())


def training(page, known):
    history = known.report["history"]
    last = len(history)
    page.claim("After the first epoch the network was right on #% of the validation images, after epoch # on #%.",
               100 * history[0]["validation_accuracy"], last, 100 * known.validation_accuracy)
    page.claim("A mean of # is as if every true class got #%", 0.03, 100 * math.exp(-0.03))
    dead = (known.hidden["validation"] == 0).all(0)
    tensors = known.network.tensors
    alone = dead.sum() * (tensors["linear1.weight"].shape[1] + 1 + known.classes)
    page.claim("# of the # units of relu3 ended up dead, # were dead after epoch 1; #% of all parameters serve only them.",
               int(dead.sum()), dead.size, history[0]["dead_units"]["relu3"],
               100 * alone / known.network.parameters)
    page.claim("The training loss was # after the first epoch and # after the last.",
               history[0]["evaluated_train_loss"], history[-1]["evaluated_train_loss"])
    page.claim("Here its mean length was # in the first epoch and # in the last.", history[0]["gradient_norm"],
               history[-1]["gradient_norm"])
    runs = known.report["practice"]["runs"]
    page.claim("At a rate of # the training loss falls from # to #; at #", runs[0]["learningRate"],
               runs[0]["points"][0]["train"], runs[0]["points"][-1]["train"], runs[1]["learningRate"])


def quality(page, known):
    n, errors = known.count, known.errors
    low, high = wilson(n - errors, n)
    page.claim("It makes # mistakes in # and reads #% (95% CI #–#) correctly.", errors, n, 100 * known.accuracy,
               100 * low, 100 * high)
    # The difference of two such shares.
    chance = (high - low) / 2 * math.sqrt(2)
    page.claim("networks that differ by less than about # points cannot", 100 * chance)
    page.claim("the 95% interval of such a difference is about ±# images.", n * chance)
    confusion = np.zeros((known.classes, known.classes), int)
    np.add.at(confusion, (known.labels, known.answers), 1)
    pairs = confusion * (1 - np.eye(known.classes, dtype=int))
    page.claim("so that # right answers do not hide # wrong ones, spread over # pairs.", n - errors, errors,
               int((pairs > 0).sum()))
    names = range(known.classes)
    page.claim(
        "predicted " + " ".join(map(str, names)) + " Recall "
        + " ".join(f"{k} {'# ' * known.classes}#%" for k in names),
        *(number for k in names for number in [*map(int, confusion[k]), 100 * known.recall[k]]))
    table = []
    for k in names:
        hits, own, said = confusion[k, k], confusion[k].sum(), confusion[:, k].sum()
        for share in (hits / own, *wilson(hits, own), hits / said, *wilson(hits, said), 2 * hits / (own + said)):
            table.append(100 * share)
    page.claim(
        "Recall 95% interval Precision 95% interval F1 " + " ".join(f"{k} #% #% – #% #% #% – #% #%" for k in names),
        *table)
    top = sorted(zip(*np.nonzero(pairs)), key=lambda pair: -pairs[pair])[:3]
    page.claim("# read as # (# times), # read as # (# times) and # read as # (# times): together #% of its # errors.",
               *(int(number) for pair in top for number in (*pair, pairs[pair])),
               100 * sum(pairs[pair] for pair in top) / errors, errors)
    edges = [0, 0.5, 0.7, 0.9, 0.99, 0.999, 1]
    inside = [(known.confidence > low) & (known.confidence <= high) for low, high in zip(edges, edges[1:])]
    shown = ["<50", "50–70", "70–90", "90–99", "99–99.9", ">99.9"]
    page.claim(
        " ".join(f"{band} claimed #%, delivered #%, n = #" for band in shown),
        *(value for band in inside
          for value in (100 * known.confidence[band].mean(), 100 * known.right[band].mean(), int(band.sum()))))
    page.claim("confidence, % right wrong " + " ".join(f"{band} # #" for band in shown),
               *(int((band & right).sum()) for band in inside for right in (known.right, ~known.right)))
    left = ~known.right[np.argsort(known.confidence)]
    steps = [step["checked"] for step in known.report["quality"]["reviewSteps"]]
    page.claim("the least sure first errors left " + " ".join("# #%" for _ in steps),
               *(value for count in steps for value in (count, 100 * left[count:].sum() / errors)))
    page.claim("Expected calibration error # pts over 15 bins; the temperature that fits the validation images best is #",
               100 * calibration_error(known.confidence, known.right),
               temperature(known.validation_logits, known.validation[1]))
    review = known.confidence <= 0.9
    caught = int((review & ~known.right).sum())
    low, high = wilson(caught, errors)
    page.claim("Checking the # answers of which it is at most 90% sure finds # of the # errors (95% CI #–#%).",
               int(review.sum()), caught, errors, 100 * low, 100 * high)
    page.claim("#. Checking # digits, #% of all, finds # errors.", errors - caught, int(review.sum()), 100 * review.mean(),
               caught)


def mistakes(page, known):
    sure = int((known.confidence[~known.right] > 0.9).sum())
    page.claim("# of the # mistakes were made with more than 90% confidence.", sure, known.errors)
    ranked = sorted(np.flatnonzero(~known.right), key=lambda i: -known.confidence[i])
    shown = ranked[:5]
    page.claim("confidence. " + " ".join("# → # ## # #% # #%" for _ in shown), *(
        value for i in shown
        for value in (int(known.labels[i]), int(known.answers[i]), int(i), int(known.answers[i]),
                      100 * known.confidence[i], int(known.labels[i]), 100 * known.probabilities[i, known.labels[i]])))


def features(page, known):
    report = known.report["features"]
    before, after = numbers(report["untrainedWeights"]), known.network.tensors["conv1.weight"]
    page.claim("and training moved the weights of conv1 by # times the length that they began with.",
               np.linalg.norm(after - before) / np.linalg.norm(before))
    page.claim("One scale for all: full color is ±#, the 98.5th percentile of magnitude.",
               np.quantile(np.abs(np.concatenate([before.ravel(), after.ravel()])), 0.985))


def doubt(page, known):
    right = np.flatnonzero(known.right)
    right = right[np.argsort(known.confidence[right])][:20]
    page.claim("The least sure right answer had #% confidence.", 100 * known.confidence[right[0]])
    rows = []
    for i in right:
        second = np.argsort(known.probabilities[i])[-2]
        rows += [int(known.labels[i]), int(known.labels[i]), 100 * known.confidence[i], int(second),
                 100 * known.probabilities[i, second]]
    page.claim("confidence. " + " ".join("# # #% # #%" for _ in right), *rows)
    facts = known.report["doubt"]
    first, second = (known.pixels[i] for i in facts["ends"])
    shares = np.arange(0, 101, 5) / 100
    mixed = np.stack([(1 - share) * first + share * second for share in shares])
    probabilities = softmax(known.network.all(mixed, known.network.last)[0])
    ends = probabilities[0].argmax(), probabilities[-1].argmax()
    page.claim(f"share of the second image {ends[0]} {ends[1]} " + " ".join(f"{share:.0%} #% #%" for share in shares),
               *(100 * probabilities[:, ends]).ravel())
    chosen = [point[0] if isinstance(point, list) else point["image"] for point in facts["pixelPoints"]]
    hidden = known.hidden["test"][chosen]
    values = np.linalg.svd(hidden - hidden.mean(0), compute_uv=False) ** 2
    page.claim(f"The two components hold #% and #% of the variance of {known.network.hidden}",
               *(100 * values[:2] / values.sum()))


def robustness(page, known):
    attack, (low, high) = known.attack
    page.claim("At ε = 0.10 noise leaves #% and the attack #% (95% CI #–#).", 100 * known.curve("noise", 0.1), 100 * attack,
               100 * low, 100 * high)
    page.claim("# of the # images attacked were right to begin with.", round(known.curve("pgd", 0) * known.attacked),
               known.attacked)
    smallest = np.array([size for size in known.report["robustness"]["smallest"] if size])
    sizes = [point["epsilon"] for point in known.report["robustness"]["curves"][0]["points"]]
    counts = [int(np.isclose(smallest, size).sum()) for size in sizes[1:]]
    page.claim("smallest ε that fooled it images " + " ".join("#–# #" for _ in counts),
               *(value for low, high, count in zip(sizes, sizes[1:], counts) for value in (low, high, count)))


def repair(page, known):
    worked = known.report["repair"]["worked"]
    before, after = (numbers(worked[key]["pixels"]) / 255 for key in ("before", "after"))
    index = worked["before"]["index"]
    logits = known.network.all(np.stack([before, after]), known.network.last)[0]
    answers = logits.argmax(1)
    page.claim("# changed pixels of # make the network read test digit ## as #, not as #.",
               int((before != after).sum()), before.size, index, int(answers[1]), int(answers[0]))


def ledger(page, known):
    facts = known.report["ledger"]
    index = facts["example"]["index"]
    hidden = known.hidden["test"][index]
    logits = known.logits[index]
    first, second = facts["classes"]
    page.claim("# leads # by #", first, second, logits[first] - logits[second])
    page.claim("# of the # are 0 here and add nothing", int((hidden == 0).sum()), hidden.size)


def blame(page, known):
    facts = known.report["blame"]
    index, label = facts["example"]["index"], facts["example"]["label"]
    scores = known.probabilities[index] - (np.arange(known.classes) == label)
    rival = int(np.where(np.arange(known.classes) == label, -1, scores).argmax())
    page.claim("“#” got # too much and “#” # too little", rival, scores[rival], label, -scores[label])
    weights = known.network.tensors[f"{known.network.last}.weight"]
    handed, active = weights.T @ scores, known.hidden["test"][index] > 0
    page.claim("# of # hand nothing on", int((~active).sum()), active.size)
    unit = int(np.where(active, abs(handed), -1).argmax())
    parts = weights[:, unit] * scores
    first, second = np.argsort(-abs(parts), kind="stable")[:2].tolist()
    page.claim("Unit # is handed # by “#”, # by “#” and ", unit, parts[first], first, parts[second], second)
    page.claim("Its weight to “#” has the slope # × #,", first, scores[first], known.hidden["test"][index][unit])


def closing(page, known):
    n, low_high = known.count, wilson(known.count - known.errors, known.count)
    page.claim("turns # numbers into one of # names with # learned numbers, and is right on #% of # ",
               known.pixels[0].size, known.classes, known.network.parameters, 100 * known.accuracy, n)
    page.claim("Current accuracy #% (95% CI #–#) of # test images", 100 * known.accuracy, *(100 * x for x in low_high), n)
    trained = known.report["history"][-1]["evaluated_train_accuracy"]
    validated = known.validation_accuracy
    page.claim("Here it ended at #% of training and #% of validation images, # points apart", 100 * trained,
               100 * validated, 100 * abs(trained - validated))
    page.claim("Here it began with #% of # images right, where guessing gives #%", 100 * known.report["untrained"]["accuracy"],
               known.report["untrained"]["count"], 100 / known.classes)


class Known:
    """What is recomputed, once for all chapters."""

    def __init__(self, report, network, folder):
        self.report, self.network = report, network
        self.train, self.validation = images(folder, "train"), images(folder, "validation")
        test, self.labels = images(folder, "test")
        self.pixels, self.count = test / 255, len(test)
        self.classes = len(report["model"]["classes"])
        self.logits, hidden = network.all(self.pixels, network.last, network.hidden)
        self.validation_logits, other = network.all(self.validation[0] / 255, network.last, network.hidden)
        self.validation_accuracy = (self.validation_logits.argmax(1) == self.validation[1]).mean()
        self.hidden = {"test": hidden, "validation": other}
        self.loss = cross_entropy(self.logits, self.labels)
        self.probabilities = softmax(self.logits)
        self.confidence, self.answers = self.probabilities.max(1), self.logits.argmax(1)
        self.right = self.answers == self.labels
        self.errors, self.accuracy = int((~self.right).sum()), self.right.mean()
        self.recall = np.array([self.right[self.labels == k].mean() for k in range(self.classes)])
        self.attacked = report["robustness"]["count"]
        share = self.curve("pgd", 0.1)
        self.attack = share, wilson(share * self.attacked, self.attacked)

    def curve(self, method, size):
        points = next(curve for curve in self.report["robustness"]["curves"] if curve["method"] == method)["points"]
        return min(points, key=lambda point: abs(point["epsilon"] - size))["accuracy"]


def main():
    folder, checkpoint, data_folder = sys.argv[1:]
    with open(f"{folder}/report.json") as file:
        report = json.load(file)
    with open(f"{folder}/index.html", encoding="utf-8") as file:
        page = Page(file.read())
    known = Known(report, Network(checkpoint), data_folder)
    for chapter in (summary, data, network, training, quality, mistakes, features, ledger, blame, doubt, robustness, repair, closing):
        chapter(page, known)
    for line in page.failed:
        print(line)
    print(f"{page.held} statements hold, {len(page.failed)} do not")
    sys.exit(1 if page.failed else 0)


if __name__ == "__main__":
    main()
