# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of operations, and what they have in common. An operation tells for both frameworks
    out(node, ins)              the value that it makes; raises where it cannot follow
    weights(node, ins, rng)     {role: array} in PyTorch's layout
    torch(node, ins)            the module's expression, or None where torch_call alone computes it
    torch_call(node, name, xs)  the expression of forward()
    keras(node, ins, K)         the list of layers, K being the environment's keras
    keras_weights(node, ins)    the list for set_weights() of the last layer
    faults(node)                settings that make a wrong twin: [(what, changes)]
"""

OPS = {}


def op(cls):
    OPS[cls.__name__] = cls
    return cls


class Op:
    @staticmethod
    def out(node, ins):
        return ins[0]

    @staticmethod
    def weights(node, ins, rng):
        return {}

    @staticmethod
    def torch(node, ins):
        return None

    @staticmethod
    def torch_call(node, name, xs):
        return f"self.{name}({', '.join(xs)})"

    @staticmethod
    def keras(node, ins, K):
        return []

    @staticmethod
    def keras_call(layer, xs):
        return layer(xs[0] if len(xs) == 1 else xs)

    @staticmethod
    def keras_weights(node, ins):
        return []

    @staticmethod
    def faults(node):
        return []


def text(**args):
    return ", ".join(f"{key}={value!r}" for key, value in args.items())


def require(condition):
    if not condition:
        raise ValueError("does not fit")


def kernel(rng, *shape, fan):
    return rng.normal(0, 1.3 / fan ** 0.5, shape).astype("float32")


def bias(rng, size):
    return rng.normal(0, 0.4, size).astype("float32")


def positive(rng, size):
    return rng.uniform(0.5, 1.8, size).astype("float32")


def is_v3(K):
    return K.__version__.startswith("3")
