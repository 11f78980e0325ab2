# SPDX-License-Identifier: GPL-3.0-or-later
"""Keras files of every container, with what Keras itself says of them. One call in each Keras environment:

    files_keras.py FOLDER

writes the files and manifest-keras2.json or manifest-keras3.json: name, dtype, shape and SHA-256 of every variable, and the
layer that it belongs to. Names are those of the file, as h5py sees it, in an archive with a configuration layer and
variable as Keras calls them; which layer has which values is asked of the model. "run" names an input and what Keras computes from it, where all kinds of the model can be run.
"""

import hashlib
import io
import json
import pathlib
import sys
import zipfile

import h5py
import numpy as np

import keras_models

import keras

IS3 = keras.__version__.startswith("3.")


def digest(values):
    return hashlib.sha256(np.ascontiguousarray(values).tobytes()).hexdigest()


def numbers(variable):
    values = np.asarray(variable.numpy() if hasattr(variable, "numpy") else keras.ops.convert_to_numpy(variable))
    if IS3 and "bfloat16" in str(variable.dtype) and values.dtype != np.dtype("V2"):
        import ml_dtypes

        values = values.astype(ml_dtypes.bfloat16)
    return values


def type_name(variable):
    return str(variable.dtype.name if hasattr(variable.dtype, "name") else variable.dtype)


def leaves(model, prefix=""):
    """Layers without models and wrappers around them, by the names that a flat list has."""
    for layer in model.layers:
        yield from parts(layer, prefix + layer.name)


def parts(layer, name):
    if hasattr(layer, "layers") and isinstance(layer, keras.Model):
        yield from leaves(layer, name + "/")
    elif isinstance(layer, keras.layers.Bidirectional):
        for half in (layer.forward_layer, layer.backward_layer):
            yield from parts(half, f"{name}/{half.name}")
    elif isinstance(layer, keras.layers.TimeDistributed):
        yield from parts(layer.layer, f"{name}/{layer.layer.name}")
    else:
        yield name, layer


def short_name(layer, variable):
    """A layer of one's own does not tell what its variables are called: they have numbers in the file."""
    if type(layer).__module__ == "keras_models":
        return str([id(v) for v in layer.weights].index(id(variable)))
    path = (variable.path if IS3 else variable.name.split(":")[0]).split("/")
    return "/".join(path[-2:] if isinstance(layer, keras.layers.MultiHeadAttention) else path[-1:])


def variables(model):
    found = {}
    for name, layer in leaves(model):
        for variable in layer.variables if IS3 else layer.weights:
            values = numbers(variable)
            entry = {"name": f"{name}/{short_name(layer, variable)}", "layer": name, "dtype": type_name(variable), "shape": list(values.shape), "sha256": digest(values)}
            found.setdefault((entry["sha256"], tuple(entry["shape"])), []).append(entry)
    return found


def stored(h5):
    """Every dataset that is a weight: name in the file's own words -> bytes."""
    result = {}
    group = h5["model_weights"] if "model_weights" in h5 else h5
    if "layer_names" in group.attrs:
        for layer in group.attrs["layer_names"]:
            for weight in group[layer].attrs["weight_names"]:
                name = weight
                while name in result:
                    name = f"{layer}/{name}"
                result[name] = group[layer][weight][()]
    else:
        group.visititems(lambda name, node: result.update({name: node[()]}) if isinstance(node, h5py.Dataset) else None)
    return {name: values for name, values in result.items() if not name.startswith(("optimizer/", "metrics/"))}


def weights_of(path):
    if str(path).endswith(".keras"):
        with zipfile.ZipFile(path) as archive:
            if "model.weights.npz" in archive.namelist():  # made by this very script, so its pickles may be loaded
                arrays = np.load(io.BytesIO(archive.read("model.weights.npz")), allow_pickle=True)
                return {f"{key}/vars/{i}": value for key in arrays for i, value in arrays[key].tolist().items()}
            return stored(h5py.File(io.BytesIO(archive.read("model.weights.h5")), "r"))
    if str(path).endswith(".json"):
        result = {}
        for shard in sorted({s for shards in json.loads(path.read_text())["weight_map"].values() for s in shards}):
            result.update(stored(h5py.File(path.parent / shard, "r")))
        return result
    return stored(h5py.File(path, "r"))


def described(path, model, with_layers):
    known, tensors = variables(model), {}
    for name, values in weights_of(path).items():
        values = np.asarray(values)
        entries = known.get((digest(values), tuple(values.shape)))
        if not entries:
            raise SystemExit(f"{path}: Keras does not know {name}")
        entry = entries[0] if len(entries) == 1 else entries.pop(0)
        kept = ("dtype", "shape", "sha256", "layer") if with_layers else ("dtype", "shape", "sha256")
        if with_layers and path.suffix == ".keras":
            name = entry["name"]
        tensors[name] = {key: entry[key] for key in kept}
    return tensors


def randomise(model, seed):
    """Values that differ from variable to variable, so that each can be found again by its bytes."""
    random = np.random.default_rng(seed)
    for _, layer in leaves(model):
        values = []
        for old in layer.get_weights():
            spread = random.uniform(0.3, 1.0, old.shape)
            values.append(spread.astype(old.dtype) if old.dtype.kind == "f" else old)
        layer.set_weights(values)


class Maker:
    def __init__(self, folder):
        self.folder, self.generation, self.manifest = folder, "keras3" if IS3 else "keras2", []

    def add(self, name, format, content, model, wired, run=None):
        path = self.folder / name
        entry = {"file": name, "format": format, "content": content, "wired": wired}
        entry["tensors"] = described(path, model, wired)
        entry["parameters_total"] = sum(int(np.prod(t["shape"])) for t in entry["tensors"].values())
        if run:
            entry["run"] = run
        self.manifest.append(entry)

    def run(self, name, model):
        shape = model.input_shape
        x = np.random.default_rng(7).uniform(-1, 1, (2, *shape[1:])).astype(np.float32)
        stem = f"{self.generation}-{name}"
        np.save(self.folder / f"{stem}.x.npy", x)
        np.save(self.folder / f"{stem}.y.npy", np.asarray(model.predict(x, verbose=0)))
        return {"input": f"{stem}.x.npy", "output": f"{stem}.y.npy"}

    def all_of(self, name, model, options):
        stem = f"{self.generation}-{name}"
        run = self.run(name, model) if "run" in options else None
        model.save(self.folder / f"{stem}.keras")
        self.add(f"{stem}.keras", "keras-v3", "model", model, True, run)
        model.save_weights(self.folder / f"{stem}.weights.h5")
        self.add(f"{stem}.weights.h5", "keras-v3-weights", "weights", model, False)
        if "no-h5" not in options:
            model.save(self.folder / f"{stem}.h5")
            self.add(f"{stem}.h5", "keras-h5", "model", model, True, run)
            (self.folder / f"{stem}-misnamed.keras").write_bytes((self.folder / f"{stem}.h5").read_bytes())
            self.add_copy(f"{stem}-misnamed.keras", f"{stem}.h5")
        if not IS3 and "no-h5" not in options:
            model.save_weights(self.folder / f"{stem}-legacy.h5")
            self.add(f"{stem}-legacy.h5", "keras-h5-weights", "weights", model, False)
        if IS3 and "shards" in options:
            model.save_weights(self.folder / f"{stem}.weights.json", max_shard_size=2e-6)
            self.add(f"{stem}.weights.json", "keras-v3-weights", "weights", model, False)
        if not IS3 and "npz" in options:
            from keras.src.saving import saving_lib

            saving_lib.save_model(model, str(self.folder / f"{stem}-npz.keras"), weights_format="npz")
            self.add(f"{stem}-npz.keras", "keras-v3", "model", model, True, run)
        self.deflated(stem)

    def add_copy(self, name, original):
        source = next(entry for entry in self.manifest if entry["file"] == original)
        self.manifest.append({**source, "file": name})

    def deflated(self, stem):
        with zipfile.ZipFile(self.folder / f"{stem}.keras") as archive, zipfile.ZipFile(
            self.folder / f"{stem}-deflated.h5", "w", zipfile.ZIP_DEFLATED
        ) as packed:
            for entry in archive.namelist():
                packed.writestr(f"folder/{entry}", archive.read(entry))
        self.add_copy(f"{stem}-deflated.h5", f"{stem}.keras")


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    maker = Maker(folder)
    for index, (name, build, options) in enumerate(keras_models.MODELS):
        if ("keras2" in options and IS3) or ("keras3" in options and not IS3):
            continue
        keras.backend.clear_session()
        model = build()
        randomise(model, index)
        if "compiled" in options:
            model.compile("adam", "mse")
            model.train_on_batch(np.zeros((2, *model.input_shape[1:])), np.zeros((2, *model.output_shape[1:])))
            randomise(model, index)
        if "quantised" in options:
            model.quantize("int8")
        maker.all_of(name, model, options)
    (folder / f"manifest-{maker.generation}.json").write_text(json.dumps(maker.manifest, indent=1))


main()
