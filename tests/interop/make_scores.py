# SPDX-License-Identifier: GPL-3.0-or-later
"""Attention without projections: torch.nn.functional.scaled_dot_product_attention, Keras' Attention and AdditiveAttention.

    torch  -o tests/data/kinds --scratch DIR   scores.pt, scores_torch.pt (traced), scores_torch.pt2 and every module's output
    keras2 ...                                 scores.h5, scores_keras.h5 and every layer's output
    keras3 ...                                 the same as .keras3.h5; then joins all into .npz
"""

import zlib

import numpy as np

import steps

SHAPE = (5, 8)


def drawn(key, i, o):
    random = np.random.default_rng(zlib.crc32(f"scores/{key}".encode()))
    return random.normal(0, 0.6, (o, i)).astype(np.float32), random.normal(0, 0.4, o).astype(np.float32)


def inputs():
    return np.random.default_rng(17).normal(0, 1, (3, *SHAPE)).astype(np.float32)


# what both frameworks have: products that are not scaled
def both(dense, attention, x):
    found = attention(dense("q", 8, 6, x), dense("k", 8, 6, x), dense("v", 8, 4, x), False)
    return dense("out", 4, 3, attention(found, found, found, True))


def torch_step(options):
    import torch
    from torch import nn
    from torch.nn import functional as f

    def plain(query, key, value, causal):
        return f.scaled_dot_product_attention(query, key, value, is_causal=causal, scale=1.0)

    def heads(dense, _, x):
        def split(y):
            return y.reshape(y.shape[0], 5, 2, 4).transpose(1, 2)

        q, k, v = (split(dense(key, 8, 8, x)) for key in "qkv")
        found = f.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(x.shape[0], 5, 8)
        found = found + f.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).reshape(x.shape[0], 5, 8)
        return dense("out", 8, 3, f.scaled_dot_product_attention(found, found[:, 0:3], found[:, 2:5], scale=0.3))

    class Net(nn.Module):
        def __init__(self, build):
            super().__init__()
            self.build = build

        def dense(self, key, i, o, x):
            if not hasattr(self, key):
                module = nn.Linear(i, o)
                with torch.no_grad():
                    for parameter, values in zip((module.weight, module.bias), drawn(key, i, o)):
                        parameter.copy_(torch.from_numpy(values))
                self.add_module(key, module)
            return getattr(self, key)(x)

        def forward(self, x):
            return self.build(self.dense, plain, x)

    for name, build in (("scores", both), ("scores_torch", heads)):
        net, seen, x = Net(build).eval(), {}, torch.from_numpy(inputs())
        net(x)
        torch.jit.save(torch.jit.trace(net, x), str(options.output / f"{name}.pt"))
        steps.save_program(net, x, options.output / f"{name}.pt2")
        for key, module in net.named_children():
            module.register_forward_hook(lambda _, __, value, key=key: seen.update({key: value.detach().numpy()}))
        with torch.no_grad():
            net(x)
        np.savez(options.scratch / f"{name}.torch.npz", **seen)


def keras_model(keras, name):
    k, made = keras.layers, {}

    def dense(key, i, o, x):
        made[key] = k.Dense(o, name=key), drawn(key, i, o)
        return made[key][0](x)

    count = iter(range(9))

    def attention(query, key, value, causal):
        return k.Attention(name=f"attention{next(count)}")([query, value, key], use_causal_mask=causal)

    def layers(_, __, x):
        q, v = dense("q", 8, 6, x), dense("v", 8, 6, x)
        first, shares = k.Attention(name="shares")([q, v], return_attention_scores=True)
        second = k.AdditiveAttention(name="additive")([first, v, q])
        third = k.AdditiveAttention(use_scale=False, name="unscaled")([q, second], use_causal_mask=True)
        return dense("out", 11, 3, k.Concatenate(name="joined")([third, shares]))

    x = k.Input(SHAPE, name="x")
    model = keras.Model(x, (both if name == "scores" else layers)(dense, attention, x))
    for layer, (weight, bias) in made.values():
        layer.set_weights([weight.T, bias])
    for layer in model.layers:
        if layer.name == "additive":
            layer.set_weights([drawn("additive", 6, 6)[1]])
    return model


def keras2_step(options):
    import keras

    for name in ("scores", "scores_keras"):
        model = keras_model(keras, name)
        model.save(str(options.output / f"{name}.h5"))
        made = {layer.name: layer.output for layer in model.layers[1:]}
        made = {key: value for key, value in made.items() if not isinstance(value, (list, tuple))}
        seen = keras.Model(model.inputs, made)(inputs())
        np.savez(options.scratch / f"{name}.keras.npz", **{key: np.asarray(value) for key, value in seen.items()})


def keras3_step(options):
    import keras

    for name in ("scores", "scores_keras"):
        keras_model(keras, name).save(str(options.output / f"{name}.keras3.h5"))
    arrays = steps.joined(options, "scores", inputs())
    steps.ends_agree("scores", arrays, arrays["torch/out"], arrays["keras/out"])
    np.savez(options.output / "scores.npz", **arrays)
    for name, side in (("scores_torch", "torch"), ("scores_keras", "keras")):
        np.savez(options.output / f"{name}.npz", **steps.joined(options, name, inputs(), (side,)))


if __name__ == "__main__":
    steps.run(__doc__, torch=torch_step, keras2=keras2_step, keras3=keras3_step)
