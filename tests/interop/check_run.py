# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks `tieout` everything about the cases in WORK: check_run.py TIEOUT WORK SEED...

Each call leaves WORK/<case>/<call>.json with its exit status, output and messages.
"""

import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys

SECONDS = 120


def calls(seed):
    """(case, name, arguments) of every call for a seed, or for "lenet5"."""
    case = str(seed)
    layout = ["--layout", "nchw"] if case != "lenet5" and seed % 3 == 0 else []
    x = ["--input", "x.npy", *layout]
    yield case, "run-a", ["run", "a.pt", *x, "-o", "run-a.npz", "--json"]
    yield case, "run-b", ["run", "b.h5", *x, "-o", "run-b.npz", "--json"]
    yield case, "run-state", ["run", "a_state.pt", "--like", "b.h5", *x, "-o", "run-state.npz", "--json"]
    yield case, "compare-twin", ["compare", "b.h5", "a.pt", *x, "--json"]
    yield case, "compare-state", ["compare", "a_state.pt", "b.h5", *x, "--json"]
    yield case, "compare-wrong", ["compare", "a.pt", "wrong.h5", *x, "--json"]
    yield case, "compare-keras", ["compare", "b.h5", "wrong.h5", *x, "--json"]
    yield case, "compare-torch", ["compare", "a.pt", "a_state.pt", *x, "--json"]
    yield case, "to-keras", ["convert", "a.pt", "--like", "other.h5", "-o", "to-keras.h5", "--verify", "--json"]
    yield case, "state-to-keras", ["convert", "a_state.pt", "--like", "other.h5", "-o", "state-to-keras.h5", "--json"]
    yield case, "to-torch", ["convert", "b.h5", "--like", "other.pt", "-o", "to-torch.pt", "--verify", "--json"]
    yield case, "to-state", ["convert", "b.h5", "--like", "other_state.pt", "-o", "to-state.pt", "--json"]
    if case != "lenet5":
        for kind in ("pt", "h5"):
            yield f"alone{seed}", f"run-{kind}", ["run", f"alone.{kind}", "--input", f"{kind}.npy", *layout, "-o",
                                                  f"run-{kind}.npz", "--json"]


def ask(tieout, work, call):
    case, name, arguments = call
    try:
        done = subprocess.run([tieout, *arguments], cwd=work / case, capture_output=True, timeout=SECONDS)
        answer = {"exit": done.returncode, "output": done.stdout.decode("utf-8", "replace"),
                  "messages": done.stderr.decode("utf-8", "replace")}
    except subprocess.TimeoutExpired:
        answer = {"exit": None, "output": "", "messages": f"no answer in {SECONDS} s"}
    (work / case / f"{name}.json").write_text(json.dumps(answer | {"arguments": arguments}))


def main():
    tieout, work = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2])
    wanted = [call for seed in ["lenet5", *map(int, sys.argv[3:])] for call in calls(seed)]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(lambda call: ask(tieout, work, call), wanted))
    print(f"tieout was asked {len(wanted)} times")


if __name__ == "__main__":
    main()
