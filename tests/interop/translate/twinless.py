# SPDX-License-Identifier: GPL-3.0-or-later
"""What the steps share: the networks of ../wild, each with its wiring in the file, and what is asked about them."""

import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "wild"))

from pair import Pair  # noqa: E402

FEW, MANY = 2, 8
TORCH_FORMS = ("traced", "pt2")  # and a Sequential, where it is one
OWN = ("scaled", "own_dense", "flip", "shuffle", "gather", "channels", "turn", "arithmetic")  # somebody's own classes, which no file tells


def drawn(seed):
    """The pair of a seed with true twins, in forms that tell how layers are connected, without reduced precision."""
    from torch_files import can_be_sequential
    pair = next(pair for pair in map(Pair, range(seed * 20, seed * 20 + 999)) if seed % 8 == 7 or not any(
        node.op in OWN for node in pair.torch_graph.computed()))
    graph = pair.torch_graph
    pair.keras_graph, pair.fault = graph, None
    pair.torch.update(double=False, form="sequential" if can_be_sequential(graph) else TORCH_FORMS[seed % 2], order=pair.torch["order"])
    if pair.torch["form"] == "sequential":
        pair.torch["blocks"] = []
    pair.keras.update(policy="float32", save=("h5", "keras")[seed % 2])
    return pair


ONE_GENERATION = ("rms_norm",)  # of Keras 3 alone


def targets(folder):
    """(name, side of the source, file written, further arguments)."""
    told = [json.loads((folder / f"{side}.json").read_text()) for side in "ab"]
    if any("error" in side for side in told):
        return
    yield "a-h5", "a", "a2k.h5", []
    yield "a-keras", "a", "a2k.keras", []
    yield "a-torch", "a", "a2t.pt", ["--as", "state-dict"]
    yield "b-state", "b", "b2t.pt", ["--as", "state-dict"]
    yield "b-module", "b", "b2m.pt", ["--as", "module"]
    yield "b-keras", "b", "b2k.h5", []
    yield "a-back", "a2k.h5", "a2k2t.pt", ["--as", "state-dict"]
    yield "b-back", "b2m.pt", "b2m2k.h5", []


def document(folder, name):
    path = folder / f"{name}.json"
    return json.loads(path.read_text()) if path.exists() else None


def text_of(folder):
    return json.loads((folder / "a.json").read_text()) if (folder / "a.json").exists() else {}
