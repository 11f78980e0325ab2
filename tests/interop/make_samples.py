# SPDX-License-Identifier: GPL-3.0-or-later
"""The sample networks. Each step is a process of its own, so that Keras counts its layer names from the start:

    torch  --mnist DIR --samples DIR --data DIR --weights FILE   train in PyTorch: lenet5.pt, state dict, checkpoint
    twin   --weights FILE -o FILE                                the same weights in Keras (2 or 3, as installed)
    keras  --mnist DIR -o FILE                                   the same network trained in Keras

tests/interop/samples runs them all.
"""

import argparse
import os
import pathlib
import random

import numpy as np

import idx

SEED = 5
BATCH = 64


def best_epochs(train, score, keep, restore, patience=4, limit=24):
    """Trains until the score has not risen for PATIENCE epochs, then brings the best state back."""
    best, kept, since = -1.0, None, 0
    for epoch in range(limit):
        train(epoch)
        accuracy = score()
        print(f"epoch {epoch + 1}: validation {accuracy:.4f}", flush=True)
        if accuracy > best:
            best, kept, since = accuracy, (epoch, keep()), 0
        else:
            since += 1
            if since == patience:
                break
    restore(kept[1])
    return kept[0]


def torch_lenet5():
    from torch import nn

    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.Tanh(), nn.AvgPool2d(2, 2),
        nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2, 2),
        nn.Conv2d(16, 120, 5), nn.Tanh(), nn.Flatten(),
        nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10), nn.Softmax(dim=1),
    )


def keras_lenet5():
    import keras
    from keras import layers

    return keras.Sequential([
        layers.Conv2D(6, 5, padding="same", activation="tanh", input_shape=(28, 28, 1)),
        layers.AveragePooling2D(2),
        layers.Conv2D(16, 5, activation="tanh"),
        layers.AveragePooling2D(2),
        layers.Conv2D(120, 5, activation="tanh"),
        layers.Flatten(),
        layers.Dense(84, activation="tanh"),
        layers.Dense(10, activation="softmax"),
    ])


def train_torch(options):
    import copy

    import torch

    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    images, labels = idx.mnist(options.mnist, "train")
    x, y = torch.from_numpy(images)[:, None], torch.from_numpy(labels)
    held_x, held_y = x[55000:], y[55000:]
    model = torch_lenet5()
    optimizer = torch.optim.Adam(model.parameters())
    loss_of = torch.nn.CrossEntropyLoss()
    history = {}

    def train(epoch):
        model.train()
        for chosen in torch.randperm(55000).split(BATCH):
            optimizer.zero_grad()
            loss_of(model[:-1](x[chosen]), y[chosen]).backward()
            optimizer.step()
        history[epoch] = copy.deepcopy(optimizer.state_dict())

    def accuracy(some_x, some_y):
        model.eval()
        with torch.no_grad():
            return (model(some_x).argmax(1) == some_y).float().mean().item()

    epoch = best_epochs(train, lambda: accuracy(held_x, held_y),
                        lambda: copy.deepcopy(model.state_dict()), model.load_state_dict)
    test_x, test_y = idx.mnist(options.mnist, "t10k")
    tested = accuracy(torch.from_numpy(test_x)[:, None], torch.from_numpy(test_y))
    print(f"PyTorch: test accuracy {tested:.4f}")
    state = model.state_dict()
    torch.save(model, str(options.samples / "lenet5.pt"))
    torch.save(state, str(options.data / "lenet5_state.pt"))
    torch.save({
        "epoch": epoch + 1,
        "model_state_dict": torch.nn.DataParallel(model).state_dict(),
        "optimizer_state_dict": history[epoch],
    }, str(options.data / "lenet5_checkpoint.pt"))
    np.savez(options.weights, **{name: value.numpy() for name, value in state.items()})


def write_twin(options):
    weights = list(np.load(options.weights).values())
    model = keras_lenet5()
    turn = {4: (2, 3, 1, 0), 2: (1, 0), 1: (0,)}
    model.set_weights([value.transpose(turn[value.ndim]) for value in weights])
    model.save(str(options.output))


def train_keras(options):
    import keras

    random.seed(SEED)
    np.random.seed(SEED)
    keras.utils.set_random_seed(SEED)
    images, labels = idx.mnist(options.mnist, "train")
    images = images[..., None]
    model = keras_lenet5()
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    stop = keras.callbacks.EarlyStopping(monitor="val_accuracy", patience=4, restore_best_weights=True)
    model.fit(images[:55000], labels[:55000], batch_size=BATCH, epochs=24, verbose=2, callbacks=[stop],
              validation_data=(images[55000:], labels[55000:]))
    test_x, test_y = idx.mnist(options.mnist, "t10k")
    print(f"Keras: test accuracy {model.evaluate(test_x[..., None], test_y, verbose=0)[1]:.4f}")
    model.save(str(options.output))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("step", choices=["torch", "twin", "keras"])
    parser.add_argument("--mnist", type=pathlib.Path)
    parser.add_argument("--samples", type=pathlib.Path)
    parser.add_argument("--data", type=pathlib.Path)
    parser.add_argument("--weights", type=pathlib.Path)
    parser.add_argument("-o", "--output", type=pathlib.Path)
    options = parser.parse_args()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")
    os.environ.setdefault("TF_NUM_INTEROP_THREADS", "1")
    {"torch": train_torch, "twin": write_twin, "keras": train_keras}[options.step](options)


if __name__ == "__main__":
    main()
