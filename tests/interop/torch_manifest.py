# SPDX-License-Identifier: GPL-3.0-or-later
"""What PyTorch itself reads in a file, told as a manifest for check_files.py."""
import hashlib
import json

import numpy
import torch

FORMATS = {"zip": "torch-zip", "legacy": "torch-legacy"}


def raw_bytes(tensor):
    """Dense row-major little-endian bytes, as torch itself holds the values."""
    tensor = tensor.detach().resolve_conj().resolve_neg().contiguous().reshape(-1)
    if tensor.numel() == 0:
        return b""
    if tensor.is_complex() and tensor.dtype != torch.complex32:
        return tensor.numpy().tobytes()
    return tensor.view(torch.uint8).numpy().tobytes()


def told(dtype, shape, data):
    return {"dtype": dtype, "shape": list(shape), "sha256": hashlib.sha256(data).hexdigest()}


def dtype_name(tensor):
    return str(tensor.dtype).removeprefix("torch.")


def describe(name, tensor):
    """The parameters under which one tensor is to be listed."""
    if isinstance(tensor, numpy.ndarray):
        return {name: told(str(tensor.dtype), tensor.shape, numpy.ascontiguousarray(tensor).tobytes())}
    if tensor.is_nested:
        if tensor.layout == torch.jagged:
            return describe(name + ".values", tensor.values()) | describe(name + ".offsets", tensor.offsets())
        parts = {"values": tensor.values(), "sizes": tensor._nested_tensor_size(), "strides": tensor._nested_tensor_strides(),
                 "offsets": tensor._nested_tensor_storage_offsets()}
        return merged(describe(f"{name}.{part}", value) for part, value in parts.items())
    if tensor.layout == torch.sparse_coo:
        return describe(name + ".indices", tensor._indices()) | describe(name + ".values", tensor._values())
    compressed = {torch.sparse_csr: ("crow_indices", "col_indices"), torch.sparse_bsr: ("crow_indices", "col_indices"),
                  torch.sparse_csc: ("ccol_indices", "row_indices"), torch.sparse_bsc: ("ccol_indices", "row_indices")}
    if tensor.layout in compressed:
        parts = compressed[tensor.layout] + ("values",)
        return merged(describe(f"{name}.{part}", getattr(tensor, part)()) for part in parts)
    if tensor.is_quantized:
        return quantised(name, tensor)
    return {name: told(dtype_name(tensor), tensor.shape, raw_bytes(tensor))}


def quantised(name, tensor):
    shape = list(tensor.shape)
    if tensor.dtype == torch.quint4x2:  # two values in a byte
        shape[-1] //= 2
        data = bytes(tensor.untyped_storage())
    else:
        data = raw_bytes(tensor.int_repr())
    result = {name: told(dtype_name(tensor), shape, data)}
    if tensor.qscheme() in (torch.per_channel_affine, torch.per_channel_affine_float_qparams):
        result |= describe(name + ".scales", tensor.q_per_channel_scales())
        result |= describe(name + ".zero_points", tensor.q_per_channel_zero_points())
    return result


def merged(dicts):
    return {key: value for one in dicts for key, value in one.items()}


def flat(value, path=""):
    """Every tensor in dicts, lists and tuples by its path."""
    if isinstance(value, (torch.Tensor, numpy.ndarray)):
        return describe(path or "tensor", value)
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, (list, tuple)):
        items = enumerate(value)
    else:
        return {}
    return merged(flat(item, f"{path}.{key}" if path else str(key)) for key, item in items)


class Manifest:
    def __init__(self, folder):
        self.folder = folder
        self.entries = []

    def add(self, file, content, tensors, **more):
        self.entries.append({"file": file, "content": content, "tensors": tensors, **more})

    def save(self, name, value, content, expected=None, kinds=("zip", "legacy"), loaded=True, protocol=2, **more):
        """`expected` takes what torch reads back and tells the tensors; by default all by their paths."""
        for kind in kinds:
            file = f"{name}.{kind}.pt"
            torch.save(value, self.folder / file, _use_new_zipfile_serialization=kind == "zip", pickle_protocol=protocol)
            back = torch.load(self.folder / file, weights_only=False) if loaded else value
            self.add(file, content, (expected or flat)(back), format=FORMATS[kind], **more)

    def write(self, name):
        (self.folder / f"manifest-{name}.json").write_text(json.dumps(self.entries, indent=1))


def module_tensors(module):
    # The buffers that are not persistent are no part of a state dict, and in the file of a whole module all the same.
    named = list(module.named_parameters(remove_duplicate=False)) + list(module.named_buffers(remove_duplicate=False))
    return merged(describe(name, tensor) for name, tensor in named)


def state(value):
    return merged(describe(name, tensor) for name, tensor in value.items() if isinstance(tensor, torch.Tensor))
