# SPDX-License-Identifier: GPL-3.0-or-later
"""Weights and their architecture in files of their own: tests/data/apart.

    keras2 -o tests/data/apart   keras2/: net.weights.h5, net_old_weights.h5 (the HDF5 of Keras 1 and 2), net.json and the whole net.h5
    keras3 -o tests/data/apart   keras3/: the same without the old one

Beside them lie a JSON of a network that the weights do not fit (other.json), and in twice/ one that fits two (first.json, second.json).
"""

import argparse
import pathlib
import shutil

import keras
from keras import layers


def net(units=5, activation="relu"):
    keras.utils.set_random_seed(3)
    x = keras.Input((6, 6, 1), name="picture")
    conv = layers.Conv2D(4, 3, activation=activation, name="conv")(x)
    norm = layers.BatchNormalization(epsilon=0.01, name="norm")(conv)
    both = layers.Add(name="both")([conv, norm])
    flat = layers.Flatten(name="flat")(layers.MaxPooling2D(2, name="pool")(both))
    return keras.Model(x, layers.Dense(units, activation="softmax", name="dense")(flat))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("step", choices=("keras2", "keras3"))
    parser.add_argument("-o", "--output", required=True, type=pathlib.Path)
    arguments = parser.parse_args()
    folder = arguments.output / arguments.step
    (folder / "twice").mkdir(parents=True, exist_ok=True)
    model = net()
    model.save_weights(folder / "net.weights.h5")
    model.save(folder / "net.h5")
    (folder / "net.json").write_text(model.to_json())
    (folder / "other.json").write_text(net(units=7).to_json())
    shutil.copy(folder / "net.weights.h5", folder / "twice" / "weights.weights.h5")
    (folder / "twice" / "first.json").write_text(model.to_json())
    (folder / "twice" / "second.json").write_text(net(activation="tanh").to_json())
    if arguments.step == "keras2":
        model.save_weights(folder / "net_old_weights.h5", save_format="h5")


if __name__ == "__main__":
    main()
