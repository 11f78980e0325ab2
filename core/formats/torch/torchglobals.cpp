// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/torch/torchmodule.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace core::formats {

namespace {

constexpr std::array<std::string_view, 26> harmfulModules = {
    "os",        "posix",    "nt",       "subprocess", "sys",     "shutil", "socket",   "pty",        "runpy",   "importlib",
    "code",      "codeop",   "ctypes",   "pickle",     "marshal", "types",  "operator", "webbrowser", "asyncio", "multiprocessing",
    "threading", "commands", "tempfile", "urllib",     "pip",     "pdb"};
constexpr std::array<std::string_view, 14> plainBuiltins = {"set",     "frozenset", "dict",  "list", "tuple", "bytearray", "bytes",
                                                            "complex", "int",       "float", "bool", "str",   "slice",     "object"};
constexpr std::array<std::string_view, 12> usualPackages = {"torch",    "collections", "_codecs",  "copyreg",   "copy_reg", "numpy",
                                                            "argparse", "pathlib",     "datetime", "functools", "enum",     "__torch__"};

std::string_view package(std::string_view module)
{
    return module.substr(0, module.find('.'));
}

template <std::size_t size>
bool contains(const std::array<std::string_view, size>& names, std::string_view name)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool isHarmful(const PickleNode& global)
{
    const std::string_view module = global.module(), name = global.name();
    if (module == "builtins" || module == "__builtin__")
        return !contains(plainBuiltins, name);
    return contains(harmfulModules, package(module)) || name.find('.') != name.npos || module == "torch.hub" ||
           (module == "torch" && name == "load");
}

}

void noteTorchGlobals(const Pickle& pickle, std::vector<Note>& notes)
{
    constexpr std::size_t shown = 30;
    std::size_t harmful = 0, foreign = 0;
    for (const PickleNode* global : pickle.globals()) {
        const std::string name = printable(global->text);
        if (isHarmful(*global)) {
            if (++harmful <= shown)
                notes.push_back(torchNote("torch-global-harmful", Note::Severity::Error,
                                          fmt::format("The file asks for {}: shown, never run.", name), {name}));
        } else if (!contains(usualPackages, package(global->module())) && global->module() != "builtins" &&
                   global->module() != "__builtin__") {
            if (++foreign <= shown)
                notes.push_back(torchNote("torch-global", Note::Severity::Info,
                                          fmt::format("{} is no part of PyTorch: kept as data, never run.", name), {name}));
        }
    }
}

}
