# SPDX-License-Identifier: GPL-3.0-or-later
"""What the makers of tests/data share: one step for each environment, and what the frameworks gave joined into one file."""

import argparse
import pathlib

import numpy as np


def run(description, **steps):
    """Carries out the step that the command line names, with `output` and `scratch` as folders."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("step", choices=list(steps))
    parser.add_argument("-o", "--output", type=pathlib.Path, required=True)
    parser.add_argument("--scratch", type=pathlib.Path, required=True)
    options = parser.parse_args()
    steps[options.step](options)


def joined(options, name, x, sides=("torch", "keras")):
    """`x`, and what each side's step has left in NAME.SIDE.npz, as SIDE/KEY."""
    arrays = {"x": x}
    for side in sides:
        with np.load(options.scratch / f"{name}.{side}.npz") as file:
            arrays.update({f"{side}/{key}": file[key] for key in file.files})
    return arrays


def ends_agree(name, arrays, ours, theirs):
    """Stops where the two ends, in one layout, are further apart than rounding."""
    worst = float(np.abs(ours - theirs).max() / max(1, np.abs(theirs).max()))
    print(f"{name}: {len(arrays) - 1} layers, ends differ by {worst:.1e}")
    if worst > 1e-5:
        raise SystemExit(f"{name}: the two frameworks do not compute the same")


def save_program(model, x, path):
    """torch.export.save without the folders of the machine that the file was made on, which the nodes name."""
    import torch

    program = torch.export.export(model, (x,))
    for node in program.graph.nodes:
        node.meta.pop("stack_trace", None)
    torch.export.save(program, str(path))
