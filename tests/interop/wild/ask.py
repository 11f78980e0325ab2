# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks `tieout` about every pair in WORK: ask.py TIEOUT WORK SEED... leaves WORK/<seed>/<call>.json."""

import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys
import time

SECONDS = 60


def calls(folder, seed):
    """(name, arguments); `like` where a file has no wiring of its own."""
    told = [json.loads((folder / f"{side}.json").read_text()) for side in "ab"]
    if any("error" in side for side in told):
        return
    a, b = told
    pair = [a["file"], b["file"]] if seed % 2 else [b["file"], a["file"]]
    for side, mine, other in (("a", a, b), ("b", b, a)):
        yield f"info-{side}", ["info", mine["file"]]
        like = [] if wired(folder, side) else ["--like", other["file"]]
        yield f"run-{side}", ["run", mine["file"], *like, "--input", mine["x"], "-o", f"run-{side}.npz"]
    yield "compare", ["compare", *pair]
    yield "compare-x", ["compare", *pair[::-1], "--input", (a if seed % 3 else b)["x"]]
    yield "compare-self", ["compare", pair[0], pair[0]]
    yield "map", ["map", a["file"], b["file"]]
    yield "to-keras", ["convert", a["file"], "--like", b["other"], "-o", "out_" + b["file"].replace(".keras", ".h5"), "--verify"]
    yield "to-torch", ["convert", b["file"], "--like", a["other"], "-o", "out_" + torch_target(a["file"]), "--verify"]


def torch_target(file):
    return "a.pt" if file.endswith(".pt2") else file


def wired(folder, side):
    return json.loads((folder / "plan.json").read_text())[side] in ("sequential", "traced", "scripted", "pt2", "h5", "keras")


def ask(tieout, folder, name, arguments):
    started = time.monotonic()
    try:
        done = subprocess.run([tieout, *arguments, "--json", "--quiet"], cwd=folder, capture_output=True, timeout=SECONDS)
        answer = {"exit": done.returncode, "output": done.stdout.decode("utf-8", "replace"), "messages": done.stderr.decode("utf-8", "replace")}
    except subprocess.TimeoutExpired:
        answer = {"exit": None, "output": "", "messages": f"no answer in {SECONDS} s"}
    (folder / f"{name}.json").write_text(json.dumps(answer | {"arguments": arguments, "seconds": time.monotonic() - started}))


def main():
    tieout, work = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2])
    wanted = [(work / seed, *call) for seed in sys.argv[3:] for call in calls(work / seed, int(seed))]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(lambda call: ask(tieout, *call), wanted))
    print(f"tieout was asked {len(wanted)} times")


if __name__ == "__main__":
    main()
