# SPDX-License-Identifier: GPL-3.0-or-later
"""Networks with the rarer layers of ops_more.py among the usual ones."""

import draw
from graph import Value, image, sequence, volume
from ops_more import curves


def mixed(g, r, x, count, rare, usual):
    for _ in range(count):
        made = draw.attempt(rare if r.random() < 0.6 else r.choice(usual), g, r, x)
        x = x if made is None else made
    return x


def curve(g, r, x):
    return g.add("curve", x, kind=r.choice(curves(g.generation == "keras3")), module=r.random() < 0.6)


def capped(g, r, x):
    return g.add("capped", x, top=r.choice((1.0, 6.0)), slope=r.choice((0.0, 0.1)), threshold=r.choice((0.0, 0.25)))


def number(g, r, x):
    return g.add("number", x, kind=r.choice(("twice", "more", "rest", "part", "less", "own")))


def normed(g, r, x):
    return g.add("normed", x, filters=r.randint(3, 6), old=r.random() < 0.5)


def rare_image(g, r, x):
    return r.choice((
        curve, capped, number, normed,
        lambda g, r, x: g.add("separable", x, filters=r.randint(2, 5), multiplier=r.randint(1, 2), same=r.random() < 0.5),
        lambda g, r, x: g.add("padded_pool", x, kind=r.choice(("max", "avg"))),
        lambda g, r, x: g.add("adaptive", x, parts=[r.randint(1, 3), r.randint(2, 3)]),
        lambda g, r, x: g.add("opened", x, filters=r.randint(2, 4)),
        lambda g, r, x: g.add("cut", x, kind=r.choice(("first", "last", "second")))))(g, r, x)


def rare_vector(g, r, x):
    ways = [curve, capped, number, normed, lambda g, r, x: g.add("unit_norm", x)]
    if g.generation == "keras3":
        ways.append(lambda g, r, x: g.add("rms_norm", x, eps=r.choice((1e-6, 1e-3))))
    return r.choice(ways)(g, r, x)


def over_time(g, r, x):
    y = g.add("to_signal", x, form=r.random() < 0.5)
    for _ in range(r.randint(1, 2)):
        if r.random() < 0.5:
            step, apart = r.choice(((1, 1), (1, 2), (2, 1)))
            made = draw.attempt(lambda: g.add("causal", y, filters=r.choice((4, 6)), size=r.randint(2, 3), step=step, apart=apart))
        else:
            made = draw.attempt(lambda: g.add("line", y, kind=r.choice(("max", "avg", "up", "pad"))))
        y = y if made is None else made
    return g.add("to_sequence", y)


def rare_steps(g, r, x):
    return r.choice((rare_vector, over_time, over_time, lambda g, r, x: g.add("heeding", x),
                     lambda g, r, x: g.add("cut", x, kind=r.choice(("first", "last", "second")))))(g, r, x)


def flat(g, r, x):
    if g.value(x).kind == "sequence" and r.random() < 0.6:
        return g.add("reduced", x, kind=r.choice(("mean", "sum", "max")))
    return draw.flat(g, r, x)


def ended(g, r, x):
    return mixed(g, r, flat(g, r, x), r.randint(0, 3), rare_vector, (draw.dense, draw.dense, draw.activation, draw.norm))


def pictures(g, r):
    x = g.input(image(r.randint(1, 4), r.randint(6, 9), r.randint(6, 9)))
    return ended(g, r, mixed(g, r, x, r.randint(2, 5), rare_image, (draw.conv, draw.conv, draw.norm, draw.other)))


def volumes(g, r):
    x = g.input(volume(r.randint(1, 2), *(r.randint(4, 6) for _ in range(3))))
    for _ in range(r.randint(1, 4)):
        op, args = r.choice((("conv3d", {"filters": r.randint(2, 3), "same": r.random() < 0.5, "step": r.randint(1, 2)}),
                             ("pool3d", {"kind": r.choice(("max", "avg"))}), ("norm3d", {}), (None, {})))
        made = draw.attempt(lambda: g.add(op, x, **args) if op else draw.activation(g, r, x))
        x = x if made is None else made
    return ended(g, r, x)


def series(g, r):
    x = g.input(sequence(r.randint(5, 8), r.choice((4, 6))))
    return ended(g, r, mixed(g, r, x, r.randint(1, 4), rare_steps, (draw.recur, draw.attend, draw.norm, draw.dense)))


def vectors(g, r):
    x = mixed(g, r, g.input(Value((r.randint(4, 9),))), r.randint(2, 5), rare_vector, (draw.dense, draw.dense, draw.activation))
    if r.random() < 0.3:
        x = g.add("repeated", x, count=r.randint(2, 4), copied=r.random() < 0.5)
        x = ended(g, r, mixed(g, r, x, r.randint(1, 2), rare_steps, (draw.recur, draw.dense)))
    return x


def pairs(g, r):
    """Two towers and the product of what they say."""
    size = r.randint(4, 6)
    ends = [draw.dense(g, r, g.input(Value((size,))), 5) for _ in range(2)]
    return ended(g, r, g.add("dot", *ends, summed=r.random() < 0.5))


def start(g, r):
    return r.choice((pictures, pictures, pictures, volumes, series, series, vectors, vectors, pairs))(g, r)
