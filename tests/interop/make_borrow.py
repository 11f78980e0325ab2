# SPDX-License-Identifier: GPL-3.0-or-later
"""Files without wiring, and the models whose wiring they take: tests/data/borrow. A step for each environment:

    torch   modules of a class of one's own, saved whole (own_*.pt), and the twins of Keras' weights (nested.pt, numbered.pt)
    keras2  bn.h5, the twin of own_*.pt, and nested_weights.h5: models in models, some of their layers frozen
    keras3  numbered.weights.h5: more than ten layers of one class; then joins inputs and outputs

<net>.npz: x (batch first, N,C,H,W), and for each file of the net, by its name without ending, its output in its own framework.
"""

import argparse
import pathlib

import numpy as np

DEEP = 12


def draw(seed, *shape):
    return np.random.default_rng(seed).normal(0, 0.5, shape).astype(np.float32)


def bn_weights():
    return {
        "kernel": draw(1, 4, 2, 3, 3), "bias": draw(2, 4),
        "gamma": draw(3, 4), "beta": draw(4, 4), "mean": draw(5, 4), "variance": np.float32([0.004, 0.01, 0.02, 0.5]),
        "dense": draw(6, 3, 36), "out": draw(7, 3),
    }


def inputs():
    return {"bn": draw(8, 2, 2, 6, 6), "nested": draw(9, 2, 5), "numbered": draw(10, 2, 4)}


def dense_weights(count, size, seed):
    return [(draw(seed + 2 * k, size, size), draw(seed + 2 * k + 1, size)) for k in range(count)]


def torch_step(options):
    import torch
    from torch import nn

    class Own(nn.Module):
        def __init__(self, eps, activation):
            super().__init__()
            self.conv = nn.Conv2d(2, 4, 3, padding=1)
            self.norm = nn.BatchNorm2d(4, eps=eps)
            self.act = activation
            self.pool = nn.MaxPool2d(2)
            self.flat = nn.Flatten()
            self.fc = nn.Linear(36, 3)

        def forward(self, x):
            return self.fc(self.flat(self.pool(self.act(self.norm(self.conv(x))))))

    class Functional(Own):
        """Calls what has no weights as functions: its file does not tell that it is tanh."""

        def __init__(self, eps):
            super().__init__(eps, None)
            del self.act, self.pool, self.flat

        def forward(self, x):
            return self.fc(nn.functional.max_pool2d(torch.tanh(self.norm(self.conv(x))), 2).flatten(1))

    import __main__

    for own in (Own, Functional):
        setattr(__main__, own.__name__, own)
        own.__qualname__ = own.__name__
    w, results = {k: torch.tensor(v) for k, v in bn_weights().items()}, {}
    nets = {"own_same": Own(1e-3, nn.ReLU()), "own_eps": Own(1e-5, nn.ReLU()), "own_tanh": Own(1e-3, nn.Tanh()),
            "own_functional": Functional(1e-3)}
    for name, own in nets.items():
        own.eval()
        own.conv.weight.data, own.conv.bias.data = w["kernel"], w["bias"]
        own.norm.weight.data, own.norm.bias.data = w["gamma"], w["beta"]
        own.norm.running_mean, own.norm.running_var = w["mean"], w["variance"]
        own.fc.weight.data, own.fc.bias.data = w["dense"], w["out"]
        torch.save(own, options.output / f"{name}.pt")
        results[name] = own(torch.tensor(inputs()["bn"])).detach().numpy()
    for name, count, size, seed in [("nested", 5, 5, 20), ("numbered", DEEP, 4, 40)]:
        layers = []
        for kernel, bias in dense_weights(count, size, seed):
            linear = nn.Linear(size, size)
            linear.weight.data, linear.bias.data = torch.tensor(kernel), torch.tensor(bias)
            layers += [linear, nn.Tanh()]
        twin = nn.Sequential(*layers).eval()
        torch.save(twin, options.output / f"{name}.pt")
        results[name] = twin(torch.tensor(inputs()[name])).detach().numpy()
    np.savez(options.scratch / "torch.npz", **results)


def keras2_step(options):
    from tensorflow import keras

    layers, w = keras.layers, bn_weights()
    model = keras.Sequential([
        keras.Input((6, 6, 2)), layers.Conv2D(4, 3, padding="same", name="conv"), layers.BatchNormalization(name="bn"),
        layers.ReLU(name="relu"), layers.MaxPooling2D(name="pool"), layers.Flatten(name="flatten"), layers.Dense(3, name="dense")])
    dense = w["dense"].reshape(3, 4, 3, 3).transpose(2, 3, 1, 0).reshape(36, 3)
    model.set_weights([w["kernel"].transpose(2, 3, 1, 0), w["bias"], w["gamma"], w["beta"], w["mean"], w["variance"], dense, w["out"]])
    model.save(options.output / "bn.h5")
    results = {"bn": np.asarray(model(inputs()["bn"].transpose(0, 2, 3, 1)))}

    def dense_layer(name):
        return layers.Dense(5, activation="tanh", name=name)

    inner = keras.Sequential([keras.Input((5,)), dense_layer("b"), dense_layer("c")], name="inner")
    start = keras.Input((5,))
    middle = keras.Model(start, dense_layer("d")(inner(dense_layer("a")(start))), name="middle")
    model = keras.Sequential([keras.Input((5,)), middle, dense_layer("e")])
    for name, (kernel, bias) in zip("abcde", dense_weights(5, 5, 20)):
        owner = model if name == "e" else inner if name in "bc" else middle
        owner.get_layer(name).set_weights([kernel.T, bias])
    inner.get_layer("b").trainable = False
    middle.get_layer("a").trainable = False
    model.save_weights(options.output / "nested_weights.h5")
    results["nested_weights"] = np.asarray(model(inputs()["nested"]))
    np.savez(options.scratch / "keras2.npz", **results)


def keras3_step(options):
    import keras

    model = keras.Sequential([keras.Input((4,))] + [keras.layers.Dense(4, activation="tanh") for _ in range(DEEP)])
    model.set_weights([part for kernel, bias in dense_weights(DEEP, 4, 40) for part in (kernel.T, bias)])
    model.save_weights(options.output / "numbered.weights.h5")
    results = {"numbered.weights": np.asarray(model(inputs()["numbered"]))}
    for step in ("torch", "keras2"):
        results.update(np.load(options.scratch / f"{step}.npz"))
    files = {"bn": ["bn", "own_same", "own_eps", "own_tanh", "own_functional"], "nested": ["nested", "nested_weights"],
             "numbered": ["numbered", "numbered.weights"]}
    for net, names in files.items():
        np.savez(options.output / f"{net}.npz", x=inputs()[net], **{name: results[name] for name in names})


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("step", choices=["torch", "keras2", "keras3"])
    parser.add_argument("-o", "--output", type=pathlib.Path, required=True)
    parser.add_argument("--scratch", type=pathlib.Path, required=True)
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    {"torch": torch_step, "keras2": keras2_step, "keras3": keras3_step}[options.step](options)


if __name__ == "__main__":
    main()
