# SPDX-License-Identifier: GPL-3.0-or-later
"""Functions of single elements, normalizations, means over axes, arithmetic with numbers: as Sequentials of both frameworks with the same
weights where both have the layers, else of one.

    torch  -o tests/data/kinds --scratch DIR   <name>.pt and every module's output; for some <name>.traced.pt and <name>.pt2
    keras2 ...                                 the same functions as <name>.h5 and every layer's output
    keras3 ...                                 some of them as <name>.keras3.h5, or only there as <name>.keras; joins all into <name>.npz

tests/interop/goldens runs them in this order. Weights are drawn in PyTorch's layouts. A network ends early where the two disagree.
"""

import rows
from rows import KERAS, KERAS3, TORCH, Net, Row, function


def conv_weights(values):
    """(o, i, window) to (window, i, o)."""
    kernel = values[0]
    return [kernel.transpose(*range(2, kernel.ndim), 1, 0), *values[1:]]


def conv(rank, i, o, k):
    return Row(lambda nn: getattr(nn, f"Conv{rank}d")(i, o, k), lambda layers: getattr(layers, f"Conv{rank}D")(o, k), conv_weights)


def dense(i, o):
    return Row(lambda nn: nn.Linear(i, o), lambda k: k.Dense(o), lambda values: [values[0].T, *values[1:]])


def group_norm(groups, channels, epsilon, affine=True):
    return Row(lambda nn: nn.GroupNorm(groups, channels, epsilon, affine),
               lambda k: k.GroupNormalization(groups, epsilon=epsilon, scale=affine, center=affine))


def instance_norm(rank, channels, epsilon, affine=True):
    return Row(lambda nn: getattr(nn, f"InstanceNorm{rank}d")(channels, epsilon, affine=affine),
               lambda k: k.GroupNormalization(-1, epsilon=epsilon, scale=affine, center=affine))


def batch_norm(rank, channels, epsilon):
    return Row(lambda nn: getattr(nn, f"BatchNorm{rank}d")(channels, epsilon), lambda k: k.BatchNormalization(epsilon=epsilon))


def prelu(count, rank, shared):
    """Slopes that Keras has for each place and shares along some axes."""
    return Row(lambda nn: nn.PReLU(count), lambda k: k.PReLU(shared_axes=shared or None),
               lambda values: [values[0].reshape([1] * (rank - 1) + [count])])


def both(torch, keras):
    return Row(torch, keras)


def of_torch(*makers):
    return [Row(torch=make) for make in makers]


def of_keras(*makers):
    return [Row(keras=make) for make in makers]


# What does nothing but in training.
RANDOM = of_keras(
    lambda k: k.GaussianNoise(0.5), lambda k: k.SpatialDropout2D(0.5), lambda k: k.GaussianDropout(0.4), lambda k: k.AlphaDropout(0.3),
    lambda k: k.ActivityRegularization(0.1, 0.2), lambda k: k.Conv2D(3, 2), lambda k: k.RandomFlip(), lambda k: k.RandomRotation(0.2),
    lambda k: k.RandomZoom(0.2), lambda k: k.RandomTranslation(0.1, 0.2), lambda k: k.RandomContrast(0.3),
    lambda k: k.RandomBrightness(0.3))
NETS = {
    "group_norm": Net((6, 4, 5), [group_norm(3, 6, 2e-3), conv(2, 6, 4, 2), group_norm(1, 4, 1e-5, False), group_norm(4, 4, 1e-3),
                                  instance_norm(2, 4, 1e-4)], also=("keras3", "pt2", "trace")),
    "group_norm_line": Net((6, 7), [conv(1, 6, 4, 2), group_norm(2, 4, 1e-3), instance_norm(1, 4, 1e-5, False)]),
    "group_norm_features": Net((5,), [dense(5, 6), group_norm(2, 6, 1e-3), dense(6, 3)]),
    "group_norm_volume": Net((4, 3, 2, 3), [conv(3, 4, 4, 2), group_norm(2, 4, 1e-3), instance_norm(3, 4, 1e-5)]),
    "batch_norm_line": Net((3, 7), [conv(1, 3, 4, 2), batch_norm(1, 4, 2e-3)], also=("keras3", "pt2")),
    "batch_norm_first": Net((3, 7), [batch_norm(1, 3, 1e-3), prelu(3, 2, [1]), conv(1, 3, 4, 2)], also=("pt2", "trace")),
    "batch_norm_volume": Net((2, 3, 4, 3), [batch_norm(3, 2, 1e-4), conv(3, 2, 3, 2), batch_norm(3, 3, 2e-3)]),
    "prelu_image": Net((3, 5, 4), [conv(2, 3, 4, 2), prelu(4, 3, [1, 2]), conv(2, 4, 3, 2), prelu(1, 3, [1, 2, 3])],
                       also=("keras3", "pt2", "trace")),
    "prelu_features": Net((5,), [dense(5, 4), prelu(4, 1, []), dense(4, 3), prelu(1, 1, [1])]),
    "prelu_line": Net((3, 6), [conv(1, 3, 4, 2), prelu(4, 2, [1])]),
    "threshold": Net((4,), [dense(4, 6), both(lambda nn: nn.Threshold(0.3, 0), lambda k: k.ReLU(threshold=0.3)), dense(6, 3)],
                     also=("keras3",)),
    "dropped": Net((3, 4, 5), [both(lambda nn: nn.Dropout2d(0.3), lambda k: k.SpatialDropout2D(0.3)), conv(2, 3, 4, 2),
                               both(lambda nn: nn.AlphaDropout(0.2), lambda k: k.Dropout(0.2))], also=("keras3",)),
    "softmax_axes": Net((3, 4, 5), [both(lambda nn: nn.Softmax(1), lambda k: k.Softmax(-1)), conv(2, 3, 4, 2),
                                    both(lambda nn: nn.Softmax(2), lambda k: k.Softmax(1)), conv(2, 4, 3, 1),
                                    both(lambda nn: nn.Softmax(-1), lambda k: k.Softmax(2)), conv(2, 3, 4, 1),
                                    both(lambda nn: nn.Softmax2d(), lambda k: k.Softmax(3))], also=("keras3", "pt2", "trace")),
    "dense_series": Net((4, 5), [dense(5, 6), dense(6, 3), both(lambda nn: nn.Softmax(1), lambda k: k.Softmax(1))], moves=False,
                        also=("keras3", "pt2")),
    "rms_norm": Net((4, 6), [dense(6, 5), both(lambda nn: nn.RMSNorm(5, 1e-3), lambda k: k.RMSNormalization(epsilon=1e-3))],
                    moves=False, sides=(TORCH, KERAS3), also=("pt2", "trace"), file="keras"),
    "curves_torch": Net((4, 5), of_torch(
        lambda nn: nn.CELU(0.7), lambda nn: nn.Linear(5, 5), lambda nn: nn.Hardsigmoid(), lambda nn: nn.Linear(5, 5),
        lambda nn: nn.Hardtanh(-0.4, 0.9), lambda nn: nn.Linear(5, 5), lambda nn: nn.Threshold(0.2, -1.5), lambda nn: nn.Linear(5, 5),
        lambda nn: nn.Hardshrink(0.4), lambda nn: nn.Linear(5, 5), lambda nn: nn.Softshrink(0.3), lambda nn: nn.Linear(5, 5),
        lambda nn: nn.Tanhshrink(), lambda nn: nn.Linear(5, 5), lambda nn: nn.LogSigmoid(), lambda nn: nn.Linear(5, 6),
        lambda nn: nn.GLU(), lambda nn: nn.GLU(1), lambda nn: nn.RReLU(0.1, 0.3), lambda nn: nn.ReLU6(), lambda nn: nn.Hardtanh(0, 2)), sides=(TORCH,), also=("pt2", "trace")),
    "soft_torch": Net((2, 3, 4), of_torch(lambda nn: nn.LogSoftmax(2), lambda nn: nn.Softmin(1), lambda nn: nn.Softmin(-1),
                                          lambda nn: nn.LogSoftmax(-3)), sides=(TORCH,), also=("pt2", "trace")),
    "dropped_torch": Net((3, 4), of_torch(lambda nn: nn.Dropout1d(0.3), lambda nn: nn.Linear(4, 4), lambda nn: nn.FeatureAlphaDropout(0.3),
                                          lambda nn: nn.Dropout3d(0.1)), sides=(TORCH,)),
    "rms_norm_torch": Net((3, 5), of_torch(lambda nn: nn.RMSNorm(5), lambda nn: nn.RMSNorm(5, elementwise_affine=False, eps=1e-2),
                                           lambda nn: nn.RMSNorm([5], 1e-5)), sides=(TORCH,), also=("pt2", "trace")),
    "normed_torch": Net((3, 6, 5), of_torch(
        lambda nn: nn.utils.weight_norm(nn.Conv2d(3, 4, 2)), lambda nn: nn.utils.weight_norm(nn.Conv2d(4, 3, 2), dim=1),
        lambda nn: nn.utils.spectral_norm(nn.Conv2d(3, 5, 1)), lambda nn: nn.utils.spectral_norm(nn.ConvTranspose2d(5, 7, 2)),
        lambda nn: nn.Flatten(), lambda nn: nn.utils.weight_norm(nn.Linear(140, 6), dim=None),
        lambda nn: nn.utils.spectral_norm(nn.Linear(6, 3))), sides=(TORCH,)),
    "weight_norm_torch": Net((3, 6, 5), of_torch(
        lambda nn: nn.utils.parametrizations.weight_norm(nn.Conv2d(3, 4, 2)), lambda nn: nn.ReLU(), lambda nn: nn.Flatten(),
        lambda nn: nn.utils.parametrizations.weight_norm(nn.Linear(80, 3, bias=False))), sides=(TORCH,), also=("functions", "pt2")),
    "numbers_torch": Net((3, 4), [function(lambda x: x * 2 + 0.5), function(lambda x: 1 - x), function(lambda x: x / 3),
                                  function(lambda x: x ** 2), function(lambda x: x - 0.25), function(lambda x: (x + 2).abs()),
                                  function(lambda x: (x + 1).sqrt()), function(lambda x: x.log()), function(lambda x: x.sin()),
                                  function(lambda x: x.cos()), function(lambda x: -x), function(lambda x: (x + 3).reciprocal()),
                                  function(lambda x: (x + 1).rsqrt()), function(lambda x: x.square()), function(lambda x: x.exp()),
                                  function(lambda x: x.clamp(min=1.3)), function(lambda x: x.clamp(max=1.6)),
                                  function(lambda x: x.clamp(1.35, 1.5)), function(lambda x: 2 / x), function(lambda x: x ** -0.5)],
                         sides=(TORCH,), also=("functions", "pt2")),
    "reduced_torch": Net((3, 4, 5), [function(lambda x: x[:, :, :] + x.mean(1, keepdim=True)), function(lambda x: x + x.amax((2, 3), True)),
                                     function(lambda x: x + x.sum(-1, keepdim=True)), function(lambda x: x - x.amin(2, True)),
                                     function(lambda x: x.mean(-2)), function(lambda x: x.max(-1)[0])], sides=(TORCH,),
                         also=("functions", "pt2")),
    "curves_keras": Net((4,), of_keras(lambda k: k.ThresholdedReLU(0.4), lambda k: k.Dense(4), lambda k: k.Activation("hard_sigmoid"),
                                       lambda k: k.Dense(4, activation="hard_sigmoid")), sides=(KERAS,), file="keras"),
    "curves_keras3": Net((4, 6), of_keras(
        lambda k: k.Dense(6, activation="celu"), lambda k: k.Dense(6, activation="hard_sigmoid"), lambda k: k.Dense(6),
        lambda k: k.Activation("hard_tanh"), lambda k: k.Dense(6, activation="hard_shrink"), lambda k: k.Dense(6),
        lambda k: k.Activation("soft_shrink"), lambda k: k.Dense(6, activation="tanh_shrink"), lambda k: k.Dense(6),
        lambda k: k.Activation("log_sigmoid"), lambda k: k.Dense(6), lambda k: k.Activation("log_softmax"),
        lambda k: k.RMSNormalization(axis=2), lambda k: k.UnitNormalization(), lambda k: k.Activation("glu")), sides=(KERAS3,), moves=False, file="keras"),
    "noise_keras": Net((3, 6, 4), RANDOM, sides=(KERAS,)),
    "noise_keras3": Net((3, 6, 4), RANDOM, sides=(KERAS3,), file="keras"),
    "norms_keras": Net((3, 4, 5), of_keras(
        lambda k: k.BatchNormalization(axis=1), lambda k: k.BatchNormalization(axis=-2, scale=False), lambda k: k.GroupNormalization(2, axis=1), lambda k: k.LayerNormalization(axis=[1, 2]),
        lambda k: k.LayerNormalization(axis=1, center=False), lambda k: k.LayerNormalization(axis=[-2, -1], scale=False),
        lambda k: k.LayerNormalization(axis=[1, 2, 3])), sides=(KERAS,), also=("keras3",)),
    "unit_keras": Net((3, 4), of_keras(lambda k: k.UnitNormalization(), lambda k: k.UnitNormalization(axis=1)), sides=(KERAS,), moves=False),
    "told_keras": Net((3, 4), of_keras(
        lambda k: k.Rescaling([2.0, 0.5, -1.0, 3.0], [0.0, 0.25, 0.5, 1.0]), lambda k: k.Normalization(mean=[0.1, 0.2, 0.3, 0.4], variance=[1.0, 0.5, 2.0, 4.0]),
        lambda k: k.Normalization(axis=None, mean=0.5, variance=0.25), lambda k: k.Normalization(mean=[1.0, 2.0, 3.0, 4.0], variance=[2.0, 3.0, 4.0, 5.0], invert=True),
        lambda k: k.Rescaling(0.5, [0.0, 1.0, 2.0, 3.0])), sides=(KERAS,), also=("keras3",), moves=False),
    "normalization_keras": Net((3, 4), of_keras(lambda k: k.Rescaling(2.0, -0.5), lambda k: k.Normalization(), lambda k: k.Normalization(axis=1),
                                                lambda k: k.Rescaling(1 / 127.5)), sides=(KERAS,), also=("keras3",), moves=False),
}

if __name__ == "__main__":
    rows.run(__doc__, NETS)
