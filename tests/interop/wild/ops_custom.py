# SPDX-License-Identifier: GPL-3.0-or-later
"""What no tool can know: the user's own layers, some of them under the frameworks' own class names, and plain arithmetic."""

import numpy as np

from base import Op, kernel, op, require
from graph import Value, image


@op
class scaled(Op):
    """A gain for each channel or feature: a parameter of the network itself, or a registered layer."""

    @staticmethod
    def out(node, ins):
        require(ins[0].kind in ("image", "flat", "sequence"))
        return ins[0]

    @staticmethod
    def count(ins):
        return ins[0].shape[0] if ins[0].kind != "sequence" else ins[0].shape[1]

    @staticmethod
    def weights(node, ins, rng):
        return {"": rng.uniform(0.5, 1.7, scaled.count(ins)).astype("float32")}

    @staticmethod
    def torch(node, ins):
        return f"nn.Parameter(torch.zeros({scaled.count(ins)}))"

    @staticmethod
    def torch_call(node, name, xs):
        return f"{xs[0]} * self.{name}" + (".view(1, -1, 1, 1)" if node.value.kind == "image" else "")

    @staticmethod
    def keras(node, ins, K):
        from keras_own import own
        return [own(K)["Scaled"]()]

    @staticmethod
    def keras_weights(node, ins):
        w = node.weights[""]
        return [w[ins[0].perm] if ins[0].perm.ndim == 1 else w]


@op
class own_dense(Op):
    """A class called Linear, or Dense, that doubles what it computes."""

    @staticmethod
    def out(node, ins):
        require(ins[0].kind == "flat" and len(ins[0].shape) == 1)
        return Value((node.args["units"],))

    @staticmethod
    def weights(node, ins, rng):
        return {"weight": kernel(rng, node.args["units"], ins[0].shape[0], fan=ins[0].shape[0]),
                "bias": rng.normal(0, 0.4, node.args["units"]).astype("float32")}

    @staticmethod
    def torch(node, ins):
        return f"Linear({ins[0].shape[0]}, {node.args['units']})"

    @staticmethod
    def keras(node, ins, K):
        from keras_own import own
        return [own(K)["Dense"](node.args["units"])]

    @staticmethod
    def keras_weights(node, ins):
        return [node.weights["weight"].T[ins[0].perm], node.weights["bias"]]


@op
class arithmetic(Op):
    """On every number: sine, square, half of it; Keras has a registered layer or a Lambda for it."""
    CALLS = {"sin": "torch.sin({})", "square": "{} ** 2", "half": "{} * 0.5 + 0.1", "abs": "{}.abs()", "double": "2 * {}"}

    @staticmethod
    def torch_call(node, name, xs):
        return arithmetic.CALLS[node.args["kind"]].format(xs[0])

    @staticmethod
    def keras(node, ins, K):
        from keras_own import own
        if node.args["kind"] == "half":
            return [K.layers.Rescaling(0.5, offset=0.1)]
        if node.args["kind"] == "double":
            return [K.layers.Lambda(lambda v: v * 2)]
        return [own(K)["Arithmetic"](node.args["kind"])]

    @staticmethod
    def faults(node):
        return [("arithmetic", {"kind": "square" if node.args["kind"] != "square" else "abs"})]


@op
class flip(Op):
    """An image from right to left: the order changes, the shape does not."""

    @staticmethod
    def out(node, ins):
        require(ins[0].kind == "image")
        return ins[0]

    @staticmethod
    def torch_call(node, name, xs):
        return f"torch.flip({xs[0]}, [3])"

    @staticmethod
    def keras(node, ins, K):
        from keras_own import own
        return [own(K)["Flip"]()]


@op
class shuffle(Op):
    """nn.PixelShuffle; Keras' depth_to_space takes the channels in another order, so the own layer permutes them."""

    @staticmethod
    def out(node, ins):
        require(ins[0].kind == "image" and ins[0].shape[0] % 4 == 0)
        channels, height, width = ins[0].shape
        return image(channels // 4, height * 2, width * 2)

    @staticmethod
    def torch(node, ins):
        return "nn.PixelShuffle(2)"

    @staticmethod
    def keras(node, ins, K):
        from keras_own import own
        return [own(K)["Shuffle"]()]


@op
class channels(Op):
    """nn.ChannelShuffle(2)."""

    @staticmethod
    def out(node, ins):
        require(ins[0].kind == "image" and ins[0].shape[0] % 2 == 0 and ins[0].shape[0] > 2)
        return ins[0]

    @staticmethod
    def torch(node, ins):
        return "nn.ChannelShuffle(2)"

    @staticmethod
    def keras(node, ins, K):
        from keras_own import own
        count = ins[0].shape[0]
        return [own(K)["Gather"](np.arange(count).reshape(2, -1).T.reshape(-1).tolist())]
