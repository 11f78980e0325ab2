# SPDX-License-Identifier: GPL-3.0-or-later
"""Dense layers and merges."""

import numpy as np

from base import Op, bias, kernel, op, require
from graph import Value, image
from ops_point import keras_function


@op
class dense(Op):
    """On a flat value in any order, or on the features of a sequence. `grid` (C, H, W): Keras will make an image of it."""

    @staticmethod
    def out(node, ins):
        require(ins[0].kind in ("flat", "sequence"))
        if ins[0].kind == "sequence":
            return Value((ins[0].shape[0], node.args["units"]), None, "sequence")
        require(len(ins[0].shape) == 1)
        grid = node.args.get("grid")
        return Value((node.args["units"],), image(*grid).perm.reshape(-1) if grid else None)

    @staticmethod
    def weights(node, ins, rng):
        units, n = node.args["units"], ins[0].shape[-1]
        made = {"weight": kernel(rng, units, n, fan=n)}
        return {**made, "bias": bias(rng, units)} if node.args["bias"] else made

    @staticmethod
    def torch(node, ins):
        return f"nn.Linear({ins[0].shape[-1]}, {node.args['units']}, bias={node.args['bias']})"

    @staticmethod
    def keras(node, ins, K):
        fused = node.args.get("fused")
        made = K.layers.Dense(node.args["units"], use_bias=node.args["bias"], activation=keras_function(fused, K) if fused else None)
        return [K.layers.TimeDistributed(made) if node.args.get("each") and ins[0].kind == "sequence" else made]

    @staticmethod
    def keras_weights(node, ins):
        kernel_, order = node.weights["weight"].T, dense.out(node, ins).perm
        if ins[0].kind == "flat" and not node.args.get("straight"):
            kernel_ = kernel_[ins[0].perm]
        made = [kernel_] + ([node.weights["bias"]] if node.args["bias"] else [])
        return [x[..., order] for x in made] if order.ndim == 1 else made


@op
class merge(Op):
    """Of values of one shape and order; concat: along the channels or features."""

    @staticmethod
    def out(node, ins):
        kind = node.args["kind"]
        require(all(v.kind == ins[0].kind for v in ins) and ins[0].kind in ("image", "flat", "sequence"))
        if kind != "concat":
            require(all(v.shape == ins[0].shape and (v.perm == ins[0].perm).all() for v in ins))
            return ins[0]
        if ins[0].kind == "flat":
            require(all(len(v.shape) == 1 for v in ins))
            starts = np.cumsum([0] + [v.shape[0] for v in ins])
            return Value((starts[-1],), np.concatenate([v.perm + s for v, s in zip(ins, starts)]))
        axis = 0 if ins[0].kind == "image" else 1
        require(all(np.delete(v.shape, axis).tolist() == np.delete(ins[0].shape, axis).tolist() for v in ins))
        shape = list(ins[0].shape)
        shape[axis] = sum(v.shape[axis] for v in ins)
        return image(*shape) if axis == 0 else Value(shape, None, "sequence")

    @staticmethod
    def torch_call(node, name, xs):
        axis = 2 if node.args.get("last") else 1
        return {"add": " + ".join(xs), "subtract": " - ".join(xs), "multiply": " * ".join(xs),
                "average": f"({' + '.join(xs)}) / {len(xs)}", "maximum": f"torch.maximum({', '.join(xs[:2])})",
                "concat": f"torch.cat([{', '.join(xs)}], dim={axis})"}[node.args["kind"]]

    @staticmethod
    def keras(node, ins, K):
        L = K.layers
        return [{"add": L.Add, "subtract": L.Subtract, "multiply": L.Multiply, "average": L.Average, "maximum": L.Maximum,
                 "concat": L.Concatenate}[node.args["kind"]]()]

    @staticmethod
    def keras_call(layer, xs):
        return layer(xs)

    @staticmethod
    def faults(node):
        other = {"add": "multiply", "multiply": "add", "average": "add", "maximum": "average", "subtract": "add"}
        return [("merge", {"kind": other[node.args["kind"]]})] if node.args["kind"] in other else []
