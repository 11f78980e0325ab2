# SPDX-License-Identifier: GPL-3.0-or-later
"""make.py torch|keras2|keras3 WORK GOOD TRAINED [NUMBER...]: writes WORK/<number>/a.pt and b.h5 or b.keras (every second pair is of Keras 3)."""

import os
import pathlib
import sys

import numpy as np

from pairs import NETS, cases, draw


def torch_weights(net, seed, faults):
    drawn = draw(net, seed)
    for f in faults:
        for key, change in f.get("torch", {}).items():
            drawn[f["layer"]][key] = np.asarray(change(drawn[f["layer"]][key]), np.float32)
    return drawn


def torch_layer(kind, s):
    from torch import nn
    act = {"relu": nn.ReLU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid, "elu": nn.ELU, "leaky": lambda: nn.LeakyReLU(0.2),
           "softmax": lambda: nn.Softmax(-1)}
    made = {
        "conv": lambda: nn.Conv2d(s["i"], s["o"], s["k"], s.get("stride", 1), s.get("pad", 0), groups=s.get("groups", 1)),
        "dw": lambda: nn.Conv2d(s["i"], s["i"] * s["m"], s["k"], groups=s["i"]),
        "dense": lambda: nn.Linear(s["i"], s["o"]), "bn": lambda: nn.BatchNorm2d(s["n"], eps=1e-5), "ln": lambda: nn.LayerNorm(s["n"]),
        "act": lambda: act[s["f"]](), "max": lambda: nn.MaxPool2d(s["k"]), "avg": lambda: nn.AvgPool2d(s["k"]),
        "flat": nn.Flatten, "gap": lambda: nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten()),
        "lstm": lambda: nn.LSTM(s["i"], s["o"], batch_first=True), "gru": lambda: nn.GRU(s["i"], s["o"], batch_first=True),
        "bilstm": lambda: nn.LSTM(s["i"], s["o"], batch_first=True, bidirectional=True)}[kind]()
    return made, act[s["act"]]() if s.get("act") else None


def torch_side(net, weights, path):
    import torch
    from torch import nn
    layers, recurrent = [], any(kind in ("lstm", "gru", "bilstm") for _, kind, _ in NETS[net][1])
    for name, kind, s in NETS[net][1]:
        made, activation = torch_layer(kind, s)
        if name in weights:
            made.load_state_dict({**made.state_dict(), **{k: torch.from_numpy(v.copy()) for k, v in weights[name].items()}})
        layers.append(made)
        layers += [activation] if activation else []

    class Series(nn.Module):
        def __init__(self):
            super().__init__()
            self.steps = nn.ModuleList(layers)
            self.whole = [s.get("seq", False) for _, _, s in NETS[net][1]]

        def forward(self, x):
            for step, whole in zip(self.steps, self.whole):
                if isinstance(step, nn.RNNBase):
                    x, state = step(x)
                    if not whole:
                        h = state[0] if isinstance(state, tuple) else state
                        x = torch.cat((h[0], h[1]), 1) if step.bidirectional else x[:, -1]
                else:
                    x = step(x)
            return x

    torch.manual_seed(0)
    if recurrent:
        torch.jit.save(torch.jit.trace(Series().eval(), torch.zeros(1, *NETS[net][0])), str(path))
    else:
        torch.save(nn.Sequential(*layers).eval(), str(path))


def flat_order(kernel, shape):
    return kernel.reshape(*shape, -1).transpose(1, 2, 0, 3).reshape(kernel.shape)


def keras_weights(kind, s, w, straight, keras3):
    if kind == "conv":
        return [w["weight"].transpose(2, 3, 1, 0), w["bias"]]
    if kind == "dw":
        k = w["weight"][:, 0].transpose(1, 2, 0)
        return [k.reshape(s["k"], s["k"], s["i"], s["m"]), w["bias"]]
    if kind == "dense":
        kernel = np.ascontiguousarray(w["weight"].T)
        return [flat_order(kernel, s["flat"]) if s.get("flat") and not straight else kernel, w["bias"]]
    if kind in ("bn", "ln"):
        return [w[k] for k in ("weight", "bias", "running_mean", "running_var") if k in w]
    if kind == "gru":
        turn = lambda a: np.concatenate([np.split(a, 3)[i] for i in (1, 0, 2)]).T
        return [turn(w["weight_ih_l0"]), turn(w["weight_hh_l0"]), np.stack([turn(w["bias_ih_l0"]), turn(w["bias_hh_l0"])])]
    return [part for end in ("", "_reverse") if "weight_ih_l0" + end in w
            for part in (w["weight_ih_l0" + end].T, w["weight_hh_l0" + end].T, w["bias_ih_l0" + end] + w["bias_hh_l0" + end])]


def keras_layer(kind, s, name, keras):
    L = keras.layers
    act = s.get("act")
    fused = None if act == "leaky" else act
    padding = dict(padding=s.get("pad") or "valid", strides=s.get("stride", 1), dilation_rate=s.get("dil", 1), use_bias=s.get("bias", True),
                   activation=fused, name=name)
    leak = "negative_slope" if keras.__version__.startswith("3") else "alpha"
    made = {
        "conv": lambda: L.Conv2D(s["o"], s["k"], groups=s.get("groups", 1), **padding),
        "dw": lambda: L.DepthwiseConv2D(s["k"], depth_multiplier=s["m"], **padding),
        "dense": lambda: L.Dense(s["o"], use_bias=s.get("bias", True), activation=fused, name=name),
        "bn": lambda: L.BatchNormalization(epsilon=s.get("eps", 1e-5), name=name),
        "ln": lambda: L.LayerNormalization(epsilon=s.get("eps", 1e-5), name=name),
        "act": lambda: L.ELU(alpha=s.get("alpha", 1.0), name=name) if s["f"] == "elu" else L.Activation(s["f"], name=name),
        "max": lambda: L.MaxPooling2D(s["k"], name=name), "avg": lambda: L.AveragePooling2D(s["k"], name=name),
        "flat": lambda: L.Flatten(name=name), "gap": lambda: L.GlobalAveragePooling2D(name=name),
        "gmp": lambda: L.GlobalMaxPooling2D(name=name), "scale": lambda: L.Rescaling(s["scale"], s["offset"], name=name),
        "lstm": lambda: L.LSTM(s["o"], return_sequences=s.get("seq", False), recurrent_activation=s.get("recurrent", "sigmoid"), name=name),
        "gru": lambda: L.GRU(s["o"], reset_after=s.get("reset", True), name=name),
        "bilstm": lambda: L.Bidirectional(L.LSTM(s["o"]), name=name)}[s.get("kind", kind)]()
    return [made] + ([L.LeakyReLU(**{leak: s.get("alpha", 0.2)}, name=name + "_act")] if act == "leaky" else [])


def keras_side(net, weights, faults, path):
    import keras
    keras.backend.clear_session()
    shape = NETS[net][0]
    model = keras.Sequential([keras.layers.InputLayer(tuple(shape[1:]) + (shape[0],) if len(shape) == 3 else shape)])
    told, by = {}, {}
    for f in faults:
        by.setdefault(f["layer"], []).append(f)
        if "swap" in f:
            weights = {**weights, f["layer"]: weights[f["swap"]], f["swap"]: weights[f["layer"]]}
    cut = False
    for index, (name, kind, settings) in enumerate(NETS[net][1]):
        mine, shown = by.get(name, []), f"layer_{index}"
        told[name] = [index, shown]
        s = dict(settings)
        for f in mine:
            if "put" in f:
                put = keras_layer(f["put"][1], f["put"][2], "layer_put", keras)
                for layer in put:
                    model.add(layer)
                if f["put"][1] == "bn":
                    n, r = f["put"][2]["n"], np.random.default_rng(5)
                    put[0].set_weights([r.uniform(0.5, 1.5, n), r.normal(0, 1, n), r.normal(0, 1, n), r.uniform(0.5, 2, n)])
            s.update(f.get("settings", {}))
            cut = cut or f.get("cut", False)
        if any(f.get("drop") for f in mine):
            continue
        if kind == "dense" and cut and settings.get("flat"):
            break  # what is behind has another size
        for layer in keras_layer(kind, s, shown, keras):
            model.add(layer)
            if layer.name == shown and name in weights:
                values = keras_weights(kind, settings, weights[name], any(f.get("straight") for f in mine), None)
                for f in mine:
                    values = [np.ascontiguousarray(v) for v in f.get("weights", lambda w: w)(values)]
                layer.set_weights(values)
    model.save(str(path))


def main():
    env, work, good, trained = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    only = set(map(int, sys.argv[5:]))
    for number, net, seed, faults, what in cases(good, trained):
        if only and number not in only:
            continue
        folder = work / str(number)
        folder.mkdir(parents=True, exist_ok=True)
        weights = torch_weights(net, seed, faults)
        if env == "torch":
            torch_side(net, weights, folder / "a.pt")
        elif env == ("keras3" if number % 2 else "keras2"):
            keras_side(net, draw(net, seed + 7000) if what == "trained" else weights, faults,
                       folder / ("b.keras" if number % 2 and number % 3 else "b.h5"))


os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
if __name__ == "__main__":
    main()
