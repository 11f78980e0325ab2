# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes a network as people write PyTorch: own classes in a file of their own, sequences, state dicts, archives."""

import importlib.util
import pathlib
import sys

import numpy as np

from ops import OPS

HEAD = """import torch
import torch.nn.functional as F
from torch import nn


class Linear(nn.Module):
    def __init__(self, a, b):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(b, a))
        self.bias = nn.Parameter(torch.zeros(b))

    def forward(self, x):
        return 2 * F.linear(x, self.weight, self.bias)


class Net(nn.Module):
"""


def module_of(node, graph):
    """The expression that makes the node's module; None where it has none or shares another's."""
    return OPS[node.op].torch(node, node.ins(graph)) if node.share is None and not node.dropped else None


def source(graph, plan):
    """The text of a class. plan: {"order": ids as __init__ lists them, "blocks": [[ids]] put into nn.Sequential each}."""
    init, calls, block_of, names = [], [], {}, {}
    for i, block in enumerate(plan["blocks"]):
        for k, place in enumerate(block):
            block_of[place], names[place] = i, f"{'features' if i == 0 else 'head'}.{k}"
    lines = {}
    for node in graph.computed():
        made = module_of(node, graph)
        if made and node.id not in block_of:
            names[node.id] = node.torch_name
            lines[node.id] = f"        self.{node.torch_name} = {made}"
    for i, block in enumerate(plan["blocks"]):
        inner = ", ".join(module_of(graph.nodes[place], graph) for place in block)
        lines[block[0]] = f"        self.{'features' if i == 0 else 'head'} = nn.Sequential({inner})"
    init = [lines[place] for place in plan["order"] if place in lines]
    value = {place: f"x{k}" for k, place in enumerate(graph.inputs)}
    for node in graph.computed():
        xs = [value[i] for i in node.inputs]
        if node.dropped:
            value[node.id] = xs[0]
            continue
        if node.id in block_of and plan["blocks"][block_of[node.id]][0] != node.id:
            value[node.id] = xs[0]
            continue
        if node.id in block_of:
            call = f"self.{'features' if block_of[node.id] == 0 else 'head'}({xs[0]})"
        else:
            name = names.get(node.share if node.share is not None else node.id)
            call = OPS[node.op].torch_call(node, name, xs)
        value[node.id] = f"y{node.id}"
        calls.append(f"        y{node.id} = {call}")
    ends = ", ".join(value[i] for i in graph.outputs)
    arguments = ", ".join(value[i] for i in graph.inputs)
    body = "    def __init__(self):\n        super().__init__()\n" + "\n".join(init)
    return HEAD + body + f"\n\n    def forward(self, {arguments}):\n" + "\n".join(calls) + f"\n        return {ends}\n", names


def state_names(graph, names):
    """{name in the state dict: (node, role)}."""
    found = {}
    for node in graph.weighted():
        for role in node.weights:
            found[names[node.id] + (f".{role}" if role else "")] = (node.id, role)
    return found


def build(graph, plan, path):
    """The network as an object of a class that stands in `path`; a plain nn.Sequential where the plan says so."""
    import torch
    from torch import nn

    text, names = source(graph, plan)
    path = pathlib.Path(path)
    path.write_text(text)
    spec = importlib.util.spec_from_file_location(path.stem, path)
    loaded = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = loaded
    spec.loader.exec_module(loaded)
    if plan["form"] == "sequential":
        names = {node.id: str(k) for k, node in enumerate(n for n in graph.computed() if not n.dropped)}
        scope = {"nn": nn, "Linear": loaded.Linear}
        model = nn.Sequential(*(eval(module_of(n, graph), scope) for n in graph.computed() if not n.dropped))
    else:
        model = loaded.Net()
    state = model.state_dict()
    for key, (place, role) in state_names(graph, names).items():
        values = graph.nodes[place].weights[role]
        assert tuple(state[key].shape) == values.shape, (key, state[key].shape, values.shape)
        state[key] = torch.from_numpy(np.ascontiguousarray(values))
    model.load_state_dict(state)
    model = model.double() if plan["double"] else model
    return model.eval(), names


def save(model, form, path, example):
    import torch

    state = model.state_dict()
    if form in ("sequential", "module"):
        torch.save(model, path)
    elif form == "state":
        torch.save(state, path)
    elif form == "checkpoint":
        torch.save({"epoch": 3, "model_state_dict": {f"module.{k}": v for k, v in state.items()}, "loss": 0.25}, path)
    elif form == "safetensors":
        from safetensors.torch import save_file
        save_file({k: v.contiguous() for k, v in state.items()}, path)
    elif form == "traced":
        torch.jit.save(torch.jit.trace(model, example, check_trace=False), path)
    elif form == "scripted":
        torch.jit.save(torch.jit.script(model), path)
    elif form == "pt2":
        torch.export.save(torch.export.export(model, example), path)


SUFFIX = {"safetensors": ".safetensors", "pt2": ".pt2"}


def can_be_sequential(graph):
    return graph.is_chain() and all(n.dropped or (module_of(n, graph) and OPS[n.op].torch_call(n, "m", ["x"]) == "self.m(x)"
                                                  and not module_of(n, graph).startswith("nn.Parameter")) for n in graph.computed())


def outputs(model, arrays, double):
    import torch
    xs = [torch.from_numpy(a.astype(np.float64) if double and a.dtype == np.float32 else a) for a in arrays]
    with torch.no_grad():
        made = model(*xs)
    return [y.numpy() for y in (made if isinstance(made, (tuple, list)) else [made])]


def layers(model, names, arrays, double):
    """{module name: its output} of modules that are called once and give one tensor."""
    import torch
    seen, twice = {}, set()

    def hook(name):
        def record(_, __, y):
            (twice.add(name) if name in seen else seen.__setitem__(name, y)) if isinstance(y, torch.Tensor) else twice.add(name)
        return record
    handles = [m.register_forward_hook(hook(name)) for name, m in model.named_modules() if name and not list(m.children())]
    outputs(model, arrays, double)
    for handle in handles:
        handle.remove()
    return {name: y.detach().numpy() for name, y in seen.items() if name not in twice}
