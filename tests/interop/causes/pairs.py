# SPDX-License-Identifier: GPL-3.0-or-later
"""Networks for both frameworks as plain data, and the deliberate faults that are put into the Keras side.

A layer is (name, kind, settings); weights are drawn in PyTorch's layout from a seed. A fault is {"cause", "net", "layer", and one of
"weights": a function of the Keras weights' list, "settings": settings changed, "drop": left out, "put": layers put in front}.
"""

import numpy as np

NETS = {
    "picture": ((3, 12, 12), [
        ("a", "conv", dict(i=3, o=6, k=3, pad="same", act="relu")), ("b", "max", dict(k=2)), ("c", "conv", dict(i=6, o=8, k=3)),
        ("d", "bn", dict(n=8)), ("e", "act", dict(f="relu")), ("f", "flat", dict(shape=(8, 4, 4))),
        ("g", "dense", dict(i=128, o=10, act="tanh", flat=(8, 4, 4))), ("h", "dense", dict(i=10, o=5))]),
    "plain": ((16,), [
        ("a", "dense", dict(i=16, o=12, act="relu")), ("b", "dense", dict(i=12, o=12, act="tanh")), ("c", "dense", dict(i=12, o=12)),
        ("d", "act", dict(f="elu")), ("e", "dense", dict(i=12, o=4))]),
    "alike": ((4, 10, 10), [
        ("a", "conv", dict(i=4, o=4, k=3, act="relu")), ("b", "conv", dict(i=4, o=4, k=3, act="tanh")),
        ("c", "avg", dict(k=2)), ("d", "conv", dict(i=4, o=6, k=2, groups=2)), ("e", "flat", dict(shape=(6, 2, 2))),
        ("f", "dense", dict(i=24, o=24, flat=(6, 2, 2), act="leaky")), ("g", "ln", dict(n=24)), ("h", "dense", dict(i=24, o=3, act="softmax"))]),
    "wide": ((1, 14, 14), [
        ("a", "conv", dict(i=1, o=4, k=5, stride=2)), ("b", "bn", dict(n=4)), ("c", "act", dict(f="relu")),
        ("d", "dw", dict(i=4, m=2, k=3)), ("e", "conv", dict(i=8, o=6, k=1, act="relu")), ("f", "gap", dict()),
        ("g", "dense", dict(i=6, o=6)), ("h", "act", dict(f="sigmoid")), ("i", "dense", dict(i=6, o=3))]),
    "series": ((9, 6), [
        ("a", "lstm", dict(i=6, o=5, seq=True)), ("b", "lstm", dict(i=5, o=5)), ("c", "dense", dict(i=5, o=3))]),
    "gated": ((9, 6), [
        ("a", "gru", dict(i=6, o=5)), ("b", "dense", dict(i=5, o=3))]),
    "both": ((7, 6), [
        ("a", "bilstm", dict(i=6, o=4)), ("b", "dense", dict(i=8, o=3))]),
}


def draw(net, seed):
    """{layer: {name: array}}, as PyTorch's state dict of the layer has them."""
    r = np.random.default_rng(seed)

    def normal(*shape):
        return r.normal(0, 1 / np.sqrt(max(1, np.prod(shape[1:]))), shape).astype(np.float32)

    found = {}
    for name, kind, s in NETS[net][1]:
        if kind == "conv":
            found[name] = {"weight": normal(s["o"], s["i"] // s.get("groups", 1), s["k"], s["k"]), "bias": 0.3 * normal(s["o"], 1)[:, 0]}
        elif kind == "dw":
            found[name] = {"weight": normal(s["i"] * s["m"], 1, s["k"], s["k"]), "bias": 0.3 * normal(s["i"] * s["m"], 1)[:, 0]}
        elif kind == "dense":
            found[name] = {"weight": normal(s["o"], s["i"]), "bias": 0.3 * normal(s["o"], 1)[:, 0]}
        elif kind == "bn":
            n = s["n"]
            found[name] = {"weight": r.uniform(0.5, 1.5, n), "bias": r.normal(0, 0.4, n), "running_mean": r.normal(0, 0.5, n),
                           "running_var": r.uniform(0.2, 2, n)}
        elif kind == "ln":
            found[name] = {"weight": r.uniform(0.5, 1.5, s["n"]), "bias": r.normal(0, 0.4, s["n"])}
        elif kind in ("lstm", "gru", "bilstm"):
            gates = 3 if kind == "gru" else 4
            found[name] = {}
            for end in ("", "_reverse") if kind == "bilstm" else ("",):
                found[name].update({"weight_ih_l0" + end: normal(gates * s["o"], s["i"]), "weight_hh_l0" + end: normal(gates * s["o"], s["o"]),
                                    "bias_ih_l0" + end: 0.3 * normal(gates * s["o"], 1)[:, 0],
                                    "bias_hh_l0" + end: 0.3 * normal(gates * s["o"], 1)[:, 0]})
    return {name: {key: np.asarray(value, np.float32) for key, value in values.items()} for name, values in found.items()}


def gates(array, order):
    blocks = np.split(array, len(order), axis=-1)
    return np.concatenate([blocks[i] for i in order], axis=-1)


def one(array, value, at=3):
    changed = array.copy()
    changed.reshape(-1)[at] = value
    return changed


def fault(cause, net, layer, **how):
    return {"cause": cause, "net": net, "layer": layer, **how}


FAULTS = [
    fault("kernel-spatial-transpose", "picture", "a", weights=lambda w: [w[0].transpose(1, 0, 2, 3), w[1]]),
    fault("kernel-spatial-transpose", "picture", "c", weights=lambda w: [w[0].transpose(1, 0, 2, 3), w[1]]),
    fault("kernel-spatial-transpose", "wide", "d", weights=lambda w: [w[0].transpose(1, 0, 2, 3), w[1]]),
    fault("kernel-flip-180", "picture", "a", weights=lambda w: [w[0][::-1, ::-1], w[1]]),
    fault("kernel-flip-180", "alike", "b", weights=lambda w: [w[0][::-1, ::-1], w[1]]),
    fault("kernel-mirrored", "alike", "a", weights=lambda w: [w[0][:, ::-1], w[1]]),
    fault("kernel-channels-swapped", "alike", "b", weights=lambda w: [w[0].transpose(0, 1, 3, 2), w[1]]),
    fault("dense-not-transposed", "plain", "b", weights=lambda w: [w[0].T, w[1]]),
    fault("dense-not-transposed", "plain", "c", weights=lambda w: [w[0].T, w[1]]),
    fault("dense-not-transposed", "wide", "g", weights=lambda w: [w[0].T, w[1]]),
    fault("flatten-order", "picture", "g", straight=True),
    fault("flatten-order", "alike", "f", straight=True),
    fault("input-channel-order", "picture", "a", weights=lambda w: [w[0][:, :, ::-1], w[1]]),
    fault("kernel-not-transposed", "plain", "a", weights=lambda w: [np.ascontiguousarray(w[0].T).reshape(w[0].shape), w[1]]),
    fault("kernel-not-transposed", "picture", "c",
          weights=lambda w: [np.ascontiguousarray(w[0].transpose(3, 2, 0, 1)).reshape(w[0].shape), w[1]]),
    fault("bn-epsilon", "picture", "d", settings=dict(eps=1e-2)),
    fault("bn-epsilon", "wide", "b", settings=dict(eps=1e-3)),
    fault("epsilon-differs", "alike", "g", settings=dict(eps=1e-2)),
    fault("bn-mean-variance-swapped", "picture", "d", weights=lambda w: [w[0], w[1], w[3], abs(w[2])], torch=dict(running_mean=abs)),
    fault("bn-gamma-beta-swapped", "picture", "d", weights=lambda w: [w[1], w[0], w[2], w[3]]),
    fault("bn-gamma-beta-swapped", "alike", "g", weights=lambda w: [w[1], w[0]]),
    fault("bias-missing", "picture", "a", weights=lambda w: [w[0], 0 * w[1]]),
    fault("bias-missing", "plain", "e", weights=lambda w: [w[0], 0 * w[1]]),
    fault("bias-missing", "picture", "c", settings=dict(bias=False), weights=lambda w: w[:1]),
    fault("bias-missing", "plain", "b", settings=dict(bias=False), weights=lambda w: w[:1]),
    fault("layers-swapped", "alike", "a", swap="b"),
    fault("layers-swapped", "plain", "b", swap="c"),
    fault("layer-missing", "picture", "d", drop=True),
    fault("layer-missing", "alike", "g", drop=True),
    fault("layer-missing", "plain", "a", put=("x", "bn", dict(n=16))),
    fault("gate-order", "series", "a", weights=lambda w: [gates(x, (0, 2, 1, 3)) for x in w]),
    fault("gate-order", "series", "b", weights=lambda w: [gates(x, (1, 0, 2, 3)) for x in w]),
    fault("gate-order", "gated", "a", weights=lambda w: [gates(x, (1, 0, 2)) for x in w]),
    fault("parameters-swapped", "both", "a", weights=lambda w: w[3:] + w[:3]),
    fault("gru-reset", "gated", "a", settings=dict(reset=False), weights=lambda w: [w[0], w[1], w[2].sum(0)], torch=dict(bias_hh_l0=lambda b: 0 * b)),
    fault("activation-differs", "picture", "a", settings=dict(act="tanh")),
    fault("activation-differs", "picture", "e", settings=dict(f="sigmoid")),
    fault("activation-differs", "picture", "e", drop=True),
    fault("activation-differs", "picture", "a", settings=dict(act=None)),
    fault("activation-differs", "plain", "c", settings=dict(act="relu")),
    fault("activation-differs", "wide", "h", settings=dict(f="tanh")),
    fault("activation-differs", "picture", "h", settings=dict(act="tanh")),
    fault("activation-differs", "series", "a", settings=dict(recurrent="hard_sigmoid")),
    fault("activation-parameter", "plain", "d", settings=dict(alpha=0.5)),
    fault("activation-parameter", "alike", "f", settings=dict(alpha=0.3)),
    fault("padding-differs", "picture", "c", settings=dict(pad="same"), cut=True),
    fault("padding-differs", "wide", "d", settings=dict(pad="same")),
    fault("stride-differs", "wide", "d", settings=dict(stride=2)),
    fault("stride-differs", "wide", "a", settings=dict(stride=1)),
    fault("dilation-differs", "wide", "d", settings=dict(dil=2)),
    fault("pool-kind", "picture", "b", settings=dict(kind="avg")),
    fault("pool-kind", "alike", "c", settings=dict(kind="max")),
    fault("pool-kind", "wide", "f", settings=dict(kind="gmp")),
    fault("depthwise-multiplier", "wide", "d", weights=lambda w: [w[0].transpose(0, 1, 3, 2).reshape(w[0].shape), w[1]]),
    fault("input-scaling", "picture", "a", put=("x", "scale", dict(scale=2.0, offset=-1.0))),
    fault("input-scaling", "plain", "a", put=("x", "scale", dict(scale=1 / 255, offset=0.0))),
    fault("precision", "picture", "c", weights=lambda w: [x.astype(np.float16).astype(np.float32) for x in w]),
    fault("precision", "plain", "b", weights=lambda w: [x.astype(np.float16).astype(np.float32) for x in w]),
    fault("weights-differ", "picture", "a", weights=lambda w: [one(w[0], 0.9), w[1]]),
    fault("weights-differ", "plain", "c", weights=lambda w: [one(w[0], -0.7), w[1]]),
    fault("weights-differ", "alike", "d", weights=lambda w: [1.5 * w[0], w[1]]),
    fault("nan", "picture", "c", weights=lambda w: [one(w[0], np.nan), w[1]]),
]
# Two faults: in one layer, and in two layers.
PAIRS = [
    [fault("kernel-spatial-transpose", "picture", "a", weights=lambda w: [w[0].transpose(1, 0, 2, 3), 0 * w[1]]), fault("bias-missing", "picture", "a")],
    [fault("kernel-flip-180", "alike", "a", weights=lambda w: [w[0][::-1, ::-1], w[1]], settings=dict(act="sigmoid")),
     fault("activation-differs", "alike", "a")],
    [fault("bn-gamma-beta-swapped", "picture", "d", weights=lambda w: [w[1], w[0], w[2], w[3]], settings=dict(eps=1e-1)),
     fault("bn-epsilon", "picture", "d")],
    [fault("kernel-spatial-transpose", "picture", "a", weights=lambda w: [w[0].transpose(1, 0, 2, 3), w[1]]),
     fault("flatten-order", "picture", "g", straight=True)],
    [fault("dense-not-transposed", "plain", "b", weights=lambda w: [w[0].T, w[1]]), fault("weights-differ", "plain", "e", weights=lambda w: [one(w[0], 2.0), w[1]])],
    [fault("bn-epsilon", "wide", "b", settings=dict(eps=1e-2)), fault("activation-differs", "wide", "h", settings=dict(f="relu"))],
]


def cases(good, trained):
    """[(number, net, seed, faults, what)]; the numbers tell nothing."""
    found = [(f["net"], [f], "fault") for f in FAULTS] + [(p[0]["net"], p, "fault") for p in PAIRS]
    names = sorted(NETS)
    found += [(names[i % len(names)], [], "good") for i in range(good)]
    found += [(names[i % len(names)], [], "trained") for i in range(trained)]
    return [(number, net, 100 + number, faults, what) for number, (net, faults, what) in enumerate(found)]
