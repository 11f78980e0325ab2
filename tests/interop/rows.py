# SPDX-License-Identifier: GPL-3.0-or-later
"""Sequentials of both frameworks with the same weights, told row by row: what the makers of the kinds' goldens share."""

import zlib

import numpy as np

import steps

TORCH, KERAS, KERAS3 = "torch", "keras", "keras3"


class Row:
    """A layer of both frameworks, each made from the framework's module of layers; None where one has it not. `weights` brings PyTorch's
    parameters into Keras' layouts."""

    def __init__(self, torch=None, keras=None, weights=lambda values: values):
        self.torch, self.keras, self.weights = torch, keras, weights


def function(compute):
    """A module of PyTorch that has no class of its own."""
    def make(nn):
        class Function(nn.Module):
            def forward(self, x):
                return compute(x)
        return Function()
    return Row(torch=make)


class Net:
    """`shape` without batch, in PyTorch's layout; `moves`: Keras has the channels last. `also`: other files of the same network, "trace",
    "pt2" (PyTorch), "keras3"; "functions": PyTorch's own is a trace, since it has no classes for what it computes. A network of Keras 3 alone is run by it. `file`: how Keras' own is called."""

    def __init__(self, shape, rows, sides=(TORCH, KERAS), also=(), moves=True, file="h5", positive=False):
        self.shape, self.rows, self.sides, self.also = shape, rows, sides, also
        self.moves, self.file, self.positive = moves, file, positive

    def last(self, values):
        return np.moveaxis(values, 1, -1) if self.moves and values.ndim > 2 else values


def random_of(name, salt=0):
    return np.random.default_rng(zlib.crc32(name.encode()) + salt)


def inputs(name, net):
    values = random_of(name, 1).normal(0, 1.5, (2, *net.shape)).astype(np.float32)
    return np.abs(values) + np.float32(0.1) if net.positive else values


def redrawn(name, shapes):
    """One list of arrays for each layer; buffers and variances are drawn too, so none is negative."""
    random = random_of(name)
    return [[np.abs(random.normal(0, 0.5, shape)).astype(np.float32) + np.float32(0.25) if is_positive
             else random.normal(0, 0.5, shape).astype(np.float32) for shape, is_positive in layer] for layer in shapes]


def torch_values(module):
    """Parameters and floating buffers, by name."""
    return {key: value for key, value in module.state_dict(keep_vars=True).items() if value.is_floating_point()}


def torch_step(nets, options):
    import torch
    from torch import nn

    import torch_side

    for name, net in nets.items():
        if TORCH not in net.sides:
            continue
        model = nn.Sequential(*[row.torch(nn) for row in net.rows]).eval()
        drawn = redrawn(name, [[(tuple(value.shape), "var" in key) for key, value in torch_values(module).items()] for module in model])
        with torch.no_grad():
            for module, values in zip(model, drawn):
                for parameter, value in zip(torch_values(module).values(), values):
                    parameter.copy_(torch.from_numpy(value))
        x = inputs(name, net)
        one = torch.from_numpy(x[:1])
        if "functions" in net.also:
            torch.jit.trace(model, one).save(str(options.output / f"{name}.pt"))
        else:
            torch.save(model, str(options.output / f"{name}.pt"))
        if "trace" in net.also:
            torch.jit.trace(model, one).save(str(options.output / f"{name}.traced.pt"))
        if "pt2" in net.also:
            steps.save_program(model, one, options.output / f"{name}.pt2")
        seen = torch_side.trace(model, x)
        np.savez(options.scratch / f"{name}.torch.npz", **{key: seen[key] for key, _ in model.named_children()})
        np.savez(options.scratch / f"{name}.weights.npz", **{f"{i}/{k}": value for i, values in enumerate(drawn) for k, value in enumerate(values)})


def keras_model(keras, name, net, scratch):
    shape = net.last(np.zeros((1, *net.shape))).shape[1:]
    model = keras.Sequential([keras.layers.Input(shape), *[row.keras(keras.layers) for row in net.rows]])
    if TORCH in net.sides:
        with np.load(scratch / f"{name}.weights.npz") as file:
            drawn = [row.weights([file[f"{i}/{k}"] for k in range(9) if f"{i}/{k}" in file.files]) for i, row in enumerate(net.rows)]
    else:
        drawn = redrawn(name, [[(tuple(np.shape(w)), "variance" in v.name) for v, w in zip(layer.weights, layer.get_weights())]
                               for layer in model.layers])
        for layer, values in zip(model.layers, drawn):  # counters and seeds stay
            values[:] = [old if old.dtype != np.float32 else new for old, new in zip(layer.get_weights(), values)]
    for layer, values in zip(model.layers, drawn):
        layer.set_weights(values)
    return model


def keras_trace(keras, model, values):
    """Every layer's output as at inference: called alone, Keras' random layers take themselves to be trained."""
    every = keras.Model(model.inputs, [layer.output for layer in model.layers])
    outputs = every(values, training=False)
    outputs = outputs if isinstance(outputs, (list, tuple)) else [outputs]
    return {layer.name: np.asarray(value) for layer, value in zip(model.layers, outputs)}


def keras_files(keras, nets, options, side):
    for name, net in nets.items():
        is_own = side in net.sides
        if not is_own and not (side == KERAS3 and KERAS3 in net.also):
            continue
        keras.backend.clear_session()
        model = keras_model(keras, name, net, options.scratch)
        model.save(str(options.output / (f"{name}.{net.file}" if is_own else f"{name}.keras3.h5")))
        if is_own:
            np.savez(options.scratch / f"{name}.keras.npz", **keras_trace(keras, model, net.last(inputs(name, net))))


def keras2_step(nets, options):
    import keras

    keras_files(keras, nets, options, KERAS)


def keras3_step(nets, options):
    import keras

    keras_files(keras, nets, options, KERAS3)
    for name, net in nets.items():
        arrays = steps.joined(options, name, inputs(name, net), [KERAS if side == KERAS3 else side for side in net.sides])
        if len(net.sides) == 2:
            ours, theirs = ([value for key, value in arrays.items() if key.startswith(f"{side}/")][-1] for side in (TORCH, KERAS))
            steps.ends_agree(name, arrays, net.last(ours), theirs)
        np.savez(options.output / f"{name}.npz", **arrays)


def run(description, nets):
    steps.run(description, torch=lambda options: torch_step(nets, options), keras2=lambda options: keras2_step(nets, options),
              keras3=lambda options: keras3_step(nets, options))
