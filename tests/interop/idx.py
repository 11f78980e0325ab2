# SPDX-License-Identifier: GPL-3.0-or-later
"""MNIST's IDX files, plain or gzipped: images as uint8 (N, 28, 28), labels as uint8 (N,)."""

import gzip
import pathlib
import struct

import numpy as np


def read(folder, stem):
    """Reads FOLDER/STEM or FOLDER/STEM.gz, such as train-images-idx3-ubyte."""
    path = pathlib.Path(folder) / stem
    if path.exists():
        data = path.read_bytes()
    else:
        data = gzip.decompress(path.with_name(stem + ".gz").read_bytes())
    zero, kind, rank = struct.unpack(">HBB", data[:4])
    if zero != 0 or kind != 8:
        raise ValueError(f"{path}: not an IDX file of bytes")
    shape = struct.unpack(f">{rank}I", data[4 : 4 + 4 * rank])
    return np.frombuffer(data, np.uint8, offset=4 + 4 * rank).reshape(shape)


def write(path, values):
    """Writes a gzipped IDX file of bytes; the same values give the same file."""
    values = np.ascontiguousarray(values, np.uint8)
    head = struct.pack(">HBB", 0, 8, values.ndim) + struct.pack(f">{values.ndim}I", *values.shape)
    with open(path, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed:
        packed.write(head + values.tobytes())


def mnist(folder, part):
    """PART is train or t10k. Returns float32 (N, 28, 28) in 0..1 and int64 labels."""
    images = read(folder, f"{part}-images-idx3-ubyte").astype(np.float32) / 255
    return images, read(folder, f"{part}-labels-idx1-ubyte").astype(np.int64)
