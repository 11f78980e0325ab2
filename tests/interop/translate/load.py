# SPDX-License-Identifier: GPL-3.0-or-later
"""Opens what `tieout convert` wrote with the real frameworks and runs it: load.py torch|keras2|keras3 WORK SEED...

Leaves <target>.<env>.npz with the outputs for the source's inputs, brought into the target's layout, or <target>.<env>.error.
"""

import importlib.util
import json
import pathlib
import sys

import numpy as np

from twinless import document, targets


def told(folder, name, word):
    """Whether the document says that inputs, or outputs, lie otherwise than the source's."""
    answer = document(folder, name)
    found = json.loads(answer["output"]) if answer and answer["output"].strip() else {}
    return any(str(warning).startswith(f"the {word} ") or f"the {word} " in str(warning) for warning in found.get("warnings", []))


def turned(array, shape, to_keras, is_told):
    """The array as the target takes it: the channels of an image moved where its shape, or the document, says so."""
    wanted = tuple(shape)
    moved = array if array.ndim < 3 else np.moveaxis(array, 1, -1) if to_keras else np.moveaxis(array, -1, 1)
    fits = [a.shape[1:] == wanted for a in (array, moved)]
    if fits[0] and fits[1]:
        return moved if is_told else array
    if not any(fits):
        raise ValueError(f"the target takes {wanted}, the source took {array.shape[1:]}")
    return array if fits[0] else moved


def tensors(folder, source):
    kept = np.load(folder / f"x_{source}.npz")
    return [kept[f"x{i}"] for i in range(len(kept.files))]


def origin(name):
    """The side that the source's inputs are of, and whether the target lies as the other framework's."""
    side = name[0]
    return side, {"a-h5": True, "a-keras": True, "b-state": True, "b-module": True}.get(name, False)


def torch_shapes(source):
    """What the comments of the written class say that its inputs are."""
    lines = [line.split(": (N", 1)[1].strip(", )") for line in source.splitlines() if line.strip().startswith("# ") and ": (N" in line]
    return [tuple(int(n) for n in line.split(",")) for line in lines]


def torch_run(folder, name, path):
    import torch

    side, crosses = origin(name)
    xs = tensors(folder, side)
    if name == "b-module":
        model = torch.load(path, weights_only=False)
        own = sorted({type(m) for m in model.modules()}, key=str)
        with torch.serialization.safe_globals(own):
            torch.load(path, weights_only=True)
        assert not model.training
        compare_members(model, folder)
        shapes = None
    elif not path.with_suffix(".py").exists() and name == "a-torch":  # written anew, of a network that has no other text
        kept, found = np.load(folder / "state_a.npz"), torch.load(path, weights_only=True)
        assert set(kept.files) == set(found) and all(np.array_equal(kept[key], found[key].numpy()) for key in kept.files), "other values"
        own = np.load(folder / "out_a.npz")
        return [own[f"y{i}"] for i in range(len(own.files))]
    else:
        text = path.with_suffix(".py").read_text()
        spec = importlib.util.spec_from_file_location(f"{path.stem}_{folder.name}", path.with_suffix(".py"))
        written = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(written)
        model = written.Model()
        model.load_state_dict(torch.load(path, weights_only=True), strict=True)
        model.eval()
        shapes = torch_shapes(text) or None
    if shapes is None:
        shapes = [x.shape[1:] if not told(folder, name, "input") else np.moveaxis(x, -1, 1).shape[1:] for x in xs]
    xs = [turned(x, shape, False, told(folder, name, "input")) if crosses else x for x, shape in zip(xs, shapes)]
    with torch.no_grad():
        made = model(*(torch.from_numpy(np.ascontiguousarray(x)).long() if x.dtype.kind == "i" else torch.from_numpy(np.ascontiguousarray(x))
                       for x in xs))
        model.train()
        model(*(torch.from_numpy(np.ascontiguousarray(x)).long() if x.dtype.kind == "i" else torch.from_numpy(np.ascontiguousarray(x))
                for x in xs))
    return [y.numpy() for y in (made if isinstance(made, tuple) else [made])]


def compare_members(model, folder):
    """Every module keeps what one has that its class has just made: the text of the state dict's class makes the same ones."""
    source = folder / "b2t.py"
    if not source.exists():
        return
    spec = importlib.util.spec_from_file_location(f"b2t_{folder.name}", source)
    written = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(written)
    fresh = [m for m in written.Model().modules() if not list(m.children())]
    loaded = [m for m in model.modules() if not list(m.children())]
    assert [type(m) for m in fresh] == [type(m) for m in loaded], "the module and the class are of other layers"
    for made, read in zip(fresh, loaded):
        for key, value in vars(made).items():
            if key in ("training", "_parameters", "_buffers", "_modules"):
                continue
            assert key in vars(read), f"{type(made).__name__} lacks {key}"
            ours, theirs = (list(v) if isinstance(v, (tuple, list)) else v for v in (vars(read)[key], value))
            as_one = isinstance(theirs, (int, float)) and isinstance(ours, list) and all(v == theirs for v in ours)
            assert ours == theirs or as_one, f"{type(made).__name__}.{key} is {vars(read)[key]!r}, not {value!r}"
        for members in ("_parameters", "_buffers"):
            kept = [{k: v is None for k, v in vars(m)[members].items()} for m in (made, read)]
            assert kept[0] == kept[1], f"{type(made).__name__}{members}: {kept[1]}, not {kept[0]}"


def keras_run(folder, name, path):
    import keras as K

    side, crosses = origin(name)
    xs = tensors(folder, side)
    K.backend.clear_session()
    model = K.models.load_model(str(path), compile=False)
    shapes = [tuple(t.shape[1:]) for t in model.inputs]
    if crosses:
        xs = [turned(x, shape, True, told(folder, name, "input")) for x, shape in zip(xs, shapes)]
    xs = [x.astype("int32") if x.dtype.kind == "i" else x for x in xs]
    made = model(xs if len(xs) > 1 else xs[0], training=False)
    return [np.asarray(y) for y in (made if isinstance(made, (list, tuple)) else [made])]


def main():
    env, work = sys.argv[1], pathlib.Path(sys.argv[2])
    for seed in sys.argv[3:]:
        folder = work / seed
        for name, _, out, _ in targets(folder):
            path = folder / out
            if not path.exists() or out.endswith(".pt") != (env == "torch"):
                continue
            try:
                made = (torch_run if env == "torch" else keras_run)(folder, name, path)
                np.savez(folder / f"{name}.{env}.npz", **{f"y{i}": y for i, y in enumerate(made)})
            except Exception as error:
                (folder / f"{name}.{env}.error").write_text(f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    main()
