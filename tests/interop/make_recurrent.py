# SPDX-License-Identifier: GPL-3.0-or-later
"""Recurrent networks: every setting of Keras' layers alone, and pairs of both frameworks with the same weights.

    torch  -o tests/data/kinds --scratch DIR   traces <name>.pt, exported programs <name>.pt2 and the modules' outputs
    keras2 ...                                 <name>.h5 and every layer's output
    keras3 ...                                 <name>.keras, or <name>.keras3.h5; then joins all into <name>.npz

tests/interop/goldens runs them in this order.
"""

import argparse
import pathlib
import zlib

import numpy as np

import steps

STEPS, FEATURES, UNITS, CLASSES = 7, 5, 4, 3


def random_of(name, salt=0):
    return np.random.default_rng(zlib.crc32(name.encode()) + salt)


def inputs(name):
    if name == "masked_ids":
        ids = random_of(name, 1).integers(0, 9, (3, STEPS)).astype(np.float32)
        ids[:, 5:], ids[1, 0] = 0, 0
        return ids
    values = random_of(name, 1).normal(0, 1, (3, STEPS, FEATURES)).astype(np.float32)
    if name == "masked_steps":
        values[0, 2], values[1, 0], values[2, 4:] = 0.5, 0.5, 0.5
    return values


# Pairs: PyTorch's class, its arguments, what is taken of it.
PAIRS = {
    "lstm_last": ("LSTM", {"batch_first": True}, "last"),
    "lstm_stacked": ("LSTM", {"batch_first": True, "num_layers": 2, "bidirectional": True}, "states"),
    "lstm_series": ("LSTM", {"batch_first": True, "bidirectional": True}, "series"),
    "gru_last": ("GRU", {"batch_first": True, "num_layers": 2}, "last"),
    "gru_both": ("GRU", {"batch_first": True, "bidirectional": True}, "states"),
    "gru_bare": ("GRU", {"batch_first": True, "bias": False}, "series"),
    "rnn_relu": ("RNN", {"batch_first": True, "nonlinearity": "relu"}, "last"),
    "rnn_tanh": ("RNN", {"batch_first": True, "bidirectional": True}, "series"),
}


def drawn(name):
    """PyTorch's parameters by name."""
    kind, arguments, takes = PAIRS[name]
    random, gates = random_of(name), {"LSTM": 4, "GRU": 3, "RNN": 1}[kind]
    both, made, width = arguments.get("bidirectional", False), {}, FEATURES
    for layer in range(arguments.get("num_layers", 1)):
        for suffix in ("", "_reverse")[: 2 if both else 1]:
            for part, shape in (("weight_ih", (gates * UNITS, width)), ("weight_hh", (gates * UNITS, UNITS)),
                                ("bias_ih", (gates * UNITS,)), ("bias_hh", (gates * UNITS,))):
                if part.startswith("weight") or arguments.get("bias", True):
                    made[f"{part}_l{layer}{suffix}"] = random.normal(0, 0.4, shape).astype(np.float32)
        width = UNITS * (2 if both else 1)
    made["fc.weight"] = random.normal(0, 0.5, (CLASSES, width)).astype(np.float32)
    made["fc.bias"] = random.normal(0, 0.5, (CLASSES,)).astype(np.float32)
    return made


def torch_step(options):
    import torch
    from torch import nn

    class Net(nn.Module):
        def __init__(self, kind, arguments, takes):
            super().__init__()
            both = arguments.get("bidirectional", False)
            self.recurrent = getattr(nn, kind)(FEATURES, UNITS, **arguments)
            self.fc = nn.Linear(UNITS * (2 if both else 1), CLASSES)
            self.takes, self.both = takes, both

        def forward(self, x):
            sequence, states = self.recurrent(x)
            if self.takes == "series":
                return self.fc(sequence)
            if self.takes == "last":
                return self.fc(sequence[:, -1])
            h = states[0] if isinstance(states, tuple) else states
            return self.fc(torch.cat((h[-2], h[-1]), 1) if self.both else h[-1])

    for name, (kind, arguments, takes) in PAIRS.items():
        model = Net(kind, arguments, takes).eval()
        with torch.no_grad():
            for key, value in drawn(name).items():
                dict(model.named_parameters())[key if key.startswith("fc") else "recurrent." + key].copy_(torch.from_numpy(value))
            x = torch.from_numpy(inputs(name))
            values = {"recurrent": model.recurrent(x)[0].numpy(), "fc": model(x).numpy()}
            torch.jit.trace(model, x[:1]).save(str(options.output / f"{name}.pt"))
            steps.save_program(model, x[:1], options.output / f"{name}.pt2")
        np.savez(options.scratch / f"{name}.torch.npz", **values)
    alone = nn.LSTM(FEATURES, UNITS, 2).eval()  # steps first
    with torch.no_grad():
        for key, value in alone.named_parameters():
            value.copy_(torch.from_numpy(random_of("lstm_alone" + key).normal(0, 0.4, tuple(value.shape)).astype(np.float32)))
        x = inputs("lstm_alone")
        values = alone(torch.from_numpy(x.transpose(1, 0, 2).copy()))[0].numpy().transpose(1, 0, 2)
    torch.save(alone, str(options.output / "lstm_alone.pt"))
    np.savez(options.scratch / "lstm_alone.torch.npz", lstm=values)


def swapped(array):
    """Gates r, z, n as z, r, n, along the first axis."""
    r, z, n = np.split(array, 3)
    return np.concatenate((z, r, n))


def keras_weights(kind, parameters, layer, suffix):
    def of(part):
        value = parameters.get(f"{part}_l{layer}{suffix}")
        return value if value is None or kind != "GRU" else swapped(value)

    weights = [of("weight_ih").T, of("weight_hh").T]
    if of("bias_ih") is not None:
        weights.append(np.stack((of("bias_ih"), of("bias_hh"))) if kind == "GRU" else of("bias_ih") + of("bias_hh"))
    return weights


def pair_model(keras, name):
    k, (kind, arguments, takes) = keras.layers, PAIRS[name]
    parameters, built = drawn(name), [k.Input((STEPS, FEATURES))]
    both, count = arguments.get("bidirectional", False), arguments.get("num_layers", 1)
    for layer in range(count):
        make = getattr(k, {"RNN": "SimpleRNN"}.get(kind, kind))
        settings = {"return_sequences": layer + 1 < count or takes == "series", "use_bias": arguments.get("bias", True)}
        if kind == "RNN":
            settings["activation"] = arguments.get("nonlinearity", "tanh")
        one = make(UNITS, name=f"recurrent_{layer}", **settings)
        built.append(k.Bidirectional(one, name=f"both_{layer}") if both else one)
    built.append(k.Dense(CLASSES, name="fc"))
    model = keras.Sequential(built)
    for layer, place in enumerate(model.layers[:count]):
        place.set_weights([w for suffix in ("", "_reverse")[: 2 if both else 1] for w in keras_weights(kind, parameters, layer, suffix)])
    model.layers[-1].set_weights([parameters["fc.weight"].T, parameters["fc.bias"]])
    return model


def settings_model(keras, name):
    """Every setting of one kind of layer, one behind the other."""
    k, x = keras.layers, keras.layers.Input((STEPS, FEATURES), name="in")
    make = {"lstm_settings": k.LSTM, "gru_settings": k.GRU, "rnn_settings": k.SimpleRNN}[name]
    gated = {} if make is k.SimpleRNN else {"recurrent_activation": "hard_sigmoid"}
    older = {"reset_after": False} if make is k.GRU else {}
    y = make(4, return_sequences=True, name="plain")(x)
    y = make(5, return_sequences=True, go_backwards=True, name="backwards")(y)
    y = make(4, return_sequences=True, use_bias=False, activation="relu", name="bare", **gated)(y)
    y = make(4, return_sequences=True, activation="softsign", name="older", **older)(y)
    for mode in ("concat", "sum", "mul", "ave"):
        y = k.Bidirectional(make(3, return_sequences=True, **older), merge_mode=mode, name=mode)(y)
    y = k.TimeDistributed(k.Dense(4, activation="tanh"), name="each")(y)
    last = k.Bidirectional(make(3), name="last")(y)
    y, *state = make(4, return_state=True, return_sequences=True, name="encoder")(y)
    decoded = make(4, stateful=False, go_backwards=True, name="decoder")(y, initial_state=state)
    model = keras.Model(x, k.Dense(3, name="fc")(k.Concatenate(name="joined")([last, decoded, *state])))
    random = random_of(name)
    model.set_weights([random.normal(0, 0.4, w.shape) for w in model.get_weights()])
    return model


def masked_model(keras, name):
    """Steps that are left out, by their ids or their values."""
    k = keras.layers
    if name == "masked_ids":
        built = [k.Input((STEPS,)), k.Embedding(9, 5, mask_zero=True, name="ids"), k.Dropout(0.2, name="dropped"),
                 k.LSTM(4, return_sequences=True, name="series"), k.Bidirectional(k.GRU(3), name="both"), k.Dense(2, name="fc")]
    else:
        built = [k.Input((STEPS, FEATURES)), k.Masking(0.5, name="masked"),
                 k.SimpleRNN(4, go_backwards=True, return_sequences=True, name="backwards"),
                 k.LSTM(3, recurrent_activation="hard_sigmoid", name="hard"), k.Dense(2, name="fc")]
    model, random = keras.Sequential(built), random_of(name)
    model.set_weights([random.normal(0, 0.4, w.shape) for w in model.get_weights()])
    return model


SETTINGS = ("lstm_settings", "gru_settings", "rnn_settings", "masked_ids", "masked_steps")


def keras_outputs(keras, model, x):
    layers = [layer for layer in model.layers if type(layer).__name__ != "InputLayer"]
    outputs = {layer.name: layer.output[0] if isinstance(layer.output, (list, tuple)) else layer.output for layer in layers}
    values = keras.Model(model.inputs, list(outputs.values()))(x)
    return {name: np.asarray(value) for name, value in zip(outputs, values)}


def keras_step(options):
    import keras

    is_new = keras.__version__.startswith("3")
    for name in (*PAIRS, *SETTINGS):
        make = masked_model if name.startswith("masked") else settings_model if name in SETTINGS else pair_model
        model = make(keras, name)
        values = keras_outputs(keras, model, inputs(name))
        # Keras 3 computes hard_sigmoid otherwise: a golden of its own
        own = f"{name}_3" if is_new and name in SETTINGS else name
        model.save(str(options.output / (f"{own}.keras" if is_new else f"{own}.h5")))
        np.savez(options.scratch / f"{own}.keras.npz", **values)
    if is_new:
        for name in (*PAIRS, *SETTINGS, *(f"{name}_3" for name in SETTINGS), "lstm_alone"):
            joined = {"x": inputs(name.removesuffix("_3"))}
            for side in ("torch", "keras"):
                path = options.scratch / f"{name}.{side}.npz"
                if path.exists():
                    joined.update({f"{side}/{key}": value for key, value in np.load(path).items()})
            np.savez(options.output / f"{name}.npz", **joined)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("step", choices=("torch", "keras2", "keras3"))
    parser.add_argument("-o", "--output", type=pathlib.Path, required=True)
    parser.add_argument("--scratch", type=pathlib.Path, required=True)
    options = parser.parse_args()
    torch_step(options) if options.step == "torch" else keras_step(options)


if __name__ == "__main__":
    main()
