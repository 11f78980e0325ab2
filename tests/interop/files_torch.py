# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that real PyTorch writes, and what it reads from them: containers, dtypes, layouts, modules, checkpoints.

usage: files_torch.py FOLDER        (in the torch environment)
"""
import argparse
import collections
import io
import pathlib
import pickle
import struct
import sys
import tarfile
import types
import warnings

import numpy
import torch
from torch import nn

from torch_manifest import Manifest, describe, flat, module_tensors, raw_bytes, state, told
from torch_modules import MODULES, Net, Small

warnings.filterwarnings("ignore")
def dtypes(out):
    torch.manual_seed(1)
    plain = {str(t).removeprefix("torch."): torch.randn(3, 5).to(t) for t in (torch.float16, torch.bfloat16, torch.float32, torch.float64)}
    plain |= {str(t).removeprefix("torch."): torch.randint(0, 100, (4, 2)).to(t)
              for t in (torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64, torch.uint16, torch.uint32, torch.uint64)}
    plain |= {"bool": torch.rand(7) > 0.5, "complex64": torch.randn(3, dtype=torch.complex64), "complex128": torch.randn(2, 2, dtype=torch.complex128),
              "complex32": torch.randn(4).to(torch.complex32)}
    for name in ("float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz", "float8_e5m2fnuz"):
        plain[name] = torch.randn(2, 6).to(getattr(torch, name))
    for name in ("float8_e8m0fnu", "float4_e2m1fn_x2", "bits8"):
        plain[name] = torch.randint(0, 255, (6,), dtype=torch.uint8).view(getattr(torch, name))
    special = torch.tensor([float("nan"), float("inf"), -float("inf"), 1e-45, -0.0, 3.4e38])
    old = ("float16", "bfloat16", "float32", "float64", "uint8", "int8", "int16", "int32", "int64", "bool", "complex64", "complex128")
    out.save("dtypes", {name: plain[name] for name in old}, "state-dict", state)
    out.save("dtypes_new", plain, "state-dict", state, kinds=("zip",))  # torch does not read these back from a legacy stream
    out.save("special", {"special": special, "rank0": torch.tensor(2.5), "empty": torch.empty(0, 3), "long": torch.zeros(1, 1, 1, 1, 1, 1, 1, 2)},
             "state-dict", state)


def layouts(out):
    torch.manual_seed(2)
    dense = torch.randn(4, 6) * (torch.rand(4, 6) > 0.6)
    sparse = {"coo": dense.to_sparse(), "csr": dense.to_sparse_csr(), "csc": dense.to_sparse_csc(), "bsr": dense.to_sparse_bsr((2, 3)),
              "bsc": dense.to_sparse_bsc((2, 3)), "hybrid": torch.randn(3, 2, 4).to_sparse(1)}
    out.save("sparse", sparse, "state-dict", state)
    scales, zeros = torch.rand(4) + 0.1, torch.randint(0, 5, (4,))
    x = torch.randn(4, 6)
    out.save("quantised", {"qint8": torch.quantize_per_tensor(x, 0.1, 3, torch.qint8), "quint8": torch.quantize_per_tensor(x, 0.2, 100, torch.quint8),
                           "qint32": torch.quantize_per_tensor(x, 0.01, 0, torch.qint32),
                           "channel": torch.quantize_per_channel(x, scales.double(), zeros, 0, torch.qint8),
                           "packed": torch.quantize_per_channel(x, scales, torch.rand(4), 0, torch.quint4x2)}, "state-dict", state)
    out.save("nested", {"nested": torch.nested.nested_tensor([torch.randn(2, 3), torch.randn(4, 3)])}, "state-dict", state, kinds=("zip",))
    out.save("jagged", {"jagged": torch.nested.nested_tensor([torch.randn(2, 3), torch.randn(4, 3)], layout=torch.jagged)}, "state-dict", state, kinds=("zip",))
    c = torch.randn(5, dtype=torch.complex64)
    out.save("turned", {"conj": c.conj(), "neg": torch.randn(5, dtype=torch.complex64).conj().imag, "real": torch.randn(3, dtype=torch.complex64).real.clone(), "conj128": c.to(torch.complex128).conj()}, "state-dict", state)


def views(out):
    torch.manual_seed(3)
    base = torch.randn(6, 8)
    shared = torch.randn(4, 4)
    value = {"base": base, "transposed": base.t(), "sliced": base[1:5:2, ::3], "expanded": base[:1].expand(5, 8), "tied": shared, "tied_too": shared,
             "last": torch.randn(2, 3, 8, 9).to(memory_format=torch.channels_last), "offset": base.view(-1)[7:], "row": base[3]}
    out.save("views", value, "state-dict", state)


def protocols(out):
    torch.manual_seed(4)
    value = collections.OrderedDict(a=torch.randn(3), b=torch.randn(2, 2))
    for protocol in (2, 3, 4, 5):
        out.save(f"protocol{protocol}", value, "state-dict", state, protocol=protocol)
    module = nn.Sequential(nn.Linear(3, 4), nn.ReLU())
    for protocol in (3, 4, 5):
        out.save(f"module_protocol{protocol}", module, "module", module_tensors, protocol=protocol)


def bare(out):
    torch.manual_seed(5)
    out.save("bare", torch.randn(3, 4), "tensors")
    out.save("parameter", nn.Parameter(torch.randn(3)), "tensors")
    out.save("list", [torch.randn(2), [torch.randn(3), (torch.randn(1), 7)], {"x": torch.randn(2, 2)}], "tensors")
    out.save("nested_dicts", {"encoder": {"one": {"weight": torch.randn(2, 3), "bias": torch.randn(2)}, "two": {"weight": torch.randn(3, 2)}},
                              "decoder": {"weight": torch.randn(1, 2)}, "step": 4}, "tensors")
    out.save("integer_keys", {0: torch.randn(2), 1: torch.randn(3)}, "tensors")


def modules(out):
    torch.manual_seed(6)
    # All in a row: each is to be listed under its place, with its class.
    row = nn.Sequential(*(make() for make in MODULES.values()))
    out.save("modules", row, "module", module_tensors, layers=[{"name": str(i), "kind": kind} for i, kind in enumerate(MODULES)])
    for kind, make in MODULES.items():
        out.save(f"single_{kind}", make(), "module", module_tensors, kinds=("zip",), layers=[{"name": kind.lower(), "kind": kind}])
    tree = Net()
    kinds = [{"name": "blocks.0.fc", "kind": "Linear"}, {"name": "blocks.0.norm", "kind": "LayerNorm"}, {"name": "blocks.1.fc", "kind": "Linear"},
             {"name": "head", "kind": "Linear"}]
    out.save("tree", tree, "module", module_tensors, layers=kinds)
    out.save("encoder", nn.TransformerEncoderLayer(8, 2, 16), "module", module_tensors)
    out.save("container", nn.ModuleDict({"a": nn.Linear(2, 3), "list": nn.ModuleList([nn.Conv2d(1, 1, 1)]), "raw": nn.ParameterList([torch.randn(2)])}),
             "module", module_tensors)
    state_dict = row.state_dict()
    out.save("modules_state", state_dict, "state-dict", state)


def trained(model):
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    for _ in range(2):
        optimizer.zero_grad()
        model(torch.randn(3, 1, 4, 4)).pow(2).sum().backward()
        optimizer.step()
    return optimizer


def checkpoints(out):
    torch.manual_seed(7)
    model = Small()
    optimizer = trained(model)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 5)
    rest = {"epoch": 3, "optimizer": optimizer.state_dict(), "scheduler": scheduler.state_dict(), "args": argparse.Namespace(lr=0.1, betas=(0.9, 0.99)),
            "best": numpy.float64(0.93), "history": [0.1, 0.2], "rng_state": torch.get_rng_state()}
    entries = {"epoch": "3", "optimizer.param_groups.0.lr": "0.001", "args.lr": "0.1", "best": "0.93", "optimizer.state.0.exp_avg": "float32 [2,1,3,3]"}
    for key in ("state_dict", "model_state_dict", "model", "net", "my_model"):
        out.save(f"checkpoint_{key}", rest | {key: model.state_dict()}, "checkpoint", lambda back, key=key: state(back[key]), entries=entries)
    out.save("checkpoint_module", rest | {"model": model}, "checkpoint", lambda back: module_tensors(back["model"]), entries=entries)
    out.save("checkpoint_deep", {"a": {"b": {"state_dict": model.state_dict()}}, "epoch": 1}, "checkpoint", lambda back: state(back["a"]["b"]["state_dict"]))
    out.save("checkpoint_pair", {"generator": model.state_dict(), "discriminator": Small().state_dict(), "epoch": 1}, "checkpoint",
             lambda back: state(back["generator"]), entries={"discriminator.fc.weight": "float32 [2,8]"})
    out.save("checkpoint_tuple", (model.state_dict(), 7), "checkpoint", lambda back: state(back[0]))
    out.save("optimizer", optimizer.state_dict(), "tensors")


def prefixes(out):
    torch.manual_seed(8)
    model = Small()
    plain = lambda _: state(model.state_dict())
    whole = lambda _: module_tensors(model)
    wrapped = nn.DataParallel(model)
    out.save("dataparallel_state", wrapped.state_dict(), "state-dict", plain)
    out.save("dataparallel", wrapped, "module", whole)
    compiled = torch.compile(model)
    out.save("compiled_state", compiled.state_dict(), "state-dict", plain)
    out.save("compiled_dataparallel_state", nn.DataParallel(compiled).state_dict(), "state-dict", plain)
    averaged = torch.optim.swa_utils.AveragedModel(model)
    out.save("averaged_state", averaged.state_dict(), "state-dict", lambda back: plain(back) | describe("n_averaged", back["n_averaged"]))
    out.save("averaged", averaged, "module", whole)
    lightning = {"model." + name: tensor for name, tensor in model.state_dict().items()}
    out.save("lightning", {"state_dict": lightning, "epoch": 2, "global_step": 10, "pytorch-lightning_version": "2.1.0", "hyper_parameters": {"lr": 0.1}},
             "checkpoint", plain, entries={"hyper_parameters.lr": "0.1"})
    out.save("sharded_state", {"_forward_module." + name: tensor for name, tensor in model.state_dict().items()}, "state-dict", plain)


def norms(out):
    torch.manual_seed(9)
    old = nn.Sequential(nn.utils.weight_norm(nn.Conv2d(1, 2, 3)), nn.utils.spectral_norm(nn.Linear(4, 2)))
    new = nn.Sequential(nn.utils.parametrizations.weight_norm(nn.Conv2d(1, 2, 3)), nn.utils.parametrizations.spectral_norm(nn.Linear(4, 2)))
    kinds = [{"name": "0", "kind": "Conv2d"}, {"name": "1", "kind": "Linear"}]
    out.save("norms_old_state", old.state_dict(), "state-dict", state, layers=kinds)
    out.save("norms_new_state", new.state_dict(), "state-dict", state, layers=kinds)
    torch.manual_seed(9)
    out.save("norms_old", nn.Sequential(nn.utils.weight_norm(nn.Conv2d(1, 2, 3))), "module", module_tensors, layers=kinds[:1])


class Tagged(torch.Tensor):
    pass


def subclasses(out):
    torch.manual_seed(10)
    tagged = torch.randn(3, 2).as_subclass(Tagged)
    tagged.note = "kept beside the values"
    with_state = nn.Parameter(torch.randn(2))
    with_state.extra = 5
    value = {"tagged": tagged, "with_state": with_state, "buffer": nn.Buffer(torch.randn(3)), "parameter": nn.Parameter(torch.randn(1), requires_grad=False)}
    out.save("subclasses", value, "state-dict", lambda back: state({name: tensor.as_subclass(torch.Tensor) for name, tensor in back.items()}))


def arrays(out):
    rng = numpy.random.default_rng(11)
    value = {"c": rng.normal(size=(3, 4)), "f": numpy.asfortranarray(rng.normal(size=(3, 4)).astype("f4")), "i": numpy.arange(6, dtype="i2").reshape(2, 3),
             "b": numpy.array([True, False]), "z": numpy.zeros((0, 3)), "s": numpy.array(3.5), "u": numpy.arange(3, dtype="u8")}
    out.save("arrays", {"arrays": value, "scalar": numpy.float32(0.5)}, "checkpoint", lambda back: flat(back["arrays"]))
    for protocol in range(6):
        file = f"arrays_protocol{protocol}.pkl"
        (out.folder / file).write_bytes(pickle.dumps(value, protocol=protocol))
        out.add(file, "tensors", flat(value), format="pickle")
    big = {"big": numpy.arange(5, dtype=">f4"), "list": [numpy.arange(3, dtype=">i8")]}
    (out.folder / "arrays_big.pkl").write_bytes(pickle.dumps(big))
    out.add("arrays_big.pkl", "tensors", flat({"big": big["big"].astype("<f4"), "list": [big["list"][0].astype("<i8")]}), format="pickle")
    torch.manual_seed(12)
    tensors = {"fc.weight": torch.randn(2, 3), "fc.bias": torch.randn(2)}
    (out.folder / "tensors.pkl").write_bytes(pickle.dumps(tensors))
    out.add("tensors.pkl", "state-dict", state(tensors), format="pickle")


def storages(out):
    torch.manual_seed(13)
    tensor = torch.randn(6)
    expected = {"tensor": told("float32", [6], raw_bytes(tensor))}
    torch.save(tensor.storage(), out.folder / "storage.pt", _use_new_zipfile_serialization=False)
    out.add("storage.pt", "tensors", expected, format="torch-legacy")


def compressed(out):
    """The same archive with its records deflated, which torch reads too."""
    import zipfile
    torch.manual_seed(14)
    value = {"a": torch.randn(50, 20), "b": torch.arange(1000).reshape(100, 10).t()}
    stream = io.BytesIO()
    torch.save(value, stream)
    stream.seek(0)
    with zipfile.ZipFile(stream) as source, zipfile.ZipFile(out.folder / "deflated.pt", "w", zipfile.ZIP_DEFLATED) as target:
        for item in source.infolist():
            target.writestr(item.filename, source.read(item.filename))
    back = torch.load(out.folder / "deflated.pt", weights_only=False)
    out.add("deflated.pt", "state-dict", state(back), format="torch-zip")


def tar(out):
    """The archive of PyTorch 0.1, written as its torch.save did; read back by torch itself where it still can."""
    values = numpy.arange(12, dtype="f4")
    whole, view = 111, 222
    storages = pickle.dumps(1, 2) + pickle.dumps((whole, "cpu", torch.FloatStorage), 2) + struct.pack("<q", 12) + values.tobytes()
    storages += pickle.dumps([(view, whole, 6, 6)], 2)
    tensors = pickle.dumps(2, 2)
    for key, storage, sizes, strides, offset in ((7, whole, (3, 4), (4, 1), 0), (8, view, (2, 2), (1, 2), 1)):
        tensors += pickle.dumps((key, storage, torch.FloatTensor), 2) + struct.pack("<iI", len(sizes), 0)
        tensors += struct.pack(f"<{len(sizes)}q", *sizes) + struct.pack(f"<{len(sizes)}q", *strides) + struct.pack("<q", offset)

    class Pickler(pickle.Pickler):
        def persistent_id(self, value):
            return value.key if isinstance(value, types.SimpleNamespace) else None

    main = io.BytesIO()
    Pickler(main, 2).dump({"fc.weight": types.SimpleNamespace(key="7"), "fc.part": types.SimpleNamespace(key="8")})
    with tarfile.open(out.folder / "old.tar.pt", "w", format=tarfile.PAX_FORMAT) as archive:
        for name, data in (("sys_info", pickle.dumps({"protocol_version": 1000}, 2)), ("pickle", main.getvalue()), ("tensors", tensors), ("storages", storages)):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    part = numpy.lib.stride_tricks.as_strided(values[7:], (2, 2), (4, 8))
    expected = {"fc.weight": told("float32", (3, 4), values.tobytes()), "fc.part": told("float32", (2, 2), numpy.ascontiguousarray(part).tobytes())}
    try:
        back = torch.load(out.folder / "old.tar.pt", weights_only=False)
        expected = state(back)
    except Exception as error:  # torch says no: the values above are independent of us all the same
        print("torch does not read the tar archive:", error, file=sys.stderr)
    out.add("old.tar.pt", "state-dict", expected, format="torch-tar")


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    out = Manifest(folder)
    for make in (dtypes, layouts, views, protocols, bare, modules, checkpoints, prefixes, norms, subclasses, arrays, storages, compressed, tar):
        make(out)
    out.write("torch")
    print(f"{len(out.entries)} files")


if __name__ == "__main__":
    main()
