# SPDX-License-Identifier: GPL-3.0-or-later
"""Convolutions and pools over (C, H, W), and over (C, T)."""

import numpy as np

from base import Op, bias, kernel, op, require, text
from graph import Value, image, signal
from ops_point import keras_function


def fused(node):
    return node.args.get("fused")


def convolved(size, args, at):
    reach = args["dilation"][at] * (args["kernel"][at] - 1) + 1
    if args["padding"] == "same":
        return size
    return (size + 2 * args["padding"][at] - reach) // args["stride"][at] + 1


class Convolution(Op):
    @staticmethod
    def weights(node, ins, rng):
        a, channels = node.args, ins[0].shape[0]
        made = {"weight": kernel(rng, a["filters"], channels // a["groups"], *a["kernel"],
                                 fan=np.prod(a["kernel"]) * channels / a["groups"])}
        return {**made, "bias": bias(rng, a["filters"])} if a["bias"] else made

    @staticmethod
    def settings(node, ins):
        a = node.args
        return text(in_channels=ins[0].shape[0], out_channels=a["filters"], kernel_size=tuple(a["kernel"]),
                    stride=tuple(a["stride"]), padding=a["padding"] if a["padding"] == "same" else tuple(a["padding"]),
                    dilation=tuple(a["dilation"]), groups=a["groups"], bias=a["bias"], padding_mode=a.get("mode", "zeros"))

    @staticmethod
    def keras_settings(node, K):
        a = node.args
        return dict(strides=tuple(a["stride"]), padding="same" if a["padding"] == "same" else "valid",
                    dilation_rate=tuple(a["dilation"]), use_bias=a["bias"], activation=activation(node, K))

    @staticmethod
    def faults(node):
        a = node.args
        reflected = [("padding mode", {"mode": "reflect"})] * (a["padding"] != "same" and any(a["padding"]))
        if a["padding"] == "same" or len(a["kernel"]) == 1:
            return reflected
        return reflected + [("stride", {"stride": [3 - n for n in a["stride"]]}), ("dilation", {"dilation": [3 - n for n in a["dilation"]]}),
                ("padding", {"padding": [1 - min(n, 1) for n in a["padding"]]})]


def activation(node, K):
    return keras_function(fused(node), K) if fused(node) else None


def padded(node, K, layers):
    around = node.args["padding"]
    return layers if around == "same" or not any(around) else [K.layers.ZeroPadding2D([(p, p) for p in around]), *layers]


@op
class conv(Convolution):
    @staticmethod
    def out(node, ins):
        require(ins[0].kind == "image" and ins[0].shape[0] % node.args["groups"] == 0)
        require(node.args["padding"] != "same" or tuple(node.args["stride"]) == (1, 1))
        return image(node.args["filters"], *(convolved(n, node.args, i) for i, n in enumerate(ins[0].shape[1:])))

    @staticmethod
    def torch(node, ins):
        return f"nn.Conv2d({Convolution.settings(node, ins)})"

    @staticmethod
    def keras(node, ins, K):
        a = node.args
        made = K.layers.Conv2D(a["filters"], tuple(a["kernel"]), groups=a["groups"], **Convolution.keras_settings(node, K))
        return padded(node, K, [made])

    @staticmethod
    def keras_weights(node, ins):
        w = node.weights
        return [w["weight"].transpose(2, 3, 1, 0)] + ([w["bias"]] if "bias" in w else [])


@op
class depthwise(Convolution):
    """groups = channels; filters = channels x multiplier."""

    @staticmethod
    def out(node, ins):
        require(ins[0].kind == "image")
        node.args.update(groups=ins[0].shape[0], filters=ins[0].shape[0] * node.args["multiplier"])
        return conv.out(node, ins)

    torch = conv.torch

    @staticmethod
    def keras(node, ins, K):
        a = node.args
        made = K.layers.DepthwiseConv2D(tuple(a["kernel"]), depth_multiplier=a["multiplier"], **Convolution.keras_settings(node, K))
        return padded(node, K, [made])

    @staticmethod
    def keras_weights(node, ins):
        w, channels = node.weights["weight"], ins[0].shape[0]
        made = w.reshape(channels, -1, *w.shape[2:]).transpose(2, 3, 0, 1)
        return [made] + ([node.weights["bias"]] if "bias" in node.weights else [])


@op
class transposed(Op):
    @staticmethod
    def out(node, ins):
        a = node.args
        require(ins[0].kind == "image" and a["kernel"] >= a["stride"])
        return image(a["filters"], *((n - 1) * a["stride"] + a["kernel"] for n in ins[0].shape[1:]))

    @staticmethod
    def weights(node, ins, rng):
        a, channels = node.args, ins[0].shape[0]
        return {"weight": kernel(rng, channels, a["filters"], a["kernel"], a["kernel"], fan=channels * a["kernel"] ** 2),
                "bias": bias(rng, a["filters"])}

    @staticmethod
    def torch(node, ins):
        a = node.args
        return f"nn.ConvTranspose2d({ins[0].shape[0]}, {a['filters']}, {a['kernel']}, stride={a['stride']})"

    @staticmethod
    def keras(node, ins, K):
        a = node.args
        return [K.layers.Conv2DTranspose(a["filters"], a["kernel"], strides=a["stride"], activation=activation(node, K))]

    @staticmethod
    def keras_weights(node, ins):
        return [node.weights["weight"].transpose(2, 3, 1, 0), node.weights["bias"]]


@op
class conv1d(Convolution):
    @staticmethod
    def out(node, ins):
        require(ins[0].kind == "signal" and ins[0].shape[0] % node.args["groups"] == 0)
        require(node.args["padding"] == "same" or not any(node.args["padding"]))
        return signal(node.args["filters"], convolved(ins[0].shape[1], node.args, 0))

    @staticmethod
    def torch(node, ins):
        return f"nn.Conv1d({Convolution.settings(node, ins)})"

    @staticmethod
    def keras(node, ins, K):
        a = node.args
        return [K.layers.Conv1D(a["filters"], a["kernel"][0], groups=a["groups"], **Convolution.keras_settings(node, K))]

    @staticmethod
    def keras_weights(node, ins):
        w = node.weights
        return [w["weight"].transpose(2, 1, 0)] + ([w["bias"]] if "bias" in w else [])


@op
class pool(Op):
    @staticmethod
    def out(node, ins):
        a = node.args
        require(ins[0].kind == "image")
        return image(ins[0].shape[0], *((n - k) // s + 1 for n, k, s in zip(ins[0].shape[1:], a["size"], a["stride"])))

    @staticmethod
    def torch(node, ins):
        a = node.args
        return f"nn.{'Max' if a['kind'] == 'max' else 'Avg'}Pool2d({tuple(a['size'])}, stride={tuple(a['stride'])})"

    @staticmethod
    def keras(node, ins, K):
        a = node.args
        cls = K.layers.MaxPooling2D if a["kind"] == "max" else K.layers.AveragePooling2D
        return [cls(tuple(a["size"]), strides=tuple(a["stride"]))]

    @staticmethod
    def faults(node):
        return [("pool kind", {"kind": "avg" if node.args["kind"] == "max" else "max"})]


@op
class global_pool(Op):
    """To a flat value; PyTorch's two layers or its mean() and amax()."""

    @staticmethod
    def out(node, ins):
        require(ins[0].kind == "image")
        return Value(ins[0].shape[:1])

    @staticmethod
    def torch(node, ins):
        if node.args["form"] != "module":
            return None
        return f"nn.Sequential(nn.Adaptive{'Max' if node.args['kind'] == 'max' else 'Avg'}Pool2d(1), nn.Flatten())"

    @staticmethod
    def torch_call(node, name, xs):
        if node.args["form"] == "module":
            return f"self.{name}({xs[0]})"
        return f"{xs[0]}.{'amax' if node.args['kind'] == 'max' else 'mean'}(dim=(2, 3))"

    @staticmethod
    def keras(node, ins, K):
        return [K.layers.GlobalMaxPooling2D() if node.args["kind"] == "max" else K.layers.GlobalAveragePooling2D()]

    faults = pool.faults


@op
class upsample(Op):
    @staticmethod
    def out(node, ins):
        require(ins[0].kind == "image")
        return image(ins[0].shape[0], *(2 * n for n in ins[0].shape[1:]))

    @staticmethod
    def torch(node, ins):
        return f"nn.Upsample(scale_factor=2, mode={node.args['mode']!r})"

    @staticmethod
    def keras(node, ins, K):
        return [K.layers.UpSampling2D(2, interpolation=node.args["mode"])]

    @staticmethod
    def faults(node):
        return [("interpolation", {"mode": "bilinear" if node.args["mode"] == "nearest" else "nearest"})]


@op
class pad(Op):
    """around: top, bottom, left, right; negative ones crop."""

    @staticmethod
    def out(node, ins):
        top, bottom, left, right = node.args["around"]
        channels, height, width = ins[0].shape
        require(ins[0].kind == "image")
        return image(channels, height + top + bottom, width + left + right)

    @staticmethod
    def torch(node, ins):
        top, bottom, left, right = node.args["around"]
        return f"nn.{node.args['mode']}Pad2d(({left}, {right}, {top}, {bottom}))"

    @staticmethod
    def keras(node, ins, K):
        top, bottom, left, right = node.args["around"]
        if min(node.args["around"]) < 0:
            return [K.layers.Cropping2D(((-top, -bottom), (-left, -right)))]
        return [K.layers.ZeroPadding2D(((top, bottom), (left, right)))]

    @staticmethod
    def faults(node):
        a, found = node.args["around"], []
        if a[0] != a[1]:
            found.append(("padding exchanged", {"around": [a[1], a[0], a[2], a[3]]}))
        return found
