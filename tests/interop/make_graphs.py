# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes tests/data/graphs: pairs of branching networks as torch.jit.trace, torch.export and Keras 2 list them, with weights that differ.

usage: make_graphs.py torch|keras2 -o tests/data

residual: a shortcut of the shape of the last convolution beside it; Keras lists the shortcut first. towers: two stacks of equal shapes, joined
in the same order, listed in another. heads: two heads of one size, told apart by their names only. norms: BatchNorms of one size whose
names agree crosswise to their order. order: three layers of one size that PyTorch registers in another order than it calls them in, with
names of their own and without, and Keras' with the same weights and with others.
"""
import argparse
import os
from pathlib import Path

import numpy as np

import steps

parser = argparse.ArgumentParser()
parser.add_argument("step", choices=["torch", "keras2"])
parser.add_argument("-o", "--output", type=Path, required=True)
arguments = parser.parse_args()
folder = arguments.output / "graphs"
folder.mkdir(parents=True, exist_ok=True)
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
draw = np.random.default_rng(5)
kernels = [draw.normal(0, 1, (6, 6)).astype(np.float32) for _ in range(3)]
biases = [draw.normal(0, 1, 6).astype(np.float32) for _ in range(3)]


def make_torch():
    import torch
    from torch import nn

    torch.manual_seed(5)

    class Residual(nn.Module):
        def __init__(self):
            super().__init__()
            self.stem, self.norm = nn.Conv2d(3, 8, 3, padding=1), nn.BatchNorm2d(8)
            self.one, self.two, self.three = nn.Conv2d(8, 4, 1), nn.Conv2d(4, 8, 3, padding=1), nn.Conv2d(8, 8, 1)
            self.skip, self.fc = nn.Conv2d(8, 8, 1), nn.Linear(8, 5)

        def forward(self, x):
            x = torch.relu(self.norm(self.stem(x)))
            y = self.three(torch.relu(self.two(torch.relu(self.one(x)))))
            return self.fc(torch.relu(y + self.skip(x)).mean((2, 3)))

    class Towers(nn.Module):
        def __init__(self):
            super().__init__()
            self.a = nn.Sequential(nn.Linear(6, 6), nn.Tanh(), nn.Linear(6, 6))
            self.b = nn.Sequential(nn.Linear(6, 6), nn.Tanh(), nn.Linear(6, 6))
            self.end = nn.Linear(12, 2)

        def forward(self, x):
            return self.end(torch.cat([self.a(x), self.b(x)], 1))

    class Heads(nn.Module):
        def __init__(self):
            super().__init__()
            self.body, self.mean, self.log_var = nn.Linear(6, 6), nn.Linear(6, 3), nn.Linear(6, 3)

        def forward(self, x):
            x = torch.tanh(self.body(x))
            return self.mean(x), self.log_var(x)

    for name, model, x in (("residual", Residual(), torch.rand(2, 3, 6, 6)), ("towers", Towers(), torch.rand(2, 6)), ("heads", Heads(), torch.rand(2, 6))):
        torch.jit.trace(model.eval(), x).save(folder / f"{name}.traced.pt")
        steps.save_program(model, x, folder / f"{name}.pt2")
    norms = nn.Sequential()
    for name in ("bn_1", "bn_2"):
        norms.add_module(name, nn.BatchNorm2d(4))
        nn.init.normal_(norms[-1].weight)
    torch.save(norms.state_dict(), folder / "norms.pt")
    for name, called in (("order", ("l.2", "l.0", "l.1")), ("order_named", ("third", "first", "second"))):
        state = {}
        for layer, place in zip(called, (2, 0, 1)):
            state[layer + ".weight"], state[layer + ".bias"] = torch.tensor(kernels[place].T.copy()), torch.tensor(biases[place])
        torch.save(state, folder / f"{name}.pt")


def make_keras():
    import tensorflow as tf
    from tensorflow import keras

    layers = keras.layers
    tf.keras.utils.set_random_seed(7)

    x = layers.Input((6, 6, 3))
    stem = layers.ReLU()(layers.BatchNormalization()(layers.Conv2D(8, 3, padding="same")(x)))
    skip = layers.Conv2D(8, 1)(stem)
    y = layers.Conv2D(4, 1, activation="relu")(stem)
    y = layers.Conv2D(8, 3, padding="same", activation="relu")(y)
    y = layers.ReLU()(layers.Add()([skip, layers.Conv2D(8, 1)(y)]))
    keras.Model(x, layers.Dense(5)(layers.GlobalAveragePooling2D()(y))).save(folder / "residual.h5")

    x = layers.Input((6,))
    b = layers.Dense(6)(layers.Dense(6, activation="tanh")(x))
    a = layers.Dense(6)(layers.Dense(6, activation="tanh")(x))
    keras.Model(x, layers.Dense(2)(layers.Concatenate()([a, b]))).save(folder / "towers.h5")

    x = layers.Input((6,))
    body = layers.Dense(6, activation="tanh")(x)
    spread = layers.Dense(3, name="logVar")(body)
    keras.Model(x, [layers.Dense(3, name="Mean")(body), spread]).save(folder / "heads.h5")

    x = layers.Input((4, 4, 4))
    y = layers.BatchNormalization(name="bn2")(x)
    keras.Model(x, layers.BatchNormalization(name="bn1")(y)).save(folder / "norms.h5")

    for name, titles, factor in (("order", ("dense", "dense_1", "dense_2"), 1), ("order_other", ("dense", "dense_1", "dense_2"), 0.5), ("order_named", ("first", "second", "third"), 0.5)):
        model = keras.Sequential([layers.Input((6,))] + [layers.Dense(6, name=title) for title in titles])
        model.set_weights([factor * value for pair in zip(kernels, biases) for value in pair])
        model.save(folder / f"{name}.h5")


make_torch() if arguments.step == "torch" else make_keras()
