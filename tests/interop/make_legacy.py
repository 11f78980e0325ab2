# SPDX-License-Identifier: GPL-3.0-or-later
"""Networks as Keras 1.2 saved them: tests/data/legacy.

    keras2 -o tests/data/legacy   every network as .h5 and, as .npz, `x` (channels first) and keras/<layer>

Keras 1 cannot be installed any more. Its files are laid out here as those of deeplearning4j's test resources are; what their weights mean
is told by Keras 2.15, which has the rules for loading them (preprocess_weights_for_loading), and for Theano by the definition of a
convolution: its kernels are those of a cross-correlation, turned by 180 degrees (Keras 2.2: conv_utils.convert_kernel).
"""

import argparse
import json
import pathlib

import h5py
import numpy as np
from keras import Sequential, layers
from keras.src.saving.legacy.hdf5_format import preprocess_weights_for_loading
from keras import Model

random = np.random.default_rng(11)


def normal(*shape):
    return random.normal(0, 0.5, shape).astype(np.float32)


def dense(name, inputs, units, activation="linear"):
    return ({"class_name": "Dense", "config": {"name": name, "output_dim": units, "activation": activation, "bias": True, "W_regularizer": None,
                                               "input_dim": inputs}},
            [(f"{name}_W", normal(inputs, units)), (f"{name}_b", normal(units))], layers.Dense(units, activation=activation, name=name))


def conv2d(name, ordering, channels, filters, border, activation, columns=2):
    shape = (filters, channels, 3, columns) if ordering == "th" else (3, columns, channels, filters)
    config = {"name": name, "nb_filter": filters, "nb_row": 3, "nb_col": columns, "border_mode": border, "subsample": [1, 1], "dim_ordering": ordering,
              "activation": activation, "bias": True, "W_regularizer": None}
    today = layers.Conv2D(filters, (3, columns), padding=border, activation=activation, name=name)
    return {"class_name": "Convolution2D", "config": config}, [(f"{name}_W", normal(*shape)), (f"{name}_b", normal(filters))], today


def conv1d(name, channels, filters):
    config = {"name": name, "nb_filter": filters, "filter_length": 3, "border_mode": "same", "subsample_length": 1, "activation": "relu",
              "bias": True, "W_regularizer": None}
    return ({"class_name": "Convolution1D", "config": config}, [(f"{name}_W", normal(3, 1, channels, filters)), (f"{name}_b", normal(filters))],
            layers.Conv1D(filters, 3, padding="same", activation="relu", name=name))


def pool(name, ordering):
    config = {"name": name, "pool_size": [2, 2], "strides": [2, 2], "border_mode": "valid", "dim_ordering": ordering}
    return {"class_name": "MaxPooling2D", "config": config}, [], layers.MaxPooling2D(2, name=name)


NETS = {  # name: shape in the file's own order, whether Theano's, layers
    "line": ((6, 2), False, lambda: [conv1d("convolution1d_1", 2, 3), dense("dense_1", 3, 2, "softmax")]),
    "line_theano": ((6, 2), True, lambda: [conv1d("convolution1d_1", 2, 3)]),
    "image": ((6, 5, 2), False, lambda: [conv2d("convolution2d_1", "tf", 2, 3, "same", "relu"), pool("maxpooling2d_1", "tf")]),
    "image_first": ((2, 6, 5), False, lambda: [conv2d("convolution2d_1", "th", 2, 3, "valid", "tanh"), pool("maxpooling2d_1", "th")]),
    "image_theano": ((6, 5, 2), True, lambda: [conv2d("convolution2d_1", "tf", 2, 3, "valid", "linear")]),
    "image_first_theano": ((2, 6, 5), True, lambda: [conv2d("convolution2d_1", "th", 2, 3, "same", "relu", 3), pool("maxpooling2d_1", "th")]),
}


def write(path, shape, is_theano, told):
    with h5py.File(path, "w") as file:
        configs = [layer for layer, _, _ in told]
        configs[0]["config"]["batch_input_shape"] = [None, *shape]
        file.attrs["keras_version"] = np.bytes_("1.2.2")
        file.attrs["model_config"] = np.bytes_(json.dumps({"class_name": "Sequential", "config": configs}))
        root = file.create_group("model_weights")
        root.attrs["layer_names"] = np.array([layer["config"]["name"] for layer in configs], dtype="S")
        for layer, weights, _ in told:
            group = root.create_group(layer["config"]["name"])
            names = [name + ("" if is_theano else ":0") for name, _ in weights]
            group.attrs["weight_names"] = np.array(names, dtype="S") if names else np.zeros(0, dtype="S1")
            for name, (_, values) in zip(names, weights):
                group.create_dataset(name, data=values)


def judged(shape, first, is_theano, told, x):
    """The layers' outputs by Keras 2.15, batch first and in the file's own order of axes."""
    model = Sequential([layers.Input((*shape[1:], shape[0]) if first else shape), *[today for _, _, today in told]])
    for _, weights, today in told:
        values = [np.array(values) for _, values in weights]
        if values and isinstance(today, layers.Conv2D) and first:
            values[0] = np.transpose(values[0], (2, 3, 1, 0))  # what Keras does for channels_first, which TensorFlow cannot run on a CPU
        values = preprocess_weights_for_loading(today, values, "1", None) if values else values
        if values and is_theano and isinstance(today, (layers.Conv1D, layers.Conv2D)):
            values[0] = values[0][(slice(None, None, -1),) * (values[0].ndim - 2)]
        today.set_weights(values)
    outputs = Model(model.inputs, [today.output for _, _, today in told])(np.moveaxis(x, 1, -1) if first else x)
    outputs = outputs if isinstance(outputs, list) else [outputs]
    return {f"keras/{today.name}": np.moveaxis(np.array(value), -1, 1) if first and value.ndim == 4 else np.array(value)
            for (_, _, today), value in zip(told, outputs)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("step", choices=("keras2",))
    parser.add_argument("-o", "--output", type=pathlib.Path, required=True)
    folder = parser.parse_args().output
    folder.mkdir(parents=True, exist_ok=True)
    for name, (shape, is_theano, make) in NETS.items():
        told = make()
        first = name.startswith("image_first")
        x = normal(2, *shape)
        write(folder / f"{name}.h5", shape, is_theano, told)
        arrays = judged(shape, first, is_theano, told, x)
        channels_last = len(shape) > 1 and not first
        np.savez(folder / f"{name}.npz", x=np.moveaxis(x, -1, 1) if channels_last and name.startswith(("image", "line")) else x, **arrays)


if __name__ == "__main__":
    main()
