# SPDX-License-Identifier: GPL-3.0-or-later
"""Networks of net.py in Keras 2 or 3, whichever is installed, and what every layer of one gives."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")
os.environ.setdefault("TF_NUM_INTEROP_THREADS", "1")
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
os.environ["KERAS_BACKEND"] = "tensorflow"

import keras
import numpy as np

import weights


def channels_last(shape):
    return tuple(shape[1:]) + (shape[0],) if len(shape) == 3 else tuple(shape)


def moved(x):
    """(N, C, H, W) to (N, H, W, C); other ranks stay."""
    return np.ascontiguousarray(x.transpose(0, 2, 3, 1)) if x.ndim == 4 else x


def build(net, drawn):
    """keras.Sequential; layer names count from the start."""
    keras.backend.clear_session()
    model = keras.Sequential([keras.layers.InputLayer(channels_last(net["input"]))])
    for block, values in zip(net["blocks"], drawn):
        for entry in block["keras"]:
            made = getattr(keras.layers, entry["class"])(**entry["args"])
            model.add(made)
            if values and made.weights:
                made.set_weights(weights.for_keras(block, values))
    return model


def trace(model, x):
    """{layer name: output}, in order. x: (N, C, H, W) or (N, F) float32 array."""
    seen, value = {}, moved(x)
    for entry in model.layers:
        value = entry(value, training=False) if _trains(entry) else entry(value)
        seen[entry.name] = np.asarray(value)
    return seen


def _trains(entry):
    return type(entry).__name__ in ("Dropout", "BatchNormalization")
