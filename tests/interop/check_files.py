# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds what `tieout info` tells of files against what the real framework that wrote them reads.

    check_files.py --tieout PATH MANIFEST...

A manifest stands beside its files, a list of
    {"file", "format", "content", "tensors": {name: {"dtype", "shape", "sha256"}}, ...}
whose names are all that the model has, checksums being of the dense, row-major, little-endian bytes. More may be told:
"parameters_total"; "wired": whether there are edges; "layers": [{"name", "kind", "inputs", "output_shape"}], in the
file's order and each with the keys that matter, others may stand between; "entries": names that must be listed beside
the model; "operators": for each operator, in order, the places of those whose results it takes, where every operator is a
layer of its own; "run": {"input": a .npy, "output"}: the first output of the network; "error": a part of the message that refuses the file instead;
"edges": [[from, to]] and "outputs": names of layers.
"""

import argparse
import concurrent.futures
import json
import pathlib
import subprocess

import numpy as np


def tensor_faults(expected, told):
    found = {tensor["name"]: tensor for tensor in told}
    for name in sorted(expected.keys() - found.keys()):
        yield f"{name} is missing"
    for name in sorted(found.keys() - expected.keys()):
        yield f"{name} is not in the file, {found[name]['dtype']} {found[name]['shape']}"
    for name in sorted(found.keys() & expected.keys()):
        for key in ("dtype", "shape", "sha256"):
            if key in expected[name] and found[name][key] != expected[name][key]:
                yield f"{name}: {key} is {found[name][key]}, not {expected[name][key]}; {found[name].get('problem')}"


def layer_faults(expected, told):
    rest = iter(told)
    for layer in expected:
        found = next((other for other in rest if other["name"] == layer["name"]), None)
        if found is None:
            yield f"layer {layer['name']} is missing or out of order"
            return
        for key in layer:
            if found[key] != layer[key]:
                yield f"layer {layer['name']}: {key} is {found[key]}, not {layer[key]}"


def operator_faults(expected, told):
    places = {layer["name"]: place for place, layer in enumerate(told)}
    found = [sorted(places[name] for name in layer["inputs"]) for layer in told]
    unused = found[len(expected):]  # layers of parameters that no operator takes
    if found[:len(expected)] != expected or any(unused):
        names = [layer["name"] for layer in told]
        at = next((i for i, (a, b) in enumerate(zip(found, expected)) if a != b), min(len(found), len(expected)))
        yield f"edges differ at operator {at} of {len(expected)}, {names[at:at + 1]}: {found[at:at + 1]}, not {expected[at:at + 1]}"


def values_of(nested):
    return [value for part in nested for value in values_of(part)] if isinstance(nested, list) else [nested]


def run_faults(case, folder, tieout):
    command = [tieout, "run", str(folder / case["file"]), "--input", str(folder / case["run"]["input"]), "--json", "--quiet"]
    run = subprocess.run(command, capture_output=True)
    if run.returncode != 0:
        yield "run: " + run.stderr.decode(errors="replace").strip()[-400:]
        return
    found = values_of(next(iter(json.loads(run.stdout)["outputs"].values())))
    output = case["run"]["output"]  # the numbers, or the name of an array
    expected = values_of(np.load(folder / output).tolist() if isinstance(output, str) else output)
    worst = max(abs(a - b) for a, b in zip(found, expected)) if len(found) == len(expected) else float("inf")
    if not worst <= 1e-5 * max(1, *map(abs, expected)):
        yield f"run: the output differs by {worst}"


def faults(case, folder, tieout):
    run = subprocess.run([tieout, "info", str(folder / case["file"]), "--json", "--checksum", "--quiet"], capture_output=True)
    if "error" in case:
        if run.returncode != 2:
            yield f"status {run.returncode}, not 2"
        elif case["error"] not in run.stderr.decode(errors="replace"):
            yield f"the message does not tell '{case['error']}': {run.stderr.decode(errors='replace').strip()[-400:]}"
        return
    if run.returncode != 0:
        yield run.stderr.decode(errors="replace").strip()[-400:]
        return
    told = json.loads(run.stdout)
    for key in ("format", "content", "framework", "parameters_total", "outputs"):
        if key in case and told[key] != case[key]:
            yield f"{key} is {told[key]}, not {case[key]}"
    if "wired" in case and case["wired"] != any(layer["inputs"] for layer in told["layers"]):
        yield f"wired is not {case['wired']}"
    for name in set(case.get("entries", ())) - {entry["name"] for entry in told["entries"]}:
        yield f"entry {name} is missing"
    inputs = {layer["name"]: layer["inputs"] for layer in told["layers"]}
    for source, target in case.get("edges", ()):
        if source not in inputs.get(target, ()):
            yield f"edge {source} -> {target} is missing: {target} takes {inputs.get(target)}"
    yield from tensor_faults(case["tensors"], told["parameters"])
    yield from layer_faults(case.get("layers", ()), told["layers"])
    if "operators" in case:
        yield from operator_faults(case["operators"], told["layers"])
    if "run" in case:
        yield from run_faults(case, folder, tieout)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tieout", required=True)
    parser.add_argument("manifests", nargs="+", type=pathlib.Path)
    options = parser.parse_args()
    cases = [(case, path.parent) for path in options.manifests for case in json.loads(path.read_text())]
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        results = pool.map(lambda pair: list(faults(*pair, options.tieout)), cases)
        for (case, _), wrong in zip(cases, results):
            failed += bool(wrong)
            for fault in wrong[:5]:
                print(f"FAILED {case['file']}: {fault}")
            if len(wrong) > 5:
                print(f"FAILED {case['file']}: {len(wrong) - 5} more")
    print(f"files: {len(cases) - failed} passed, {failed} failed")
    return 1 if failed or not cases else 0


raise SystemExit(main())
