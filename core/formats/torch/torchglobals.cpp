// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/torch/torchmodule.h"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>
#include <span>

namespace core::formats {

namespace {

using Names = std::span<const std::string_view>;

/// Packages whose functions run commands, load code or reach out.
constexpr std::string_view harmfulPackages[] = {
    "os",        "posix",    "nt",        "ntpath",   "posixpath", "subprocess", "sys",        "shutil",    "socket",
    "pty",       "runpy",    "importlib", "code",     "codeop",    "ctypes",     "pickle",     "_pickle",   "cloudpickle",
    "dill",      "marshal",  "types",     "operator", "_operator", "webbrowser", "asyncio",    "threading", "multiprocessing",
    "commands",  "tempfile", "urllib",    "http",     "requests",  "pip",        "ensurepip",  "pdb",       "bdb",
    "timeit",    "trace",    "profile",   "cProfile", "doctest",   "distutils",  "setuptools", "pkgutil",   "imp",
    "zipimport", "signal",   "gc",        "inspect",  "linecache", "ssl",        "smtplib",    "ftplib",    "telnetlib"};
constexpr std::string_view harmfulBuiltins[] = {"eval",       "exec",   "execfile",  "compile", "__import__", "open",
                                                "file",       "input",  "raw_input", "getattr", "setattr",    "delattr",
                                                "globals",    "locals", "vars",      "apply",   "map",        "filter",
                                                "breakpoint", "help",   "exit",      "quit",    "memoryview"};
/// Modules of packages that are usual otherwise.
constexpr std::string_view harmfulModules[] = {
    "torch.hub",  "torch.package", "torch.utils.cpp_extension", "torch.utils.collect_env",    "torch.utils._cpp_extension",
    "numpy.f2py", "numpy.testing", "numpy.distutils",           "torch.distributed.launcher", "torch.testing"};
constexpr std::string_view harmfulFunctions[] = {
    "torch.load",     "torch.jit.load", "torch.serialization.load", "torch.ops.load_library", "torch.classes.load_library", "numpy.load",
    "numpy.fromfile", "numpy.memmap",   "functools.reduce"};
constexpr std::string_view usualPackages[] = {"torch",     "collections", "_codecs",   "copyreg",     "copy_reg",  "numpy",
                                              "argparse",  "pathlib",     "datetime",  "functools",   "enum",      "decimal",
                                              "fractions", "uuid",        "__torch__", "torchvision", "torchaudio"};

bool contains(Names names, std::string_view name)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool isInside(Names modules, std::string_view module)
{
    return std::any_of(modules.begin(), modules.end(), [&](std::string_view known) {
        return module.starts_with(known) && (module.size() == known.size() || module[known.size()] == '.');
    });
}

/// "Outer.Inner" is a class within a class; "serialization.os.system" walks through a module to something else.
bool walksThroughModules(std::string_view name)
{
    const std::size_t dot = name.find('.');
    return dot != name.npos && (name.empty() || !std::isupper(static_cast<unsigned char>(name[0])));
}

Global::Sort sortOf(const PickleNode& global)
{
    const std::string_view module = global.module(), name = global.name();
    const std::string_view package = module.substr(0, module.find('.'));
    if (module == "builtins" || module == "__builtin__")
        return contains(harmfulBuiltins, name) || name.find('.') != name.npos ? Global::Sort::Harmful : Global::Sort::Usual;
    if (contains(harmfulPackages, package) || isInside(harmfulModules, module) || contains(harmfulFunctions, global.text) ||
        walksThroughModules(name))
        return Global::Sort::Harmful;
    return contains(usualPackages, package) ? Global::Sort::Usual : Global::Sort::Foreign;
}

}

void listTorchGlobals(const Pickle& pickle, Model& model)
{
    constexpr std::size_t listed = 10'000;
    std::vector<std::string> harmful, foreign;
    for (const PickleNode* global : pickle.globals()) {
        const Global::Sort sort = sortOf(*global);
        if (model.globals.size() < listed)
            model.globals.push_back({printable(global->text), sort});
        if (sort == Global::Sort::Harmful)
            harmful.push_back(printable(global->text, 80));
        else if (sort == Global::Sort::Foreign)
            foreign.push_back(printable(global->text, 80));
    }
    const auto first = [](const std::vector<std::string>& names) {
        return names.size() == 1 ? names[0] : fmt::format("{} and {} more", names[0], names.size() - 1);
    };
    if (!harmful.empty())
        model.notes.push_back(torchNote("torch-global-harmful", Note::Severity::Error,
                                        fmt::format("The file asks for {}: shown, never run.", first(harmful)),
                                        {fmt::to_string(harmful.size()), harmful[0]}));
    if (!foreign.empty())
        model.notes.push_back(torchNote("torch-global", Note::Severity::Info,
                                        fmt::format("The file asks for {}, no part of PyTorch: kept as data, never run.", first(foreign)),
                                        {fmt::to_string(foreign.size()), foreign[0]}));
}

}
