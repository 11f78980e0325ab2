# SPDX-License-Identifier: GPL-3.0-or-later
"""What the real frameworks compute, for tests that run without Python. Three steps, one in each environment:

    torch  -o tests/data --scratch DIR   the networks of kinds.py as .pt, their inputs and every module's output
    keras2 ...                           the same functions as .h5 and every layer's output
    keras3 ...                           two of them as .keras3.h5; then joins all into .npz files

tests/interop/goldens runs them in this order. The .npz hold x (N, C, H, W), torch/<module> and keras/<layer> (Keras
2.15), batch first, each in its framework's own layout.
"""

import pathlib
import zlib

import numpy as np

import idx
import kinds
import steps
import weights

WITH_KERAS3 = ("deep", "flatten_norm_dense")
HERE = pathlib.Path(__file__).resolve().parent
SAMPLES = HERE.parents[1] / "resources" / "samples"


def cases():
    for net in kinds.all_kinds():
        seed = zlib.crc32(net["name"].encode())
        x = np.random.default_rng(seed + 1).normal(0, 1, (2, *net["input"])).astype(np.float32)
        yield net, weights.draw(net, seed), x


def digits(count):
    return idx.read(SAMPLES, "digits-images-idx3-ubyte")[:count, None].astype(np.float32) / 255


def torch_step(options):
    import torch

    import torch_side

    for net, drawn, x in cases():
        model = torch_side.build(net, drawn)
        torch.save(model, str(options.output / "kinds" / f"{net['name']}.pt"))
        np.savez(options.scratch / f"{net['name']}.torch.npz", **torch_side.trace(model, x))
    model = torch.load(str(SAMPLES / "lenet5.pt"), weights_only=False)
    np.savez(options.scratch / "lenet5.torch.npz", **torch_side.trace(model, digits(3)))


def keras2_step(options):
    import keras

    import keras_side

    for net, drawn, x in cases():
        model = keras_side.build(net, drawn)
        model.save(str(options.output / "kinds" / f"{net['name']}.h5"))
        np.savez(options.scratch / f"{net['name']}.keras.npz", **keras_side.trace(model, x))
    model = keras.models.load_model(str(SAMPLES / "lenet5.h5"))
    np.savez(options.scratch / "lenet5.keras.npz", **keras_side.trace(model, digits(3)))


def keras3_step(options):
    import keras_side

    for net, drawn, x in cases():
        if net["name"] in WITH_KERAS3:
            keras_side.build(net, drawn).save(str(options.output / "kinds" / f"{net['name']}.keras3.h5"))
        join(options, net["name"], x, options.output / "kinds")
    join(options, "lenet5", digits(3), options.output / "golden")


def join(options, name, x, folder):
    arrays = steps.joined(options, name, x)
    steps.ends_agree(name, arrays, *ends(arrays))
    np.savez(folder / f"{name}.npz", **arrays)


def ends(arrays):
    """The two last outputs, both as PyTorch lays them out."""
    ours, theirs = (
        [value for key, value in arrays.items() if key.startswith(side)][-1] for side in ("torch/", "keras/"))
    return ours, theirs.transpose(0, 3, 1, 2) if theirs.ndim == 4 else theirs


if __name__ == "__main__":
    steps.run(__doc__, torch=torch_step, keras2=keras2_step, keras3=keras3_step)
