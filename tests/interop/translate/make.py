# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the networks and what the real frameworks compute: make.py torch|keras2|keras3 WORK SEED...

WORK/<seed>/: a.* (PyTorch) and b.* (Keras), out_a.npz and out_b.npz with the outputs for x_a and x_b (.npz with x0, x1 ...), in each
framework's own layout; a.json, b.json: the file's name.
"""

import json
import pathlib
import sys
import traceback

import numpy as np

from twinless import FEW, MANY, drawn

from graph import noise  # noqa: E402


def torch_side(pair, folder):
    import torch

    import torch_files as files
    torch.manual_seed(pair.seed)
    arrays = noise(pair.torch_graph, 2, MANY)
    example = tuple(torch.from_numpy(a) for a in noise(pair.torch_graph, 1, FEW))
    model, _ = files.build(pair.torch_graph, pair.torch, folder / f"net{pair.seed}.py")
    suffix = files.SUFFIX.get(pair.torch["form"], ".pt")
    files.save(model, pair.torch["form"], folder / f"a{suffix}", example)
    np.savez(folder / "state_a.npz", **{name: value.numpy() for name, value in model.state_dict().items()})
    return f"a{suffix}", arrays, files.outputs(model, arrays, False)


def keras_side(pair, folder):
    import keras as K

    import keras_files as files
    arrays = files.inputs(pair.keras_graph, noise(pair.keras_graph, 2, MANY))
    suffix = files.SUFFIX[pair.keras["save"]]
    model, _ = files.build(pair.keras_graph, pair.keras, K)
    files.save(model, pair.keras["save"], str(folder / f"b{suffix}"))
    np.savez(folder / "state_b.npz", *model.get_weights())
    return f"b{suffix}", arrays, files.outputs(model, arrays)


def main():
    env, work = sys.argv[1], pathlib.Path(sys.argv[2])
    for seed in map(int, sys.argv[3:]):
        pair, side = drawn(seed), "a" if env == "torch" else "b"
        if env not in ("torch", pair.writer):
            continue
        folder = work / str(seed)
        folder.mkdir(parents=True, exist_ok=True)
        try:
            file, xs, ys = (torch_side if side == "a" else keras_side)(pair, folder)
            np.savez(folder / f"x_{side}.npz", **{f"x{i}": x for i, x in enumerate(xs)})
            np.savez(folder / f"out_{side}.npz", **{f"y{i}": y for i, y in enumerate(ys)})
            told = {"file": file, "drawn": pair.text()}
        except Exception as error:
            told = {"error": f"{type(error).__name__}: {error}", "trace": traceback.format_exc(), "drawn": pair.text()}
        (folder / f"{side}.json").write_text(json.dumps(told))


if __name__ == "__main__":
    main()
