# SPDX-License-Identifier: GPL-3.0-or-later
"""Opens what `tieout convert` put in place with the real frameworks: load.py torch|keras2|keras3 WORK SEED...

Leaves out_a.npz or out_b.npz with the outputs for the many inputs, or out_a.error, out_b.error with the framework's words.
"""

import json
import pathlib
import sys

import numpy as np

from graph import noise
from make import MANY
from pair import Pair, redrawn


def torch_outputs(pair, folder, path):
    import torch

    import torch_files as files
    plan = pair.torch
    model, _ = files.build(redrawn(pair.torch_graph), plan, folder / f"net{pair.seed}.py")
    if path.suffix == ".safetensors":
        from safetensors.torch import load_file
        model.load_state_dict(load_file(str(path)))
    else:
        try:
            found = torch.load(str(path), weights_only=False)
        except RuntimeError:
            found = torch.jit.load(str(path))
        if isinstance(found, torch.nn.Module):
            model = found.eval()
        else:
            found = next((v for k, v in found.items() if k == "model_state_dict"), found)
            model.load_state_dict({k.removeprefix("module."): v for k, v in found.items()})
    return files.outputs(model, noise(pair.torch_graph, 2, MANY), plan["double"])


def keras_outputs(pair, folder, path):
    import keras as K

    import keras_files as files
    from keras_own import own
    own(K)
    setter = getattr(K.mixed_precision, "set_global_policy", None) or K.mixed_precision.set_dtype_policy
    setter(pair.keras["policy"])
    try:
        K.backend.clear_session()
        if pair.keras["save"].endswith("weights"):
            model, _ = files.build(redrawn(pair.keras_graph), pair.keras, K)
            model.load_weights(str(path))
        else:
            model = K.models.load_model(str(path), compile=False, safe_mode=False)
        return files.outputs(model, files.inputs(pair.keras_graph, noise(pair.keras_graph, 2, MANY)))
    finally:
        setter("float32")


def loads(outputs, pair, folder, arguments):
    """Whether the framework opens the file that it wrote itself: Keras 3 does not open each of its own .h5."""
    try:
        outputs(pair, folder, folder / arguments[arguments.index("--like") + 1])
        return True
    except Exception:
        return False


def main():
    env, work = sys.argv[1], pathlib.Path(sys.argv[2])
    side = "a" if env == "torch" else "b"
    for seed in map(int, sys.argv[3:]):
        pair, folder = Pair(seed), work / str(seed)
        answer = folder / ("to-torch.json" if side == "a" else "to-keras.json")
        if env not in ("torch", pair.writer) or not answer.exists():
            continue
        arguments = json.loads(answer.read_text())["arguments"]
        path = folder / arguments[arguments.index("-o") + 1]
        if not path.exists():
            continue
        try:
            made = torch_outputs(pair, folder, path) if side == "a" else keras_outputs(pair, folder, path)
            np.savez(folder / f"out_{side}.npz", **{f"many{i}": y for i, y in enumerate(made)})
        except Exception as error:
            own = "" if loads(torch_outputs if side == "a" else keras_outputs, pair, folder, arguments) else "its own file too: "
            (folder / f"out_{side}.error").write_text(f"{own}{type(error).__name__}: {error}")


if __name__ == "__main__":
    main()
