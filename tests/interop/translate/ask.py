# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks `tieout` to convert every network in WORK: ask.py TIEOUT WORK SEED... leaves WORK/<seed>/<target>.json."""

import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys

import numpy as np

from twinless import drawn, targets

SECONDS = 60


def shape_told(folder, source):
    """A chain of modules does not tell what it takes."""
    chain = source == "b2m.pt" or (source.startswith("a.") and drawn(int(folder.name)).torch["form"] == "sequential")
    if not chain:
        return []
    x = np.load(folder / ("x_b.npz" if source == "b2m.pt" else "x_a.npz"))["x0"]
    return ["--input-shape", ",".join(str(n) for n in (np.moveaxis(x, -1, 1) if source == "b2m.pt" and x.ndim > 3 else x).shape[1:])]


def ask(tieout, folder, name, source, out, arguments):
    file = folder / f"{source}.json"
    source = json.loads(file.read_text())["file"] if file.exists() else source
    if not (folder / source).exists():
        return
    call = ["convert", source, "-o", out, *arguments, *shape_told(folder, source), "--to", "torch" if out.endswith(".pt") else "keras", "--verify", "--json", "--quiet"]
    try:
        done = subprocess.run([tieout, *call], cwd=folder, capture_output=True, timeout=SECONDS)
        answer = {"exit": done.returncode, "output": done.stdout.decode("utf-8", "replace"), "messages": done.stderr.decode("utf-8", "replace")}
    except subprocess.TimeoutExpired:
        answer = {"exit": None, "output": "", "messages": f"no answer in {SECONDS} s"}
    (folder / f"{name}.json").write_text(json.dumps(answer | {"arguments": call, "out": out}))


def of_seed(tieout, folder):
    for target in targets(folder):  # those behind take what those before have written
        ask(tieout, folder, *target)


def main():
    tieout, work = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2])
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(lambda seed: of_seed(tieout, work / seed), sys.argv[3:]))


if __name__ == "__main__":
    main()
