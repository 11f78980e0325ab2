# SPDX-License-Identifier: GPL-3.0-or-later
"""What files by strangers hold, as PyTorch, h5py and Python itself read them, for tests/formats/tst_corpus:

    torch   make_corpus.py torch CORPUS tests/data/corpus.json
    keras3  make_corpus.py keras CORPUS tests/data/corpus.json

Each call replaces the rows of its own family. A row is what `tieout info` must tell: format, content, the values in
parameters and buffers of the model, and one tensor with its type, shape and the SHA-256 of its bytes (dense, row-major,
little-endian). What cannot be told by a framework is told here by hand: which entry of a checkpoint is its model.
"""

import hashlib
import io
import json
import pathlib
import pickle
import struct
import sys
import tarfile
import zipfile

import numpy as np

# Where the model is in a checkpoint, and the prefix that all its names share.
CHECKPOINTS = {
    "burn_checkpoint.pt": ("model_state_dict", ""),
    "resnet20_cifar10_dataparallel.th": ("state_dict", "module."),
}


def row(path, format, content, tensors):
    if not tensors:
        return {"file": path, "format": format, "content": content, "parameters_total": 0, "tensors": 0}
    name = max(tensors, key=lambda key: (tensors[key][0], key))
    count, dtype, shape, data = tensors[name]
    return {
        "file": path, "format": format, "content": content,
        "parameters_total": sum(tensor[0] for tensor in tensors.values()), "tensors": len(tensors),
        "tensor": {"name": name, "dtype": dtype, "shape": shape, "sha256": hashlib.sha256(data).hexdigest()},
    }


def of_array(array):
    array = np.asarray(array)
    return array.size, str(array.dtype), list(array.shape), np.ascontiguousarray(array, array.dtype.newbyteorder("<")).tobytes()


# ------------------------------------------------------------------------------------------------------------ PyTorch


def of_tensor(tensor):
    import torch

    dense = tensor.detach().contiguous()
    data = dense.reshape(-1).view(torch.uint8).numpy().tobytes() if dense.numel() else b""
    return dense.numel(), str(dense.dtype).removeprefix("torch."), list(dense.shape), data


def walk(value, path=""):
    import torch

    if isinstance(value, torch.Tensor):
        yield path, value
    elif isinstance(value, (dict, list, tuple)):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from walk(inner, f"{path}.{key}" if path else str(key))


def of_zip_or_stream(path):
    import torch

    format = "torch-zip" if zipfile.is_zipfile(path) else "torch-legacy"
    if format == "torch-zip" and any(name.endswith("/constants.pkl") for name in zipfile.ZipFile(path).namelist()):
        return "torchscript", "script", dict(torch.jit.load(str(path)).state_dict())
    value = torch.load(str(path), weights_only=True, map_location="cpu")
    if path.name in CHECKPOINTS:
        entry, prefix = CHECKPOINTS[path.name]
        return format, "checkpoint", {name.removeprefix(prefix): tensor for name, tensor in value[entry].items()}
    tensors = dict(walk(value))
    is_flat = isinstance(value, dict) and all(isinstance(inner, torch.Tensor) for inner in value.values())
    return format, "state-dict" if is_flat else "tensors", tensors


def of_tar(path):
    """PyTorch 2.13 does not read these any more, so Python's own pickle does, with stand-ins for what they call."""
    types = {"FloatStorage": "<f4", "DoubleStorage": "<f8", "LongStorage": "<i8"}
    storages = {}

    def rebuilt(identity, offset, shape, stride, *_):
        storage = storages[identity[2]]
        return np.lib.stride_tricks.as_strided(storage[offset:], shape, [step * storage.itemsize for step in stride])

    class Stand(pickle.Unpickler):
        def find_class(self, module, name):
            known = {"collections.OrderedDict": dict, "torch._utils._rebuild_tensor_v2": rebuilt}
            return known.get(f"{module}.{name}", name)

        def persistent_load(self, identity):
            return identity

    with tarfile.open(path) as archive:
        stream = io.BytesIO(archive.extractfile("storages").read())
        for _ in range(Stand(stream).load()):
            key, _, kind = Stand(stream).load()
            size, = struct.unpack("<q", stream.read(8))
            dtype = np.dtype(types[kind])
            storages[key] = np.frombuffer(stream.read(size * dtype.itemsize), dtype)
        return "torch-tar", Stand(io.BytesIO(archive.extractfile("pickle").read())).load()


def torch_rows(corpus):
    for path in sorted([*corpus.glob("pytorch/*"), *corpus.glob("pairs/*.pt")]):
        name = str(path.relative_to(corpus))
        if path.name in ("burn_broken.pt", "lenet.onnx"):
            yield {"file": name, "error": "format-unknown"}
        elif path.suffix == ".tar":
            format, value = of_tar(path)
            yield row(name, format, "state-dict", {key: of_array(array) for key, array in value.items()})
        else:
            format, content, tensors = of_zip_or_stream(path)
            yield row(name, format, content, {key: of_tensor(tensor) for key, tensor in tensors.items()})


# -------------------------------------------------------------------------------------------------------------- Keras


def texts(values):
    return [value.decode() if isinstance(value, bytes) else str(value) for value in values]


def of_model(file):
    """Every weight that a legacy file names, under the name that it has there."""
    group = file["model_weights"] if "model_weights" in file else file
    for layer in texts(group.attrs["layer_names"]):
        for weight in texts(group[layer].attrs["weight_names"]):
            yield weight, of_array(group[layer][weight][()])


def of_plain(file):
    import h5py

    found = {}

    def visit(name, item):
        if isinstance(item, h5py.Dataset) and item.dtype.kind in "iufb":
            found[name] = of_array(item[()])

    file.visititems(visit)
    return found


def keras_rows(corpus):
    import h5py

    paths = [path for pattern in ("keras/*", "pairs/*.h5", "hdf5/*") for path in corpus.glob(pattern)]
    for path in sorted(path for path in paths if path.suffix not in (".npy", ".json")):
        name = str(path.relative_to(corpus))
        if path.suffix == ".keras":
            import keras

            model = keras.models.load_model(path, compile=False)
            yield row(name, "keras-v3", "model", {weight.path: of_array(weight) for weight in model.weights})
            continue
        with h5py.File(path) as file:
            if "model_config" in file.attrs:
                yield row(name, "keras-h5", "model", dict(of_model(file)))
            elif "layer_names" in file.attrs:
                yield row(name, "keras-h5-weights", "weights", dict(of_model(file)))
            else:
                yield row(name, "hdf5", "tensors", of_plain(file))


def main():
    family, corpus, output = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    folders = ("pytorch/", "pairs/mtcnn_pnet.torch") if family == "torch" else ("keras/", "hdf5/", "pairs/mtcnn_pnet.keras")
    old = json.loads(output.read_text()) if output.exists() else []
    rows = [*(kept for kept in old if not kept["file"].startswith(folders)),
            *(torch_rows if family == "torch" else keras_rows)(corpus)]
    output.write_text("[\n" + ",\n".join(json.dumps(line) for line in sorted(rows, key=lambda one: one["file"])) + "\n]\n")


main()
