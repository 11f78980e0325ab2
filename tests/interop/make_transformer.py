# SPDX-License-Identifier: GPL-3.0-or-later
"""nn.TransformerEncoderLayer and nn.TransformerEncoder of a Sequential, and the layers of Keras that compute the same.

    torch  -o tests/data/kinds --scratch DIR   transformer.pt (the module) and every module's output; transformer_traced.pt, whose encoder
                                               layers are one operator each, transformer_traced.pt2, and their .npz
    keras2 ...                                 the same functions as transformer.h5 and every layer's output
    keras3 ...                                 the same as transformer.keras3.h5; then joins all into transformer.npz
"""

import numpy as np

import steps

FEATURES, HEADS, WIDE = 8, 2, 12
# modules of the Sequential: their places, and each encoder layer's path, whether its norms stand first, and its activation
LAYERS = [("1", False, "relu"), ("2", True, "gelu"), ("3.layers.0", True, "relu"), ("3.layers.1", True, "relu")]


def inputs():
    return np.random.default_rng(5).normal(0, 1, (3, 5, 6)).astype(np.float32)


def torch_step(options):
    import torch
    from torch import nn

    torch.manual_seed(11)

    def layer(first, activation):
        return nn.TransformerEncoderLayer(FEATURES, HEADS, WIDE, activation=activation, norm_first=first, batch_first=True, layer_norm_eps=1e-4)

    stack = nn.TransformerEncoder(layer(True, "relu"), 2, norm=nn.LayerNorm(FEATURES), enable_nested_tensor=False)
    net = nn.Sequential(nn.Linear(6, FEATURES), layer(False, "relu"), layer(True, "gelu"), stack, nn.Linear(FEATURES, 3)).eval()
    with torch.no_grad():
        for parameter in net.parameters():
            parameter.copy_(torch.randn(parameter.shape) * 0.4)
    torch.save(net, options.output / "transformer.pt")
    np.savez(options.scratch / "transformer.weights.npz", **{key: value.numpy() for key, value in net.state_dict().items()})
    seen, value = {}, torch.from_numpy(inputs())
    with torch.no_grad():
        for key, module in net.named_children():
            value = module(value)
            seen[key] = value.numpy()
    np.savez(options.scratch / "transformer.torch.npz", **seen)
    x = torch.from_numpy(inputs())
    with torch.no_grad():
        torch.jit.save(torch.jit.trace(net, x), str(options.output / "transformer_traced.pt"))
    steps.save_program(net, x, options.output / "transformer_traced.pt2")
    np.savez(options.output / "transformer_traced.npz", x=inputs(), **{f"torch/{key}": seen[key] for key in ("0", "4")})


def keras_model(keras, options):
    k, fills = keras.layers, []
    with np.load(options.scratch / "transformer.weights.npz") as file:
        weights = {key: file[key] for key in file.files}

    def dense(path, units, x, activation=None):
        layer = k.Dense(units, activation=activation, name=path.replace(".", "_"))
        fills.append((layer, [weights[path + ".weight"].T, weights[path + ".bias"]]))
        return layer(x)

    def norm(path, x, epsilon=1e-4):
        layer = k.LayerNormalization(epsilon=epsilon, name=path.replace(".", "_"))
        fills.append((layer, [weights[path + ".weight"], weights[path + ".bias"]]))
        return layer(x)

    def attention(path, x):
        size = FEATURES // HEADS
        layer, arrays = k.MultiHeadAttention(HEADS, size, name=path.replace(".", "_")), []
        for rows, bias in zip(np.split(weights[path + ".in_proj_weight"], 3), np.split(weights[path + ".in_proj_bias"], 3)):
            arrays += [rows.T.reshape(FEATURES, HEADS, size), bias.reshape(HEADS, size)]
        fills.append((layer, arrays + [weights[path + ".out_proj.weight"].T.reshape(HEADS, size, FEATURES), weights[path + ".out_proj.bias"]]))
        return layer(x, x)

    def block(path, first, activation, x):
        add = [k.Add(name=f"{path}.sum{n}".replace(".", "_")) for n in (1, 2)]

        def forward(y):
            return dense(f"{path}.linear2", FEATURES, dense(f"{path}.linear1", WIDE, y, activation))

        if first:
            x = add[0]([x, attention(f"{path}.self_attn", norm(f"{path}.norm1", x))])
            return add[1]([x, forward(norm(f"{path}.norm2", x))])
        x = norm(f"{path}.norm1", add[0]([x, attention(f"{path}.self_attn", x)]))
        return norm(f"{path}.norm2", add[1]([x, forward(x)]))

    x = value = k.Input((5, 6), name="x")
    value = dense("0", FEATURES, value)
    for path, first, activation in LAYERS:
        value = block(path, first, activation, value)
    model = keras.Model(x, dense("4", 3, norm("3.norm", value, 1e-5)))
    for layer, arrays in fills:
        layer.set_weights(arrays)
    return model


def keras2_step(options):
    import keras

    model = keras_model(keras, options)
    model.save(str(options.output / "transformer.h5"))
    every = keras.Model(model.inputs, {layer.name: layer.output for layer in model.layers[1:]})
    np.savez(options.scratch / "transformer.keras.npz", **{key: np.asarray(value) for key, value in every(inputs()).items()})


def keras3_step(options):
    import keras

    keras_model(keras, options).save(str(options.output / "transformer.keras3.h5"))
    arrays = steps.joined(options, "transformer", inputs())
    steps.ends_agree("transformer", arrays, arrays["torch/4"], arrays["keras/4"])
    np.savez(options.output / "transformer.npz", **arrays)


if __name__ == "__main__":
    steps.run(__doc__, torch=torch_step, keras2=keras2_step, keras3=keras3_step)
