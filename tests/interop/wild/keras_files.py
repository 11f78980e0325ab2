# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes a network as people write Keras: Sequential, functional, nested; whole files and weights alone."""

import numpy as np

from graph import to_keras
from ops import OPS


class Named:
    """Keras whose layers get a node's name."""

    def __init__(self, K, node):
        self.real, self.node, self.layers = K, node, self

    def __getattr__(self, key):
        cls = getattr(self.real.layers, key, None)
        if not isinstance(cls, type) or key in ("ReLU", "LeakyReLU", "ELU") and self.node.op != "act":
            return cls or getattr(self.real, key)
        name = self.node.keras_name + {"ZeroPadding2D": "_pad", "Permute": "_order", "Cropping1D": "_last"}.get(key, "")
        return lambda *args, **kwargs: cls(*args, name=name, **kwargs)


def build(graph, plan, K):
    """(model, {layer name: node}). plan: form sequential, functional or nested; names; order in which layers are made."""
    K.backend.clear_session()
    made = {}
    for place in plan["order"]:
        node = graph.nodes[place]
        if node.op == "input" or node.dropped or node.share is not None:
            continue
        made[place] = OPS[node.op].keras(node, node.ins(graph), Named(K, node) if plan["names"] else K)
    start = []
    for place in graph.inputs:
        node = graph.nodes[place]
        start.append(K.Input(node.value.perm.shape, dtype="int32" if node.args["tokens"] else None))
    if plan["form"] == "sequential":
        model = K.Sequential([start[0] if K.__version__.startswith("3") else K.layers.InputLayer(start[0].shape[1:], dtype=start[0].dtype),
                              *(layer for node in graph.computed() for layer in made.get(node.id, []))])
    else:
        model = _functional(graph, plan, K, made, dict(zip(graph.inputs, start)), start)
    for node in graph.weighted():
        layer = made[node.id][-1]
        layer.set_weights([np.ascontiguousarray(w) for w in OPS[node.op].keras_weights(node, node.ins(graph))])
    return model, {layer.name: place for place, layers in made.items() for layer in layers if isinstance(layer, K.layers.Layer)}


def _functional(graph, plan, K, made, value, start):
    inner = plan.get("nested") or []
    for node in graph.computed():
        if node.dropped:
            value[node.id] = value[node.inputs[0]]
            continue
        if inner and node.id == inner[0]:
            x = value[node.inputs[0]]
            entry = K.Input(tuple(x.shape[1:]))
            y = entry
            for place in inner:
                for layer in made.get(place, []):
                    y = layer(y)
            value[inner[-1]] = K.Model(entry, y, name="block")(x)
        if node.id in inner:
            continue
        xs = [value[i] for i in node.inputs]
        layers = made.get(node.share if node.share is not None else node.id, [])
        if not layers:
            value[node.id] = xs[0]
        for k, layer in enumerate(layers):
            value[node.id] = OPS[node.op].keras_call(layer, xs if k == 0 else [value[node.id]])
    ends = [value[i] for i in graph.outputs]
    return K.Model(start if len(start) > 1 else start[0], ends if len(ends) > 1 else ends[0])


def save(model, form, path):
    if form in ("h5", "keras"):
        model.save(path)
    else:
        model.save_weights(path)


def datasets(path, graph):
    """{place in a .weights.h5: node}: that file knows layers by number, so its values tell whose they are."""
    import h5py

    found = {}
    with h5py.File(path) as file:
        def look(name, item):
            for node in graph.weighted():
                for values in OPS[node.op].keras_weights(node, node.ins(graph)) if isinstance(item, h5py.Dataset) else []:
                    if item.shape == values.shape and np.array_equal(item[()], values):
                        found[name] = node.id
        file.visititems(look)
    return found


SUFFIX = {"h5": ".h5", "keras": ".keras", "v3-weights": ".weights.h5", "legacy-weights": ".h5"}


def inputs(graph, arrays):
    return [to_keras(graph.nodes[i].value, a) for i, a in zip(graph.inputs, arrays)]


def outputs(model, arrays):
    made = model(arrays if len(arrays) > 1 else arrays[0], training=False)
    return [np.asarray(y) for y in (made if isinstance(made, (tuple, list)) else [made])]


def layers(model, arrays, K):
    """{layer name: its output} of layers used once."""
    found = {}
    for layer in model.layers:
        try:
            value = layer.output
        except (AttributeError, ValueError, RuntimeError):
            continue
        if not isinstance(value, (list, tuple, dict)) and not isinstance(layer, (K.layers.InputLayer, K.Model)):
            found[layer.name] = value
    if not found:
        return {}
    made = K.Model(model.inputs if len(model.inputs) > 1 else model.inputs[0], list(found.values()))(
        arrays if len(arrays) > 1 else arrays[0], training=False)
    made = made if isinstance(made, (list, tuple)) else [made]
    return {name: np.asarray(y) for name, y in zip(found, made)}
