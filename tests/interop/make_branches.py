# SPDX-License-Identifier: GPL-3.0-or-later
"""Branching networks: layers that take several values, and one that is called twice.

    torch  -o tests/data/kinds --scratch DIR   <name>.pt (traced) and every module's output
    keras2 ...                                 the same functions as <name>.h5 and every layer's output
    keras3 ...                                 the same as <name>.keras3.h5; then joins all into <name>.npz

tests/interop/goldens runs them in this order. Weights are drawn in PyTorch's layouts.
"""

import zlib

import numpy as np

import steps

# name: input (PyTorch's layout, without batch), nodes (name, kind, inputs, settings); axes are PyTorch's
NETS = {
    "residual": ((2, 6, 5), [("a", "conv", ["x"], (2, 4, 3)), ("r", "relu", ["a"], ()), ("b", "conv", ["r"], (4, 4, 3)),
                             ("sum", "add", ["b", "r"], ()), ("s", "relu", ["sum"], ()), ("f", "flatten", ["s"], ()),
                             ("d", "dense", ["f"], (120, 6))]),
    "concatenated": ((2, 4, 3), [("a", "conv", ["x"], (2, 3, 3)), ("b", "conv", ["x"], (2, 2, 1)), ("joined", "cat", ["a", "b"], (1,)),
                                 ("c", "conv", ["joined"], (5, 3, 3)), ("f", "flatten", ["c"], ()), ("d", "dense", ["f"], (36, 5)),
                                 ("both", "cat", ["f", "d"], (1,)), ("e", "dense", ["both"], (41, 4))]),
    "concatenated_sizes": ((2, 4, 3), [("a", "conv", ["x"], (2, 3, 3)), ("b", "conv", ["x"], (2, 3, 1)), ("high", "cat", ["a", "b"], (2,)),
                                       ("c", "conv", ["high"], (3, 2, 3)), ("wide", "cat", ["c", "c"], (-1,)),
                                       ("f", "flatten", ["wide"], ()), ("d", "dense", ["f"], (96, 4))]),
    "gated": ((3, 5, 4), [("a", "conv", ["x"], (3, 4, 3)), ("p", "pool", ["a"], ()), ("g", "conv", ["p"], (4, 4, 1)),
                          ("s", "sigmoid", ["g"], ()), ("gate", "multiply", ["a", "s"], ()), ("f", "flatten", ["gate"], ()),
                          ("d", "dense", ["f"], (80, 4))]),
    "merged": ((5,), [("a", "dense", ["x"], (5, 6)), ("b", "dense", ["x"], (5, 6)), ("c", "dense", ["x"], (5, 6)),
                      ("less", "subtract", ["a", "b"], ()), ("most", "maximum", ["less", "c"], ()), ("least", "minimum", ["most", "a"], ()),
                      ("d", "dense", ["least"], (6, 4))]),
    "shared": ((6,), [("a", "dense", ["x"], (6, 6)), ("t", "tanh", ["a"], ()), ("again", "again", ["t"], ("a",)),
                      ("sum", "add", ["again", "t"], ()), ("d", "dense", ["sum"], (6, 3))]),
}


def drawn(name):
    random = np.random.default_rng(zlib.crc32(name.encode()))
    made = {}
    for node, kind, _, sizes in NETS[name][1]:
        if kind in ("conv", "dense"):
            shape = (sizes[1], sizes[0], sizes[2], sizes[2]) if kind == "conv" else (sizes[1], sizes[0])
            made[node] = [random.normal(0, 0.4, shape).astype(np.float32), random.normal(0, 0.4, sizes[1]).astype(np.float32)]
    return made


def inputs(name):
    return np.random.default_rng(zlib.crc32(name.encode()) + 1).normal(0, 1, (3, *NETS[name][0])).astype(np.float32)


def torch_step(options):
    import torch
    from torch import nn

    class Net(nn.Module):
        def __init__(self, name):
            super().__init__()
            self.nodes = NETS[name][1]
            makers = {"conv": lambda i, o, k: nn.Conv2d(i, o, k, padding=k // 2), "dense": nn.Linear, "relu": nn.ReLU, "tanh": nn.Tanh,
                      "sigmoid": nn.Sigmoid, "flatten": nn.Flatten, "pool": lambda: nn.AdaptiveAvgPool2d(1)}
            for node, kind, _, sizes in self.nodes:
                if kind in makers:
                    self.add_module(node, makers[kind](*sizes))
            with torch.no_grad():
                for node, (weight, bias) in drawn(name).items():
                    getattr(self, node).weight.copy_(torch.from_numpy(weight))
                    getattr(self, node).bias.copy_(torch.from_numpy(bias))

        def forward(self, x):
            values = {"x": x}
            operators = {"add": torch.add, "subtract": torch.sub, "multiply": torch.mul, "maximum": torch.maximum,
                         "minimum": torch.minimum}
            for node, kind, takes, sizes in self.nodes:
                taken = [values[key] for key in takes]
                if kind == "cat":
                    values[node] = torch.cat(taken, sizes[0])
                elif kind == "again":
                    values[node] = getattr(self, sizes[0])(*taken)
                else:
                    values[node] = operators[kind](*taken) if kind in operators else getattr(self, node)(*taken)
            return values[node]

    for name in NETS:
        net, seen = Net(name).eval(), {}
        x = torch.from_numpy(inputs(name))
        torch.jit.save(torch.jit.trace(net, x), str(options.output / f"{name}.pt"))
        twice = {sizes[0] for _, kind, _, sizes in NETS[name][1] if kind == "again"}
        for key, module in net.named_children():
            if key not in twice:
                module.register_forward_hook(lambda _, __, value, key=key: seen.update({key: value.detach().numpy()}))
        with torch.no_grad():
            net(x)
        np.savez(options.scratch / f"{name}.torch.npz", **seen)


def last(values):
    """Channels last, of what has them."""
    return values.transpose(0, 2, 3, 1) if values.ndim == 4 else values


def rows(name, node):
    """For each input of a Dense in Keras its place in PyTorch: what was flattened there is in another order."""
    shapes, orders = {"x": NETS[name][0]}, {}
    for key, kind, takes, sizes in NETS[name][1]:
        if key == node:
            return orders.get(takes[0])
        shape = shapes[takes[0]]
        if kind == "conv":
            shape = (sizes[1], *shape[1:])
        elif kind == "cat":
            axis = sizes[0] - 1 if sizes[0] > 0 else len(shape) - 1
            shape = (*shape[:axis], sum(shapes[one][axis] for one in takes), *shape[axis + 1:])
            if len(shape) == 1:
                starts = np.cumsum([0, *(shapes[one][0] for one in takes)])
                parts = [orders.get(one, np.arange(shapes[one][0])) for one in takes]
                orders[key] = np.concatenate([part + start for part, start in zip(parts, starts)])
        elif kind == "flatten":
            orders[key] = np.arange(int(np.prod(shape))).reshape(shape).transpose(1, 2, 0).ravel()
            shape = (int(np.prod(shape)),)
        elif kind == "dense":
            shape = (sizes[1],)
        elif kind == "pool":
            shape = (shape[0], 1, 1)
        shapes[key] = shape
    return None


def keras_model(keras, name):
    k = keras.layers
    makers = {"relu": k.ReLU, "flatten": k.Flatten, "add": k.Add, "subtract": k.Subtract, "multiply": k.Multiply, "maximum": k.Maximum,
              "minimum": k.Minimum}
    shape = last(np.zeros((1, *NETS[name][0]))).shape[1:]
    values, made = {"x": k.Input(shape, name="x")}, {}
    for node, kind, takes, sizes in NETS[name][1]:
        taken = [values[key] for key in takes]
        if kind == "conv":
            made[node] = k.Conv2D(sizes[1], sizes[2], padding="same", name=node)
        elif kind == "dense":
            made[node] = k.Dense(sizes[1], name=node)
        elif kind in ("tanh", "sigmoid"):
            made[node] = k.Activation(kind, name=node)
        elif kind == "pool":
            made[node] = k.GlobalAveragePooling2D(keepdims=True, name=node)
        elif kind == "cat":
            image = len(taken[0].shape) == 4
            made[node] = k.Concatenate(axis={1: 3, 2: 1, -1: 2}[sizes[0]] if image else sizes[0], name=node)
        elif kind == "again":
            made[node] = made[sizes[0]]
        else:
            made[node] = makers[kind](name=node)
        values[node] = made[node](taken if len(taken) > 1 else taken[0])
    model = keras.Model(values["x"], values[node])
    for node, (weight, bias) in drawn(name).items():
        if weight.ndim == 4:
            weight = weight.transpose(2, 3, 1, 0)
        else:
            order = rows(name, node)
            weight = weight.T if order is None else weight.T[order]
        made[node].set_weights([weight, bias])
    twice = {sizes[0] for _, kind, _, sizes in NETS[name][1] if kind == "again"} | {"x"}
    seen = {key: value for key, value in values.items() if key not in twice and key in {layer.name for layer in model.layers}}
    return model, keras.Model(values["x"], seen)


def keras2_step(options):
    import keras

    for name in NETS:
        model, every = keras_model(keras, name)
        model.save(str(options.output / f"{name}.h5"))
        np.savez(options.scratch / f"{name}.keras.npz", **{key: np.asarray(value) for key, value in every(last(inputs(name))).items()})


def keras3_step(options):
    import keras

    for name in NETS:
        keras_model(keras, name)[0].save(str(options.output / f"{name}.keras3.h5"))
        arrays = steps.joined(options, name, inputs(name))
        end = NETS[name][1][-1][0]
        ours, theirs = arrays[f"torch/{end}"], arrays[f"keras/{end}"]
        steps.ends_agree(name, arrays, ours, theirs)
        np.savez(options.output / f"{name}.npz", **arrays)


if __name__ == "__main__":
    steps.run(__doc__, torch=torch_step, keras2=keras2_step, keras3=keras3_step)
