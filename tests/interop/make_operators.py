# SPDX-License-Identifier: GPL-3.0-or-later
"""Operators on tensors between layers: functions of TensorFlow in Keras 2, Operations in Keras 3, and the same in a trace of PyTorch.

    torch  -o tests/data/kinds --scratch DIR   operators_<name>.pt and every module's output
    keras2 ...                                 the same as operators_<name>.h5 and every layer's output
    keras3 ...                                 operators_<name>_3.keras with operators_<name>_3.npz; then joins the others

Weights are drawn in PyTorch's layouts.
"""

import zlib

import numpy as np

import steps

SHAPES = {"vector": (8,), "sequence": (6, 8), "image": (3, 5, 4), "constants": (8,), "windows": (3, 5, 4)}  # PyTorch's layout, without batch


class Torch:
    def __init__(self):
        import torch
        from torch.nn import functional as f

        self.t, self.f = torch, f
        for name in ("relu", "sigmoid", "tanh", "square", "abs", "sqrt", "exp", "maximum", "minimum"):
            setattr(self, name, getattr(torch, name))
        self.concat, self.stack, self.matmul = torch.cat, torch.stack, torch.matmul
        self.silu, self.elu, self.selu, self.softplus, self.relu6 = f.silu, f.elu, f.selu, f.softplus, f.relu6

    def axis(self, letter):
        return {"C": 1, "H": 2, "W": 3}[letter]

    def softmax(self, x, axis=-1):
        return self.f.softmax(x, axis)

    def leaky(self, x):
        return self.f.leaky_relu(x, 0.2)

    def gelu(self, x, tanh):
        return self.f.gelu(x, approximate="tanh" if tanh else "none")

    def clip(self, x, least, most):
        return self.t.clamp(x, least, most)

    def most(self, x, number):
        return self.t.clamp(x, min=number)

    def least(self, x, number):
        return self.t.clamp(x, max=number)

    def reshape(self, x, sizes):
        return x.reshape(x.shape[0], *sizes)

    def transpose(self, x, order):
        return x.permute(order)

    def expand(self, x, axis):
        return x.unsqueeze(axis)

    def squeeze(self, x, axis):
        return x.squeeze(axis)

    def pieces(self, x, count, axis):
        return self.t.chunk(x, count, axis)

    def sizes(self, x, sizes, axis):
        return self.t.split(x, sizes, axis)

    def mean(self, x, axis, keep=False):
        return x.mean(axis, keep)

    def sum(self, x, axis, keep=False):
        return x.sum(axis, keep)

    def highest(self, x, axis, keep=False):
        return x.amax(axis, keep)

    def lowest(self, x, axis, keep=False):
        return x.amin(axis, keep)

    def cast(self, x):
        return x

    def tile(self, x, times):
        return x.repeat(*times)

    def flat(self, x):
        return self.t.flatten(x, 1)

    def product(self, a, b):
        return self.t.matmul(a, b.transpose(1, 2))


class Keras2:
    def __init__(self):
        import tensorflow as tf

        self.t = tf
        for name in ("square", "abs", "sqrt", "exp", "maximum", "minimum", "sigmoid", "tanh"):
            setattr(self, name, getattr(tf.math, name))
        self.relu, self.silu, self.elu, self.selu, self.relu6 = tf.nn.relu, tf.nn.silu, tf.nn.elu, tf.nn.selu, tf.nn.relu6
        self.softplus, self.softmax, self.leaky = tf.nn.softplus, tf.nn.softmax, tf.nn.leaky_relu
        self.concat, self.stack, self.matmul = tf.concat, tf.stack, tf.matmul
        self.mean, self.sum, self.highest, self.lowest = tf.reduce_mean, tf.reduce_sum, tf.reduce_max, tf.reduce_min
        self.most, self.least, self.clip = tf.maximum, tf.minimum, tf.clip_by_value
        self.transpose, self.expand, self.tile = tf.transpose, tf.expand_dims, tf.tile
        self.pieces = self.sizes = tf.split

    def axis(self, letter):
        return {"H": 1, "W": 2, "C": 3}[letter]

    def less(self, x, y):
        return self.t.subtract(x, y)

    def normalized(self, x):
        return self.t.math.l2_normalize(x, axis=-1)

    def max_pool(self, x):
        return self.t.nn.max_pool2d(x, 2, [1, 2, 1, 1], "VALID")

    def average_pool(self, x):
        return self.t.nn.avg_pool2d(x, (3, 2), 2, "SAME")

    def gelu(self, x, tanh):
        return self.t.nn.gelu(x, approximate=tanh)

    def reshape(self, x, sizes):
        return self.t.reshape(x, (-1, *sizes))

    def squeeze(self, x, axis):
        return self.t.squeeze(x, axis=[axis])

    def cast(self, x):
        return self.t.cast(x, self.t.float32)

    def flat(self, x):
        return self.t.reshape(x, (-1, int(np.prod(x.shape[1:]))))

    def product(self, a, b):
        return self.t.matmul(a, b, transpose_b=True)


class Keras3:
    def __init__(self):
        from keras import ops

        self.t = ops
        for name in ("square", "abs", "sqrt", "exp", "maximum", "minimum", "sigmoid", "tanh", "relu", "silu", "elu", "selu", "relu6",
                     "softplus", "softmax", "stack", "matmul", "mean", "sum", "clip", "transpose", "tile", "squeeze"):
            setattr(self, name, getattr(ops, name))
        self.concat, self.leaky, self.highest, self.lowest = ops.concatenate, ops.leaky_relu, ops.max, ops.min
        self.most, self.least, self.expand, self.pieces = ops.maximum, ops.minimum, ops.expand_dims, ops.split

    def axis(self, letter):
        return {"H": 1, "W": 2, "C": 3}[letter]

    def less(self, x, y):
        return self.t.subtract(x, y)

    def normalized(self, x):
        return x / self.t.sqrt(self.t.sum(self.t.square(x), -1, True))

    def gelu(self, x, tanh):
        return self.t.gelu(x, approximate=tanh)

    def reshape(self, x, sizes):
        return self.t.reshape(x, (-1, *sizes))

    def sizes(self, x, sizes, axis):
        return self.t.split(x, [int(place) for place in np.cumsum(sizes)[:-1]], axis)

    def cast(self, x):
        return self.t.cast(x, "float32")

    def flat(self, x):
        return self.t.reshape(x, (-1, int(np.prod(x.shape[1:]))))

    def product(self, a, b):
        return self.t.matmul(a, self.t.transpose(b, (0, 2, 1)))


def vector(o, layer, x):
    a, b = layer("a", "dense", (8, 8), x), layer("b", "dense", (8, 8), x)
    parts = [a + b, a - b, a * b, a / (o.abs(b) + 1.0), a * 2.0, 0.5 * a, 1 - a, a - 3, a + 1, a / 255.0, 1.0 / (o.exp(a) + 0.5), -a, a**2,
             o.relu(a), o.sigmoid(a), o.tanh(a), o.softmax(a), o.softmax(a, -1), o.leaky(a), o.elu(a), o.selu(a), o.silu(a), o.relu6(a * 9),
             o.softplus(b), o.gelu(a, True), o.gelu(b, False), o.square(a), o.abs(b), o.sqrt(o.square(a) + 1.0), o.exp(b), o.clip(a, -0.5, 0.25),
             o.most(a, 0.0), o.most(b, 0.125), o.least(b, 0.5), o.maximum(a, b), o.minimum(a, b), o.cast(b), o.tile(a, [1, 2]),
             a[:, 1:5], b[:, ::3], a[..., -3:], b[:, 2:-1], o.squeeze(o.expand(a, 1), 1), a - o.mean(a, -1, True), o.sum(b, 1, True),
             o.highest(a, -1, True), o.lowest(b, -1, True)]
    parts += [o.pieces(a, 2, -1)[1], o.sizes(b, [1, 4, 3], 1)[1]]
    return layer("out", "dense", (sum(int(part.shape[-1]) for part in parts), 4), o.concat(parts, -1))


def sequence(o, layer, x):
    a, b = layer("a", "dense", (8, 8), x), layer("b", "dense", (8, 8), x)
    scores = o.softmax(o.product(a, b) / 8.0**0.5)
    mixed = o.matmul(scores, b)
    crossed = o.transpose(o.reshape(mixed, (6, 2, 4)), (0, 2, 1, 3))
    rows = o.reshape(crossed, (2, 24))
    parts = [mixed[:, 0], mixed[:, -1], mixed[:, 2, 1:4], mixed[..., 3], o.mean(mixed, 1), o.sum(mixed, 1), o.highest(mixed, 1),
             o.lowest(mixed, [1]), rows[:, 0], o.stack([mixed[:, 0], mixed[:, 1]], 1)[:, 1], mixed[:, 1:2][:, 0], mixed[:, None, 0][:, 0]]
    return layer("out", "dense", (sum(int(part.shape[-1]) for part in parts), 4), o.concat(parts, 1))


def image(o, layer, x):
    a = layer("a", "conv", (3, 4, 3), 1.0 - x / 2.0)
    h, w, c = o.axis("H"), o.axis("W"), o.axis("C")
    first, second = o.pieces(a, 2, c)
    joined = o.concat([first * 2.0, o.relu(second), a], c)
    b = layer("b", "conv", (8, 4, 1), joined)
    scaled = b * o.sigmoid(o.mean(b, (h, w), True))
    part = scaled[:, :, 1:4, 0:2] if c == 1 else scaled[:, 1:4, 0:2]
    flat = layer("flat", "dense", (24, 5), o.flat(part))
    parts = [o.mean(b, (h, w)), o.highest(scaled, (h, w)), flat]
    return layer("out", "dense", (13, 4), o.concat(parts, -1))


def constants(o, layer, x):
    """Several numbers at once; PyTorch keeps them as parameters."""
    a = layer("a", "dense", (8, 8), (x - np.linspace(-1, 1, 8, dtype="float32")) / np.linspace(0.5, 2, 8, dtype="float32"))
    parts = [a * np.float32([[1, 2, 3, 4, 5, 6, 7, 8]]), o.less(np.linspace(0, 1, 8, dtype="float32"), a), o.normalized(a)]
    return layer("out", "dense", (24, 4), o.concat(parts, -1))


def windows(o, layer, x):
    """What is a layer of Keras as well."""
    a = layer("a", "conv", (3, 4, 3), x)
    parts = [o.flat(o.max_pool(a)), o.flat(o.average_pool(a))]
    return layer("out", "dense", (48, 4), o.concat(parts, -1))


KERAS_ONLY = {"constants": constants}
KERAS2_ONLY = {"windows": windows}
NETS = {"vector": vector, "sequence": sequence, "image": image}


def drawn(name, key, kind, sizes):
    random = np.random.default_rng(zlib.crc32(f"operators/{name}/{key}".encode()))
    shape = (sizes[1], sizes[0], sizes[2], sizes[2]) if kind == "conv" else (sizes[1], sizes[0])
    scale = 0.4 if kind == "conv" or sizes[0] < 50 else 0.1
    return random.normal(0, scale, shape).astype(np.float32), random.normal(0, 0.4, sizes[1]).astype(np.float32)


def inputs(name):
    return np.random.default_rng(zlib.crc32(f"operators/{name}".encode())).normal(0, 1, (3, *SHAPES[name])).astype(np.float32)


def torch_step(options):
    import torch
    from torch import nn

    class Net(nn.Module):
        def __init__(self, name):
            super().__init__()
            self.name = name

        def layer(self, key, kind, sizes, x):
            if not hasattr(self, key):
                module = nn.Conv2d(*sizes, padding=sizes[2] // 2) if kind == "conv" else nn.Linear(*sizes)
                with torch.no_grad():
                    for parameter, values in zip((module.weight, module.bias), drawn(self.name, key, kind, sizes)):
                        parameter.copy_(torch.from_numpy(values))
                self.add_module(key, module)
            return getattr(self, key)(x)

        def forward(self, x):
            return NETS[self.name](Torch(), self.layer, x)

    for name in NETS:
        net, seen = Net(name).eval(), {}
        x = torch.from_numpy(inputs(name))
        net(x)
        torch.jit.save(torch.jit.trace(net, x), str(options.output / f"operators_{name}.pt"))
        steps.save_program(net, x, options.output / f"operators_{name}.pt2")
        for key, module in net.named_children():
            module.register_forward_hook(lambda _, __, value, key=key: seen.update({key: value.detach().numpy()}))
        with torch.no_grad():
            net(x)
        np.savez(options.scratch / f"operators_{name}.torch.npz", **seen)


def last(values):
    """Channels last, of what has them."""
    return values.transpose(0, 2, 3, 1) if values.ndim == 4 else values


def keras_model(keras, operators, name):
    made = {}

    def layer(key, kind, sizes, x):
        made[key] = (keras.layers.Conv2D(sizes[1], sizes[2], padding="same", name=key) if kind == "conv" else
                     keras.layers.Dense(sizes[1], name=key)), kind, sizes
        return made[key][0](x)

    x = keras.Input(last(np.zeros((1, *SHAPES[name]))).shape[1:], name="x")
    model = keras.Model(x, {**NETS, **KERAS_ONLY, **KERAS2_ONLY}[name](operators, layer, x))
    for key, (one, kind, sizes) in made.items():
        weight, bias = drawn(name, key, kind, sizes)
        if key == "flat":  # of 4 channels, 3 rows, 2 columns
            weight = weight[:, np.arange(24).reshape(4, 3, 2).transpose(1, 2, 0).ravel()]
        one.set_weights([weight.transpose(2, 3, 1, 0) if kind == "conv" else weight.T, bias])
    return model


def every(keras, model, x):
    """What each layer or operation gives that gives one value."""
    made = {operation.name: operation.output for operation in getattr(model, "operations", model.layers)}
    made = {key: value for key, value in made.items() if not isinstance(value, (list, tuple)) and key != "x"}
    return {key: np.asarray(value) for key, value in keras.Model(model.inputs, made)(x).items()}


def keras2_step(options):
    import keras

    for name in (*NETS, *KERAS_ONLY, *KERAS2_ONLY):
        model = keras_model(keras, Keras2(), name)
        model.save(str(options.output / f"operators_{name}.h5"))
        values = every(keras, model, last(inputs(name)))
        np.savez(options.scratch / f"operators_{name}.keras.npz", **values)


def keras3_step(options):
    import keras

    for name in (*NETS, *KERAS_ONLY):
        model = keras_model(keras, Keras3(), name)
        model.save(str(options.output / f"operators_{name}_3.keras"))
        arrays = every(keras, model, last(inputs(name)))
        np.savez(options.output / f"operators_{name}_3.npz", x=inputs(name), **{f"keras/{key}": value for key, value in arrays.items()})
        sides = ("torch", "keras") if name in NETS else ("keras",)
        joined = steps.joined(options, f"operators_{name}", inputs(name), sides)
        for side in sides:
            steps.ends_agree(name, joined, joined[f"{side}/out"], arrays["out"])
        np.savez(options.output / f"operators_{name}.npz", **joined)
    for name in KERAS2_ONLY:
        np.savez(options.output / f"operators_{name}.npz", **steps.joined(options, f"operators_{name}", inputs(name), ("keras",)))


if __name__ == "__main__":
    steps.run(__doc__, torch=torch_step, keras2=keras2_step, keras3=keras3_step)
