# SPDX-License-Identifier: GPL-3.0-or-later
"""Images that are stretched, cropped, padded, pooled to a size and shuffled, as make_images.py makes its networks: the same steps, and

    <name>.pt2, <name>.traced.pt   networks of PyTorch alone as an exported program and as a trace
    <name>_3.keras                 what Keras 3 alone has, with its own outputs
"""

import argparse
import pathlib
import zipfile

import numpy as np

import make_images as images
from make_images import Row, conv
import steps


def torch_only(*makers):
    return [Row(make, None) for make in makers]


def keras_only(*makers):
    return [Row(None, make) for make in makers]


NETS = {
    "upsampled": ((3, 4, 5), [Row(lambda nn: nn.Upsample(scale_factor=2), lambda k: k.UpSampling2D(2)), conv(2, 3, 4, 2),
                              Row(lambda nn: nn.Upsample(scale_factor=(2, 3), mode="bilinear"), lambda k: k.UpSampling2D((2, 3), interpolation="bilinear"))]),
    "line_upsampled": ((3, 5), [conv(1, 3, 4, 2), Row(lambda nn: nn.Upsample(scale_factor=3), lambda k: k.UpSampling1D(3))]),
    "volume_upsampled": ((2, 2, 3, 2), [conv(3, 2, 3, 2), Row(lambda nn: nn.Upsample(scale_factor=(2, 1, 3)), lambda k: k.UpSampling3D((2, 1, 3)))]),
    "resized": ((2, 6, 7), [Row(lambda nn: nn.Upsample(size=(9, 5), mode="bilinear"), lambda k: k.Resizing(9, 5)),
                            Row(lambda nn: nn.Upsample(size=(4, 9), mode="nearest-exact"), lambda k: k.Resizing(4, 9, "nearest")), conv(2, 2, 3, 2),
                            Row(lambda nn: nn.UpsamplingNearest2d(scale_factor=2), lambda k: k.UpSampling2D(2))]),
    "cropped": ((2, 6, 7), [conv(2, 2, 3, 2), Row(lambda nn: nn.ZeroPad2d((-1, 0, -2, -1)), lambda k: k.Cropping2D(((2, 1), (1, 0))))]),
    "line_cropped": ((2, 9), [conv(1, 2, 3, 2), Row(lambda nn: nn.ZeroPad1d((-1, -2)), lambda k: k.Cropping1D((1, 2)))]),
    "volume_cropped": ((2, 5, 6, 4), [conv(3, 2, 3, 2), Row(lambda nn: nn.ZeroPad3d((-1, 0, 0, -2, -1, -1)), lambda k: k.Cropping3D(((1, 1), (0, 2), (1, 0))))]),
    "interpolations_torch": ((2, 5, 4), torch_only(
        lambda nn: nn.Upsample(scale_factor=1.7), lambda nn: nn.Upsample(size=(7, 9), mode="nearest-exact"),
        lambda nn: nn.Upsample(scale_factor=2, mode="bilinear", align_corners=True), lambda nn: nn.Upsample(scale_factor=(0.4, 0.3), mode="bilinear"),
        lambda nn: nn.Upsample(scale_factor=1.5, mode="bicubic"), lambda nn: nn.Upsample(size=(11, 4), mode="bicubic", align_corners=True),
        lambda nn: nn.UpsamplingBilinear2d(size=6),
        lambda nn: nn.Upsample(size=(4, 5), mode="area"), lambda nn: nn.Upsample(size=3))),
    "recomputed_torch": ((2, 5, 4), torch_only(lambda nn: nn.Upsample(scale_factor=(1.3, 0.7), mode="bilinear", recompute_scale_factor=True),
                                               lambda nn: nn.Upsample(scale_factor=1.9, recompute_scale_factor=True))),
    "line_interpolations_torch": ((2, 7), torch_only(
        lambda nn: nn.Upsample(scale_factor=2.5, mode="linear"), lambda nn: nn.Upsample(size=11, mode="linear", align_corners=True),
        lambda nn: nn.Upsample(scale_factor=0.6), lambda nn: nn.Upsample(scale_factor=1.9, mode="nearest-exact"))),
    "volume_interpolations_torch": ((2, 3, 4, 2), torch_only(
        lambda nn: nn.Upsample(scale_factor=(1.5, 2, 1), mode="trilinear"), lambda nn: nn.Upsample(size=(3, 5, 4), mode="trilinear", align_corners=True),
        lambda nn: nn.Upsample(size=(4, 3, 5), mode="nearest-exact"))),
    "pads_torch": ((2, 4, 5), torch_only(
        lambda nn: nn.ConstantPad2d((1, 2, 0, 1), 1.5), lambda nn: nn.ReflectionPad2d((1, 3, 2, 0)), lambda nn: nn.ReplicationPad2d((2, 0, 1, 1)),
        lambda nn: nn.CircularPad2d((1, 0, 2, 3)), lambda nn: nn.ZeroPad2d((-1, 2, 1, -3)), lambda nn: nn.ConstantPad2d(-1, 2.0), lambda nn: nn.ZeroPad1d((1, 2)))),
    "line_pads_torch": ((2, 5), torch_only(
        lambda nn: nn.ConstantPad1d((1, 2), -0.5), lambda nn: nn.ReflectionPad1d((3, 1)), lambda nn: nn.ReplicationPad1d((2, 0)),
        lambda nn: nn.CircularPad1d((1, 4)), lambda nn: nn.ZeroPad1d((-2, 3)))),
    "volume_pads_torch": ((2, 3, 2, 4), torch_only(
        lambda nn: nn.ConstantPad3d((1, 0, 2, 1, 0, 1), 0.5), lambda nn: nn.ReflectionPad3d((1, 2, 0, 1, 1, 0)),
        lambda nn: nn.ReplicationPad3d((0, 1, 1, 0, 2, 0)), lambda nn: nn.CircularPad3d((1, 0, 0, 2, 1, 1)))),
    "adaptive_torch": ((2, 7, 8), [conv(2, 2, 4, 2), *torch_only(
        lambda nn: nn.AdaptiveAvgPool2d((5, 4)), lambda nn: nn.AdaptiveMaxPool2d((3, 2)), lambda nn: nn.AdaptiveAvgPool2d(4), lambda nn: nn.AdaptiveMaxPool2d(6),
        lambda nn: nn.Flatten(), lambda nn: nn.Linear(144, 3))]),
    "line_adaptive_torch": ((2, 11), [conv(1, 2, 3, 2), *torch_only(lambda nn: nn.AdaptiveAvgPool1d(7), lambda nn: nn.AdaptiveMaxPool1d(3), lambda nn: nn.AdaptiveAvgPool1d(5))]),
    "volume_adaptive_torch": ((2, 5, 4, 6), [conv(3, 2, 3, 2), *torch_only(lambda nn: nn.AdaptiveAvgPool3d((3, 2, 4)), lambda nn: nn.AdaptiveMaxPool3d((2, 2, 3)))]),
    "powers_torch": ((2, 9, 10), [conv(2, 2, 3, 2), *torch_only(lambda nn: nn.LPPool2d(2, 3, 2), lambda nn: nn.LPPool2d(3.5, (2, 1), ceil_mode=True))]),
    "line_powers_torch": ((2, 9), torch_only(lambda nn: nn.LPPool1d(2, 3, 2, ceil_mode=True), lambda nn: nn.LPPool1d(1.5, 2))),
    "volume_powers_torch": ((2, 5, 4, 4), torch_only(lambda nn: nn.LPPool3d(2, 2, 1))),
    "shuffled_torch": ((8, 3, 4), [*torch_only(lambda nn: nn.PixelShuffle(2), lambda nn: nn.PixelUnshuffle(2), lambda nn: nn.ChannelShuffle(4)),
                                   conv(2, 8, 9, 1), *torch_only(lambda nn: nn.PixelShuffle(3))]),
    "transposed_cropped": ((3, 4, 5), [Row(lambda nn: nn.ConvTranspose2d(3, 4, 3, 2, 1, 1), lambda k: k.Conv2DTranspose(4, 3, 2), images.conv_weights),
                                       Row(lambda nn: nn.Identity(), lambda k: k.Cropping2D(((1, 0), (1, 0))))]),
    "center_keras": ((2, 7, 6), keras_only(lambda k: k.CenterCrop(4, 3), lambda k: k.Conv2D(2, 2), lambda k: k.CenterCrop(3, 1))),
    "first_resized_keras": ((2, 5, 4), keras_only(
        lambda k: k.UpSampling2D(2, interpolation="bilinear", data_format="channels_first"), lambda k: k.Cropping2D(((1, 0), (0, 2)), data_format="channels_first"),
        lambda k: k.UpSampling2D((1, 2), data_format="channels_first"), lambda k: k.Conv2D(2, 2, data_format="channels_first"))),
    "augmented_keras": ((3, 6, 5), keras_only(
        lambda k: k.RandomFlip(), lambda k: k.RandomRotation(0.2), lambda k: k.RandomZoom(0.1), lambda k: k.RandomTranslation(0.1, 0.2), lambda k: k.RandomContrast(0.3),
        lambda k: k.RandomBrightness(0.2), lambda k: k.GaussianNoise(0.5), lambda k: k.SpatialDropout2D(0.3), lambda k: k.Conv2D(2, 2))),
}
OF_KERAS3 = {
    "adaptive_3": ((2, 7, 8), keras_only(
        lambda k: k.Conv2D(4, 2), lambda k: k.AdaptiveAveragePooling2D((5, 4)), lambda k: k.AdaptiveMaxPooling2D((3, 2)), lambda k: k.AdaptiveAveragePooling2D(1),
        lambda k: k.Flatten(), lambda k: k.Dense(3))),
    "line_adaptive_3": ((2, 11), keras_only(lambda k: k.AdaptiveAveragePooling1D(7), lambda k: k.AdaptiveMaxPooling1D(3))),
    "volume_adaptive_3": ((2, 5, 4, 6), keras_only(lambda k: k.AdaptiveAveragePooling3D((3, 2, 4)), lambda k: k.AdaptiveMaxPooling3D((2, 2, 3)))),
    "augmented_3": ((3, 6, 5), keras_only(
        lambda k: k.RandomFlip(), lambda k: k.RandomRotation(0.2), lambda k: k.RandomZoom(0.1), lambda k: k.RandomTranslation(0.1, 0.2), lambda k: k.RandomContrast(0.3),
        lambda k: k.RandomBrightness(0.2), lambda k: k.GaussianNoise(0.5), lambda k: k.SpatialDropout2D(0.3), lambda k: k.CenterCrop(4, 3), lambda k: k.Conv2D(2, 2))),
}


def functions(x, tf, layers):
    """What Keras 2 keeps by its name in tf."""
    x = layers.Conv2D(8, 2, name="first")(tf.pad(x, [[0, 0], [1, 2], [0, 1], [0, 0]], "REFLECT"))
    x = tf.nn.depth_to_space(tf.pad(x, [[0, 0], [0, 1], [2, 1], [0, 0]], constant_values=0.5), 2)
    x = tf.image.resize(tf.image.resize(x, (7, 6)), (6, 8), method="nearest")
    return layers.Conv2D(3, 1, name="last")(tf.nn.space_to_depth(tf.pad(x, [[0, 0], [1, 1], [0, 0], [0, 0]]), 2))


def operations(x, ops, layers):
    """Operations of Keras 3."""
    x = layers.Conv2D(8, 2, name="first")(ops.pad(x, ((0, 0), (1, 2), (0, 1), (0, 0)), mode="reflect"))
    x = ops.nn.depth_to_space(ops.pad(x, ((0, 0), (0, 1), (2, 1), (0, 0)), constant_values=0.5), 2)
    x = ops.image.resize(ops.image.resize(x, (7, 6)), (6, 8), interpolation="nearest")
    x = ops.image.crop_images(ops.image.pad_images(x, 1, 2, 1, 0), 1, 1, 1, 1)
    return layers.Conv2D(3, 1, name="last")(ops.nn.space_to_depth(x[:, :, :8], 2))


def functional(keras, name, function, tools, path):
    entry = keras.Input((5, 4, 2))
    model = keras.Model(entry, function(entry, tools, keras.layers))
    for layer, values in zip(model.layers, images.redrawn(name, [[tuple(w.shape) for w in layer.get_weights()] for layer in model.layers])):
        if values:
            layer.set_weights(values)
    model.save(str(path))
    x = np.random.default_rng(1).normal(0, 1, (2, 2, 5, 4)).astype(np.float32)
    outputs = {layer.name: layer.output for layer in getattr(model, "operations", model.layers)[1:]}
    values = keras.Model(entry, list(outputs.values())).predict(images.last(x), verbose=0)
    np.savez(path.parent / f"{name}.npz", x=x, **{f"keras/{key}": value for key, value in zip(outputs, values)})


def keras2_step(options):
    import keras
    import tensorflow

    images.keras2_step(options)
    keras.backend.clear_session()
    functional(keras, "image_functions_keras", functions, tensorflow, options.output / "image_functions_keras.h5")


PROGRAMS = ("upsampled", "interpolations_torch", "line_interpolations_torch", "volume_interpolations_torch", "pads_torch", "line_pads_torch", "volume_pads_torch",
            "adaptive_torch", "shuffled_torch")
images.NETS = NETS
images.WITH_KERAS3 = ("upsampled", "line_upsampled", "volume_upsampled", "resized", "cropped", "line_cropped", "volume_cropped")


def without_sources(source, target):
    """A trace without the places in source files where its operators were called: they name folders of the machine."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for entry in old.infolist():
            if not entry.filename.endswith(".debug_pkl"):
                new.writestr(zipfile.ZipInfo(entry.filename), old.read(entry))


def torch_step(options):
    import torch

    images.torch_step(options)
    for name in PROGRAMS:
        model = torch.load(str(options.output / f"{name}.pt"), weights_only=False)
        x = torch.from_numpy(images.inputs(name))
        torch.jit.trace(model, x).save(str(options.scratch / f"{name}.traced.pt"))
        without_sources(options.scratch / f"{name}.traced.pt", options.output / f"{name}.traced.pt")
        steps.save_program(model, x, options.output / f"{name}.pt2")


def keras3_step(options):
    import keras

    images.keras3_step(options)
    keras.backend.clear_session()
    functional(keras, "image_operations_3", operations, keras.ops, options.output / "image_operations_3.keras")
    images.NETS = OF_KERAS3
    for name in OF_KERAS3:
        keras.backend.clear_session()
        shape, rows = OF_KERAS3[name]
        model = keras.Sequential([keras.layers.Input(images.last(np.zeros((1, *shape))).shape[1:]), *[row.keras(keras.layers) for row in rows]])
        drawn = images.redrawn(name, [[tuple(w.shape) for w in layer.get_weights()] for layer in model.layers])
        for layer, values in zip(model.layers, drawn):
            if values:
                layer.set_weights(values)
        model.save(str(options.output / f"{name}.keras"))
        seen = images.keras_trace(model, name)
        np.savez(options.output / f"{name}.npz", x=images.inputs(name), **{f"keras/{key}": value for key, value in seen.items()})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("step", choices=["torch", "keras2", "keras3"])
    parser.add_argument("-o", "--output", type=pathlib.Path, required=True)
    parser.add_argument("--scratch", type=pathlib.Path, required=True)
    options = parser.parse_args()
    {"torch": torch_step, "keras2": keras2_step, "keras3": keras3_step}[options.step](options)


if __name__ == "__main__":
    main()
