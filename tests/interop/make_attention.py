# SPDX-License-Identifier: GPL-3.0-or-later
"""Attention and products of two values, with the same weights in both frameworks.

    torch  -o tests/data/kinds --scratch DIR   <name>.pt (traced) and every module's output
    keras2 ...                                 the same functions as <name>.h5 and every layer's output
    keras3 ...                                 the same as <name>.keras3.h5; then joins all into <name>.npz

tests/interop/goldens runs them in this order. Weights are drawn in PyTorch's layouts, those of an attention head by head in Keras'.
"""

import zlib

import numpy as np

import steps

# name: input (without batch), nodes (name, kind, inputs, settings). Settings of an attention: features of query, key, value; heads, key and
# value features of a head, produced features; what Keras' call is given.
BLOCK = [("a", "dense", ["x"], (6, 6)), ("attn", "attention", ["a", "a", "a"], (6, 6, 6, 2, 3, 3, 6, {})),
         ("sum", "add", ["attn", "a"], ()), ("n1", "norm", ["sum"], (6,)), ("f1", "dense", ["n1"], (6, 10)), ("g", "gelu", ["f1"], ()),
         ("f2", "dense", ["g"], (10, 6)), ("sum2", "add", ["f2", "n1"], ()), ("n2", "norm", ["sum2"], (6,)), ("out", "dense", ["n2"], (6, 3))]
CROSS = [("a", "dense", ["x"], (6, 4)), ("b", "dense", ["x"], (6, 8))]
NETS = {
    "attention": ((5, 6), BLOCK),
    "attention_cross": ((5, 6), CROSS + [("attn", "attention", ["a", "x", "b"], (4, 6, 8, 2, 2, 2, 4, {})), ("out", "dense", ["attn"], (4, 3))]),
    "attention_keras": ((5, 6), CROSS + [("attn", "attention", ["a", "x", "b"], (4, 6, 8, 3, 2, 5, 7, {})),
                                         ("causal", "attention", ["attn", "attn", "attn"], (7, 7, 7, 2, 3, 3, 7, {"use_causal_mask": True})),
                                         ("both", "attention", ["causal", "b", "b"], (7, 8, 8, 2, 3, 3, 7, {"return_attention_scores": True})),
                                         ("out", "dense", ["both"], (7, 3))]),
    "product": ((5, 6), CROSS + [("c", "dense", ["x"], (6, 4)), ("square", "dot", ["a", "c"], ((2, 2), False)),
                                 ("mixed", "dot", ["square", "b"], ((2, 1), False)), ("out", "dense", ["mixed"], (8, 3))]),
    "product_keras": ((5, 6), CROSS + [("c", "dense", ["x"], (6, 4)), ("square", "dot", ["a", "c"], ((2, 2), True)),
                                       ("mixed", "dot", ["b", "square"], ((1, 1), False)), ("e", "einsum", ["mixed"], (5, 6, "abc,cd->abd", "d")),
                                       ("i", "einsum", ["e"], (6, 3, "...x,xy->...y", None)), ("out", "dense", ["i"], (3, 3))]),
    "bilinear": ((5, 6), CROSS + [("pair", "bilinear", ["a", "b"], (4, 8, 3)), ("out", "dense", ["pair"], (3, 3))]),
}
ONE_SIDED = {"attention_keras": "keras", "product_keras": "keras", "bilinear": "torch"}


def drawn(name):
    random = np.random.default_rng(zlib.crc32(name.encode()))

    def normal(*shape):
        return random.normal(0, 0.5, shape).astype(np.float32)

    made = {}
    for node, kind, _, s in NETS[name][1]:
        if kind in ("dense", "einsum"):
            made[node] = [normal(s[1], s[0]), normal(s[1])]
        elif kind == "norm":
            made[node] = [normal(s[0]), normal(s[0])]
        elif kind == "bilinear":
            made[node] = [normal(s[2], s[0], s[1]), normal(s[2])]
        elif kind == "attention":
            query, key, value, heads, size, value_size, produced, _ = s
            made[node] = [normal(query, heads, size), normal(heads, size), normal(key, heads, size), normal(heads, size),
                          normal(value, heads, value_size), normal(heads, value_size), normal(heads, value_size, produced), normal(produced)]
    return made


def inputs(name):
    return np.random.default_rng(zlib.crc32(name.encode()) + 1).normal(0, 1, (3, *NETS[name][0])).astype(np.float32)


def torch_step(options):
    import torch
    from torch import nn

    def attention(query, key, value, heads, size, _, __, ___):
        return nn.MultiheadAttention(query, heads, kdim=key, vdim=value, batch_first=True)

    def fill(module, kind, arrays):
        tensors = [torch.from_numpy(array) for array in arrays]
        if kind != "attention":
            module.weight.copy_(tensors[0])
            module.bias.copy_(tensors[1])
            return
        rows = [kernel.reshape(kernel.shape[0], -1).T for kernel in tensors[0:6:2]]
        if module.in_proj_weight is not None:
            module.in_proj_weight.copy_(torch.cat(rows))
        else:
            for parameter, matrix in zip((module.q_proj_weight, module.k_proj_weight, module.v_proj_weight), rows):
                parameter.copy_(matrix)
        module.in_proj_bias.copy_(torch.cat([bias.flatten() for bias in tensors[1:6:2]]))
        module.out_proj.weight.copy_(tensors[6].reshape(-1, tensors[6].shape[2]).T)
        module.out_proj.bias.copy_(tensors[7])

    class Net(nn.Module):
        def __init__(self, name):
            super().__init__()
            self.nodes = NETS[name][1]
            makers = {"dense": nn.Linear, "norm": nn.LayerNorm, "gelu": nn.GELU, "bilinear": nn.Bilinear, "attention": attention}
            weights = drawn(name)
            for node, kind, _, settings in self.nodes:
                if kind in makers:
                    self.add_module(node, makers[kind](*settings))
                    with torch.no_grad():
                        if node in weights:
                            fill(getattr(self, node), kind, weights[node])

        def forward(self, x):
            values = {"x": x}
            for node, kind, takes, settings in self.nodes:
                taken = [values[key] for key in takes]
                if kind == "add":
                    values[node] = taken[0] + taken[1]
                elif kind == "dot":
                    second = taken[1].transpose(1, 2) if settings[0] == (2, 2) else taken[1]
                    values[node] = torch.matmul(taken[0], second)
                elif kind == "attention":
                    values[node] = getattr(self, node)(*taken, need_weights=False)[0]
                else:
                    values[node] = getattr(self, node)(*taken)
            return values[node]

    for name in NETS:
        if ONE_SIDED.get(name) == "keras":
            continue
        net, seen = Net(name).eval(), {}
        x = torch.from_numpy(inputs(name))
        with torch.no_grad():
            torch.jit.save(torch.jit.trace(net, x[:1]), str(options.output / f"{name}.pt"))
            for key, module in net.named_children():
                module.register_forward_hook(
                    lambda _, __, value, key=key: seen.update({key: (value[0] if isinstance(value, tuple) else value).numpy()}))
            net(x)
        np.savez(options.scratch / f"{name}.torch.npz", **seen)


def keras_model(keras, name):
    k = keras.layers
    values, weights = {"x": k.Input(NETS[name][0], name="x")}, drawn(name)
    for node, kind, takes, s in NETS[name][1]:
        taken = [values[key] for key in takes]
        arrays = weights.get(node, [])
        if kind in ("dense", "einsum"):
            arrays = [arrays[0].T, arrays[1]]
        if kind == "dense":
            layer = k.Dense(s[1], name=node)
        elif kind == "einsum":
            layer = k.EinsumDense(s[2], output_shape=s[1] if s[2].startswith(".") else (None, s[1]), bias_axes=s[3], name=node)
            arrays = arrays if s[3] else arrays[:1]
        elif kind == "norm":
            layer = k.LayerNormalization(epsilon=1e-5, name=node)
        elif kind == "attention":
            layer = k.MultiHeadAttention(s[3], s[4], value_dim=s[5], output_shape=s[6], name=node)
        elif kind == "dot":
            layer = k.Dot(s[0], normalize=s[1], name=node)
        else:
            layer = k.Add(name=node) if kind == "add" else k.Activation(kind, name=node)
        if kind == "attention":
            query, key, value = taken
            result = layer(query, value, **({} if key is value else {"key": key}), **s[7])
            values[node] = result[0] if s[7].get("return_attention_scores") else result
        else:
            values[node] = layer(taken if kind in ("add", "dot") else taken[0])
        layer.set_weights(arrays)
    return keras.Model(values["x"], values[node])


def keras_trace(keras, model, name):
    ends = keras.Model(model.inputs, [layer.output[0] if isinstance(layer.output, (list, tuple)) else layer.output for layer in model.layers[1:]])
    return {layer.name: np.asarray(value) for layer, value in zip(model.layers[1:], ends(inputs(name)))}


def keras2_step(options):
    import keras

    for name in NETS:
        if ONE_SIDED.get(name) != "torch":
            model = keras_model(keras, name)
            model.save(str(options.output / f"{name}.h5"))
            np.savez(options.scratch / f"{name}.keras.npz", **keras_trace(keras, model, name))


def keras3_step(options):
    import keras

    for name in NETS:
        if ONE_SIDED.get(name) != "torch":
            keras_model(keras, name).save(str(options.output / f"{name}.keras3.h5"))
        arrays = steps.joined(options, name, inputs(name), (ONE_SIDED[name],) if name in ONE_SIDED else ("torch", "keras"))
        if name not in ONE_SIDED:
            worst = float(np.abs(arrays["torch/out"] - arrays["keras/out"]).max())
            print(f"{name}: {len(arrays) - 1} layers, ends differ by {worst:.1e}")
            if worst > 1e-5:
                raise SystemExit(f"{name}: the two frameworks do not compute the same")
        np.savez(options.output / f"{name}.npz", **arrays)


if __name__ == "__main__":
    steps.run(__doc__, torch=torch_step, keras2=keras2_step, keras3=keras3_step)
