# SPDX-License-Identifier: GPL-3.0-or-later
"""A small network told for both frameworks at once, as plain data (JSON):

    {"name", "input": [C, H, W], "blocks": [{"torch": [layer...], "keras": [layer...], "flat": [C, H, W] or None}],
     "nested": bool}

A layer is {"class", "args"} with the framework's own class name and arguments. The layers of a block compute the same
on both sides; at most one of them on each side has weights. "flat" tells which feature map was flattened before it.
A block may be empty on one side (a Dropout that the other side leaves out).
"""

import math

TORCH_ACTIVATIONS = {
    "relu": ("ReLU", {}),
    "tanh": ("Tanh", {}),
    "sigmoid": ("Sigmoid", {}),
    "softmax": ("Softmax", {"dim": 1}),
    "log_softmax": ("LogSoftmax", {"dim": 1}),
}


def layer(kind, **args):
    return {"class": kind, "args": args}


def pair(value):
    return tuple(value) if isinstance(value, (tuple, list)) else (value, value)


def same_padding(size, kernel, stride, dilation=1):
    """TensorFlow's 'same': (before, after), the odd one at the end."""
    out = math.ceil(size / stride)
    total = max((out - 1) * stride + (kernel - 1) * dilation + 1 - size, 0)
    return total // 2, total - total // 2


class Net:
    """Builds the data above and keeps track of the shape, (C, H, W) or (F,)."""

    def __init__(self, name, shape, nested=False):
        self.name, self.shape, self.nested = name, tuple(shape), nested
        self.input, self.blocks, self.flat = list(shape), [], None

    def data(self):
        return {"name": self.name, "input": self.input, "blocks": self.blocks, "nested": self.nested}

    def add(self, torch, keras):
        self.blocks.append({"torch": torch, "keras": keras, "flat": self.flat})
        return self

    def _activated(self, torch, keras, activation, fused):
        if activation:
            kind, args = TORCH_ACTIVATIONS[activation]
            torch = torch + [layer(kind, **args)]
            if fused:
                keras[-1]["args"]["activation"] = activation
        self.add(torch, keras)
        if activation and not fused:
            self.blocks[-1]["torch"].pop()
            self.activation(activation)
        return self

    def activation(self, name, as_class=False):
        kind, args = TORCH_ACTIVATIONS[name]
        keras_class = {"relu": "ReLU", "softmax": "Softmax"}.get(name) if as_class else None
        keras = layer(keras_class) if keras_class else layer("Activation", activation=name)
        return self.add([layer(kind, **args)], [keras])

    def conv(self, filters, kernel, stride=1, padding=0, dilation=1, groups=1, bias=True, activation=None, fused=True):
        """padding: 'same' as Keras means it, 'torch-same' (stride 1: by name on both sides) or symmetric numbers."""
        kernel, stride, dilation = pair(kernel), pair(stride), pair(dilation)
        channels, height, width = self.shape
        common = {"dilation": dilation, "groups": groups, "bias": bias, "stride": stride}
        torch, keras, keras_padding, torch_padding = [], [], "valid", (0, 0)
        reach = [d * (k - 1) + 1 for k, d in zip(kernel, dilation)]
        if padding in ("same", "torch-same"):
            around = [same_padding(n, k, s, d) for n, k, s, d in zip((height, width), kernel, stride, dilation)]
            keras_padding = "same"
            if padding == "torch-same":
                torch_padding = "same"
            elif all(before == after for before, after in around):
                torch_padding = tuple(before for before, _ in around)
            else:
                torch.append(layer("ZeroPad2d", padding=(*around[1], *around[0])))
            size = [math.ceil(n / s) for n, s in zip((height, width), stride)]
        else:
            torch_padding = pair(padding)
            size = [(n + 2 * p - r) // s + 1 for n, p, r, s in zip((height, width), torch_padding, reach, stride)]
            if any(torch_padding):
                keras.append(layer("ZeroPadding2D", padding=[[p, p] for p in torch_padding]))
        torch.append(layer("Conv2d", in_channels=channels, out_channels=filters, kernel_size=kernel,
                           padding=torch_padding, **common))
        keras.append(layer("Conv2D", filters=filters, kernel_size=kernel, strides=stride, padding=keras_padding,
                           dilation_rate=dilation, groups=groups, use_bias=bias))
        self.shape = (filters, *size)
        return self._activated(torch, keras, activation, fused)

    def dense(self, units, bias=True, activation=None, fused=True):
        torch = [layer("Linear", in_features=self.shape[0], out_features=units, bias=bias)]
        keras = [layer("Dense", units=units, use_bias=bias)]
        self.shape = (units,)
        before = len(self.blocks)
        self._activated(torch, keras, activation, fused)
        for block in self.blocks[before + 1:]:
            block["flat"] = None
        self.flat = None
        return self

    def pool(self, kind, size, stride=None, padding=0, ceil=False, include=True, same=False):
        """kind 'max' or 'avg'. same: Keras's 'same', for which torch must have a form of its own (see pool_same_forms);
        otherwise symmetric torch padding, which Keras needs a ZeroPadding2D for (max: inputs must not be negative)."""
        size, stride = pair(size), pair(stride or size)
        torch_args = {"kernel_size": size, "stride": stride}
        keras_args = {"pool_size": size, "strides": stride}
        keras = []
        if same:
            form = self.pool_same_forms(size, stride)
            torch_args.update(padding=form["padding"], ceil_mode=form["ceil"])
            if kind == "avg":
                torch_args["count_include_pad"] = form["ceil"] or include and not any(form["padding"])
            keras_args["padding"] = "same"
            out = [math.ceil(n / s) for n, s in zip(self.shape[1:], stride)]
        else:
            padding = pair(padding)
            torch_args.update(padding=padding, ceil_mode=ceil)
            if kind == "avg":
                torch_args["count_include_pad"] = include
            if any(padding):
                keras.append(layer("ZeroPadding2D", padding=[[p, p] for p in padding]))
            out = [(n + 2 * p - k) // s + 1 for n, p, k, s in zip(self.shape[1:], padding, size, stride)]
        keras.append(layer({"max": "MaxPooling2D", "avg": "AveragePooling2D"}[kind], **keras_args))
        self.shape = (self.shape[0], *out)
        return self.add([layer({"max": "MaxPool2d", "avg": "AvgPool2d"}[kind], **torch_args)], keras)

    def pool_same_forms(self, size, stride):
        """torch's form of Keras's 'same' for the present shape, or None: equal padding, or ceil_mode from the start."""
        size, stride = pair(size), pair(stride or size)
        around = [same_padding(n, k, s) for n, k, s in zip(self.shape[1:], size, stride)]
        if all(before == after and 2 * before <= k for (before, after), k in zip(around, size)):
            return {"padding": [before for before, _ in around], "ceil": False}
        ceiled = [math.ceil((n - k) / s) + 1 for n, k, s in zip(self.shape[1:], size, stride)]
        wanted = [math.ceil(n / s) for n, s in zip(self.shape[1:], stride)]
        if all(before == 0 for before, _ in around) and ceiled == wanted:
            return {"padding": [0, 0], "ceil": True}
        return None

    def global_average(self, keepdims=True):
        """Without keepdims torch needs a Flatten of its own."""
        channels = self.shape[0]
        torch = [layer("AdaptiveAvgPool2d", output_size=1)] + ([] if keepdims else [layer("Flatten")])
        keras = [layer("GlobalAveragePooling2D", **({"keepdims": True} if keepdims else {}))]
        self.shape = (channels, 1, 1) if keepdims else (channels,)
        return self.add(torch, keras)

    def flatten(self):
        self.flat = list(self.shape)
        self.shape = (math.prod(self.shape),)
        return self.add([layer("Flatten")], [layer("Flatten")])

    def dropout(self, rate=0.25, sides=("torch", "keras")):
        return self.add([layer("Dropout", p=rate)] if "torch" in sides else [],
                        [layer("Dropout", rate=rate)] if "keras" in sides else [])

    def identity(self, sides=("torch", "keras")):
        return self.add([layer("Identity")] if "torch" in sides else [],
                        [layer("Identity")] if "keras" in sides else [])

    def batch_norm(self, epsilon=1e-3, affine=True, momentum=0.1):
        kind = "BatchNorm2d" if len(self.shape) == 3 else "BatchNorm1d"
        return self.add([layer(kind, num_features=self.shape[0], eps=epsilon, affine=affine, momentum=momentum)],
                        [layer("BatchNormalization", epsilon=epsilon, center=affine, scale=affine,
                               momentum=1 - momentum)])

    def zero_pad(self, top, bottom, left, right):
        channels, height, width = self.shape
        self.shape = (channels, height + top + bottom, width + left + right)
        return self.add([layer("ZeroPad2d", padding=(left, right, top, bottom))],
                        [layer("ZeroPadding2D", padding=[[top, bottom], [left, right]])])
