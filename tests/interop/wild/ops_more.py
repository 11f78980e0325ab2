# SPDX-License-Identifier: GPL-3.0-or-later
"""Rarer layers, and what people write between layers: operators on Keras' tensors, slices, volumes."""

import numpy as np

from base import Op, bias, is_v3, kernel, op, positive, require
from graph import Value, image, sequence, signal, volume
from ops_image import conv, pool

# name: (PyTorch's call, Keras 2's activation name or None, Keras 3's)
CURVES = {
    "hard_sigmoid": ("F.relu6({} + 3) / 6", None, "hard_sigmoid"),
    "hard_sigmoid_2": ("torch.clamp(0.2 * {} + 0.5, 0, 1)", "hard_sigmoid", None),
    "hard_silu": ("F.hardswish({})", None, "hard_silu"),
    "hard_tanh": ("F.hardtanh({})", None, "hard_tanh"),
    "celu": ("F.celu({})", None, "celu"),
    "soft_shrink": ("F.softshrink({})", None, "soft_shrink"),
    "hard_shrink": ("F.hardshrink({})", None, "hard_shrink"),
    "tanh_shrink": ("F.tanhshrink({})", None, "tanh_shrink"),
    "log_sigmoid": ("F.logsigmoid({})", None, "log_sigmoid"),
    "exponential": ("torch.exp(0.1 * {})", None, None),
}
MODULES = {"hard_sigmoid": "nn.Hardsigmoid()", "hard_silu": "nn.Hardswish()", "hard_tanh": "nn.Hardtanh()", "celu": "nn.CELU()",
           "soft_shrink": "nn.Softshrink()", "hard_shrink": "nn.Hardshrink()", "tanh_shrink": "nn.Tanhshrink()", "log_sigmoid": "nn.LogSigmoid()"}


def curves(v3):
    return [name for name, forms in CURVES.items() if forms[1 + v3]]


@op
class curve(Op):
    """An activation that few networks have; `module`: as a class of PyTorch."""

    @staticmethod
    def torch(node, ins):
        return MODULES.get(node.args["kind"]) if node.args["module"] else None

    @staticmethod
    def torch_call(node, name, xs):
        return f"self.{name}({xs[0]})" if curve.torch(node, None) else CURVES[node.args["kind"]][0].format(xs[0])

    @staticmethod
    def keras(node, ins, K):
        return [K.layers.Activation(CURVES[node.args["kind"]][1 + is_v3(K)])]


@op
class capped(Op):
    """ReLU with a limit, a slope below a threshold."""

    @staticmethod
    def torch_call(node, name, xs):
        a, x = node.args, xs[0]
        below = f"{a['slope']} * ({x} - {a['threshold']})"
        return f"torch.where({x} >= {a['threshold']}, torch.clamp({x}, max={a['top']}), {below})"

    @staticmethod
    def keras(node, ins, K):
        a = node.args
        return [K.layers.ReLU(max_value=a["top"], negative_slope=a["slope"], threshold=a["threshold"])]

    @staticmethod
    def faults(node):
        return [("limit", {"top": node.args["top"] + 0.5})]


@op
class unit_norm(Op):
    @staticmethod
    def out(node, ins):
        require(ins[0].kind in ("sequence", "flat"))
        return ins[0]

    @staticmethod
    def torch_call(node, name, xs):
        return f"F.normalize({xs[0]}, dim=-1)"

    @staticmethod
    def keras(node, ins, K):
        return [K.layers.UnitNormalization(axis=-1)]


@op
class rms_norm(Op):
    """Keras 3 alone has it."""

    @staticmethod
    def out(node, ins):
        require(ins[0].kind == "sequence" or ins[0].kind == "flat" and ins[0].plain)
        return ins[0]

    @staticmethod
    def weights(node, ins, rng):
        return {"weight": positive(rng, ins[0].shape[-1])}

    @staticmethod
    def torch(node, ins):
        return f"nn.RMSNorm({ins[0].shape[-1]}, eps={node.args['eps']})"

    @staticmethod
    def keras(node, ins, K):
        return [K.layers.RMSNormalization(epsilon=node.args["eps"])]

    @staticmethod
    def keras_weights(node, ins):
        return [node.weights["weight"]]

    @staticmethod
    def faults(node):
        return [("epsilon", {"eps": node.args["eps"] + 0.05})]


@op
class separable(Op):
    """Keras' one layer, PyTorch's two convolutions."""

    @staticmethod
    def out(node, ins):
        a = node.args
        require(ins[0].kind == "image" and min(ins[0].shape[1:]) >= 3)
        return image(a["filters"], *(n if a["same"] else n - 2 for n in ins[0].shape[1:]))

    @staticmethod
    def weights(node, ins, rng):
        channels, a = ins[0].shape[0], node.args
        return {"0.weight": kernel(rng, channels * a["multiplier"], 1, 3, 3, fan=9),
                "1.weight": kernel(rng, a["filters"], channels * a["multiplier"], 1, 1, fan=channels), "1.bias": bias(rng, a["filters"])}

    @staticmethod
    def torch(node, ins):
        channels, a = ins[0].shape[0], node.args
        inner = channels * a["multiplier"]
        return (f"nn.Sequential(nn.Conv2d({channels}, {inner}, 3, padding={int(a['same'])}, groups={channels}, bias=False), "
                f"nn.Conv2d({inner}, {a['filters']}, 1))")

    @staticmethod
    def keras(node, ins, K):
        a = node.args
        return [K.layers.SeparableConv2D(a["filters"], 3, padding="same" if a["same"] else "valid", depth_multiplier=a["multiplier"])]

    @staticmethod
    def keras_weights(node, ins):
        w, channels = node.weights, ins[0].shape[0]
        return [w["0.weight"].reshape(channels, -1, 3, 3).transpose(2, 3, 0, 1), w["1.weight"].transpose(2, 3, 1, 0), w["1.bias"]]


@op
class padded_pool(Op):
    """A pooling whose window hangs over the edge."""

    @staticmethod
    def out(node, ins):
        require(ins[0].kind == "image" and min(ins[0].shape[1:]) >= 3)
        return ins[0]

    @staticmethod
    def torch(node, ins):
        a = node.args
        return "nn.MaxPool2d(3, stride=1, padding=1)" if a["kind"] == "max" else \
            f"nn.AvgPool2d(3, stride=1, padding=1, count_include_pad={a.get('counted', False)})"

    @staticmethod
    def keras(node, ins, K):
        cls = K.layers.MaxPooling2D if node.args["kind"] == "max" else K.layers.AveragePooling2D
        return [cls(3, strides=1, padding="same")]

    @staticmethod
    def faults(node):
        return pool.faults(node)


@op
class adaptive(Op):
    """To a size that divides the image's: Keras' plain average."""

    @staticmethod
    def out(node, ins):
        parts = node.args["parts"]
        require(ins[0].kind == "image" and all(n % p == 0 and n > p for n, p in zip(ins[0].shape[1:], parts)))
        return image(ins[0].shape[0], *parts)

    @staticmethod
    def torch(node, ins):
        return f"nn.AdaptiveAvgPool2d({tuple(node.args['parts'])})"

    @staticmethod
    def keras(node, ins, K):
        return [K.layers.AveragePooling2D(tuple(n // p for n, p in zip(ins[0].shape[1:], node.args["parts"])))]


@op
class opened(Op):
    """A transposed convolution with stride 2 whose border is cut on both sides alike: Keras' 'same' with an even kernel."""

    @staticmethod
    def out(node, ins):
        require(ins[0].kind == "image")
        return image(node.args["filters"], *(2 * n for n in ins[0].shape[1:]))

    @staticmethod
    def weights(node, ins, rng):
        channels, a = ins[0].shape[0], node.args
        return {"weight": kernel(rng, channels, a["filters"], 4, 4, fan=4 * channels), "bias": bias(rng, a["filters"])}

    @staticmethod
    def torch(node, ins):
        return f"nn.ConvTranspose2d({ins[0].shape[0]}, {node.args['filters']}, 4, stride=2, padding=1)"

    @staticmethod
    def keras(node, ins, K):
        return [K.layers.Conv2DTranspose(node.args["filters"], 4, strides=2, padding="same")]

    @staticmethod
    def keras_weights(node, ins):
        return [node.weights["weight"].transpose(2, 3, 1, 0), node.weights["bias"]]


@op
class causal(Op):
    """A convolution over time that sees no later step, with strides or dilation."""

    @staticmethod
    def out(node, ins):
        a = node.args
        require(ins[0].kind == "signal")
        return signal(a["filters"], (ins[0].shape[1] - 1) // a["step"] + 1)

    @staticmethod
    def weights(node, ins, rng):
        a, channels = node.args, ins[0].shape[0]
        return {"1.weight": kernel(rng, a["filters"], channels, a["size"], fan=a["size"] * channels), "1.bias": bias(rng, a["filters"])}

    @staticmethod
    def torch(node, ins):
        a = node.args
        return (f"nn.Sequential(nn.ConstantPad1d(({(a['size'] - 1) * a['apart']}, 0), 0.0), "
                f"nn.Conv1d({ins[0].shape[0]}, {a['filters']}, {a['size']}, stride={a['step']}, dilation={a['apart']}))")

    @staticmethod
    def keras(node, ins, K):
        a = node.args
        return [K.layers.Conv1D(a["filters"], a["size"], strides=a["step"], dilation_rate=a["apart"], padding="causal")]

    @staticmethod
    def keras_weights(node, ins):
        return [node.weights["1.weight"].transpose(2, 1, 0), node.weights["1.bias"]]


@op
class line(Op):
    """Pools, upsampling and padding over time."""

    @staticmethod
    def out(node, ins):
        channels, steps = ins[0].shape[:2]
        require(ins[0].kind == "signal" and steps >= 2)
        return signal(channels, {"max": steps // 2, "avg": steps // 2, "up": steps * 2, "pad": steps + 3}[node.args["kind"]])

    @staticmethod
    def torch(node, ins):
        return {"max": "nn.MaxPool1d(2)", "avg": "nn.AvgPool1d(2)", "up": "nn.Upsample(scale_factor=2)",
                "pad": "nn.ConstantPad1d((1, 2), 0.0)"}[node.args["kind"]]

    @staticmethod
    def keras(node, ins, K):
        L = K.layers
        return [{"max": lambda: L.MaxPooling1D(2), "avg": lambda: L.AveragePooling1D(2), "up": lambda: L.UpSampling1D(2),
                 "pad": lambda: L.ZeroPadding1D((1, 2))}[node.args["kind"]]()]


@op
class conv3d(Op):
    @staticmethod
    def out(node, ins):
        a = node.args
        require(ins[0].kind == "volume")
        return volume(a["filters"], *(n if a["same"] else (n - 2) // a["step"] + 1 for n in ins[0].shape[1:]))

    @staticmethod
    def weights(node, ins, rng):
        a, channels = node.args, ins[0].shape[0]
        return {"weight": kernel(rng, a["filters"], channels, 3, 3, 3, fan=27 * channels), "bias": bias(rng, a["filters"])}

    @staticmethod
    def torch(node, ins):
        a = node.args
        return f"nn.Conv3d({ins[0].shape[0]}, {a['filters']}, 3, " + ("padding=1)" if a["same"] else f"stride={a['step']})")

    @staticmethod
    def keras(node, ins, K):
        a = node.args
        return [K.layers.Conv3D(a["filters"], 3, padding="same") if a["same"] else K.layers.Conv3D(a["filters"], 3, strides=a["step"])]

    @staticmethod
    def keras_weights(node, ins):
        return [node.weights["weight"].transpose(2, 3, 4, 1, 0), node.weights["bias"]]


@op
class pool3d(Op):
    @staticmethod
    def out(node, ins):
        require(ins[0].kind == "volume")
        return volume(ins[0].shape[0], *(n // 2 for n in ins[0].shape[1:]))

    @staticmethod
    def torch(node, ins):
        return "nn.MaxPool3d(2)" if node.args["kind"] == "max" else "nn.AvgPool3d(2)"

    @staticmethod
    def keras(node, ins, K):
        return [K.layers.MaxPooling3D(2) if node.args["kind"] == "max" else K.layers.AveragePooling3D(2)]

    faults = pool.faults


@op
class norm3d(Op):
    @staticmethod
    def out(node, ins):
        require(ins[0].kind == "volume")
        return ins[0]

    @staticmethod
    def weights(node, ins, rng):
        n = ins[0].shape[0]
        return {"weight": positive(rng, n), "bias": bias(rng, n), "running_mean": bias(rng, n), "running_var": positive(rng, n)}

    @staticmethod
    def torch(node, ins):
        return f"nn.BatchNorm3d({ins[0].shape[0]}, eps=0.001)"

    @staticmethod
    def keras(node, ins, K):
        return [K.layers.BatchNormalization()]

    @staticmethod
    def keras_weights(node, ins):
        return list(node.weights.values())


@op
class repeated(Op):
    """A vector at every step of a sequence."""

    @staticmethod
    def out(node, ins):
        require(ins[0].kind == "flat" and len(ins[0].shape) == 1 and ins[0].plain)
        return sequence(node.args["count"], ins[0].shape[0])

    @staticmethod
    def torch_call(node, name, xs):
        n = node.args["count"]
        return f"{xs[0]}.unsqueeze(1).repeat(1, {n}, 1)" if node.args["copied"] else f"{xs[0]}[:, None].expand(-1, {n}, -1)"

    @staticmethod
    def keras(node, ins, K):
        return [K.layers.RepeatVector(node.args["count"])]


@op
class dot(Op):
    """The product of two vectors, summed."""

    @staticmethod
    def out(node, ins):
        require(len(ins) == 2 and all(v.kind == "flat" and len(v.shape) == 1 for v in ins))
        require(ins[0].shape == ins[1].shape and (ins[0].perm == ins[1].perm).all())
        return Value((1,))

    @staticmethod
    def torch_call(node, name, xs):
        return f"({xs[0]} * {xs[1]}).sum(1, keepdim=True)" if node.args["summed"] else f"torch.bmm({xs[0]}.unsqueeze(1), {xs[1]}.unsqueeze(2)).squeeze(2)"

    @staticmethod
    def keras(node, ins, K):
        return [K.layers.Dot(axes=1)]

    @staticmethod
    def keras_call(layer, xs):
        return layer(xs)


@op
class heeding(Op):
    """Attention without weights of a sequence to itself."""

    @staticmethod
    def out(node, ins):
        require(ins[0].kind == "sequence")
        return ins[0]

    @staticmethod
    def torch_call(node, name, xs):
        return f"torch.softmax({xs[0]} @ {xs[0]}.transpose(1, 2), dim=-1) @ {xs[0]}"

    @staticmethod
    def keras(node, ins, K):
        return [K.layers.Attention()]

    @staticmethod
    def keras_call(layer, xs):
        return layer([xs[0], xs[0]])


@op
class number(Op):
    """Arithmetic with numbers, which a Keras graph holds as operators."""
    CALLS = {"twice": "{} * 2.0", "more": "{} + 0.25", "rest": "1.0 - {}", "part": "{} / 4.0", "less": "-{}", "own": "{0} * {0}"}

    @staticmethod
    def torch_call(node, name, xs):
        return "(" + number.CALLS[node.args["kind"]].format(xs[0]) + ")"

    @staticmethod
    def keras(node, ins, K):
        return [lambda x: {"twice": lambda: x * 2.0, "more": lambda: x + 0.25, "rest": lambda: 1.0 - x, "part": lambda: x / 4.0,
                           "less": lambda: -x, "own": lambda: x * x}[node.args["kind"]]()]

    @staticmethod
    def faults(node):
        return [("number", {"kind": "part" if node.args["kind"] == "twice" else "twice"})]


@op
class cut(Op):
    """A slice: of the steps of a sequence, or of the columns of an image."""

    @staticmethod
    def out(node, ins):
        require(ins[0].kind in ("sequence", "image") and ins[0].shape[2 if ins[0].kind == "image" else 0] > 2)
        if ins[0].kind == "image":
            channels, height, width = ins[0].shape
            return image(channels, height, len(range(width)[cut.slice(node)]))
        return sequence(len(range(ins[0].shape[0])[cut.slice(node)]), ins[0].shape[1])

    @staticmethod
    def slice(node):
        return {"first": slice(1, None), "last": slice(None, -1), "second": slice(None, None, 2)}[node.args["kind"]]

    @staticmethod
    def torch_call(node, name, xs):
        part = {"first": "1:", "last": ":-1", "second": "::2"}[node.args["kind"]]
        return f"{xs[0]}[:, :, :, {part}]" if node.value.kind == "image" else f"{xs[0]}[:, {part}]"

    @staticmethod
    def keras(node, ins, K):
        part = cut.slice(node)
        return [(lambda x: x[:, :, part]) if ins[0].kind == "image" else (lambda x: x[:, part])]

    @staticmethod
    def faults(node):
        return [("slice", {"kind": "last" if node.args["kind"] == "first" else "first"})] * (node.args["kind"] != "second")


@op
class reduced(Op):
    """Mean, sum or maximum over the steps by an operator on Keras' tensors."""

    @staticmethod
    def out(node, ins):
        require(ins[0].kind == "sequence")
        return Value(ins[0].shape[1:])

    @staticmethod
    def torch_call(node, name, xs):
        return f"{xs[0]}.{'amax' if node.args['kind'] == 'max' else node.args['kind']}(dim=1)"

    @staticmethod
    def keras(node, ins, K):
        kind = node.args["kind"]
        if is_v3(K):
            return [lambda x: getattr(K.ops, kind)(x, axis=1)]
        import tensorflow as tf
        return [lambda x: getattr(tf, f"reduce_{kind}")(x, axis=1)]

    @staticmethod
    def faults(node):
        return [("reduction", {"kind": "mean" if node.args["kind"] == "sum" else "sum"})]


@op
class normed(Op):
    """A dense layer, or a convolution, whose weight PyTorch computes from a direction and a length (weight_norm, old and new)."""

    @staticmethod
    def out(node, ins):
        if ins[0].kind == "image":
            node.args.update(kernel=[3, 3], stride=[1, 1], padding=[1, 1], dilation=[1, 1], groups=1, bias=True)
            return conv.out(node, ins)
        require(ins[0].kind == "flat" and len(ins[0].shape) == 1)
        return Value((node.args["filters"],))

    @staticmethod
    def roles(node):
        return ("weight_g", "weight_v") if node.args["old"] else ("parametrizations.weight.original0", "parametrizations.weight.original1")

    @staticmethod
    def weights(node, ins, rng):
        n = ins[0].shape[0]
        shape = (node.args["filters"], n, 3, 3) if ins[0].kind == "image" else (node.args["filters"], n)
        length, direction = normed.roles(node)
        return {"bias": bias(rng, shape[0]), length: positive(rng, (shape[0],) + (1,) * (len(shape) - 1)), direction: kernel(rng, *shape, fan=4)}

    @staticmethod
    def torch(node, ins):
        way = "nn.utils.weight_norm" if node.args["old"] else "nn.utils.parametrizations.weight_norm"
        n, filters = ins[0].shape[0], node.args["filters"]
        return f"{way}(nn.Conv2d({n}, {filters}, 3, padding=1))" if ins[0].kind == "image" else f"{way}(nn.Linear({n}, {filters}))"

    @staticmethod
    def effective(node):
        length, direction = (node.weights[role].astype("float64") for role in normed.roles(node))
        return (length * direction / np.sqrt((direction ** 2).sum(axis=tuple(range(1, direction.ndim)), keepdims=True))).astype("float32")

    @staticmethod
    def keras(node, ins, K):
        if ins[0].kind == "image":
            return [K.layers.Conv2D(node.args["filters"], 3, padding="same")]
        return [K.layers.Dense(node.args["filters"])]

    @staticmethod
    def keras_weights(node, ins):
        w = normed.effective(node)
        return [w.transpose(2, 3, 1, 0) if w.ndim == 4 else w.T[ins[0].perm], node.weights["bias"]]
