# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of no framework, written by NumPy and by the safetensors library: files_plain.py FOLDER."""

import hashlib
import io
import json
import pathlib
import sys
import zipfile

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import save_file

NUMPY_TYPES = ["bool", "u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f2", "f4", "f8", "c8", "c16"]
TORCH_TYPES = [
    "bool", "uint8", "int8", "uint16", "int16", "uint32", "int32", "uint64", "int64", "float16", "bfloat16", "float32", "float64",
    "float8_e4m3fn", "float8_e5m2", "float8_e8m0fnu", "float8_e4m3fnuz", "float8_e5m2fnuz", "complex64",
]  # fmt: skip


def told(dtype, shape, data):
    return {"dtype": dtype, "shape": list(shape), "sha256": hashlib.sha256(data).hexdigest()}


def told_array(array):
    little = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
    return told(array.dtype.name, array.shape, little.tobytes())


def told_tensor(tensor):
    dense = tensor.contiguous()
    return told(str(tensor.dtype)[6:], tensor.shape, dense.reshape(-1).view(torch.uint8).numpy().tobytes() if dense.numel() else b"")


def random_arrays(rng):
    arrays = {}
    for code in NUMPY_TYPES:
        size = np.dtype(code).itemsize
        raw = rng.integers(0, 2 if code == "bool" else 256, 24 * size, dtype=np.uint8)
        arrays[code] = raw.view(code).reshape(2, 3, 4)
        if size > 1:
            arrays[f"big.{code}"] = arrays[code].astype(np.dtype(code).newbyteorder(">"))
    values = rng.normal(size=(5, 7)).astype("f4")
    arrays.update({"fortran": np.asfortranarray(values), "fortran_3d": np.asfortranarray(rng.normal(size=(3, 4, 5)))})
    arrays.update({"scalar": np.float32(2.5), "empty": np.zeros((0, 3), "i8"), "deep": np.zeros((1,) * 20, "u2")})
    arrays.update({"conv1.weight": rng.normal(size=(6, 1, 5, 5)).astype("f4"), "conv1.bias": rng.normal(size=6).astype("f4")})
    return {name: np.asarray(array) for name, array in arrays.items()}


def numpy_files(folder, manifest):
    arrays = random_arrays(np.random.default_rng(1))
    expected = {name: told_array(array) for name, array in arrays.items()}
    for name, write in (("stored.npz", np.savez), ("deflated.npz", np.savez_compressed)):
        write(folder / name, **arrays)
        loaded = np.load(folder / name)
        assert all(told_array(loaded[key]) == expected[key] for key in arrays)
        layers = [{"name": "conv1", "kind": "Conv2d"}]
        manifest.append({"file": name, "format": "npz", "content": "tensors", "framework": "none", "tensors": expected, "layers": layers})
    for name in ("fortran", "big.f8", "scalar", "c16", "empty"):
        np.save(folder / f"{name}.npy", arrays[name])
        manifest.append({"file": f"{name}.npy", "format": "npy", "tensors": {"array": expected[name]}})
    odd = {
        "objects": np.array([{"a": 1}, None], dtype=object),
        "records": np.array([(1, 2.0)], dtype=[("a", "<i4"), ("b", "<f8", (2, 2))]),
        "texts": np.array(["one", "two"]),
        "dates": np.array(["2024-01-01"], "datetime64[D]"),
        "good": arrays["f4"],
    }
    np.savez(folder / "odd.npz", **odd)
    refused = {name: {"dtype": "opaque", "shape": list(array.shape), "sha256": None} for name, array in odd.items()}
    manifest.append({"file": "odd.npz", "format": "npz", "tensors": {**refused, "good": expected["f4"]}})
    wide = io.BytesIO()
    np.lib.format.write_array(wide, arrays["f4"], version=(3, 0))
    with zipfile.ZipFile(folder / "folders.npz", "w") as archive:
        archive.writestr("layer/kernel.npy", wide.getvalue())
        archive.writestr("readme.txt", "not an array")
    manifest.append({"file": "folders.npz", "format": "npz", "tensors": {"layer/kernel": expected["f4"]}})


def safetensors_files(folder, manifest):
    torch.manual_seed(1)
    tensors = {}
    for name in TORCH_TYPES:
        dtype = getattr(torch, name)
        size = torch.empty(0, dtype=dtype).element_size()
        raw = torch.randint(0, 2 if name == "bool" else 256, (4 * 6 * size,), dtype=torch.uint8)
        tensors[f"of.{name}"] = raw.view(dtype).reshape(4, 6)
    tensors["of.float4_e2m1fn_x2"] = torch.randint(0, 256, (4, 6), dtype=torch.uint8).view(torch.float4_e2m1fn_x2)
    tensors.update({"scalar": torch.tensor(2.5), "empty": torch.zeros(0, 3)})
    network = torch.nn.Sequential(torch.nn.Conv2d(1, 6, 5), torch.nn.BatchNorm2d(6), torch.nn.Flatten(), torch.nn.Linear(6, 10))
    for name, content, metadata in (
        ("all.safetensors", tensors, {"format": "pt", "note": "all types"}),
        ("network.safetensors", network.state_dict(), {"format": "pt"}),
        ("none.safetensors", {}, None),
    ):
        save_file(content, folder / name, metadata)
        with safe_open(folder / name, "pt") as opened:
            loaded = {key: opened.get_tensor(key) for key in opened.keys()}
        entry = {"file": name, "format": "safetensors", "content": "tensors", "framework": "none"}
        entry["tensors"] = {key: told_tensor(value) for key, value in loaded.items()}
        entry["entries"] = [f"__metadata__.{key}" for key in metadata or {}]
        manifest.append(entry)
    manifest[-2]["layers"] = [{"name": "0", "kind": "Conv2d"}, {"name": "1"}, {"name": "3", "kind": "Linear"}]
    manifest[-2]["parameters_total"] = sum(value.numel() for value in network.state_dict().values())


def main():
    folder, manifest = pathlib.Path(sys.argv[1]), []
    numpy_files(folder, manifest)
    safetensors_files(folder, manifest)
    (folder / "manifest-plain.json").write_text(json.dumps(manifest, indent=1))


main()
