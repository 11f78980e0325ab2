# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the pairs and what the real frameworks compute: make.py torch|keras2|keras3 WORK SEED...

WORK/<seed>/: a.* (PyTorch) and b.* (Keras), other_a.* and other_b.* with other weights; x_torch, x_keras (.npy, or .npz with
x0, x1 ... for several inputs); a.npz, b.npz with the outputs for x and for more inputs; a.json, b.json: file names and layers.
"""

import json
import pathlib
import sys
import traceback

import numpy as np

from graph import noise
from pair import Pair, redrawn

FEW, MANY = 2, 32


def put(folder, name, arrays):
    if len(arrays) == 1:
        np.save(folder / f"{name}.npy", arrays[0])
        return f"{name}.npy"
    np.savez(folder / f"{name}.npz", **{f"x{i}": a for i, a in enumerate(arrays)})
    return f"{name}.npz"


def torch_side(pair, folder):
    import torch

    import torch_files as files
    torch.manual_seed(pair.seed)
    graph, plan = pair.torch_graph, pair.torch
    few, many = noise(graph, 1, FEW), noise(graph, 2, MANY)
    example = tuple(torch.from_numpy(a.astype(np.float64) if plan["double"] and a.dtype == np.float32 else a) for a in few)
    model, names = files.build(graph, plan, folder / f"net{pair.seed}.py")
    suffix = files.SUFFIX.get(plan["form"], ".pt")
    files.save(model, plan["form"], folder / f"a{suffix}", example)
    other, _ = files.build(redrawn(graph), plan, folder / f"net{pair.seed}.py")
    files.save(other, plan["form"], folder / f"other_a{suffix}", example)
    x = put(folder, "x_torch", few)
    np.savez(folder / "a.npz", **{f"few{i}": y for i, y in enumerate(files.outputs(model, few, plan["double"]))},
             **{f"many{i}": y for i, y in enumerate(files.outputs(model, many, plan["double"]))},
             **{f"layer:{name}": y for name, y in files.layers(model, names, few, plan["double"]).items()})
    found = {key: [place, role] for key, (place, role) in files.state_names(graph, names).items()}
    return {"file": f"a{suffix}", "other": f"other_a{suffix}", "x": x, "names": found}


def keras_side(pair, folder):
    import keras as K

    import keras_files as files
    graph, plan = pair.keras_graph, pair.keras
    setter = getattr(K.mixed_precision, "set_global_policy", None) or K.mixed_precision.set_dtype_policy
    setter(plan["policy"])
    few, many = (files.inputs(graph, noise(graph, k, n)) for k, n in ((1, FEW), (2, MANY)))
    suffix = files.SUFFIX[plan["save"]]
    other, _ = files.build(redrawn(graph), plan, K)
    files.save(other, plan["save"], str(folder / f"other_b{suffix}"))
    model, names = files.build(graph, plan, K)
    files.save(model, plan["save"], str(folder / f"b{suffix}"))
    if plan["save"] == "v3-weights":
        names.update(files.datasets(folder / f"b{suffix}", graph))
    x = put(folder, "x_keras", few)
    np.savez(folder / "b.npz", **{f"few{i}": y for i, y in enumerate(files.outputs(model, few))},
             **{f"many{i}": y for i, y in enumerate(files.outputs(model, many))},
             **{f"layer:{name}": y for name, y in files.layers(model, few, K).items()})
    setter("float32")
    return {"file": f"b{suffix}", "other": f"other_b{suffix}", "x": x, "names": names, "order": [layer.name for layer in model.layers]}


def main():
    env, work = sys.argv[1], pathlib.Path(sys.argv[2])
    for seed in map(int, sys.argv[3:]):
        pair = Pair(seed)
        if env not in ("torch", pair.writer):
            continue
        folder = work / str(seed)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "plan.json").write_text(json.dumps({"a": pair.torch["form"], "b": pair.keras["save"]}))
        try:
            told = torch_side(pair, folder) if env == "torch" else keras_side(pair, folder)
        except Exception as error:
            told = {"error": f"{type(error).__name__}: {error}", "trace": traceback.format_exc()}
            print(f"seed {seed} {env}: {told['error'][:300]}\n  {pair.text()}")
        (folder / ("a.json" if env == "torch" else "b.json")).write_text(json.dumps(told))


if __name__ == "__main__":
    main()
