# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps of tests/interop/sweep: sweep_judge.py STEP ROOT WORK ...

    digits LIMIT MNIST   the images, as IDX files in WORK/mnist
    torch, keras         each file's outputs of all of them, by the real framework
    judge TIEOUT         compares what `tieout sweep` tells with these
"""

import json
import pathlib
import subprocess
import sys

import numpy as np

import idx

# left, right, exit status
PAIRS = {
    "sample": ("resources/samples/lenet5.pt", "resources/samples/lenet5.h5", 0),
    "differing": ("resources/samples/lenet5.pt", "resources/samples/lenet5_keras.h5", 1),
    "borrowed": ("tests/data/lenet5_state.pt", "resources/samples/lenet5.h5", 0),
    "borrowed, differing": ("tests/data/lenet5_state.pt", "resources/samples/lenet5_keras.h5", 1),
}


def shifted_samples(root, limit):
    """The sample digits, each shifted in all directions by some pixels."""
    folder = root / "resources/samples"
    images = idx.read(folder, "digits-images-idx3-ubyte")
    labels = idx.read(folder, "digits-labels-idx1-ubyte")
    shifts = [(y, x) for y in range(-4, 5) for x in range(-4, 5)]
    shifts.sort(key=lambda shift: abs(shift[0]) + abs(shift[1]))
    moved = [np.roll(images, shift, axis=(1, 2)) for shift in shifts]
    return np.concatenate(moved)[:limit], np.tile(labels, len(shifts))[:limit]


def make_digits(root, work, limit, mnist):
    if mnist:
        images = idx.read(mnist, "t10k-images-idx3-ubyte")[:limit]
        labels = idx.read(mnist, "t10k-labels-idx1-ubyte")[:limit]
    else:
        images, labels = shifted_samples(root, limit)
    (work / "mnist").mkdir(exist_ok=True)
    idx.write(work / "mnist/t10k-images-idx3-ubyte.gz", images)
    idx.write(work / "mnist/t10k-labels-idx1-ubyte.gz", labels)


def files(side):
    return sorted({pair[side] for pair in PAIRS.values()})


def outputs_file(work, name):
    return work / (name.replace("/", "_") + ".npy")


def run_torch(root, work):
    import torch

    import make_samples

    images, _ = idx.mnist(work / "mnist", "t10k")
    for name in files(0):
        content = torch.load(root / name, weights_only=False)
        model = content if isinstance(content, torch.nn.Module) else make_samples.torch_lenet5()
        if model is not content:
            model.load_state_dict(content)
        with torch.no_grad():
            np.save(outputs_file(work, name), model.eval()(torch.from_numpy(images)[:, None]).numpy())


def run_keras(root, work):
    import keras

    images, _ = idx.mnist(work / "mnist", "t10k")
    for name in files(1):
        model = keras.models.load_model(root / name, compile=False)
        np.save(outputs_file(work, name), model.predict(images[..., None], verbose=0))


def confusion(labels, answers):
    counts = np.zeros((10, 10), int)
    np.add.at(counts, (labels, answers), 1)
    return counts.tolist()


def faults(document, left, right, labels):
    """What the document tells otherwise than the real frameworks' outputs."""
    answers = left.argmax(1), right.argmax(1)
    errors = np.abs(left.astype(np.float64) - right).max(1)
    apart = np.flatnonzero(answers[0] != answers[1])
    expected = {
        "samples": len(labels),
        "correct": {"left": int((answers[0] == labels).sum()), "right": int((answers[1] == labels).sum())},
        "agreeing": int((answers[0] == answers[1]).sum()),
        "confusion": {"left": confusion(labels, answers[0]), "right": confusion(labels, answers[1])},
        "accuracy": {"left": float((answers[0] == labels).mean()), "right": float((answers[1] == labels).mean())},
    }
    for key, value in expected.items():
        if document[key] != value:
            yield f"{key}: {document[key]} instead of {value}"
    told = [(one["index"], one["label"], one["left"], one["right"]) for one in document["disagreements"]]
    if told != [(int(i), int(labels[i]), int(answers[0][i]), int(answers[1][i])) for i in apart]:
        yield f"disagreements: {told[:5]} ... instead of {apart[:5]} ..."
    if abs(document["worst"]["max_abs"] - errors.max()) > 1e-5:
        yield f"worst: {document['worst']} instead of {errors.max()} on {errors.argmax()}"


def judge(root, work, tieout):
    labels = idx.read(work / "mnist", "t10k-labels-idx1-ubyte").astype(np.int64)
    wrong = 0
    for title, (left, right, status) in PAIRS.items():
        done = subprocess.run([tieout, "sweep", root / left, root / right, "--mnist", work / "mnist", "--json", "--quiet"],
                              capture_output=True, timeout=120)
        found = [f"status {done.returncode}: {done.stderr.decode()}"] if done.returncode != status else list(
            faults(json.loads(done.stdout), np.load(outputs_file(work, left)), np.load(outputs_file(work, right)), labels))
        print(f"sweep {title}: {'; '.join(found) or 'as the frameworks'}")
        wrong += bool(found)
    print(f"sweep: {len(PAIRS) - wrong} of {len(PAIRS)} pairs on {len(labels)} digits")
    return 1 if wrong else 0


def main():
    step, root, work, *rest = sys.argv[1:]
    root, work = pathlib.Path(root), pathlib.Path(work)
    if step == "digits":
        return make_digits(root, work, int(rest[0]), rest[1])
    if step == "judge":
        return judge(root, work, rest[0])
    return {"torch": run_torch, "keras": run_keras}[step](root, work)


if __name__ == "__main__":
    sys.exit(main())
