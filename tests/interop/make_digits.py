# SPDX-License-Identifier: GPL-3.0-or-later
"""The sample digits: strokes told by a few points, shaken, drawn with a round brush, brought to MNIST's form.

    draw   -o resources/samples               writes the two IDX files
    torch  --samples DIR, keras --samples DIR   fail unless that framework's network in DIR knows every digit

MNIST's form: the ink scaled into a box of 20x20, its centre of mass put into the middle of 28x28, white on black.
"""

import argparse
import pathlib

import numpy as np

import idx

ORDER = (7, 2, 1, 0, 4, 9, 5, 6, 3, 8)
ROUNDS = 3
FINE = 6
MARGIN = 0.9

# x to the right, y downwards, both 0..1. "curve" passes smoothly through its points, "line" goes straight.
STROKES = {
    0: [("curve", [(.5, 0), (.2, .15), (.08, .5), (.2, .87), (.5, 1), (.82, .85), (.92, .5), (.8, .13), (.5, 0)])],
    1: [("line", [(.58, 0), (.42, 1)])],
    2: [("curve", [(.12, .25), (.3, .04), (.62, .02), (.82, .22), (.7, .5), (.38, .8), (.1, .98)]),
        ("line", [(.1, .98), (.95, .96)])],
    3: [("curve", [(.15, .1), (.45, 0), (.8, .12), (.74, .34), (.4, .47)]),
        ("curve", [(.4, .47), (.78, .56), (.88, .78), (.62, .98), (.3, .99), (.1, .88)])],
    4: [("line", [(.28, .02), (.12, .52), (.88, .5)]), ("line", [(.78, .05), (.66, 1)])],
    5: [("line", [(.88, .02), (.32, .04), (.24, .42)]),
        ("curve", [(.24, .42), (.56, .38), (.83, .58), (.76, .88), (.45, 1), (.12, .92)])],
    6: [("curve", [(.72, 0), (.4, .22), (.18, .6), (.26, .92), (.55, 1), (.8, .82), (.7, .58), (.42, .56), (.22, .74)])],
    7: [("line", [(.1, .04), (.9, .02), (.42, 1)])],
    8: [("curve", [(.76, .14), (.5, 0), (.24, .16), (.4, .4), (.7, .62), (.78, .84), (.48, 1), (.2, .84), (.32, .62),
                   (.64, .38), (.76, .14)])],
    9: [("curve", [(.82, .2), (.58, .02), (.25, .1), (.16, .34), (.4, .5), (.72, .4), (.83, .2)]),
        ("curve", [(.83, .2), (.78, .6), (.62, 1)])],
}


def along(kind, points, steps=60):
    """Points on a stroke: straight pieces, or a Catmull-Rom curve."""
    points = np.asarray(points, float)
    t = np.linspace(0, 1, steps)[:, None]
    if kind == "line":
        return np.concatenate([a + t * (b - a) for a, b in zip(points, points[1:])])
    closed = np.allclose(points[0], points[-1])
    first = points[-2] if closed else 2 * points[0] - points[1]
    last = points[1] if closed else 2 * points[-1] - points[-2]
    p = np.concatenate([[first], points, [last]])
    pieces = [
        .5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
        for a, b, c, d in zip(p, p[1:], p[2:], p[3:])]
    return np.concatenate(pieces)


def shaken(strokes, random, amount):
    """The strokes with every point moved a little (equal points alike), slanted, narrowed, turned."""
    moved = {}
    for _, points in strokes:
        for point in points:
            moved.setdefault(point, np.add(point, random.normal(0, .022 * amount, 2)))
    slant, width, angle = random.normal(.08, .09 * amount), random.uniform(.62, .8), random.normal(0, .05 * amount)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    shape = turn @ np.array([[width, -slant], [0, 1]])
    return np.concatenate([along(kind, [shape @ (moved[p] - .5) for p in points]) for kind, points in strokes])


def ink(path, brush):
    """Draws the path (points in units of pixels, 0 in the middle) into 28x28, values 0..1."""
    axis = (np.arange(28 * FINE) + .5) / FINE - 14
    far = np.full((28 * FINE, 28 * FINE), np.inf)
    for x, y in path:
        np.minimum(far, (axis[None] - x) ** 2 + (axis[:, None] - y) ** 2, out=far)
    soft = np.clip(brush + .5 - np.sqrt(far), 0, 1)
    return soft.reshape(28, FINE, 28, FINE).mean((1, 3))


def digit(label, number):
    random = np.random.default_rng([label, number])
    path = shaken(STROKES[label], random, 0.5 if number == 0 else 1.0)
    brush = random.uniform(1.0, 1.5)
    low, high = path.min(0), path.max(0)
    path = (path - (low + high) / 2) * ((20 - 2 * brush) / (high - low).max())
    image = ink(path, brush)
    rows, columns = np.indices(image.shape)
    centre = np.array([(columns * image).sum(), (rows * image).sum()]) / image.sum()
    image = ink(path - (centre - 13.5), brush)
    return np.round(255 * image).astype(np.uint8)


def draw(options):
    labels = np.array(ORDER * ROUNDS, np.uint8)
    images = np.stack([digit(int(label), i // len(ORDER)) for i, label in enumerate(labels)])
    idx.write(options.output / "digits-images-idx3-ubyte.gz", images)
    idx.write(options.output / "digits-labels-idx1-ubyte.gz", labels)


def judge(probabilities, labels):
    """Every digit must be named right, with a margin in probability over the second choice."""
    two = np.sort(probabilities, 1)[:, -2:]
    margin = two[:, 1] - two[:, 0]
    right = probabilities.argmax(1) == labels
    print(f"{right.sum()} of {len(labels)} right, smallest margin {margin.min():.3f}")
    bad = [(i, int(labels[i]), int(probabilities[i].argmax()), round(float(margin[i]), 3))
           for i in range(len(labels)) if not right[i] or margin[i] < MARGIN]
    if bad:
        raise SystemExit(f"not recognised clearly (index, label, answer, margin): {bad}")


def samples(folder):
    images = idx.read(folder, "digits-images-idx3-ubyte").astype(np.float32) / 255
    return images, idx.read(folder, "digits-labels-idx1-ubyte").astype(int)


def ask_torch(options):
    import torch

    images, labels = samples(options.samples)
    model = torch.load(str(options.samples / "lenet5.pt"), weights_only=False)
    with torch.no_grad():
        judge(model(torch.from_numpy(images)[:, None]).numpy(), labels)


def ask_keras(options):
    import keras

    images, labels = samples(options.samples)
    for name in ("lenet5.h5", "lenet5_keras.h5"):
        judge(keras.models.load_model(str(options.samples / name)).predict(images[..., None], verbose=0), labels)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("step", choices=["draw", "torch", "keras"])
    parser.add_argument("-o", "--output", type=pathlib.Path)
    parser.add_argument("--samples", type=pathlib.Path)
    options = parser.parse_args()
    {"draw": draw, "torch": ask_torch, "keras": ask_keras}[options.step](options)


if __name__ == "__main__":
    main()
