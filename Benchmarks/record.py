"""What was measured on each processor: results/PROCESSOR.json keeps the numbers, results/PROCESSOR.md shows them."""
import json
import os
import platform
import re

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "results")


def processor(level, threads):
    """What was measured on, and its files' stem: clouds call different processors by one name, which the family and the
    highest instruction set tell apart."""
    name, family = platform.processor() or platform.machine(), ""
    if os.path.exists("/proc/cpuinfo"):
        with open("/proc/cpuinfo") as file:
            text = file.read()
        fields = {key: re.search(rf"^{key}\s*: (.*)$", text, re.MULTILINE) for key in ("model name", "cpu family", "model")}
        if fields["model name"]:
            name = fields["model name"].group(1)
        if fields["cpu family"] and fields["model"]:
            family = f'family {fields["cpu family"].group(1)}, model {fields["model"].group(1)}'
    words = ", ".join(part for part in (name, family, level, f"{threads} threads") if part)
    return words, re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")


def before(stem):
    """The rows that were measured on the processor the last time, by name."""
    try:
        with open(os.path.join(FOLDER, stem + ".json")) as file:
            return {row["name"]: row for row in json.load(file)["rows"]}
    except FileNotFoundError:
        return {}


def spread(values, digits):
    return f"{values[1]:,.{digits}f} ({values[0]:,.{digits}f} to {values[2]:,.{digits}f})"


def ratio(row):
    return f'{row["ratio"]:.2f} × {row["best"]}' if row["best"] else "–"


def earlier(old):
    """What was measured the last time: ours, and the ratio, which also moves with the peers."""
    return f'{old["ours"][1]:,.{old["digits"]}f}' + (f', {ratio(old)}' if old["best"] else "")


def cells(row, old):
    """A row of the table: ours, the peers', our ratio to the best of them now and the last time, what is wanted."""
    return [row["name"], f'{spread(row["ours"], row["digits"])} {row["unit"]}',
            "; ".join(f"{key} {spread(values, row['digits'])}" for key, values in row["peers"].items()) or "–",
            ratio(row), earlier(old) if old else "–", row["wanted"], row["aim"]]


def write(words, stem, rows, old, conditions, roofline):
    """Writes both files."""
    os.makedirs(FOLDER, exist_ok=True)
    with open(os.path.join(FOLDER, stem + ".json"), "w") as file:
        lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        file.write(f'{{"processor": {json.dumps(words)}, "rows": [\n{lines}\n]}}\n')
    with open(os.path.join(FOLDER, stem + ".md"), "w") as file:
        file.write(f"# {words}\n\nWhat `make bench` measured: {conditions}\n\n")
        file.write("| work | Inkling | peers | ratio | before | wanted | aim |\n|---|---|---|---|---|---|---|\n")
        for row in rows:
            file.write("| " + " | ".join(cells(row, old.get(row["name"]))) + " |\n")
        file.write("\nGFLOP/s executed by one thread, and the share of the measured peak:\n\n```\n" + roofline + "```\n")
    return os.path.join(FOLDER, stem + ".md")
