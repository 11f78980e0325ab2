# SPDX-License-Identifier: GPL-3.0-or-later
"""One small network for each layer kind and each way its attributes can be set; see net.py."""

from net import Net

ACTIVATIONS = ("relu", "tanh", "sigmoid", "softmax", "log_softmax")


def convolutions():
    yield Net("conv_stride", (2, 9, 8)).conv(3, 3, stride=2).conv(4, (2, 3), stride=(2, 1))
    yield Net("conv_dilation", (2, 9, 8)).conv(3, 3, dilation=2).conv(2, (3, 2), dilation=(1, 3), padding="same")
    yield Net("conv_groups", (4, 6, 7)).conv(6, 3, groups=2, padding="same", activation="relu").conv(6, 2, groups=6)
    yield Net("conv_same", (2, 7, 6)).conv(3, 5, padding="same").conv(3, (3, 1), padding="same")
    yield Net("conv_same_even", (2, 7, 6)).conv(3, (2, 4), padding="torch-same").conv(2, 3, padding="torch-same")
    yield Net("conv_same_stride", (2, 8, 7)).conv(3, 3, stride=2, padding="same").conv(3, 5, stride=3, padding="same")
    yield Net("conv_symmetric", (2, 8, 7)).conv(3, 3, stride=2, padding=1).conv(3, (3, 5), padding=(2, 1))
    yield Net("conv_no_bias", (2, 6, 6)).conv(3, 3, bias=False, activation="tanh").conv(2, 1, bias=False)


def pools():
    yield Net("max_pool", (3, 8, 7)).pool("max", 2).pool("max", (2, 3), stride=1)
    yield Net("max_pool_same", (3, 7, 7)).pool("max", 3, stride=2, same=True).pool("max", 3, stride=1, same=True)
    yield Net("max_pool_ceil", (3, 7, 8)).pool("max", 2, same=True).pool("max", (1, 3), stride=(1, 2), same=True)
    yield (Net("max_pool_padded", (3, 8, 6)).conv(3, 1, activation="relu", fused=False)
           .pool("max", 3, stride=2, padding=1))
    yield Net("avg_pool", (3, 8, 7)).pool("avg", 2).pool("avg", (2, 3), stride=1)
    yield (Net("avg_pool_same", (3, 7, 7)).pool("avg", 3, stride=2, same=True, include=False)
           .pool("avg", 3, stride=1, same=True, include=False))
    yield Net("avg_pool_ceil", (3, 7, 8)).pool("avg", 2, same=True).pool("avg", (1, 3), stride=(1, 2), same=True)
    yield Net("avg_pool_counted", (3, 8, 7)).pool("avg", 3, stride=2, padding=1, include=True)
    yield Net("global_average", (3, 5, 4)).conv(4, 2).global_average().conv(3, 1).flatten().dense(2)
    yield Net("global_average_flat", (3, 5, 4)).conv(4, 2).global_average(keepdims=False).dense(3)


def others():
    yield Net("flatten_dense", (3, 5, 4)).conv(4, 2, activation="tanh").flatten().dense(5, activation="relu").dense(3)
    yield (Net("flatten_norm_dense", (3, 4, 5)).flatten().dropout(0.4).batch_norm(2e-3).activation("tanh")
           .dense(4).batch_norm(1e-5).dense(3))
    yield Net("dropout", (2, 4, 4)).dropout(0.5).conv(2, 2).dropout(0.1, ("torch",)).flatten().dropout().dense(3)
    yield Net("batch_norm", (3, 5, 4)).conv(4, 2).batch_norm(3e-3, momentum=0.2).batch_norm(1e-5, affine=False)
    yield Net("zero_padding", (2, 4, 5)).zero_pad(1, 0, 2, 3).conv(3, 3).zero_pad(0, 2, 1, 0)
    yield Net("identity", (2, 4, 4)).identity().conv(3, 2).identity(("keras",)).flatten().identity(("torch",)).dense(2)
    fused, apart = Net("activations_fused", (2, 6, 7)), Net("activations_apart", (2, 6, 7))
    for name in ACTIVATIONS:
        fused.conv(4, 2, padding="torch-same", activation=name)
        apart.conv(4, 2, padding="torch-same").activation(name, as_class=True)
    yield fused.global_average().flatten().dense(4, activation="softmax")
    yield apart.flatten().dense(4).activation("log_softmax")
    yield (Net("deep", (1, 12, 12)).conv(4, 3, padding=1, activation="relu").batch_norm().conv(4, 3, padding="same")
           .batch_norm(1e-5).activation("relu").pool("max", 2).dropout().conv(8, 3, padding=1, activation="tanh")
           .pool("avg", 2).conv(8, 3, groups=4, activation="sigmoid").flatten().dropout().dense(10, activation="relu")
           .batch_norm().dense(6, activation="softmax"))
    yield (Net("nested", (2, 6, 6), nested=True).conv(3, 3, activation="relu").pool("max", 2).flatten()
           .dense(5, activation="tanh").dense(3))


def all_kinds():
    return [net.data() for family in (convolutions, pools, others) for net in family()]
