# SPDX-License-Identifier: GPL-3.0-or-later
"""What works on every number by itself or on the features: activations and norms."""

import numpy as np

from base import Op, bias, is_v3, op, positive, require, text

# name: (module, call in forward(), Keras' function name, Keras' layer as (class, arguments))
ACTIVATIONS = {
    "relu": ("nn.ReLU()", "torch.relu({})", "relu", ("ReLU", {})),
    "relu6": ("nn.ReLU6()", "F.relu6({})", None, ("ReLU", {"max_value": 6.0})),
    "tanh": ("nn.Tanh()", "{}.tanh()", "tanh", None),
    "sigmoid": ("nn.Sigmoid()", "torch.sigmoid({})", "sigmoid", None),
    "leaky": ("nn.LeakyReLU({slope})", "F.leaky_relu({}, {slope})", None, ("LeakyReLU", "slope")),
    "elu": ("nn.ELU(alpha={slope})", "F.elu({}, {slope})", None, ("ELU", {"alpha": "slope"})),
    "selu": ("nn.SELU()", "F.selu({})", "selu", None),
    "gelu": ("nn.GELU()", "F.gelu({})", "gelu", None),
    "silu": ("nn.SiLU()", "F.silu({})", "swish", None),
    "mish": ("nn.Mish()", "F.mish({})", "mish", None),
    "softplus": ("nn.Softplus()", "F.softplus({})", "softplus", None),
    "softsign": ("nn.Softsign()", "F.softsign({})", "softsign", None),
    "exponential": (None, "torch.exp({})", "exponential", None),
}
NEXT = {"relu": "tanh", "relu6": "relu", "leaky": "relu", "elu": "selu", "selu": "elu", "gelu": "silu", "silu": "gelu",
        "tanh": "relu", "softsign": "tanh", "sigmoid": "tanh", "mish": "silu", "softplus": "relu", "exponential": "elu"}


def keras_layer(name, slope, K):
    cls, args = ACTIVATIONS[name][3]
    if args == "slope":
        args = {"negative_slope" if is_v3(K) else "alpha": slope}
    args = {key: slope if value == "slope" else value for key, value in args.items()}
    return getattr(K.layers, cls)(**args)


def keras_function(fused, K):
    """The activation argument of a layer: a name, a function object or a layer object."""
    name, form, slope = fused
    function = ACTIVATIONS[name][2]
    if function is None:
        return keras_layer(name, slope, K)
    return getattr(K.activations, function) if form == "object" else function


@op
class act(Op):
    """args: name, slope, module (PyTorch's form), keras (name, object, layer), into: fused into the node before."""

    @staticmethod
    def torch(node, ins):
        form = ACTIVATIONS[node.args["name"]][0]
        return form.format(slope=node.args["slope"]) if node.args["module"] and form else None

    @staticmethod
    def torch_call(node, name, xs):
        if act.torch(node, None):
            return f"self.{name}({xs[0]})"
        return ACTIVATIONS[node.args["name"]][1].format(xs[0], slope=node.args["slope"])

    @staticmethod
    def keras(node, ins, K):
        a = node.args
        if a.get("into"):
            return []
        if ACTIVATIONS[a["name"]][3] and (a["keras"] == "layer" or not ACTIVATIONS[a["name"]][2]):
            return [keras_layer(a["name"], a["slope"], K)]
        return [K.layers.Activation(keras_function((a["name"], a["keras"], a["slope"]), K))]

    @staticmethod
    def faults(node):
        if node.args.get("into"):
            return []
        found = [("activation", {"name": NEXT[node.args["name"]]})]
        return found + [("slope", {"slope": node.args["slope"] + 0.15})] * (node.args["name"] in ("leaky", "elu"))


@op
class softmax(Op):
    """Over the features, the last axis in Keras."""

    @staticmethod
    def axis(ins):
        return {"image": 1, "signal": 1, "sequence": 2, "flat": 1}[ins[0].kind]

    @staticmethod
    def out(node, ins):
        require(ins[0].kind in ("image", "signal", "sequence", "flat"))
        return ins[0]

    @staticmethod
    def torch(node, ins):
        return f"nn.{'LogSoftmax' if node.args.get('log') else 'Softmax'}(dim={softmax.axis(ins)})"

    @staticmethod
    def keras(node, ins, K):
        if node.args.get("log"):
            return [K.layers.Activation("log_softmax" if is_v3(K) else __import__("tensorflow").nn.log_softmax)]
        axis = node.args.get("axis")
        return [K.layers.Softmax(axis=axis or -1) if node.args["layer"] or axis else K.layers.Activation("softmax")]

    @staticmethod
    def faults(node):
        return [("axis", {"axis": 1})] * (len(node.value.shape) > 1 and not node.args.get("log"))


@op
class drop(Op):
    @staticmethod
    def torch(node, ins):
        return {"identity": "nn.Identity()", "spatial": "nn.Dropout2d(0.3)", "alpha": "nn.AlphaDropout(0.2)"}.get(
            node.args["kind"], "nn.Dropout(0.4)")

    @staticmethod
    def keras(node, ins, K):
        L, kind = K.layers, node.args["kind"]
        if kind == "spatial" and ins[0].kind == "image":
            return [L.SpatialDropout2D(0.3)]
        return [{"identity": lambda: L.Identity(), "noise": lambda: L.GaussianNoise(0.2), "alpha": lambda: L.GaussianDropout(0.2),
                 "regular": lambda: L.ActivityRegularization(l2=0.01)}.get(kind, lambda: L.Dropout(0.4))()]


def features(value):
    """How many features PyTorch normalises over, and their order in Keras."""
    return value.shape[0] if value.kind != "sequence" else value.shape[1]


def reordered(value, array):
    return array[value.perm] if value.perm.ndim == 1 else array


@op
class batchnorm(Op):
    @staticmethod
    def out(node, ins):
        require(ins[0].kind in ("image", "flat", "signal"))
        return ins[0]

    @staticmethod
    def weights(node, ins, rng):
        n, a = features(ins[0]), node.args
        made = {"weight": positive(rng, n), "bias": bias(rng, n)} if a["affine"] else {}
        if made and not a["scale"]:
            made["weight"] = np.ones(n, "float32")
        return made if a.get("batch") else {**made, "running_mean": bias(rng, n), "running_var": positive(rng, n)}

    @staticmethod
    def torch(node, ins):
        a = node.args
        return f"nn.BatchNorm{2 if ins[0].kind == 'image' else 1}d({features(ins[0])}, {text(eps=a['eps'], momentum=a['momentum'], affine=a['affine'], track_running_stats=not a.get('batch'))})"

    @staticmethod
    def keras(node, ins, K):
        a = node.args
        scale = a["affine"] and a["scale"]
        return [K.layers.BatchNormalization(axis=a.get("axis", -1), epsilon=a["eps"], momentum=1 - (a["momentum"] or 0.1), scale=scale, center=a["affine"])]

    @staticmethod
    def keras_weights(node, ins):
        w = {role: reordered(ins[0], array) for role, array in node.weights.items()}
        roles = ["weight"] * (node.args["affine"] and node.args["scale"]) + ["bias"] * node.args["affine"] + ["running_mean", "running_var"]
        return [w[role] for role in roles]

    @staticmethod
    def faults(node):
        found = [("epsilon", {"eps": node.args["eps"] + 0.02}), ("batch statistics", {"batch": True})]
        same = node.value.kind == "image" and node.value.shape[0] == node.value.shape[1]
        return found + [("axis", {"axis": 1})] * same


@op
class groupnorm(Op):
    @staticmethod
    def out(node, ins):
        require(ins[0].kind == "image" and ins[0].shape[0] % node.args["groups"] == 0)
        return ins[0]

    @staticmethod
    def weights(node, ins, rng):
        return {"weight": positive(rng, ins[0].shape[0]), "bias": bias(rng, ins[0].shape[0])}

    @staticmethod
    def torch(node, ins):
        if node.args["groups"] == ins[0].shape[0]:
            return f"nn.InstanceNorm2d({ins[0].shape[0]}, affine=True, eps={node.args['eps']})"
        return f"nn.GroupNorm({node.args['groups']}, {ins[0].shape[0]}, eps={node.args['eps']})"

    @staticmethod
    def keras(node, ins, K):
        return [K.layers.GroupNormalization(groups=node.args["groups"], epsilon=node.args["eps"])]

    @staticmethod
    def keras_weights(node, ins):
        return [node.weights["weight"], node.weights["bias"]]

    @staticmethod
    def faults(node):
        return [("epsilon", {"eps": node.args["eps"] + 0.02})]


@op
class layernorm(Op):
    """Over a whole image or flat value, or over the features of a sequence."""

    @staticmethod
    def out(node, ins):
        require(ins[0].kind in ("image", "flat", "sequence"))
        return ins[0]

    @staticmethod
    def shape(ins):
        return ins[0].shape[-1:] if ins[0].kind == "sequence" else ins[0].shape

    @staticmethod
    def weights(node, ins, rng):
        return {"weight": positive(rng, layernorm.shape(ins)), "bias": bias(rng, layernorm.shape(ins))}

    @staticmethod
    def torch(node, ins):
        return f"nn.LayerNorm({layernorm.shape(ins)}, eps={node.args['eps']})"

    @staticmethod
    def keras(node, ins, K):
        axis = [1, 2, 3] if ins[0].kind == "image" else -1
        return [K.layers.LayerNormalization(axis=axis, epsilon=node.args["eps"])]

    @staticmethod
    def keras_weights(node, ins):
        w = [node.weights["weight"], node.weights["bias"]]
        return w if ins[0].kind == "sequence" else [x.reshape(-1)[ins[0].perm] for x in w]

    faults = groupnorm.faults


@op
class prelu(Op):
    @staticmethod
    def out(node, ins):
        require(ins[0].kind in ("image", "flat"))
        return ins[0]

    @staticmethod
    def weights(node, ins, rng):
        return {"weight": rng.uniform(0.05, 0.6, ins[0].shape[0]).astype("float32")}

    @staticmethod
    def torch(node, ins):
        return f"nn.PReLU({ins[0].shape[0]})"

    @staticmethod
    def keras(node, ins, K):
        return [K.layers.PReLU(shared_axes=[1, 2] if ins[0].kind == "image" else None)]

    @staticmethod
    def keras_weights(node, ins):
        w = node.weights["weight"]
        return [w.reshape(1, 1, -1) if ins[0].kind == "image" else reordered(ins[0], w)]
