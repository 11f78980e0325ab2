# SPDX-License-Identifier: GPL-3.0-or-later
"""A seed's network, drawn from what exists in the frameworks, whether Tieout knows it or not. Pure functions of the seed."""

import random

from graph import Graph, Value, image, sequence
from ops_point import ACTIVATIONS


PLAIN = ("relu", "tanh", "sigmoid")


def attempt(make, *args):
    """An operation that does not fit is left out."""
    try:
        return make(*args)
    except ValueError:
        return None


def activation(g, r, x, into=None):
    """Apart, or fused into node `into` (which must be `x`)."""
    name = r.choice(PLAIN if g.plain else [n for n in ACTIVATIONS if n != "exponential"])
    a = dict(name=name, slope=r.choice((0.01, 0.1, 0.3, 1.0)), module=r.random() < (0.9 if g.plain else 0.7), keras=r.choice(("name", "object", "layer")))
    a["slope"] = 1.0 if name == "elu" and r.random() < 0.5 else a["slope"]
    if into is not None:
        g.nodes[into].args["fused"] = (name, a["keras"], a["slope"])
        a["into"] = True
    return g.add("act", x, **a)


def maybe_active(g, r, x):
    way = r.random()
    return x if way < 0.3 else activation(g, r, x, x if way < 0.65 else None)


def conv(g, r, x, filters=None, same=False):
    shape = g.value(x).shape
    k = [r.randint(1, 3) for _ in range(2)] if r.random() < 0.5 else [3, 3]
    style = "same" if same else r.choice(("valid", "same", "strided", "padded", "dilated", "grouped", "grouped" if g.plain else "depthwise"))
    a = dict(kernel=k, stride=[1, 1], padding=[0, 0], dilation=[1, 1], groups=1, bias=r.random() < 0.75,
             filters=filters or r.randint(2, 6))
    if style == "same":
        a["padding"] = "same"
    elif style == "strided":
        a.update(stride=r.choice(([2, 2], [1, 2], [2, 1])), padding=r.choice(([0, 0], [1, 1])))
    elif style == "padded":
        a["padding"] = [r.randint(0, 2), r.randint(0, 2)]
    elif style == "dilated":
        a["dilation"] = [2, 1]
    elif style == "grouped":
        a.update(groups=r.choice([n for n in (1, 2, 3) if shape[0] % n == 0]))
        a["filters"] = a["groups"] * r.randint(1, 3)
    if style == "depthwise":
        return maybe_active(g, r, g.add("depthwise", x, multiplier=r.randint(1, 2), **a))
    return maybe_active(g, r, g.add("conv", x, **a))


def norm(g, r, x):
    kind = "batch" if g.plain else r.choice(("batch", "batch", "batch", "group", "layer"))
    eps = r.choice((1e-3, 1e-5, 1e-3, 3e-3))
    if kind == "group" and g.value(x).kind == "image":
        n = g.value(x).shape[0]
        return g.add("groupnorm", x, groups=r.choice([k for k in range(1, n + 1) if n % k == 0]), eps=eps)
    if kind == "layer" or g.value(x).kind == "sequence":
        return g.add("layernorm", x, eps=eps)
    return g.add("batchnorm", x, eps=eps, momentum=r.choice((0.1, 0.01, 0.3)), affine=r.random() < 0.8, scale=r.random() < 0.8)


def odd(g, r, x):
    """What tools do not know."""
    kind = r.choice(("scaled", "arithmetic", "flip", "shuffle", "channels", "turn", "prelu"))
    return g.add(kind, x, kind=r.choice(("sin", "square", "half", "abs", "double"))) if kind == "arithmetic" else g.add(kind, x)


def other(g, r, x):
    kind = r.choice(("pool", "pool", "pad", "drop", "act") if g.plain else ("pool", "pool", "upsample", "pad", "drop", "transposed", "act"))
    if kind == "pool":
        return g.add("pool", x, kind=r.choice(("max", "avg")), size=[2, r.randint(1, 2)], stride=[r.randint(1, 2), 2])
    if kind == "upsample":
        return g.add("upsample", x, mode=r.choice(("nearest", "bilinear")))
    if kind == "pad":
        around = [-r.randint(0, 1) for _ in range(4)] if not g.plain and r.random() < 0.3 else [r.randint(0, 2) for _ in range(4)]
        return g.add("pad", x, around=around, mode="Zero")
    if kind == "transposed":
        return maybe_active(g, r, g.add("transposed", x, filters=r.randint(2, 4), kernel=r.randint(2, 3), stride=r.randint(1, 2)))
    if kind == "act":
        return activation(g, r, x)
    return g.add("drop", x, kind=r.choice(("plain", "identity") if g.plain else ("plain", "identity", "spatial", "noise", "alpha", "regular")))


def residual(g, r, x):
    """Two convolutions beside nothing or a third one; equal shapes on purpose."""
    filters = g.value(x).shape[0] if r.random() < 0.5 else r.randint(2, 5)
    y = conv(g, r, x, filters, True)
    y = norm(g, r, y) if r.random() < 0.5 else y
    y = conv(g, r, y, filters, True)
    short = x if filters == g.value(x).shape[0] and r.random() < 0.6 else conv(g, r, x, filters, True)
    ends = [y, short] if r.random() < 0.5 else [short, y]
    return maybe_active_apart(g, r, g.add("merge", *ends, kind=r.choice(("add", "add", "multiply", "average", "maximum", "subtract"))))


def maybe_active_apart(g, r, x):
    return activation(g, r, x) if r.random() < 0.5 else x


def branches(g, r, x):
    filters = r.randint(2, 4)
    ends = [conv(g, r, x, filters, True) for _ in range(r.randint(2, 3))]
    ends = [norm(g, r, e) if r.random() < 0.4 else e for e in ends]
    r.shuffle(ends)
    return g.add("merge", *ends, kind="concat")


def features(g, r, x, steps):
    for _ in range(steps):
        step = r.choice((conv, conv, norm, other) if g.plain else (conv, conv, conv, norm, other, other, odd, residual, branches))
        made = attempt(step, g, r, x)
        x = x if made is None else made
    return x


def flat(g, r, x):
    if g.value(x).kind == "image" and r.random() < 0.25:
        return g.add("global_pool", x, kind=r.choice(("avg", "max")), form=r.choice(("module", "call")))
    if g.value(x).kind == "sequence" and r.random() < 0.7:
        return g.add("reduce", x, kind=r.choice(("mean", "max", "last")))
    if g.value(x).kind == "flat":
        return x
    if g.plain and r.random() < 0.85:
        return g.add("flatten", x, torch="module", keras=r.choice(("flatten",) * 4 + ("first",)))
    keras = r.choice(("flatten", "flatten", "flatten", "reshape", "first", "chw", "whc")) if g.value(x).kind == "image" else "flatten"
    return g.add("flatten", x, torch=r.choice(("module", "module", "method", "view", "reshape")), keras=keras,
                 nhwc=g.value(x).kind == "image" and r.random() < 0.2)


def dense(g, r, x, units=None):
    return maybe_active(g, r, g.add("dense", x, units=units or r.choice((4, 5, 6, 6, 8)), bias=r.random() < 0.8, each=r.random() < 0.3))


def vectors(g, r, x, steps):
    for _ in range(steps):
        step = r.choice((dense, dense, norm, activation, straight) if g.plain else
                        (dense, dense, dense, norm, activation, skip, straight,
                         lambda g, r, x: g.add("drop", x, kind=r.choice(("plain", "identity", "noise"))),
                         lambda g, r, x: g.add(r.choice(("scaled", "prelu")), x),
                         lambda g, r, x: g.add("arithmetic", x, kind=r.choice(("sin", "half", "abs"))),
                         lambda g, r, x: g.add("own_dense", x, units=6)))
        made = attempt(step, g, r, x)
        x = x if made is None else made
    return x


def straight(g, r, x):
    """Equal layers one after another: only names, values and wiring tell them apart."""
    n = g.value(x).shape[0]
    for _ in range(r.randint(2, 3)):
        x = dense(g, r, x, min(n, 8))
    return x


def skip(g, r, x):
    y = dense(g, r, dense(g, r, x, 6), 6)
    short = x if g.value(x).shape == (6,) and g.value(x).plain else g.add("dense", x, units=6, bias=True)
    return g.add("merge", *r.sample((y, short), 2), kind=r.choice(("add", "concat", "subtract", "maximum")))


def head(g, r, x):
    x = g.add("dense", x, units=r.randint(3, 6), bias=True)
    way = r.random()
    if way < 0.35:
        return g.add("softmax", x, layer=r.random() < 0.5)
    return maybe_active(g, r, x) if way < 0.6 else x


def attend(g, r, x):
    y = g.add("attention", x, heads=2)
    return g.add("merge", x, y, kind="add") if r.random() < 0.7 else y


def recur(g, r, x):
    both = r.random() < 0.3
    return g.add("recurrent", x, kind=r.choice(("LSTM", "GRU", "RNN")), units=r.choice((3, 4, 6)), both=both, steps=both or r.random() < 0.6,
                 zero=r.random() < 0.5)


def one_dimensional(g, r, x):
    k = r.randint(1, 3)
    y = g.add("to_signal", x, form=r.random() < 0.5)
    y = maybe_active(g, r, g.add("conv1d", y, kernel=[k], stride=[1], padding=r.choice(([0], "same")), dilation=[1], groups=1,
                                 bias=r.random() < 0.8, filters=r.choice((4, 6))))
    return g.add("to_sequence", y)


def steps(g, r, x, count):
    for _ in range(count):
        if g.value(x).kind != "sequence":
            return x
        step = r.choice((attend, recur, recur, one_dimensional, norm, dense, activation))
        made = attempt(step, g, r, x)
        x = x if made is None else made
    return x


def pictures(g, r):
    x = g.input(image(r.randint(1, 4), r.randint(5, 9), r.randint(5, 9)))
    x = features(g, r, x, r.randint(2, 5))
    if g.plain and r.random() < 0.15 and g.value(x).kind == "image":
        x = attempt(odd, g, r, x) or x
    if not g.plain and r.random() < 0.15 and g.value(x).kind == "image":
        x = steps(g, r, g.add("to_sequence", x), 2)
    elif r.random() < 0.08:
        return x
    return vectors(g, r, flat(g, r, x), r.randint(0, 3))


def decoder(g, r):
    x = vectors(g, r, g.input(Value((r.randint(4, 9),))), 1)
    shape = (r.randint(2, 3), 3, r.randint(2, 4))
    permuted = r.random() < 0.3
    x = g.add("dense", x, units=shape[0] * shape[1] * shape[2], bias=True, grid=None if permuted else shape)
    x = g.add("to_image", x, shape=shape, module=r.random() < 0.6, keras="permute" if permuted else "reshape")
    return features(g, r, x, r.randint(1, 3))


def texts(g, r):
    if r.random() < 0.5:
        words = r.randint(5, 12)
        x = g.add("embedding", g.input(Value((r.randint(4, 7),), None, "tokens"), words), words=words, units=r.choice((4, 6)))
    else:
        x = g.input(sequence(r.randint(4, 7), r.choice((4, 6))))
    x = steps(g, r, x, r.randint(1, 4))
    return vectors(g, r, flat(g, r, x), r.randint(0, 1))


def several(g, r):
    """Two or three inputs, equal shapes on purpose, perhaps through one shared layer."""
    size = r.randint(4, 7)
    ends = [g.input(Value((size,))) for _ in range(r.randint(2, 3))]
    if r.random() < 0.5:
        first = g.add("dense", ends[0], units=5, bias=True)
        ends = [first] + [g.add("dense", e, share=first, units=5, bias=True) for e in ends[1:]]
    elif r.random() < 0.5:
        ends[0] = flat(g, r, features(g, r, g.input(image(2, 5, 6)), 2))
    ends = [vectors(g, r, e, 1) for e in ends]
    r.shuffle(ends)
    kind = r.choice(("concat", "concat", "subtract", "add"))
    x = attempt(lambda: g.add("merge", *ends[:2] if kind == "subtract" else ends, kind=kind))
    return vectors(g, r, g.add("merge", *ends, kind="concat") if x is None else x, 1)


PLAINER = 2000  # higher seeds draw the rarer layers too


def start(g, r):
    if g.generation:
        from draw_more import start as wider
        return wider(g, r)
    return r.choice((pictures, pictures, vectors_only) if g.plain else (pictures, pictures, pictures, pictures, vectors_only, decoder, texts, texts, several))(g, r)


def network(seed):
    r = random.Random(seed)
    for again in range(50):
        g = Graph(seed * 100 + again)
        # Half of them hold only what every tool knows, but for one layer in some: else all would be refused at once.
        g.plain = r.random() < 0.55
        try:
            if seed > PLAINER:
                g.generation = r.choice(("keras2", "keras3"))
            x = start(g, r)
            ends = [head(g, r, x) if g.value(x).kind == "flat" else x]
            if r.random() < 0.15 and g.value(x).kind == "flat":
                ends.append(head(g, r, x))
            g.outputs = ends
            unused = set(range(len(g.nodes))) - {i for n in g.nodes for i in n.inputs} - set(ends)
            if g.weighted() and not unused:
                return g, r
        except ValueError:
            pass
    raise RuntimeError(f"seed {seed} draws nothing")


def vectors_only(g, r):
    return vectors(g, r, g.input(Value((r.randint(4, 9),))), r.randint(2, 5))
