# SPDX-License-Identifier: GPL-3.0-or-later
"""Networks over sequences and of layers with weights of their own layouts, as Sequentials of both frameworks with the same weights.

    torch  -o tests/data/kinds --scratch DIR   <name>.pt and every module's output
    keras2 ...                                 the same functions as <name>.h5 and every layer's output
    keras3 ...                                 some of them as <name>.keras3.h5; then joins all into <name>.npz

tests/interop/goldens runs them in this order. Weights are drawn in PyTorch's layouts. A network ends early where the two disagree.
"""

import zlib

import numpy as np

import steps

# name: input (PyTorch's layout, without batch), layers
NETS = {
    "layer_norm": ((5,), [("dense", 5, 6), ("norm", (6,), 2e-3, True, True), ("relu",), ("dense", 6, 4), ("norm", (4,), 1e-5, True, False),
                          ("norm", (4,), 1e-3, False, False)]),
    "layer_norm_series": ((4, 5), [("norm", (5,), 1e-3, True, True), ("dense", 5, 3), ("norm", (4, 3), 1e-4, True, True)]),
    "layer_norm_image": ((2, 5, 4), [("conv", 2, 3, 2), ("norm", (3, 4, 3), 1e-3, True, True), ("relu",), ("flatten",),
                                     ("norm", (36,), 1e-3, True, True), ("dense", 36, 4)]),
}
ACTIVATIONS = {  # PyTorch's module, Keras' layer
    "leaky": (lambda nn: nn.LeakyReLU(0.15), lambda k: k.LeakyReLU(0.15)),
    "leaky_by_name": (lambda nn: nn.LeakyReLU(0.2), lambda k: k.Activation("leaky_relu")),
    "elu": (lambda nn: nn.ELU(0.7), lambda k: k.ELU(0.7)),
    "elu_by_name": (lambda nn: nn.ELU(), lambda k: k.Activation("elu")),
    "selu": (lambda nn: nn.SELU(), lambda k: k.Activation("selu")),
    "gelu": (lambda nn: nn.GELU(), lambda k: k.Activation("gelu")),
    "silu": (lambda nn: nn.SiLU(), lambda k: k.Activation("swish")),
    "softplus": (lambda nn: nn.Softplus(), lambda k: k.Activation("softplus")),
    "softsign": (lambda nn: nn.Softsign(), lambda k: k.Activation("softsign")),
    "mish": (lambda nn: nn.Mish(), lambda k: k.Activation("mish")),
    "relu6": (lambda nn: nn.ReLU6(), lambda k: k.ReLU(max_value=6)),
    "relu6_by_name": (lambda nn: nn.ReLU6(), lambda k: k.Activation("relu6")),
}
TORCH_ONLY = {"gelu_tanh": lambda nn: nn.GELU("tanh"), "hardswish": lambda nn: nn.Hardswish(), "softplus_beta": lambda nn: nn.Softplus(2, 3)}
KERAS_ONLY = {"relu_settings": lambda k: k.ReLU(2, 0.3, 0.5), "relu_threshold": lambda k: k.ReLU(None, 0.1, 0.5),
              "exponential": lambda k: k.Activation("exponential")}
NETS["activations"] = ((4,), [part for name in ACTIVATIONS for part in (("dense", 4, 4), (name,))])
NETS["activations_torch"] = ((4,), [part for name in TORCH_ONLY for part in (("dense", 4, 4), (name,))])
NETS["activations_keras"] = ((4,), [part for name in KERAS_ONLY for part in (("dense", 4, 4), (name,))])
ONE_SIDED = {"activations_torch": "torch", "activations_keras": "keras"}
WITH_KERAS3 = ("layer_norm", "layer_norm_image", "activations")


def drawn(name):
    """One dict of arrays for each layer."""
    random = np.random.default_rng(zlib.crc32(name.encode()))

    def normal(*shape):
        return random.normal(0, 0.5, shape).astype(np.float32)

    made = []
    for kind, *sizes in NETS[name][1]:
        if kind == "dense":
            made.append({"weight": normal(sizes[1], sizes[0]), "bias": normal(sizes[1])})
        elif kind == "conv":
            made.append({"weight": normal(sizes[1], sizes[0], sizes[2], sizes[2]), "bias": normal(sizes[1])})
        elif kind == "norm":
            shape, _, scale, center = sizes
            made.append({key: normal(*shape) for key, is_there in (("weight", scale), ("bias", center)) if is_there})
        else:
            made.append({})
    return made


def inputs(name):
    return np.random.default_rng(zlib.crc32(name.encode()) + 1).normal(0, 1, (3, *NETS[name][0])).astype(np.float32)


def torch_step(options):
    import torch
    from torch import nn

    import torch_side

    makers = {"dense": lambda i, o: nn.Linear(i, o), "conv": lambda i, o, k: nn.Conv2d(i, o, k), "relu": nn.ReLU, "flatten": nn.Flatten,
              "norm": lambda shape, eps, scale, center: nn.LayerNorm(shape, eps, elementwise_affine=scale, bias=center)}
    for name, make in {**TORCH_ONLY, **{name: pair[0] for name, pair in ACTIVATIONS.items()}}.items():
        makers[name] = lambda make=make: make(nn)
    for name, (_, layers) in NETS.items():
        if ONE_SIDED.get(name) == "keras":
            continue
        model = nn.Sequential(*[makers[kind](*sizes) for kind, *sizes in layers]).eval()
        with torch.no_grad():
            for module, arrays in zip(model, drawn(name)):
                for key, value in arrays.items():
                    getattr(module, key).copy_(torch.from_numpy(value))
        torch.save(model, str(options.output / f"{name}.pt"))
        np.savez(options.scratch / f"{name}.torch.npz", **torch_side.trace(model, inputs(name)))


def last(values):
    """Channels last, of what has them."""
    return values.transpose(0, 2, 3, 1) if values.ndim == 4 else values


def keras_model(keras, name):
    k = keras.layers
    shape, layers = NETS[name]
    built = [k.Input(last(np.zeros((1, *shape))).shape[1:])]
    for index, (kind, *sizes) in enumerate(layers):
        bears = f"{kind}_{index}"
        if kind == "dense":
            built.append(k.Dense(sizes[1], name=bears))
        elif kind == "conv":
            built.append(k.Conv2D(sizes[1], sizes[2], name=bears))
        elif kind == "norm":
            axes, epsilon, scale, center = sizes
            axis = -1 if len(axes) == 1 else list(range(1, len(axes) + 1))
            built.append(k.LayerNormalization(axis=axis, epsilon=epsilon, scale=scale, center=center, name=bears))
        elif kind in ACTIVATIONS or kind in KERAS_ONLY:
            built.append((ACTIVATIONS[kind][1] if kind in ACTIVATIONS else KERAS_ONLY[kind])(k))
        else:
            built.append(k.ReLU(name=bears) if kind == "relu" else k.Flatten(name=bears))
    model = keras.Sequential(built)
    image = None  # of what a Flatten flattened, not yet mixed by a Dense
    for layer, (kind, *_), arrays in zip(model.layers, layers, drawn(name)):
        if kind == "flatten":
            image = tuple(np.shape(layer.input))[1:]

        def flat(values):
            height, width, channels = image
            return values.reshape(*values.shape[:-1], channels, height, width).transpose(
                *range(values.ndim - 1), *(values.ndim - 1 + axis for axis in (1, 2, 0))).reshape(values.shape)

        values = list(arrays.values())
        if image and values:
            values[0] = flat(values[0])
            if kind == "norm":
                values = [values[0], *map(flat, values[1:])]
        if kind == "conv":
            values[0] = values[0].transpose(2, 3, 1, 0)
        elif kind == "dense":
            values[0] = values[0].T
            image = None
        elif kind == "norm":
            values = [value.transpose(1, 2, 0) if value.ndim == 3 else value for value in values]
        layer.set_weights(values)
    return model


def keras_trace(model, name):
    seen, value = {}, last(inputs(name))
    for layer in model.layers:
        value = layer(value)
        seen[layer.name] = np.asarray(value)
    return seen


def keras2_step(options):
    import keras

    for name in NETS:
        if ONE_SIDED.get(name) == "torch":
            continue
        model = keras_model(keras, name)
        model.save(str(options.output / f"{name}.h5"))
        np.savez(options.scratch / f"{name}.keras.npz", **keras_trace(model, name))


def keras3_step(options):
    import keras

    for name in NETS:
        if name in WITH_KERAS3:
            keras_model(keras, name).save(str(options.output / f"{name}.keras3.h5"))
        arrays = steps.joined(options, name, inputs(name), (ONE_SIDED[name],) if name in ONE_SIDED else ("torch", "keras"))
        if name in ONE_SIDED:
            np.savez(options.output / f"{name}.npz", **arrays)
            continue
        ours, theirs = ([value for key, value in arrays.items() if key.startswith(side)][-1] for side in ("torch/", "keras/"))
        steps.ends_agree(name, arrays, last(ours), theirs)
        np.savez(options.output / f"{name}.npz", **arrays)


if __name__ == "__main__":
    steps.run(__doc__, torch=torch_step, keras2=keras2_step, keras3=keras3_step)
