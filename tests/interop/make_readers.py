# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes tests/data/readers and tests/data/readers.json: one small file of every container, for clones without Python.

    make_readers.py FOLDER

FOLDER holds a folder for each environment, as files_torch.py, files_script.py, files_plain.py and files_keras.py filled them
(`check --work` leaves them in WORK/files). The table has the form of corpus.json; "tensor" is the last one that the framework read.
"""

import json
import math
import pathlib
import re
import shutil
import sys
import zipfile

PICKED = (
    "dtypes.zip.pt", "dtypes.legacy.pt", "special.zip.pt", "sparse.legacy.pt", "views.zip.pt", "views.legacy.pt", "protocol5.zip.pt",
    "parameter.zip.pt", "nested_dicts.legacy.pt", "tree.zip.pt", "container.zip.pt", "encoder.zip.pt", "checkpoint_state_dict.legacy.pt",
    "checkpoint_pair.zip.pt", "dataparallel_state.zip.pt", "lightning.zip.pt", "subclasses.zip.pt", "arrays.zip.pt", "arrays_protocol2.pkl",
    "storage.pt", "deflated.pt", "old.tar.pt", "custom-traced.pt", "custom-scripted.pt", "custom-frozen.pt", "mixed.pt2", "mixed-older.pt2",
    "all.safetensors", "network.safetensors", "odd.npz", "folders.npz", "empty.npy",
    "keras2-shared.h5", "keras2-shared-legacy.h5", "keras2-custom.keras", "keras2-nested-functional-legacy.h5", "keras2-half.weights.h5",
    "keras2-wrapped-deflated.h5", "keras2-norms-npz.keras", "keras3-custom.keras", "keras3-half.weights.h5", "keras3-custom.h5",
    "keras3-lambda-misnamed.keras", "keras3-int8.keras", "keras3-nested-branches-deflated.h5")


def row(case):
    told = {key: case[key] for key in ("file", "format", "content") if key in case}
    tensors = case["tensors"]
    if "parameters_total" in case:
        told["parameters_total"] = case["parameters_total"]
    elif case.get("content") == "state-dict":
        told["parameters_total"] = sum(math.prod(tensor["shape"]) for tensor in tensors.values())
    summed = [name for name, tensor in tensors.items() if tensor.get("sha256")]
    if summed:
        told["tensor"] = {"name": summed[-1], **{key: tensors[summed[-1]][key] for key in ("dtype", "shape", "sha256")}}
    return told


def copy(source, target):
    """Exported programs name the folders of the machine that made them, in stack traces: those are taken out."""
    if source.suffix != ".pt2":
        shutil.copy(source, target)
        return
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for info in old.infolist():
            content = old.read(info)
            if info.filename.endswith(".json"):
                content = re.sub(rb"/[^\"\\\\ ]*/(?=[^\"\\\\ /]*\.py)", b"", content)
            new.writestr(zipfile.ZipInfo(info.filename), content)


def main():
    data = pathlib.Path(__file__).resolve().parents[1] / "data"
    target, rows = data / "readers", []
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    for manifest in sorted(pathlib.Path(sys.argv[1]).glob("*/manifest-*.json")):
        for case in json.loads(manifest.read_text()):
            if case["file"] in PICKED:
                copy(manifest.parent / case["file"], target / case["file"])
                rows.append(row(case))
    missing = set(PICKED) - {entry["file"] for entry in rows}
    if missing:
        sys.exit(f"not made: {sorted(missing)}")
    (data / "readers.json").write_text("[\n" + ",\n".join(json.dumps(entry) for entry in sorted(rows, key=lambda r: r["file"])) + "\n]\n")


if __name__ == "__main__":
    main()
