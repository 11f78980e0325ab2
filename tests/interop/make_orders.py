# SPDX-License-Identifier: GPL-3.0-or-later
"""Twins in which something stands before a Flatten that no order can be lost at, or can: tests/data/orders.

    keras2 -o tests/data/orders   every network as .h5 and, with other weights, as .blank.h5; the output on `x` is printed
    torch  -o tests/data/orders   the same functions as .pt and .blank.pt; checked against Keras' outputs

Pictures are 6 x 4 with two channels, so that no two sizes are alike. tests/interop/orders runs both steps.
"""

import argparse
import pathlib

import numpy as np

NAMES = ("gelu", "leaky", "elu", "dropout", "rescaling", "noise", "depthwise", "lost", "norm", "permuted",
         "channels_first", "reshape", "concatenated", "generator")
LEFT_OUT = {"lost"}  # whose functions differ on purpose: nothing can be said of the order


def drawn(seed):
    random = np.random.default_rng(seed)

    def normal(*shape):
        return random.normal(0, 0.4, shape).astype(np.float32)

    return {"conv": normal(3, 2, 3, 3), "conv_bias": normal(3), "dense": normal(24, 5), "dense_bias": normal(5),
            "depthwise": normal(3, 1, 1, 1), "depthwise_bias": normal(3),
            "gamma": np.abs(normal(24)) + 0.5, "beta": normal(24), "mean": normal(24), "variance": np.abs(normal(24)) + 0.5,
            "dense2": normal(5, 24), "dense2_bias": normal(24)}


def picture():
    return np.random.default_rng(5).normal(0, 1, (2, 2, 6, 4)).astype(np.float32)


def keras_net(name):
    from tensorflow import keras

    layers = keras.layers
    if name == "generator":
        return keras.Sequential([layers.Input((5,)), layers.Dense(24, name="dense"), layers.Reshape((4, 2, 3), name="image"),
                                 layers.Conv2D(2, 1, name="conv")])
    if name == "concatenated":
        x = keras.Input((6, 4, 2))
        conv = layers.Conv2D(3, 3, name="conv")(x)
        both = layers.Concatenate(name="both")([layers.Flatten(name="one")(conv), layers.Flatten(name="two")(layers.Activation("relu")(conv))])
        return keras.Model(x, layers.Dense(5, name="dense")(both))
    middle = {"gelu": [layers.Activation("gelu")], "leaky": [layers.LeakyReLU(0.2)], "elu": [layers.ELU(0.5)],
              "dropout": [layers.SpatialDropout2D(0.3)], "rescaling": [layers.Rescaling(1.0)], "noise": [layers.GaussianNoise(0.1)],
              "depthwise": [layers.DepthwiseConv2D(1, name="depthwise")],
              "lost": [layers.Lambda(lambda v: v, name="lost")]}.get(name, [layers.Activation("relu")])
    flatten = {"channels_first": layers.Flatten(data_format="channels_first"), "reshape": layers.Reshape((24,))}.get(name, layers.Flatten())
    behind = [layers.BatchNormalization(name="norm")] if name == "norm" else []
    return keras.Sequential([layers.Input((6, 4, 2)), layers.Conv2D(3, 3, name="conv"), *middle, flatten, *behind, layers.Dense(5, name="dense")])


def set_keras(model, w, name):
    def put(layer, *values):
        model.get_layer(layer).set_weights(list(values))

    if name == "generator":
        put("dense", w["dense2"], w["dense2_bias"])
        put("conv", w["conv"][:2, :, :1, :1].repeat(2, 1)[:, :3].transpose(2, 3, 1, 0), w["conv_bias"][:2])
        return
    put("conv", w["conv"].transpose(2, 3, 1, 0), w["conv_bias"])
    put("dense", np.concatenate([w["dense"], w["dense"][::-1]]) if name == "concatenated" else w["dense"], w["dense_bias"])
    if name == "depthwise":
        put("depthwise", w["depthwise"].transpose(2, 3, 0, 1), w["depthwise_bias"])
    if name == "norm":
        put("norm", w["gamma"], w["beta"], w["mean"], w["variance"])


def keras_step(output):
    for name in NAMES:
        x = np.random.default_rng(6).normal(0, 1, (2, 5)).astype(np.float32) if name == "generator" else picture().transpose(0, 2, 3, 1)
        for seed, suffix in ((1, ""), (2, ".blank")):
            model = keras_net(name)
            set_keras(model, drawn(seed), name)
            model.save(str(output / f"{name}{suffix}.h5"))
            if not suffix:
                np.save(output / f"{name}.y.npy", np.asarray(model(x, training=False)))


def torch_net(name, w):
    import torch
    from torch import nn

    def fill(module, weight, bias):
        module.weight.data, module.bias.data = torch.tensor(np.ascontiguousarray(weight)), torch.tensor(np.ascontiguousarray(bias))
        return module

    chw = np.arange(24).reshape(4, 2, 3).transpose(2, 0, 1).ravel()  # Keras' place of each of PyTorch's features
    if name == "generator":
        dense = fill(nn.Linear(5, 24), w["dense2"].T[chw], w["dense2_bias"][chw])
        conv = fill(nn.Conv2d(3, 2, 1), w["conv"][:2, :, :1, :1].repeat(2, 1)[:, :3], w["conv_bias"][:2])

        class Generator(nn.Module):
            def __init__(self):
                super().__init__()
                self.dense, self.conv = dense, conv

            def forward(self, v):
                return self.conv(self.dense(v).view(-1, 3, 4, 2))

        return Generator()
    conv = fill(nn.Conv2d(2, 3, 3), w["conv"], w["conv_bias"])
    if name == "concatenated":
        dense = fill(nn.Linear(48, 5), np.concatenate([w["dense"][chw], w["dense"][::-1][chw]]).T, w["dense_bias"])

        class Concatenated(nn.Module):
            def __init__(self):
                super().__init__()
                self.conv, self.dense = conv, dense

            def forward(self, v):
                image = self.conv(v)
                return self.dense(torch.cat([torch.flatten(image, 1), torch.flatten(torch.relu(image), 1)], 1))

        return Concatenated()
    if name in ("permuted", "channels_first"):
        # Keras' channels_first takes N,H,W,C for N,C,H,W and moves H to the end
        order = (0, 2, 3, 1) if name == "permuted" else (0, 3, 1, 2)

        class Permuted(nn.Module):
            def __init__(self):
                super().__init__()
                self.conv, self.dense = conv, fill(nn.Linear(24, 5), w["dense"].T, w["dense_bias"])

            def forward(self, v):
                return self.dense(torch.flatten(torch.relu(self.conv(v)).permute(*order), 1))

        return Permuted()
    middle = {"gelu": [nn.GELU()], "leaky": [nn.LeakyReLU(0.2)], "elu": [nn.ELU(0.5)], "dropout": [nn.Dropout2d(0.3)],
              "rescaling": [], "noise": [], "depthwise": [fill(nn.Conv2d(3, 3, 1, groups=3), w["depthwise"], w["depthwise_bias"])],
              "lost": []}.get(name, [nn.ReLU()])
    behind = []
    if name == "norm":
        norm = fill(nn.BatchNorm1d(24, eps=1e-3), w["gamma"][chw], w["beta"][chw])
        norm.running_mean, norm.running_var = torch.tensor(w["mean"][chw]), torch.tensor(w["variance"][chw])
        behind = [norm]
    return nn.Sequential(conv, *middle, nn.Flatten(), *behind, fill(nn.Linear(24, 5), w["dense"][chw].T, w["dense_bias"]))


def torch_step(output):
    import torch

    for name in NAMES:
        x = torch.tensor(np.random.default_rng(6).normal(0, 1, (2, 5)).astype(np.float32) if name == "generator" else picture())
        for seed, suffix in ((1, ""), (2, ".blank")):
            model = torch_net(name, drawn(seed)).eval()
            path = str(output / f"{name}{suffix}.pt")
            if isinstance(model, torch.nn.Sequential):
                torch.save(model, path)
            else:
                torch.jit.trace(model, x).save(path)
            if not suffix:
                ours, keras = model(x).detach().numpy(), np.load(output / f"{name}.y.npy")
                keras = keras.transpose(0, 3, 1, 2) if keras.ndim == 4 else keras
                if name not in LEFT_OUT:
                    assert np.abs(ours - keras).max() < 1e-5, (name, np.abs(ours - keras).max())
        (output / f"{name}.y.npy").unlink()
        print(name, "agree")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("step", choices=("keras2", "torch"))
    parser.add_argument("-o", "--output", type=pathlib.Path, required=True)
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    (keras_step if options.step == "keras2" else torch_step)(options.output)


if __name__ == "__main__":
    main()
