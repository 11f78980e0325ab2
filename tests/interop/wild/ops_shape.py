# SPDX-License-Identifier: GPL-3.0-or-later
"""Flatten, reshape, permute and slices in all the forms that people write."""

import numpy as np

from base import Op, op, require
from graph import Value, image, sequence, signal


@op
class flatten(Op):
    """torch: module, method, view, reshape; keras: Flatten, first (channels_first), Reshape, Permute chw or whc before it.
    `nhwc`: PyTorch permutes to H,W,C before it flattens."""

    @staticmethod
    def out(node, ins):
        value, a = ins[0], node.args
        require(len(value.shape) > 1)
        order = np.arange(value.perm.size).reshape(value.shape)
        if a.get("nhwc"):
            require(value.kind == "image")
            order = order.transpose(1, 2, 0)
        where = np.empty(value.perm.size, int)
        where[order.reshape(-1)] = np.arange(value.perm.size)
        perm = value.perm
        if a["keras"] == "first":
            perm = np.moveaxis(perm, 0, -1)
        elif a["keras"] == "chw":
            require(value.kind == "image")
            perm = perm.transpose(2, 0, 1)
        elif a["keras"] == "whc":
            require(value.kind == "image")
            perm = perm.transpose(1, 0, 2)
        return Value((perm.size,), where[perm.reshape(-1)])

    @staticmethod
    def torch(node, ins):
        return "nn.Flatten()" if node.args["torch"] == "module" and not node.args.get("nhwc") else None

    @staticmethod
    def torch_call(node, name, xs):
        x = xs[0] + (".permute(0, 2, 3, 1)" if node.args.get("nhwc") else "")
        return {"module": f"self.{name}({x})" if not node.args.get("nhwc") else f"{x}.flatten(1)", "method": f"torch.flatten({x}, 1)",
                "view": f"{x}.contiguous().view({x.split('.')[0]}.size(0), -1)",
                "reshape": f"{x}.reshape(-1, {int(np.prod(node.value.shape))})"}[node.args["torch"]]

    @staticmethod
    def keras(node, ins, K):
        L = K.layers
        return {"flatten": lambda: [L.Flatten()], "first": lambda: [L.Flatten(data_format="channels_first")],
                "reshape": lambda: [L.Reshape((-1,))], "chw": lambda: [L.Permute((3, 1, 2)), L.Flatten()],
                "whc": lambda: [L.Permute((2, 1, 3)), L.Reshape((int(ins[0].perm.size),))]}[node.args["keras"]]()

    @staticmethod
    def faults(node):
        return []


@op
class to_image(Op):
    """A flat value becomes (C, H, W); in Keras (H, W, C), or (C, H, W) and a Permute."""

    @staticmethod
    def out(node, ins):
        made = image(*node.args["shape"])
        require(ins[0].kind == "flat" and ins[0].perm.size == made.perm.size)
        perm = ins[0].perm.reshape(made.perm.shape)
        if node.args["keras"] == "permute":
            perm = ins[0].perm.reshape(node.args["shape"]).transpose(1, 2, 0)
        require((perm == made.perm).all())
        return made

    @staticmethod
    def torch(node, ins):
        return f"nn.Unflatten(1, {tuple(node.args['shape'])})" if node.args["module"] else None

    @staticmethod
    def torch_call(node, name, xs):
        channels, height, width = node.args["shape"]
        return f"self.{name}({xs[0]})" if node.args["module"] else f"{xs[0]}.view(-1, {channels}, {height}, {width})"

    @staticmethod
    def keras(node, ins, K):
        channels, height, width = node.args["shape"]
        if node.args["keras"] == "permute":
            return [K.layers.Reshape((channels, height, width)), K.layers.Permute((2, 3, 1))]
        return [K.layers.Reshape((height, width, channels))]


@op
class to_sequence(Op):
    """(C, H, W) becomes H*W steps of C features, or (T, C) from a signal."""

    @staticmethod
    def out(node, ins):
        require(ins[0].kind in ("image", "signal"))
        return sequence(int(np.prod(ins[0].shape[1:])), ins[0].shape[0])

    @staticmethod
    def torch_call(node, name, xs):
        return f"{xs[0]}.flatten(2).transpose(1, 2)"

    @staticmethod
    def keras(node, ins, K):
        if ins[0].kind == "signal":
            return []
        return [K.layers.Reshape((int(np.prod(ins[0].shape[1:])), ins[0].shape[0]))]


@op
class to_signal(Op):
    """(T, F) becomes (F, T) for PyTorch's Conv1d; Keras goes on."""

    @staticmethod
    def out(node, ins):
        require(ins[0].kind == "sequence")
        return signal(ins[0].shape[1], ins[0].shape[0])

    @staticmethod
    def torch_call(node, name, xs):
        return f"{xs[0]}.transpose(1, 2)" if node.args["form"] else f"{xs[0]}.permute(0, 2, 1)"


@op
class turn(Op):
    """Height and width exchanged."""

    @staticmethod
    def out(node, ins):
        require(ins[0].kind == "image")
        return image(ins[0].shape[0], ins[0].shape[2], ins[0].shape[1])

    @staticmethod
    def torch_call(node, name, xs):
        return f"{xs[0]}.transpose(2, 3)"

    @staticmethod
    def keras(node, ins, K):
        return [K.layers.Permute((2, 1, 3))]


@op
class reduce(Op):
    """A sequence to its features: the mean, the maximum, or the last step (where Keras needs a slice, it is a Cropping1D)."""

    @staticmethod
    def out(node, ins):
        require(ins[0].kind == "sequence")
        return Value(ins[0].shape[1:])

    @staticmethod
    def torch_call(node, name, xs):
        return {"mean": f"{xs[0]}.mean(1)", "max": f"{xs[0]}.amax(dim=1)", "last": f"{xs[0]}[:, -1]"}[node.args["kind"]]

    @staticmethod
    def keras(node, ins, K):
        L = K.layers
        return {"mean": lambda: [L.GlobalAveragePooling1D()], "max": lambda: [L.GlobalMaxPooling1D()],
                "last": lambda: [L.Cropping1D((ins[0].shape[0] - 1, 0)), L.Flatten()]}[node.args["kind"]]()

    @staticmethod
    def faults(node):
        return [("reduction", {"kind": "max" if node.args["kind"] == "mean" else "mean"})]
