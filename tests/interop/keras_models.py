# SPDX-License-Identifier: GPL-3.0-or-later
"""Models for files_keras.py: (name, builder, options). Options: "run" all kinds run; "compiled" with an optimizer that has
made a step; "shards" also cut into pieces; "npz" also in NumPy's container; "no-h5" the old container cannot hold it; "keras2", "keras3" only there."""

import keras

L = keras.layers


def named(cls):
    register = getattr(keras.saving, "register_keras_serializable", None) or keras.utils.register_keras_serializable
    return register(package="Mine")(cls)


@named
class Scaled(L.Layer):
    def __init__(self, factor=2.0, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor

    def build(self, shape):
        self.gain = self.add_weight(name="gain", shape=(shape[-1],), initializer="ones")
        self.shift = self.add_weight(name="shift", shape=(shape[-1],), initializer="zeros")
        super().build(shape)

    def call(self, x):
        return x * self.gain * self.factor + self.shift

    def get_config(self):
        return {**super().get_config(), "factor": self.factor}


def lenet():
    return keras.Sequential(
        [
            keras.Input((12, 12, 1)),
            L.Conv2D(4, 3, activation="tanh", padding="same"),
            L.AveragePooling2D(2),
            L.Conv2D(5, 3, activation="relu"),
            L.MaxPooling2D(),
            L.Flatten(),
            L.Dense(7, activation="tanh"),
            L.Dropout(0.5),
            L.Dense(3, activation="softmax"),
        ]
    )


def norms():
    return keras.Sequential(
        [
            keras.Input((8, 8, 2)),
            L.Conv2D(3, 3, use_bias=False, strides=2, padding="same"),
            L.BatchNormalization(),
            L.Activation("relu"),
            L.Conv2D(3, 3, name="zz_first"),
            L.BatchNormalization(scale=False, name="a_second"),
            L.ReLU(),
            L.GlobalAveragePooling2D(),
            L.Dense(2, use_bias=False),
        ],
        name="norms",
    )


def branches():
    x = keras.Input((8, 8, 1), name="picture")
    a = L.Conv2D(3, 3, padding="same", activation="relu", name="left")(x)
    b = L.Conv2D(3, 3, padding="same", name="right")(x)
    y = L.Add(name="plus")([b, a])
    y = L.Concatenate()([y, a, L.BatchNormalization()(b)])
    y = L.GlobalAveragePooling2D()(y)
    return keras.Model(x, [L.Dense(2, name="second")(y)], name="branches")


def shared():
    a, b = keras.Input((6,), name="a"), keras.Input((6,), name="b")
    one = L.Dense(4, activation="relu", name="one")
    two = L.Dense(4, name="two")
    y = L.Add()([two(one(a)), two(one(b))])
    return keras.Model([a, b], [L.Dense(1, name="p")(y), L.Dense(2, name="q")(y)], name="shared")


def sequence(name, *layers, shape=(6,)):
    return keras.Sequential([keras.Input(shape), *layers], name=name)


def nested_sequential():
    head = sequence("head", L.Dense(5, activation="relu", name="h1"), L.Dense(4, name="h2"))
    tail = sequence("tail", L.Dense(4, activation="tanh", name="t1"), L.Dense(2, name="t2"), shape=(4,))
    return keras.Sequential([keras.Input((6,)), head, L.Dropout(0.1), tail, L.Softmax()], name="outer")


def nested_functional():
    i = keras.Input((6,), name="inner_in")
    inner = keras.Model(i, L.Dense(6, name="b")(L.Dense(6, activation="relu", name="a")(i)), name="inner")
    j = keras.Input((6,), name="middle_in")
    middle = keras.Model(j, L.Dense(6, name="c")(inner(j)), name="middle")
    x = keras.Input((6,), name="x")
    y = middle(middle(x))
    return keras.Model(x, L.Dense(2, name="last")(L.Activation("tanh")(y)), name="top")


def nested_branches():
    i = keras.Input((6,), name="i")
    inner = keras.Model(i, L.Add(name="sum")([L.Dense(6, name="u")(i), L.Dense(6, name="v")(i)]), name="inner")
    x, y = keras.Input((6,), name="x"), keras.Input((6,), name="y")
    both = L.Concatenate()([inner(x), inner(y)])
    return keras.Model([x, y], L.Dense(2, name="last")(both), name="twice")


def wrapped():
    inner = sequence("frame", L.Dense(3, name="f1"), L.Dense(2, name="f2"), shape=(4,))
    return keras.Sequential(
        [
            keras.Input((5, 4)),
            L.TimeDistributed(inner),
            L.TimeDistributed(L.Dense(4), name="each"),
            L.Bidirectional(L.LSTM(3, return_sequences=True)),
            L.Bidirectional(L.GRU(2, return_sequences=True), merge_mode="sum"),
            L.LSTM(3, return_sequences=True),
            L.GRU(3, return_sequences=True),
            L.SimpleRNN(2),
            L.Dense(2),
        ],
        name="wrapped",
    )


def convolutions():
    x = keras.Input((9, 9, 2))
    y = L.SeparableConv2D(4, 3, depth_multiplier=2)(x)
    y = L.DepthwiseConv2D(2, use_bias=False)(y)
    y = L.Conv2DTranspose(3, 3, strides=2)(y)
    y = L.LayerNormalization()(y)
    y = L.GroupNormalization(groups=3)(y)
    y = L.PReLU(shared_axes=[1, 2])(y)
    y = L.Reshape((-1, 3))(y)
    y = L.Conv1D(4, 3)(y)
    return keras.Model(x, L.GlobalMaxPooling1D()(L.SeparableConv1D(2, 2)(y)), name="convolutions")


def attention():
    x = keras.Input((5,), dtype="int32")
    y = L.Embedding(11, 6)(x)
    z = L.MultiHeadAttention(2, 3)(y, y)
    y = L.LayerNormalization()(L.Add()([y, z]))
    y = L.EinsumDense("abc,cd->abd", output_shape=(None, 4), bias_axes="d")(y)
    return keras.Model(x, L.Dense(2)(L.GlobalAveragePooling1D()(y)), name="attention")


def custom():
    return keras.Sequential([keras.Input((6,)), L.Dense(4), Scaled(3.0), L.Dense(2)], name="custom")


def lambdas():
    return keras.Sequential([keras.Input((6,)), L.Dense(4), L.Lambda(lambda v: v * 2), L.Dense(2)], name="lambdas")


def half():
    return keras.Sequential(
        [keras.Input((6,)), L.Dense(4, dtype="float16"), L.Dense(3, dtype="float64"), L.Dense(2, dtype="mixed_float16")], name="half"
    )


def brain():
    return keras.Sequential([keras.Input((6,)), L.Dense(4, dtype="bfloat16"), L.Dense(2)], name="brain")


def int8():
    return keras.Sequential([keras.Input((6,)), L.Dense(4, activation="relu"), L.Dense(2)], name="int8")


MODELS = [
    ("lenet", lenet, {"run", "compiled", "shards"}),
    ("norms", norms, {"run", "npz"}),
    ("branches", branches, {"shards"}),
    ("shared", shared, set()),
    ("nested-sequential", nested_sequential, {"run", "shards"}),
    ("nested-functional", nested_functional, {"run"}),
    ("nested-branches", nested_branches, set()),
    ("wrapped", wrapped, {"shards", "npz"}),
    ("convolutions", convolutions, {"compiled"}),
    ("attention", attention, set()),
    ("custom", custom, set()),
    ("lambda", lambdas, set()),
    ("half", half, set()),
    ("bfloat16", brain, {"keras3"}),
    ("int8", int8, {"keras3", "quantised"}),
]
