# SPDX-License-Identifier: GPL-3.0-or-later
"""Random weights of a network (see net.py), kept in PyTorch's layout, one dict of arrays for each block or None."""

import numpy as np

PARAMETRIC = ("Conv2d", "Linear", "BatchNorm1d", "BatchNorm2d")


def parametric(layers):
    """The one layer of a block that has weights, or None."""
    found = [entry for entry in layers if entry["class"] in PARAMETRIC]
    return found[0] if found else None


def _block(entry, random):
    args = entry["args"]
    if entry["class"].startswith("BatchNorm"):
        count = args["num_features"]
        drawn = {
            "weight": random.uniform(0.5, 1.5, count) * random.choice([-1, 1], count),
            "bias": random.normal(0, 0.3, count),
            "running_mean": random.normal(0, 0.5, count),
            "running_var": random.uniform(0.2, 2.0, count),
        }
        if not args["affine"]:
            del drawn["weight"], drawn["bias"]
        return drawn
    if entry["class"] == "Linear":
        shape = (args["out_features"], args["in_features"])
    else:
        shape = (args["out_channels"], args["in_channels"] // args["groups"], *args["kernel_size"])
    drawn = {"weight": random.normal(0, 1.2 / np.sqrt(np.prod(shape[1:])), shape)}
    if args["bias"]:
        drawn["bias"] = random.normal(0, 0.3, shape[0])
    return drawn


def draw(net, seed):
    random = np.random.default_rng(seed)
    drawn = []
    for block in net["blocks"]:
        entry = parametric(block["torch"])
        values = _block(entry, random) if entry else None
        drawn.append(values and {name: value.astype(np.float32) for name, value in values.items()})
    return drawn


def save(path, drawn):
    np.savez(path, **{f"{i}/{name}": value for i, values in enumerate(drawn) if values
                      for name, value in values.items()})


def load(path, count):
    drawn = [None] * count
    with np.load(path) as file:
        for key in file.files:
            index, name = key.split("/")
            drawn[int(index)] = (drawn[int(index)] or {}) | {name: file[key]}
    return drawn


def for_keras(block, values):
    """The list for the Keras layer's set_weights: axes moved, and the rows after a Flatten from C,H,W to H,W,C order."""
    kind, flat = parametric(block["torch"])["class"], block["flat"]
    if kind.startswith("BatchNorm"):
        names = [name for name in ("weight", "bias", "running_mean", "running_var") if name in values]
        return [values[n].reshape(flat).transpose(1, 2, 0).ravel() if flat else values[n] for n in names]
    kernel = values["weight"]
    if kind == "Conv2d":
        kernel = kernel.transpose(2, 3, 1, 0)
    elif flat:
        kernel = kernel.reshape(-1, *flat).transpose(2, 3, 1, 0).reshape(-1, kernel.shape[0])
    else:
        kernel = kernel.T
    return [kernel] + ([values["bias"]] if "bias" in values else [])
