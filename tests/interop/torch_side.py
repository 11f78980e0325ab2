# SPDX-License-Identifier: GPL-3.0-or-later
"""Networks of net.py in PyTorch, and what every module of one gives."""

import torch
from torch import nn

torch.set_num_threads(1)


def _tupled(args):
    return {key: tuple(value) if isinstance(value, list) else value for key, value in args.items()}


def build(net, drawn):
    """nn.Sequential in eval mode; nested: two levels of it."""
    modules = []
    for block, values in zip(net["blocks"], drawn):
        group = []
        for entry in block["torch"]:
            module = getattr(nn, entry["class"])(**_tupled(entry["args"]))
            state = module.state_dict()
            if state:
                given = {name: torch.from_numpy(value.copy()) for name, value in values.items()}
                module.load_state_dict({**state, **given})
            group.append(module)
        if net["nested"] and len(group) > 1:
            modules.append(nn.Sequential(*group))
        else:
            modules += group
    if net["nested"]:
        middle = len(modules) // 2
        modules = [nn.Sequential(*modules[:middle]), nn.Sequential(*modules[middle:])]
    return nn.Sequential(*modules).eval()


def trace(model, x):
    """{name: output} of every module that computes by itself, in order. x: (N, ...) float32 array."""
    seen = {}

    def keep(name):
        return lambda module, given, output: seen.__setitem__(name, output.detach().numpy().copy())

    hooks = [module.register_forward_hook(keep(name)) for name, module in model.named_modules()
             if not isinstance(module, nn.Sequential)]
    with torch.no_grad():
        model(torch.from_numpy(x))
    for hook in hooks:
        hook.remove()
    return seen
