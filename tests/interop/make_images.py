# SPDX-License-Identifier: GPL-3.0-or-later
"""Windows over images of one, two and three dimensions, as Sequentials of both frameworks with the same weights.

    torch  -o tests/data/kinds --scratch DIR   <name>.pt and every module's output
    keras2 ...                                 the same functions as <name>.h5 and every layer's output
    keras3 ...                                 some of them as <name>.keras3.h5; then joins all into <name>.npz

tests/interop/goldens runs them in this order. Weights are drawn in PyTorch's layouts. A network ends early where the two disagree.
"""

import argparse
import pathlib
import zlib

import numpy as np


class Row:
    """A layer of both frameworks; None where one has it not. `rank` of its window's dimensions."""

    def __init__(self, torch, keras, weights=lambda values: values):
        self.torch, self.keras, self.weights = torch, keras, weights


def conv_weights(values):
    """(o, i, window) to (window, i, o)."""
    kernel = values[0]
    return [kernel.transpose(*range(2, kernel.ndim), 1, 0), *values[1:]]


def depthwise_weights(channels):
    def convert(values):
        kernel = values[0]
        apart = kernel.reshape(channels, -1, *kernel.shape[2:])
        return [apart.transpose(*range(2, apart.ndim), 0, 1), *values[1:]]
    return convert


def conv(rank, i, o, k, torch=None, **keras):
    return Row(lambda nn: getattr(nn, f"Conv{rank}d")(i, o, k, **(torch or {})), lambda k_: getattr(k_, f"Conv{rank}D")(o, k, **keras),
               conv_weights)


def depthwise(rank, channels, multiplier, k, torch=None, **keras):
    return Row(lambda nn: getattr(nn, f"Conv{rank}d")(channels, channels * multiplier, k, groups=channels, **(torch or {})),
               lambda k_: getattr(k_, f"DepthwiseConv{rank}D")(k, depth_multiplier=multiplier, **keras), depthwise_weights(channels))


def transposed(rank, i, o, k, torch=None, **keras):
    return Row(lambda nn: getattr(nn, f"ConvTranspose{rank}d")(i, o, k, **(torch or {})),
               lambda k_: getattr(k_, f"Conv{rank}DTranspose")(o, k, **keras), conv_weights)


def pool(sort, rank, torch, keras):
    names = {"max": ("MaxPool", "MaxPooling"), "avg": ("AvgPool", "AveragePooling")}[sort]
    return Row(lambda nn: getattr(nn, f"{names[0]}{rank}d")(**torch), lambda k: getattr(k, f"{names[1]}{rank}D")(**keras))


def whole(sort, rank):
    names = {"max": ("AdaptiveMaxPool", "GlobalMaxPooling"), "avg": ("AdaptiveAvgPool", "GlobalAveragePooling")}[sort]
    return Row(lambda nn: getattr(nn, f"{names[0]}{rank}d")(1), lambda k: getattr(k, f"{names[1]}{rank}D")(keepdims=True))


def pad(rank, torch, keras):
    return Row(lambda nn: getattr(nn, f"ZeroPad{rank}d")(torch), lambda k: getattr(k, f"ZeroPadding{rank}D")(keras))


TORCH, KERAS = "torch", "keras"
# name: input (PyTorch's layout, without batch), rows; one-sided ones say of whom
NETS = {
    "line_conv": ((3, 11), [conv(1, 3, 4, 3), conv(1, 4, 6, 3, {"padding": 2, "dilation": 2}, padding="same", dilation_rate=2),
                            conv(1, 6, 4, 2, {"groups": 2, "stride": 2, "bias": False}, groups=2, strides=2, use_bias=False)]),
    "line_causal": ((3, 11), [pad(1, (4, 0), (4, 0)), conv(1, 3, 4, 3, {"dilation": 2}, dilation_rate=2)]),
    "line_pools": ((2, 13), [pool("max", 1, {"kernel_size": 2}, {"pool_size": 2}),
                             pool("avg", 1, {"kernel_size": 2, "stride": 1}, {"pool_size": 2, "strides": 1}), whole("avg", 1)]),
    "line_highest": ((2, 9), [conv(1, 2, 3, 2), whole("max", 1)]),
    "image_highest": ((2, 5, 6), [conv(2, 2, 3, 2), whole("max", 2)]),
    "volume_conv": ((2, 6, 5, 7), [conv(3, 2, 4, 3, {"padding": 1}, padding="same"), conv(3, 4, 6, (1, 2, 2), {"groups": 2}, groups=2)]),
    "volume_pools": ((2, 7, 6, 5), [pad(3, (1, 0, 2, 1, 0, 2), ((0, 2), (2, 1), (1, 0))), pool("max", 3, {"kernel_size": (2, 3, 2)}, {"pool_size": (2, 3, 2)}),
                                    pool("avg", 3, {"kernel_size": 2, "stride": 1}, {"pool_size": 2, "strides": 1}), whole("avg", 3)]),
    "volume_highest": ((2, 3, 4, 3), [conv(3, 2, 3, 2), whole("max", 3)]),
    "depthwise": ((3, 8, 7), [depthwise(2, 3, 1, 3, {"padding": 1}, padding="same"), depthwise(2, 3, 2, (2, 3)),
                              depthwise(2, 6, 1, 3, {"bias": False, "stride": 2}, use_bias=False, strides=2)]),
    "depthwise_wide": ((45, 6, 5), [depthwise(2, 45, 1, 3)]),
    "line_depthwise": ((4, 12), [depthwise(1, 4, 2, 3), depthwise(1, 8, 1, 2)]),
    "transposed": ((3, 4, 5), [transposed(2, 3, 4, 3), transposed(2, 4, 2, 2, {"stride": 2}, strides=2),
                               transposed(2, 2, 3, 4, {"stride": 2, "padding": 1}, strides=2, padding="same"),
                               transposed(2, 3, 2, 2, {"stride": 3, "output_padding": 1, "bias": False}, strides=3, use_bias=False)]),
    "line_transposed": ((3, 6), [transposed(1, 3, 4, 3), transposed(1, 4, 2, 4, {"stride": 2, "padding": 1}, strides=2, padding="same")]),
    "volume_transposed": ((2, 3, 4, 2), [transposed(3, 2, 3, 2, {"stride": (2, 1, 2)}, strides=(2, 1, 2))]),
    "transposed_torch": ((4, 5, 4), [Row(lambda nn: nn.ConvTranspose2d(4, 6, 3, 2, 1, 1, groups=2), None),
                                     Row(lambda nn: nn.ConvTranspose2d(6, 3, (3, 2), (2, 3), (2, 0), (0, 1), groups=3, dilation=(2, 1)), None),
                                     Row(lambda nn: nn.ConvTranspose2d(3, 2, 3, 1, 2), None)]),
    "transposed_keras": ((3, 4, 5), [Row(None, lambda k, s=s: k.Conv2DTranspose(3, *s)) for s in ((3, 2, "same"), (5, 3, "same"), (3, 1, "same"))]),
    "transposed_wide_keras": ((3, 2, 3), [Row(None, lambda k, s=s: k.Conv2DTranspose(3, *s)) for s in ((2, 3, "same"), (2, 3, "valid"))]),
    "transposed_odd_keras": ((3, 2, 3), [Row(None, lambda k: k.Conv2DTranspose(2, 3, 2, "same", output_padding=1)),
                                         Row(None, lambda k: k.Conv2DTranspose(2, 4, 3, "valid", output_padding=(1, 2)))]),
    "line_transposed_keras": ((3, 5), [Row(None, lambda k: k.Conv1DTranspose(2, 3, 2, "same")), Row(None, lambda k: k.Conv1DTranspose(2, 2, 3))]),
    "volume_transposed_keras": ((2, 3, 2, 3), [Row(None, lambda k: k.Conv3DTranspose(2, 3, 2, "same"))]),
    "first_keras": ((3, 8, 7), [Row(None, lambda k: k.Conv2D(4, 3, padding="same", strides=2, activation="tanh", data_format="channels_first")),
                                Row(None, lambda k: k.ZeroPadding2D(((0, 1), (2, 1)), data_format="channels_first")),
                                Row(None, lambda k: k.MaxPooling2D(2, 1, data_format="channels_first")),
                                Row(None, lambda k: k.DepthwiseConv2D(2, depth_multiplier=2, data_format="channels_first")),
                                Row(None, lambda k: k.Conv2DTranspose(3, 3, 2, "same", data_format="channels_first")),
                                Row(None, lambda k: k.GlobalAveragePooling2D(data_format="channels_first")), Row(None, lambda k: k.Dense(2))]),
    "modes_torch": ((3, 8, 7), [Row(lambda nn, mode=mode: nn.Conv2d(3, 3, 3, padding=(2, 1), padding_mode=mode), None)
                                for mode in ("reflect", "replicate", "circular")]),
    "line_modes_torch": ((3, 8), [Row(lambda nn, mode=mode: nn.Conv1d(3, 3, 4, padding="same", padding_mode=mode), None)
                                  for mode in ("reflect", "replicate", "circular")]),
    "volume_modes_torch": ((2, 4, 5, 4), [Row(lambda nn, mode=mode: nn.Conv3d(2, 2, 3, padding=1, padding_mode=mode), None)
                                          for mode in ("reflect", "replicate", "circular")]),
    "line_settings_torch": ((2, 14), [Row(lambda nn: nn.MaxPool1d(3, 2, 1, ceil_mode=True), None),
                                      Row(lambda nn: nn.AvgPool1d(3, 2, 1, ceil_mode=True), None),
                                      Row(lambda nn: nn.AvgPool1d(3, 1, 1, count_include_pad=False), None)]),
    "volume_settings_torch": ((2, 8, 9, 8), [Row(lambda nn: nn.MaxPool3d(3, 2, 1, ceil_mode=True), None),
                                             Row(lambda nn: nn.AvgPool3d(2, 1, 1, count_include_pad=False), None),
                                             Row(lambda nn: nn.AvgPool3d(2, 2, divisor_override=3), None)]),
    "line_keras": ((3, 10), [Row(None, lambda k: k.Conv1D(4, 3, padding="causal", dilation_rate=2)), Row(None, lambda k: k.Conv1D(3, 2, strides=2, padding="causal")),
                             Row(None, lambda k: k.AveragePooling1D(3, 2, padding="same"))]),
    "volume_keras": ((2, 6, 7, 5), [Row(None, lambda k: k.Conv3D(3, (2, 3, 4), strides=(2, 1, 1), padding="same")), Row(None, lambda k: k.MaxPooling3D(3, 2, padding="same")),
                                    Row(None, lambda k: k.AveragePooling3D((1, 2, 3), 1, padding="same")), Row(None, lambda k: k.GlobalAveragePooling3D())]),
    "separable_keras": ((3, 9, 8), [Row(None, lambda k: k.SeparableConv2D(4, 3, depth_multiplier=2, padding="same", activation="tanh")),
                                    Row(None, lambda k: k.SeparableConv2D(5, 2, strides=2, use_bias=False)), Row(None, lambda k: k.DepthwiseConv2D(3, strides=2, padding="same"))]),
    "line_separable_keras": ((3, 9), [Row(None, lambda k: k.SeparableConv1D(4, 3, padding="same")), Row(None, lambda k: k.GlobalMaxPooling1D())]),
}
WITH_KERAS3 = ("line_conv", "volume_conv", "depthwise", "line_depthwise", "separable_keras", "line_separable_keras", "line_keras", "volume_pools")


def sided(name):
    return name.rsplit("_", 1)[1] if name.endswith(("_torch", "_keras")) else None


def random_of(name, offset=0):
    return np.random.default_rng(zlib.crc32(name.encode()) + offset)


def inputs(name):
    return random_of(name, 1).normal(0, 1, (2, *NETS[name][0])).astype(np.float32)


def last(values):
    """Channels last, of what has them."""
    return np.moveaxis(values, 1, -1) if values.ndim > 2 else values


def redrawn(name, shapes):
    random = random_of(name)
    return [[random.normal(0, 0.5, shape).astype(np.float32) for shape in layer] for layer in shapes]


def torch_step(options):
    import torch
    from torch import nn

    import torch_side

    for name, (_, rows) in NETS.items():
        if sided(name) == KERAS:
            continue
        model = nn.Sequential(*[row.torch(nn) for row in rows]).eval()
        drawn = redrawn(name, [[tuple(p.shape) for p in module.parameters()] for module in model])
        with torch.no_grad():
            for module, values in zip(model, drawn):
                for parameter, value in zip(module.parameters(), values):
                    parameter.copy_(torch.from_numpy(value))
        torch.save(model, str(options.output / f"{name}.pt"))
        np.savez(options.scratch / f"{name}.torch.npz", **torch_side.trace(model, inputs(name)))
        np.savez(options.scratch / f"{name}.weights.npz", **{f"{i}/{k}": value for i, values in enumerate(drawn) for k, value in enumerate(values)})


class Last:
    """keras.layers, of which no layer has its channels first: TensorFlow computes those on no CPU."""

    def __init__(self, layers):
        self.layers = layers

    def __getattr__(self, name):
        return lambda *args, data_format=None, **settings: getattr(self.layers, name)(*args, **settings)


def keras_model(keras, name, scratch, is_last=True):
    shape, rows = NETS[name]
    made = last(np.zeros((1, *shape))).shape[1:] if is_last else shape
    model = keras.Sequential([keras.layers.Input(made), *[row.keras(Last(keras.layers) if is_last else keras.layers) for row in rows]])
    if sided(name) == KERAS:
        drawn = redrawn(name, [[tuple(w.shape) for w in layer.get_weights()] for layer in model.layers])
    else:
        with np.load(scratch / f"{name}.weights.npz") as file:
            drawn = [row.weights([file[f"{i}/{k}"] for k in range(9) if f"{i}/{k}" in file.files]) if f"{i}/0" in file.files else []
                     for i, row in enumerate(rows)]
    for layer, values in zip(model.layers, drawn):
        layer.set_weights(values)
    return model


def keras_trace(model, name):
    seen, value = {}, last(inputs(name))
    for layer in model.layers:
        value = layer(value, training=False) if type(layer).__name__.startswith("Random") else layer(value)
        seen[layer.name] = np.asarray(value)
    return seen


def keras2_step(options):
    import keras

    for name in NETS:
        if sided(name) == TORCH:
            continue
        keras.backend.clear_session()
        model = keras_model(keras, name, options.scratch)
        seen = keras_trace(model, name)
        if name.startswith("first"):
            keras.backend.clear_session()
            model = keras_model(keras, name, options.scratch, False)
            seen = {key: np.moveaxis(value, -1, 1) if value.ndim > 2 else value for key, value in seen.items()}
        model.save(str(options.output / f"{name}.h5"))
        np.savez(options.scratch / f"{name}.keras.npz", **seen)


def keras3_step(options):
    import keras

    for name in NETS:
        side = sided(name)
        if name in WITH_KERAS3:
            keras.backend.clear_session()
            keras_model(keras, name, options.scratch).save(str(options.output / f"{name}.keras3.h5"))
        arrays = {"x": inputs(name)}
        for one in (side,) if side else (TORCH, KERAS):
            with np.load(options.scratch / f"{name}.{one}.npz") as file:
                arrays.update({f"{one}/{key}": file[key] for key in file.files})
        if not side:
            ours, theirs = ([value for key, value in arrays.items() if key.startswith(f"{one}/")][-1] for one in (TORCH, KERAS))
            worst = float(np.abs(last(ours) - theirs).max() / max(1, np.abs(theirs).max()))
            print(f"{name}: ends differ by {worst:.1e}")
            if worst > 1e-5:
                raise SystemExit(f"{name}: the two frameworks do not compute the same")
        np.savez(options.output / f"{name}.npz", **arrays)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("step", choices=["torch", "keras2", "keras3"])
    parser.add_argument("-o", "--output", type=pathlib.Path, required=True)
    parser.add_argument("--scratch", type=pathlib.Path, required=True)
    options = parser.parse_args()
    {"torch": torch_step, "keras2": keras2_step, "keras3": keras3_step}[options.step](options)


if __name__ == "__main__":
    main()
