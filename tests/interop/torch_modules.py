# SPDX-License-Identifier: GPL-3.0-or-later
"""A module of every kind, and small networks of classes of our own."""
import torch
from torch import nn

MODULES = {
    "Conv1d": lambda: nn.Conv1d(2, 3, 3), "Conv2d": lambda: nn.Conv2d(2, 4, (3, 5), stride=2, padding=1, groups=2), "Conv3d": lambda: nn.Conv3d(1, 2, 3),
    "ConvTranspose1d": lambda: nn.ConvTranspose1d(2, 3, 3), "ConvTranspose2d": lambda: nn.ConvTranspose2d(2, 3, 3, output_padding=1, stride=2),
    "ConvTranspose3d": lambda: nn.ConvTranspose3d(1, 2, 2), "Linear": lambda: nn.Linear(5, 3), "Bilinear": lambda: nn.Bilinear(2, 3, 4),
    "Identity": nn.Identity, "BatchNorm1d": lambda: nn.BatchNorm1d(4), "BatchNorm2d": lambda: nn.BatchNorm2d(4, eps=1e-3, momentum=None),
    "BatchNorm3d": lambda: nn.BatchNorm3d(4, affine=False), "SyncBatchNorm": lambda: nn.SyncBatchNorm(4),
    "InstanceNorm2d": lambda: nn.InstanceNorm2d(4, affine=True, track_running_stats=True), "LayerNorm": lambda: nn.LayerNorm((3, 4)),
    "GroupNorm": lambda: nn.GroupNorm(2, 4), "RMSNorm": lambda: nn.RMSNorm(4), "LocalResponseNorm": lambda: nn.LocalResponseNorm(2),
    "MaxPool1d": lambda: nn.MaxPool1d(2), "MaxPool2d": lambda: nn.MaxPool2d((2, 3), ceil_mode=True), "MaxPool3d": lambda: nn.MaxPool3d(2),
    "AvgPool1d": lambda: nn.AvgPool1d(2), "AvgPool2d": lambda: nn.AvgPool2d(2, padding=1, count_include_pad=False), "AvgPool3d": lambda: nn.AvgPool3d(2),
    "AdaptiveAvgPool2d": lambda: nn.AdaptiveAvgPool2d((None, 5)), "AdaptiveMaxPool2d": lambda: nn.AdaptiveMaxPool2d(1), "LPPool2d": lambda: nn.LPPool2d(2, 2),
    "Flatten": nn.Flatten, "Unflatten": lambda: nn.Unflatten(1, (2, 3)), "ReLU": lambda: nn.ReLU(inplace=True), "ReLU6": nn.ReLU6, "SiLU": nn.SiLU,
    "Hardswish": nn.Hardswish, "Hardtanh": lambda: nn.Hardtanh(-2, 2), "LeakyReLU": lambda: nn.LeakyReLU(0.2), "ELU": nn.ELU, "SELU": nn.SELU, "CELU": nn.CELU,
    "PReLU": lambda: nn.PReLU(3), "GELU": lambda: nn.GELU(approximate="tanh"), "Softplus": nn.Softplus, "Softsign": nn.Softsign, "Mish": nn.Mish,
    "Softmax": lambda: nn.Softmax(dim=1), "LogSoftmax": nn.LogSoftmax, "Softmax2d": nn.Softmax2d, "Threshold": lambda: nn.Threshold(0.1, 20), "Sigmoid": nn.Sigmoid,
    "LogSigmoid": nn.LogSigmoid, "Tanh": nn.Tanh, "Hardsigmoid": nn.Hardsigmoid, "Dropout": lambda: nn.Dropout(0.3), "Dropout2d": nn.Dropout2d,
    "AlphaDropout": nn.AlphaDropout, "Embedding": lambda: nn.Embedding(7, 3, padding_idx=0), "EmbeddingBag": lambda: nn.EmbeddingBag(7, 3),
    "LSTM": lambda: nn.LSTM(4, 3, num_layers=2, bidirectional=True, proj_size=2), "GRU": lambda: nn.GRU(4, 3, bias=False, batch_first=True),
    "RNN": lambda: nn.RNN(4, 3, nonlinearity="relu"), "LSTMCell": lambda: nn.LSTMCell(4, 3), "GRUCell": lambda: nn.GRUCell(4, 3), "RNNCell": lambda: nn.RNNCell(4, 3),
    "MultiheadAttention": lambda: nn.MultiheadAttention(8, 2, batch_first=True), "Upsample": lambda: nn.Upsample(scale_factor=(2.0, 2.0), mode="bilinear"),
    "ZeroPad2d": lambda: nn.ZeroPad2d((1, 2, 3, 4)), "ConstantPad1d": lambda: nn.ConstantPad1d(1, 0.5), "ReflectionPad2d": lambda: nn.ReflectionPad2d(1),
    "ReplicationPad2d": lambda: nn.ReplicationPad2d(1), "PixelShuffle": lambda: nn.PixelShuffle(2), "PixelUnshuffle": lambda: nn.PixelUnshuffle(2),
    "ChannelShuffle": lambda: nn.ChannelShuffle(2), "Fold": lambda: nn.Fold((4, 5), 2), "Unfold": lambda: nn.Unfold(2), "GLU": nn.GLU,
    "CosineSimilarity": nn.CosineSimilarity,
}


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.expansion = 4
        self.fc = nn.Linear(4, 4)
        self.norm = nn.LayerNorm(4)
        self.scale = nn.Parameter(torch.randn(4))
        self.register_buffer("mask", torch.ones(4, dtype=torch.bool))
        self.register_buffer("secret", torch.randn(2), persistent=False)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.width = 4
        self.blocks = nn.ModuleList([Block(), Block()])
        self.head = nn.Linear(4, 2)
        self.head.weight.requires_grad_(False)


class Small(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 2, 3)
        self.fc = nn.Linear(8, 2)

    def forward(self, x):
        return self.fc(self.conv(x).flatten(1))
