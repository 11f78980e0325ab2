# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes TorchScript archives (traced, scripted, frozen) and torch.export programs of networks of many shapes, and a
manifest of what PyTorch itself reads in them: parameters and buffers, which operator takes whose result, outputs.

    files_script.py FOLDER"""

import hashlib
import json
import pathlib
import sys
import zipfile

import numpy
import torch
import torch.nn.functional as F
from torch import nn


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5, padding=2)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.pool = nn.AvgPool2d(2)
        self.fc1 = nn.Linear(400, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):
        x = self.pool(torch.tanh(self.conv1(x)))
        x = self.pool(torch.tanh(self.conv2(x)))
        x = x.view(x.size(0), -1)
        x = torch.tanh(self.fc1(x))
        x = torch.tanh(self.fc2(x))
        return self.fc3(x)


class Functional(nn.Module):
    """What people write with torch.nn.functional, dropout and batch normalisation between."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 8, 3, stride=2, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(8, eps=1e-3)
        self.conv2 = nn.Conv2d(8, 12, (3, 5), dilation=(2, 1), groups=4)
        self.fc = nn.Linear(12 * 5 * 5, 10, bias=False)

    def forward(self, x):
        x = F.relu(self.bn(self.conv1(x)), inplace=True)
        x = F.max_pool2d(self.conv2(x), 2)
        x = F.dropout(torch.sigmoid(x), 0.4, self.training)
        return F.log_softmax(self.fc(torch.flatten(x, 1)), dim=1)


class Residual(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.a = nn.Conv2d(channels, channels, 3, padding=1)
        self.b = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x):
        return torch.relu(x + self.b(torch.relu(self.a(x))))


class Branches(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(1, 4, 3)
        self.blocks = nn.ModuleList([Residual(4), Residual(4)])
        self.left = nn.Conv2d(4, 2, 1)
        self.right = nn.Sequential(nn.Conv2d(4, 3, 1), nn.Tanh())
        self.head = nn.Linear(5, 3)

    def forward(self, x):
        x = self.stem(x)
        for block in self.blocks:
            x = block(x)
        x = torch.cat([self.left(x), self.right(x)], dim=1)
        return self.head(x.mean([2, 3]))


class Scale(nn.Module):
    """A class of nobody's library, with a buffer, a plain tensor, a list and a text."""

    def __init__(self):
        super().__init__()
        self.register_buffer("shift", torch.arange(3.0))
        self.factor = nn.Parameter(torch.tensor([2.0, 3.0, 4.0]))
        self.sizes = [3, 1]
        self.mode = "fast"
        self.repeat: int = 3

    def forward(self, x):
        for _ in range(self.repeat):
            x = x * self.factor + self.shift
        if self.mode == "slow":
            x = torch.sin(x)
        return x


class Custom(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(4, 3)
        self.scale = Scale()
        self.frozen = nn.Parameter(torch.ones(3), requires_grad=False)

    def forward(self, x, offset):
        return self.scale(self.linear(x)) * self.frozen - offset


class Mixed(nn.Module):
    """Types beside float32, an embedding, several results."""

    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(7, 4)
        self.gain = nn.Parameter(torch.randn(4).half())
        self.register_buffer("table", torch.randn(2, 6).t())
        self.register_buffer("count", torch.tensor(5))
        self.register_buffer("mask", torch.tensor([True, False]))

    def forward(self, x):
        embedded = self.embed(x)
        return embedded, embedded * self.gain


def sequential():
    return nn.Sequential(
        nn.ZeroPad2d((1, 2, 3, 4)), nn.Conv2d(1, 4, 3, padding="same"), nn.BatchNorm2d(4), nn.ReLU(),
        nn.MaxPool2d(3, 2, 1), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 10), nn.Dropout(0.1), nn.Softmax(1))


IMAGE = (torch.rand(1, 1, 28, 28),)
# name -> module, example inputs, whether Tieout runs every operator of it
CASES = {
    "lenet": (LeNet, IMAGE, True),
    "functional": (Functional, IMAGE, True),
    "sequential": (sequential, IMAGE, True),
    "branches": (Branches, IMAGE, False),
    "custom": (Custom, (torch.rand(2, 4), torch.rand(3)), False),
    "mixed": (Mixed, (torch.tensor([[1, 2]]),), False),
}

# Modules that are called twice, or call several operators: fewer layers than operators.
GROUPED = {"lenet", "custom"}

PASSIVE = {"aten::size", "prim::NumToTensor", "aten::Int", "prim::ListConstruct", "prim::GetAttr", "prim::Constant",
           "prim::TupleConstruct", "aten::dim", "prim::RaiseException", "aten::warn", "aten::__is__", "aten::ne"}


def randomise(module):
    for buffer in module.buffers():
        if buffer.dtype == torch.float32:
            buffer.data = torch.rand(buffer.shape) + 0.5
    return module.eval()


def described(tensor):
    dense = tensor.detach().contiguous().numpy()
    return {"dtype": str(tensor.dtype).removeprefix("torch."), "shape": list(tensor.shape),
            "sha256": hashlib.sha256(dense.tobytes()).hexdigest()}


def script_edges(module):
    """For each operator of the inlined graph in order: the places of those whose results it takes."""
    graph = module.inlined_graph
    source, edges = {}, []
    for node in graph.nodes():
        taken = sorted({place for value in node.inputs() for place in source.get(value.debugName(), ())})
        names = [value.debugName() for value in node.outputs()]
        if node.kind() in ("prim::ListConstruct", "prim::TupleConstruct"):
            source[names[0]] = taken
        elif node.kind().startswith("aten::") and node.kind() not in PASSIVE:
            for name in names:
                source[name] = [len(edges)]
            edges.append(taken)
        elif node.kind() not in PASSIVE:
            return None  # branches and loops: their operators are not in a row
    return edges


def export_edges(program):
    places, edges = {}, []
    for node in program.graph.nodes:
        if node.op == "call_function":
            edges.append(sorted({places[argument] for argument in node.all_input_nodes if argument in places}))
            places[node] = len(edges) - 1
    return edges


def save_older(program, file):
    """The records that PyTorch 2.1 to 2.7 wrote (torch/export/__init__.py of these versions); 2.13 still reads them."""
    from torch._export.serde.serialize import serialize

    artifact = serialize(program)
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("serialized_exported_program.json", artifact.exported_program)
        archive.writestr("serialized_state_dict.pt", artifact.state_dict)
        archive.writestr("serialized_constants.pt", artifact.constants)
        archive.writestr("serialized_example_inputs.pt", artifact.example_inputs)
        archive.writestr("version", "8.0")


def answer(module, inputs, folder, stem):
    numpy.save(folder / f"{stem}.npy", inputs[0].numpy())
    return {"input": f"{stem}.npy", "output": module(*inputs).detach().numpy().tolist()}


def main():
    folder = pathlib.Path(sys.argv[1])
    manifest = []
    for name, (make, inputs, runs) in CASES.items():
        torch.manual_seed(sum(map(ord, name)))
        module = randomise(make())
        scripted = torch.jit.script(module)
        scripts = {"traced": torch.jit.trace(module, inputs), "scripted": scripted, "frozen": torch.jit.freeze(scripted)}
        for how, script in scripts.items():
            file = folder / f"{name}-{how}.pt"
            script.save(str(file))
            read = torch.jit.load(str(file))
            case = {"file": file.name, "format": "torchscript", "content": "script", "wired": True}
            case["tensors"] = {key: described(value) for key, value in read.state_dict().items()}
            if how == "frozen":
                case["tensors"] = {
                    f"CONSTANTS.{key}": described(value) for key, value in read.code_with_constants[1].const_mapping.items()}
            edges = script_edges(read)
            if edges is not None and (how == "frozen" or name not in GROUPED):
                case["operators"] = edges
            if runs:
                case["run"] = answer(read, inputs, folder, file.stem)
            manifest.append(case)
        program = torch.export.export(module, inputs)
        for save, stem in ((torch.export.save, name), (save_older, f"{name}-older")):
            file = folder / f"{stem}.pt2"
            save(program, file)
            read = torch.export.load(file)
            tensors = {**read.state_dict, **read.constants}
            case = {"file": file.name, "format": "pt2", "content": "exported-program", "wired": True,
                    "tensors": {key: described(value) for key, value in tensors.items()}}
            if name not in GROUPED:
                case["operators"] = export_edges(read)
            if runs:
                case["run"] = answer(read.module(), inputs, folder, file.stem)
            manifest.append(case)
    (folder / "manifest-script.json").write_text(json.dumps(manifest))


main()
