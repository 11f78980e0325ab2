# SPDX-License-Identifier: GPL-3.0-or-later
"""Recurrent layers, attention and embeddings over (T, F)."""

import numpy as np

from base import Op, kernel, op, require
from graph import Value, sequence

GATES = {"LSTM": 4, "GRU": 3, "RNN": 1}


def directions(node):
    return ("", "_reverse") if node.args["both"] else ("",)


@op
class recurrent(Op):
    """kind: LSTM, GRU (reset_after), RNN; both: bidirectional, concatenated; steps: all of them or the last."""

    @staticmethod
    def out(node, ins):
        a = node.args
        require(ins[0].kind == "sequence" and not (a["both"] and not a["steps"]))
        units = a["units"] * (1 + a["both"])
        return sequence(ins[0].shape[0], units) if a["steps"] else Value((units,))

    @staticmethod
    def weights(node, ins, rng):
        units, n, gates, made = node.args["units"], ins[0].shape[1], GATES[node.args["kind"]], {}
        for end in directions(node):
            made[f"weight_ih_l0{end}"] = kernel(rng, gates * units, n, fan=n)
            made[f"weight_hh_l0{end}"] = kernel(rng, gates * units, units, fan=units)
            made[f"bias_ih_l0{end}"] = rng.normal(0, 0.3, gates * units).astype("float32")
            made[f"bias_hh_l0{end}"] = rng.normal(0, 0.3, gates * units).astype("float32")
            if node.args["zero"] and node.args["kind"] != "GRU":
                made[f"bias_hh_l0{end}"][:] = 0
        return made

    @staticmethod
    def torch(node, ins):
        a = node.args
        return f"nn.{a['kind']}({ins[0].shape[1]}, {a['units']}, batch_first=True, bidirectional={bool(a['both'])})"

    @staticmethod
    def torch_call(node, name, xs):
        return f"self.{name}({xs[0]})[0]" + ("" if node.args["steps"] else "[:, -1]")

    @staticmethod
    def keras(node, ins, K):
        a = node.args
        cls = {"LSTM": K.layers.LSTM, "GRU": K.layers.GRU, "RNN": K.layers.SimpleRNN}[a["kind"]]
        made = cls(a["units"], return_sequences=bool(a["steps"]), **({"activation": a["activation"]} if "activation" in a else {}))
        return [K.layers.Bidirectional(made) if a["both"] else made]

    @staticmethod
    def keras_weights(node, ins):
        made = []
        for end in directions(node):
            ih, hh, bi, bh = (node.weights[f"{role}_l0{end}"] for role in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"))
            if node.args["kind"] == "GRU":  # r, z, n becomes z, r, h
                ih, hh, bi, bh = (np.concatenate([x[1], x[0], x[2]]) for x in (np.split(y, 3) for y in (ih, hh, bi, bh)))
                made += [ih.T, hh.T, np.stack([bi, bh])]
            else:
                made += [ih.T, hh.T, bi + bh]
        return made

    @staticmethod
    def faults(node):
        return [("activation of time", {"activation": "sigmoid"})]


@op
class attention(Op):
    """Self-attention."""

    @staticmethod
    def out(node, ins):
        require(ins[0].kind == "sequence" and ins[0].shape[1] % node.args["heads"] == 0)
        return ins[0]

    @staticmethod
    def weights(node, ins, rng):
        n = ins[0].shape[1]
        return {"in_proj_weight": kernel(rng, 3 * n, n, fan=n), "in_proj_bias": rng.normal(0, 0.3, 3 * n).astype("float32"),
                "out_proj.weight": kernel(rng, n, n, fan=n), "out_proj.bias": rng.normal(0, 0.3, n).astype("float32")}

    @staticmethod
    def torch(node, ins):
        return f"nn.MultiheadAttention({ins[0].shape[1]}, {node.args['heads']}, batch_first=True)"

    @staticmethod
    def torch_call(node, name, xs):
        return f"self.{name}({xs[0]}, {xs[0]}, {xs[0]}, need_weights=False)[0]"

    @staticmethod
    def keras(node, ins, K):
        return [K.layers.MultiHeadAttention(node.args["heads"], ins[0].shape[1] // node.args["heads"])]

    @staticmethod
    def keras_call(layer, xs):
        return layer(xs[0], xs[0])

    @staticmethod
    def keras_weights(node, ins):
        n, heads, w = ins[0].shape[1], node.args["heads"], node.weights
        made = []
        for kernel_, bias in zip(np.split(w["in_proj_weight"], 3), np.split(w["in_proj_bias"], 3)):
            made += [kernel_.T.reshape(n, heads, -1), bias.reshape(heads, -1)]
        made = made[:2] + made[2:4] + made[4:6]
        return made + [w["out_proj.weight"].T.reshape(heads, -1, n), w["out_proj.bias"]]


@op
class embedding(Op):
    @staticmethod
    def out(node, ins):
        require(ins[0].kind == "tokens")
        return sequence(ins[0].shape[0], node.args["units"])

    @staticmethod
    def weights(node, ins, rng):
        return {"weight": rng.normal(0, 1, (node.args["words"], node.args["units"])).astype("float32")}

    @staticmethod
    def torch(node, ins):
        return f"nn.Embedding({node.args['words']}, {node.args['units']})"

    @staticmethod
    def keras(node, ins, K):
        return [K.layers.Embedding(node.args["words"], node.args["units"])]

    @staticmethod
    def keras_weights(node, ins):
        return [node.weights["weight"]]
