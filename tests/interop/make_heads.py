# SPDX-License-Identifier: GPL-3.0-or-later
"""Networks with two inputs and two heads, for tests that run without Python. Three steps, as of make_goldens.py:

    torch  -o tests/data --scratch DIR   traced, inputs image and vector, outputs of the softmax head and of the sigmoid head
    keras2 ...                           the same function with inputs and outputs the other way round, and the faults
    keras3 ...                           joins inputs and outputs into heads.npz

heads.npz holds image (N, C, H, W), vector, torch/0, torch/1 (the heads), keras/digit, keras/flag. heads_wrong.h5 has a softmax where
the other has the sigmoid, heads_nan.h5 one NaN in flag's kernel.
"""


import numpy as np

import steps

CHANNELS, HEIGHT, WIDTH, FEATURES, CLASSES, FLAGS = 2, 5, 4, 6, 3, 2


def drawn():
    rng = np.random.default_rng(20)
    normal = lambda *shape: rng.normal(0, 0.5, shape).astype(np.float32)  # noqa: E731
    return {
        "image": normal(3, CHANNELS, HEIGHT, WIDTH), "vector": normal(3, FEATURES),
        "conv": (normal(3, CHANNELS, 2, 2), normal(3)),
        "digit": (normal(CLASSES, 3 * (HEIGHT - 1) * (WIDTH - 1)), normal(CLASSES)),
        "hidden": (normal(4, FEATURES), normal(4)), "flag": (normal(FLAGS, 4), normal(FLAGS)),
    }


def torch_step(options):
    import torch
    from torch import nn

    class Heads(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv, self.digit = nn.Conv2d(CHANNELS, 3, 2), nn.Linear(3 * (HEIGHT - 1) * (WIDTH - 1), CLASSES)
            self.hidden, self.flag = nn.Linear(FEATURES, 4), nn.Linear(4, FLAGS)

        def forward(self, image, vector):
            digit = torch.softmax(self.digit(torch.flatten(torch.relu(self.conv(image)), 1)), 1)
            return digit, torch.sigmoid(self.flag(torch.tanh(self.hidden(vector))))

    values, model = drawn(), Heads().eval()
    for name in ("conv", "digit", "hidden", "flag"):
        layer = getattr(model, name)
        layer.weight.data, layer.bias.data = (torch.tensor(value) for value in values[name])
    example = (torch.tensor(values["image"]), torch.tensor(values["vector"]))
    torch.jit.trace(model, example).save(str(options.output / "heads.pt"))
    heads = [head.detach().numpy() for head in model(*example)]
    np.savez(options.scratch / "heads.torch.npz", **{"torch/0": heads[0], "torch/1": heads[1]})


def keras_model(values, activation):
    from tensorflow import keras

    layers = keras.layers
    image, vector = layers.Input((HEIGHT, WIDTH, CHANNELS), name="image"), layers.Input((FEATURES,), name="vector")
    digit = layers.Dense(CLASSES, activation="softmax", name="digit")(
        layers.Flatten(name="flatten")(layers.Conv2D(3, 2, activation="relu", name="conv")(image)))
    flag = layers.Dense(FLAGS, activation=activation, name="flag")(layers.Dense(4, activation="tanh", name="hidden")(vector))
    model = keras.Model([vector, image], [flag, digit])
    kernel, bias = values["conv"]
    model.get_layer("conv").set_weights([kernel.transpose(2, 3, 1, 0), bias])
    kernel, bias = values["digit"]
    moved = kernel.reshape(CLASSES, 3, HEIGHT - 1, WIDTH - 1).transpose(2, 3, 1, 0).reshape(-1, CLASSES)
    model.get_layer("digit").set_weights([moved, bias])
    for name in ("hidden", "flag"):
        kernel, bias = values[name]
        model.get_layer(name).set_weights([kernel.T, bias])
    return model


def keras2_step(options):
    values = drawn()
    model = keras_model(values, "sigmoid")
    model.save(str(options.output / "heads.h5"))
    keras_model(values, "softmax").save(str(options.output / "heads_wrong.h5"))
    flag, digit = model([values["vector"], values["image"].transpose(0, 2, 3, 1)])
    np.savez(options.scratch / "heads.keras.npz", **{"keras/digit": np.asarray(digit), "keras/flag": np.asarray(flag)})
    values["flag"][0][1, 2] = np.nan
    keras_model(values, "sigmoid").save(str(options.output / "heads_nan.h5"))


def keras3_step(options):
    arrays = {key: value for key, value in drawn().items() if key in ("image", "vector")}
    for side in ("torch", "keras"):
        with np.load(options.scratch / f"heads.{side}.npz") as file:
            arrays.update({key: file[key] for key in file.files})
    for ours, theirs in (("torch/0", "keras/digit"), ("torch/1", "keras/flag")):
        if np.abs(arrays[ours] - arrays[theirs]).max() > 1e-6:
            raise SystemExit(f"{ours} and {theirs}: the two frameworks do not compute the same")
    np.savez(options.output / "heads.npz", **arrays)


if __name__ == "__main__":
    steps.run(__doc__, torch=torch_step, keras2=keras2_step, keras3=keras3_step)
