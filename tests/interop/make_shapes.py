# SPDX-License-Identifier: GPL-3.0-or-later
"""What gives values another shape: functions of PyTorch as a trace and an exported program, layers of Keras.

    torch  -o tests/data/kinds --scratch DIR   <name>.pt, <name>.pt2 and what every function gives
    keras2 ...                                 <name>.h5 and every layer's output
    keras3 ...                                 <name>.keras3.h5; then joins all into <name>.npz

tests/interop/goldens runs them in this order.
"""

import rows
from rows import KERAS, TORCH, Net, Row, function


def keras_layers(*makers):
    return [Row(keras=make) for make in makers]


def torch():
    """Only there where PyTorch is: the functions call it."""
    import torch as module
    return module


PROGRAM = ("functions", "pt2")
NETS = {
    "reshaped_torch": Net((4, 6), [
        function(lambda x: x.reshape(x.shape[0], 3, 8)), function(lambda x: x.transpose(1, 2)), function(lambda x: x[:, 1:7]),
        function(lambda x: x[:, ::2]), function(lambda x: x.unsqueeze(1)), function(lambda x: x.expand(-1, 2, -1, -1)),
        function(lambda x: x.permute(0, 3, 1, 2)), function(lambda x: x.flatten(2)), Row(torch=lambda nn: nn.Unflatten(2, (2, 3))),
        function(lambda x: x.repeat(1, 2, 1, 1)), function(lambda x: x[:, :, :1].squeeze(2))], sides=(TORCH,), also=PROGRAM),
    "divided_torch": Net((6, 3), [
        function(lambda x: torch().stack([x, x * 2], 1)), function(lambda x: x[:, 1]),
        function(lambda x: torch().cat(x.chunk(2, 1)[::-1], 2)), function(lambda x: torch().cat(x.split([2, 4], 2)[::-1], 2)),
        function(lambda x: x.narrow(2, 1, 4)), function(lambda x: sum(x.unbind(1))), function(lambda x: torch().cat([x, x + 1], 1)),
        function(lambda x: x[:, -5:]), function(lambda x: x[..., None]), function(lambda x: torch().movedim(x, 1, 2)),
        function(lambda x: x.swapaxes(1, 2)), function(lambda x: x.view(x.size(0), -1))], sides=(TORCH,), also=PROGRAM),
    "reshaped_keras": Net((4, 6), keras_layers(
        lambda k: k.Reshape((3, 8)), lambda k: k.Permute((2, 1)), lambda k: k.Reshape((2, -1)), lambda k: k.Flatten(),
        lambda k: k.RepeatVector(3), lambda k: k.Reshape((3, 4, 6)), lambda k: k.Permute((3, 1, 2)), lambda k: k.Dense(2)),
        sides=(KERAS,), also=("keras3",), moves=False),
}

if __name__ == "__main__":
    rows.run(__doc__, NETS)
