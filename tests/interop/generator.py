# SPDX-License-Identifier: GPL-3.0-or-later
"""Random small networks: a seed gives a pair (see net.py), a fault to put into its Keras side, and networks for one
framework alone whose layers have no equal in the other. Pure functions of the seed, the same in every environment."""

import copy
import random

from net import Net, layer
from weights import parametric

HIDDEN = (None, "relu", "tanh", "sigmoid")
HEADS = (None, "softmax", "log_softmax", "sigmoid")


def make(seed):
    """The pair of a seed. "bring" tells that the ends differ by a softmax, "writer" which Keras writes the file."""
    chance = random.Random(seed)
    shape = (chance.randint(1, 3), chance.randint(8, 13), chance.randint(8, 13))
    if seed % 8 == 5:
        shape = (chance.randint(5, 20),)
    net = Net(f"seed{seed}", shape, nested=chance.random() < 0.3)
    if len(shape) == 3:
        _features(net, chance)
    _classifier(net, chance)
    made = net.data()
    made["bring"] = chance.random() < 0.5 and _part_ends(net, chance)
    made["writer"] = "keras2" if seed % 2 == 0 else "keras3"
    _plain_numbers(made, chance)
    return made


def _features(net, chance):
    for _ in range(chance.randint(3, 8)):
        _, height, width = net.shape
        if min(height, width) < 4:
            break
        step = chance.choice((_conv, _conv, _conv, _pool, _pool, _norm, _activation, _pad, _rest))
        step(net, chance)


def _conv(net, chance):
    channels, height, width = net.shape
    kernel = (chance.randint(1, 4), chance.randint(1, 4)) if chance.random() < 0.4 else chance.randint(1, 4)
    style = chance.choice(("valid", "same", "torch-same", "symmetric", "strided", "strided-same", "dilated", "grouped"))
    groups = chance.choice([g for g in (1, 2, 3, channels) if channels % g == 0]) if style == "grouped" else 1
    filters = groups * chance.randint(1, 3) if groups > 1 else chance.randint(2, 6)
    args = {"bias": chance.random() < 0.8, "activation": chance.choice(HIDDEN), "fused": chance.random() < 0.6}
    if style in ("same", "torch-same"):
        args["padding"] = style
    elif style == "symmetric":
        args["padding"] = (chance.randint(0, 2), chance.randint(0, 2))
    elif style == "strided":
        args.update(stride=2, padding=chance.randint(0, 1))
    elif style == "strided-same":
        args.update(stride=chance.randint(2, 3), padding="same")
    elif style == "dilated":
        args.update(dilation=2, padding=chance.choice((2, "same")))
    elif style == "grouped":
        args.update(groups=groups, padding="same")
    net.conv(filters, kernel, **args)


def _pool(net, chance):
    kind, size, stride = chance.choice(("max", "avg")), chance.randint(2, 3), chance.randint(1, 3)
    if chance.random() < 0.6 and net.pool_same_forms(size, stride):
        net.pool(kind, size, stride, same=True, include=False)
    elif kind == "max" and chance.random() < 0.5:
        net.activation(chance.choice(("relu", "sigmoid"))).pool(kind, size, stride, padding=1)
    elif kind == "avg" and chance.random() < 0.5:
        net.pool(kind, size, stride, padding=1, include=True)
    else:
        net.pool(kind, size, stride)


def _norm(net, chance):
    net.batch_norm(chance.choice((1e-3, 1e-5, 4e-3)), affine=chance.random() < 0.8)


def _activation(net, chance):
    net.activation(chance.choice(("relu", "tanh", "sigmoid", "softmax", "log_softmax")), chance.random() < 0.5)


def _pad(net, chance):
    net.zero_pad(*(chance.randint(0, 2) for _ in range(4)))


def _rest(net, chance):
    sides = chance.choice((("torch", "keras"), ("torch",), ("keras",)))
    chance.choice((net.dropout, net.identity))(sides=sides)


def _classifier(net, chance):
    if len(net.shape) == 3:
        way = chance.random()
        if way < 0.2:
            net.global_average(keepdims=False)
        elif way < 0.35:
            net.global_average().flatten()
        elif way < 0.9:
            net.flatten()
        else:
            net.conv(3, 1)
            return
    for _ in range(chance.randint(0, 2)):
        if chance.random() < 0.35:
            _norm(net, chance)
        if chance.random() < 0.35:
            _rest(net, chance)
        net.dense(chance.randint(3, 9), chance.random() < 0.8, chance.choice(HIDDEN), chance.random() < 0.6)
    net.dense(chance.randint(2, 10), True, chance.choice(HEADS), chance.random() < 0.7)


def _part_ends(net, chance):
    """Ends Keras with a fused softmax and PyTorch with the logits or their log-softmax, if it ends fused."""
    last = net.blocks[-1]
    dense = last["keras"][-1]
    if dense["class"] != "Dense" or not dense["args"].get("activation", "").endswith("softmax"):
        return False
    dense["args"]["activation"] = "softmax"
    del last["torch"][-1]
    if chance.random() < 0.5:
        last["torch"].append(layer("LogSoftmax", dim=1))
    return True


def _plain_numbers(made, chance):
    """People write AvgPool2d(2) as well as AvgPool2d((2, 2)), and leave the stride out when it is the size."""
    for block in made["blocks"]:
        for entry in block["torch"]:
            args = entry["args"]
            if not entry["class"].endswith("Pool2d") or "kernel_size" not in args:
                continue
            if tuple(args["stride"]) == tuple(args["kernel_size"]) and chance.random() < 0.5:
                del args["stride"]
            for key in ("kernel_size", "stride", "padding"):
                if key in args and len(set(args[key])) == 1 and chance.random() < 0.5:
                    args[key] = args[key][0]


def spoil(net, drawn, seed):
    """Copies of the network and its weights for the Keras side with one fault in it; also what the fault is."""
    chance = random.Random(seed + 7)
    net, drawn = copy.deepcopy(net), copy.deepcopy(drawn)
    faults = []
    for index, block in enumerate(net["blocks"]):
        entry = parametric(block["torch"])
        if entry:
            faults += [(name, index) for name in _possible(entry, block, drawn[index])]
        if any(e["args"].get("activation") in ("relu", "tanh", "sigmoid") for e in block["keras"]):
            faults.append(("activation", index))
    names = sorted({name for name, _ in faults})
    rarer = [name for name in names if name not in ("no bias", "other kernel")]
    chosen = chance.choice(rarer if rarer and chance.random() < 0.7 else names)
    index = chance.choice([at for name, at in faults if name == chosen])
    _break(chosen, net["blocks"][index], drawn[index])
    return net, drawn, f"{chosen} in block {index}"


def _possible(entry, block, values):
    kernel, flat = values.get("weight"), block["flat"]
    if entry["class"].startswith("BatchNorm"):
        return ["epsilon"] + (["gamma and beta swapped"] if kernel is not None else [])
    found = ["other kernel"] + (["no bias"] if "bias" in values else [])
    if kernel.ndim == 4 and kernel.shape[2] == kernel.shape[3] > 1:
        found += ["kernel's height and width swapped", "kernel turned by 180 degrees"]
    if flat and flat[0] > 1 and flat[1] * flat[2] > 1:
        found.append("flatten order")
    return found


def _break(fault, block, values):
    if fault == "epsilon":
        block["keras"][-1]["args"]["epsilon"] += 0.05
    elif fault == "gamma and beta swapped":
        values["weight"], values["bias"] = values["bias"], values["weight"]
    elif fault == "other kernel":
        values["weight"] = values["weight"] * 1.1 + 0.05
    elif fault == "no bias":
        values["bias"] = values["bias"] * 0
    elif fault == "kernel's height and width swapped":
        values["weight"] = values["weight"].swapaxes(2, 3)
    elif fault == "kernel turned by 180 degrees":
        values["weight"] = values["weight"][:, :, ::-1, ::-1]
    elif fault == "flatten order":
        block["flat"] = None
    elif fault == "activation":
        for entry in block["keras"]:
            if "activation" in entry["args"]:
                entry["args"]["activation"] = "relu" if entry["args"]["activation"] != "relu" else "tanh"


def alone_torch(seed):
    """Forms of torch's layers that Keras has no single layer for; blocks with an empty Keras side."""
    chance = random.Random(seed + 1)
    channels = chance.randint(1, 3)
    blocks = [layer("Conv2d", in_channels=channels, out_channels=4, kernel_size=(3, 2), stride=(1, 2), dilation=(2, 1),
                    padding=(chance.randint(0, 2), chance.randint(0, 1)), groups=1, bias=True),
              layer("MaxPool2d", kernel_size=3, stride=chance.randint(1, 2), padding=1,
                    dilation=chance.randint(1, 2), ceil_mode=chance.random() < 0.5),
              layer("AvgPool2d", kernel_size=(2, 3), stride=chance.randint(1, 2), padding=(chance.randint(0, 1), 1),
                    ceil_mode=chance.random() < 0.5, count_include_pad=chance.random() < 0.5)]
    net = {"name": f"torch{seed}", "input": [channels, chance.randint(12, 17), chance.randint(18, 24)], "nested": False}
    net["blocks"] = [{"torch": [entry], "keras": [], "flat": None} for entry in blocks]
    return net


def alone_keras(seed):
    """Keras's 'same' in every combination of kernel and stride; the torch side only tells the weights' shapes."""
    chance = random.Random(seed + 2)
    channels = chance.randint(1, 3)
    kernel, stride = (chance.randint(1, 5), chance.randint(1, 5)), chance.randint(1, 3)
    conv = layer("Conv2D", filters=3, kernel_size=kernel, strides=stride, padding="same", activation="tanh")
    pools = [layer(kind, pool_size=(chance.randint(1, 3), chance.randint(1, 3)),
                   strides=(chance.randint(1, 2), chance.randint(1, 2)), padding=chance.choice(("same", "same", "valid")))
             for kind in chance.sample(("MaxPooling2D", "AveragePooling2D"), 2)]
    shape = layer("Conv2d", in_channels=channels, out_channels=3, kernel_size=kernel, groups=1, bias=True)
    net = {"name": f"keras{seed}", "input": [channels, chance.randint(17, 24), chance.randint(17, 24)], "nested": False}
    net["blocks"] = [{"torch": [shape], "keras": [conv], "flat": None}]
    net["blocks"] += [{"torch": [], "keras": [entry], "flat": None} for entry in pools]
    net["writer"] = "keras2" if seed % 2 == 0 else "keras3"
    return net
