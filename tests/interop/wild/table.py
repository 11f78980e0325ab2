# SPDX-License-Identifier: GPL-3.0-or-later
"""Which layers run, by measurement: table.py WORK SEED... prints a page that tells for each class of layer in the networks of these seeds
in how many files it stood, in how many of them it ran, and the worst scaled error against the framework that wrote the file."""

import collections
import json
import pathlib
import re
import sys

import numpy as np

from pair import Pair
from truth import scaled

TITLES = {"torch": "PyTorch 2.13", "keras2": "Keras 2.15", "keras3": "Keras 3.15"}
REASONS = 2  # of each class, the most frequent first


class Row:
    """A class of layer in the files of one framework."""

    def __init__(self):
        self.files, self.ran, self.judged, self.worst, self.reasons = 0, 0, 0, 0.0, collections.Counter()

    def add(self, ran, errors, reason):
        self.files += 1
        self.ran += ran
        self.judged += bool(errors)
        self.worst = max([self.worst, *errors])
        if reason and not ran:
            self.reasons[reason] += 1

    def text(self):
        return f"{self.ran} of {self.files}" + (f", {self.worst:.0e}" if self.judged else "") if self.files else ""


def document(path):
    try:
        return json.loads(json.loads(path.read_text())["output"])
    except (OSError, ValueError, KeyError):
        return None


def general(reason, layer):
    """Without what differs from file to file, so that equal reasons can be counted."""
    text = reason.replace(layer, "it")
    return re.sub(r"\b[a-z]+_[a-z0-9_]*\d+\b", "a layer", text)


def add_file(rows, folder, side, framework, is_exact):
    """One file's layers; a file without wiring says too little of its classes to count here."""
    info, run = document(folder / f"info-{side}.json"), document(folder / f"run-{side}.json")
    if not info or not info.get("wired"):
        return
    ours = dict(np.load(folder / f"run-{side}.npz")) if (folder / f"run-{side}.npz").exists() else {}
    real = dict(np.load(folder / f"{side}.npz"))
    ran = {layer["name"] for layer in run["layers"]} if run else set()
    why = {note["where"]: note["text"] for note in info["notes"] if note["id"] == "layer-cannot-run"}
    by_class = collections.defaultdict(list)
    for layer in info["layers"]:
        by_class[layer["kind"]].append(layer["name"])
    blocked = not all(name in ran for names in by_class.values() for name in names)
    for name, layers in by_class.items():
        reasons = [general(why[layer], layer) for layer in layers if layer in why]
        # what runs behind one that does not is not its fault: it counts only where it was reached or refused by itself
        reached = [layer for layer in layers if layer in ran or layer in why]
        if blocked and not reached:
            continue
        # a layer called twice is known by its last call here and by its first in Keras
        errors = [scaled(ours[layer], real[f"layer:{layer}"]) for layer in layers
                  if layer in ours and f"layer:{layer}" in real and is_exact and f"{layer}:call1" not in ours]
        rows[name][framework].add(all(layer in ran for layer in reached), errors, reasons[0] if reasons else "")


def main():
    work, seeds = pathlib.Path(sys.argv[1]), sys.argv[2:]
    rows = collections.defaultdict(lambda: collections.defaultdict(Row))
    for seed in seeds:
        pair, folder = Pair(int(seed)), work / seed
        for side, framework in (("a", "torch"), ("b", pair.writer)):
            told = folder / f"{side}.json"
            if told.exists() and "error" not in json.loads(told.read_text()):
                is_exact = not pair.torch["double"] if side == "a" else pair.keras["policy"] == "float32"
                add_file(rows, folder, side, framework, is_exact)
    print("# Which layers run\n")
    print(f"Measured, not claimed: {len(seeds)} random networks were written by PyTorch 2.13, Keras 2.15 and Keras 3.15 and run by Tieout")
    print("(`tests/interop/wild`). For each class of layer: in how many files it ran, of those in which it stood and could be reached, and the")
    print("worst error, max|a-b| / max(1, max|b|), against the framework that wrote the file. What did not run was refused by name.\n")
    print("| layer | " + " | ".join(TITLES.values()) + " | refused because |\n|---|" + "---|" * (len(TITLES) + 1))
    for name in sorted(rows, key=str.casefold):
        of = rows[name]
        reasons = sum((row.reasons for row in of.values()), collections.Counter())
        print(f"| {name} | " + " | ".join(of[key].text() for key in TITLES) + " | " + "; ".join(r.replace("|", "/") for r, _ in reasons.most_common(REASONS)) + " |")


if __name__ == "__main__":
    main()
