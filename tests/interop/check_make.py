# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the files that `tieout` is asked about, and what the real frameworks compute. One call in each environment:

    check_make.py torch|keras2|keras3 WORK SEED...

WORK/<case>/: a.pt and its twin b.h5, a_state.pt; other.pt, other_state.pt, other.h5 (the same networks with other
weights); wrong.h5 (the twin with one fault); x.npy; <file>.npz with every layer's output. The case "lenet5" takes the
sample files; cases "alone<seed>" have alone.pt and alone.h5, which are no pair.
"""

import json
import pathlib
import shutil
import sys

import numpy as np

import generator
import idx
import weights

HERE = pathlib.Path(__file__).resolve().parent
SAMPLES = HERE.parents[1] / "resources" / "samples"
DATA = HERE.parent / "data"


def noise(net, seed):
    return np.random.default_rng(seed + 2).normal(0, 1, (3, *net["input"])).astype(np.float32)


def folder(work, name):
    made = work / name
    made.mkdir(parents=True, exist_ok=True)
    return made


def torch_side(work, seeds):
    import torch

    import torch_side as side

    def save(case, name, model, x=None):
        torch.save(model, str(case / f"{name}.pt"))
        torch.save(model.state_dict(), str(case / f"{name}_state.pt"))
        if x is not None:
            np.savez(case / f"{name}.pt.npz", **side.trace(model, x))

    for seed in seeds:
        case, net = folder(work, str(seed)), generator.make(seed)
        (case / "net.json").write_text(json.dumps(net, indent=1))
        x = noise(net, seed)
        np.save(case / "x.npy", x)
        save(case, "a", side.build(net, weights.draw(net, seed)), x)
        save(case, "other", side.build(net, weights.draw(net, seed + 5000)))
        case, net = folder(work, f"alone{seed}"), generator.alone_torch(seed)
        np.save(case / "pt.npy", noise(net, seed))
        save(case, "alone", side.build(net, weights.draw(net, seed)), noise(net, seed))
    case = folder(work, "lenet5")
    model = torch.load(str(SAMPLES / "lenet5.pt"), weights_only=False)
    x = idx.read(SAMPLES, "digits-images-idx3-ubyte")[:8, None].astype(np.float32) / 255
    np.save(case / "x.npy", x)
    save(case, "a", model, x)
    shutil.copy(SAMPLES / "lenet5.pt", case / "a.pt")
    shutil.copy(DATA / "lenet5_checkpoint.pt", case / "a_state.pt")
    torch.manual_seed(1)
    for module in model:
        if hasattr(module, "reset_parameters"):
            module.reset_parameters()
    save(case, "other", model)


def keras_side(work, seeds, env):
    import keras

    import keras_side as side

    def save(case, name, net, drawn, x=None):
        model = side.build(net, drawn)
        model.save(str(case / f"{name}.h5"))
        if x is not None:
            np.savez(case / f"{name}.h5.npz", **side.trace(model, x))

    for seed in seeds:
        net, case = generator.make(seed), folder(work, str(seed))
        if net["writer"] != env:
            continue
        drawn, x = weights.draw(net, seed), noise(net, seed)
        save(case, "b", net, drawn, x)
        save(case, "other", net, weights.draw(net, seed + 5000))
        spoiled, changed, what = generator.spoil(net, drawn, seed)
        save(case, "wrong", spoiled, changed, x)
        (case / "fault.txt").write_text(what)
        net, case = generator.alone_keras(seed), folder(work, f"alone{seed}")
        np.save(case / "h5.npy", noise(net, seed))
        save(case, "alone", net, weights.draw(net, seed), noise(net, seed))
    if env == "keras2":
        case = folder(work, "lenet5")
        x = np.load(case / "x.npy")
        for name, source in (("b", "lenet5.h5"), ("wrong", "lenet5_keras.h5"), ("other", "lenet5_keras.h5")):
            shutil.copy(SAMPLES / source, case / f"{name}.h5")
            model = keras.models.load_model(str(case / f"{name}.h5"))
            np.savez(case / f"{name}.h5.npz", **side.trace(model, x))


def main():
    env, work, seeds = sys.argv[1], pathlib.Path(sys.argv[2]), [int(seed) for seed in sys.argv[3:]]
    torch_side(work, seeds) if env == "torch" else keras_side(work, seeds, env)


if __name__ == "__main__":
    main()
