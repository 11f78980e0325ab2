// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/pickle/globals.h"

#include "core/base/letters.h"

#include <algorithm>
#include <fmt/format.h>
#include <span>

namespace core::formats {

namespace {

using Names = std::span<const std::string_view>;

/// Packages whose functions run commands, load code or reach out.
constexpr std::string_view harmfulPackages[] = {
    "os",        "posix",    "nt",        "ntpath",   "posixpath", "subprocess",   "sys",          "shutil",     "socket",
    "pty",       "runpy",    "importlib", "code",     "codeop",    "ctypes",       "pickle",       "_pickle",    "cloudpickle",
    "dill",      "marshal",  "types",     "operator", "_operator", "webbrowser",   "asyncio",      "threading",  "multiprocessing",
    "commands",  "tempfile", "urllib",    "http",     "requests",  "pip",          "ensurepip",    "pdb",        "bdb",
    "timeit",    "trace",    "profile",   "cProfile", "doctest",   "distutils",    "setuptools",   "pkgutil",    "imp",
    "zipimport", "signal",   "gc",        "inspect",  "linecache", "ssl",          "smtplib",      "ftplib",     "telnetlib",
    "platform",  "idlelib",  "lib2to3",   "pydoc",    "venv",      "_osx_support", "_aix_support", "popen2",     "popen",
    "joblib",    "shelve",   "site",      "zipapp",   "turtle",    "test",         "tkinter",      "nturl2path", "xmlrpc"};
constexpr std::string_view harmfulBuiltins[] = {"eval",       "exec",   "execfile",  "compile", "__import__", "open",
                                                "file",       "input",  "raw_input", "getattr", "setattr",    "delattr",
                                                "globals",    "locals", "vars",      "apply",   "map",        "filter",
                                                "breakpoint", "help",   "exit",      "quit",    "memoryview"};
/// Modules of other packages that do so.
constexpr std::string_view harmfulModules[] = {"torch.hub",
                                               "torch.package",
                                               "torch.utils.cpp_extension",
                                               "torch.utils.collect_env",
                                               "torch.utils._cpp_extension",
                                               "torch.utils.bottleneck",
                                               "torch.utils.hipify",
                                               "torch.jit.unsupported_tensor_ops",
                                               "torch._inductor",
                                               "torch._dynamo",
                                               "torch._functorch",
                                               "torch._appdirs",
                                               "torch.fx",
                                               "torch.multiprocessing",
                                               "torch.distributed",
                                               "torch.testing",
                                               "numpy.f2py",
                                               "numpy.testing",
                                               "numpy.distutils"};
constexpr std::string_view harmfulFunctions[] = {"torch.load",
                                                 "torch.jit.load",
                                                 "torch.serialization.load",
                                                 "torch.ops.load_library",
                                                 "torch.classes.load_library",
                                                 "numpy.load",
                                                 "numpy.fromfile",
                                                 "numpy.memmap",
                                                 "functools.reduce",
                                                 "functools.partial",
                                                 "uuid._get_command_stdout",
                                                 "uuid._find_mac",
                                                 "uuid._find_mac_near_keyword"};

/// torch._weights_only_unpickler of PyTorch 2.13, without types and storages, which have rules below.
constexpr std::string_view allowed[] = {"collections.OrderedDict",
                                        "collections.Counter",
                                        "torch.nn.parameter.Parameter",
                                        "torch.serialization._get_layout",
                                        "torch.Size",
                                        "torch.Tensor",
                                        "torch.device",
                                        "torch.bool",
                                        "torch.per_tensor_affine",
                                        "torch.per_tensor_symmetric",
                                        "torch.per_channel_affine",
                                        "torch.per_channel_symmetric",
                                        "torch.per_channel_affine_float_qparams",
                                        "_codecs.encode",
                                        "builtins.bytearray",
                                        "builtins.set",
                                        "builtins.complex",
                                        "__builtin__.bytearray",
                                        "__builtin__.set",
                                        "__builtin__.complex",
                                        "torch.storage.TypedStorage",
                                        "torch.storage.UntypedStorage",
                                        "torch._utils._rebuild_sparse_tensor",
                                        "torch._utils._rebuild_tensor",
                                        "torch._utils._rebuild_tensor_v2",
                                        "torch._utils._rebuild_tensor_v3",
                                        "torch._utils._rebuild_parameter",
                                        "torch._utils._rebuild_parameter_with_state",
                                        "torch._utils._rebuild_meta_tensor_no_storage",
                                        "torch._utils._rebuild_nested_tensor",
                                        "torch._utils._rebuild_wrapper_subclass",
                                        "torch._utils._rebuild_device_tensor_from_cpu_tensor",
                                        "torch._utils._rebuild_device_tensor_from_numpy",
                                        "torch._utils._rebuild_qtensor",
                                        "torch._tensor._rebuild_from_type_v2"};
/// What makes plain values, of Python and NumPy; PyTorch's safe reader lacks them.
constexpr std::string_view makers[] = {"builtins.object",
                                       "builtins.list",
                                       "builtins.dict",
                                       "builtins.frozenset",
                                       "builtins.tuple",
                                       "builtins.bytes",
                                       "builtins.int",
                                       "builtins.float",
                                       "builtins.bool",
                                       "builtins.str",
                                       "builtins.slice",
                                       "builtins.range",
                                       "__builtin__.object",
                                       "__builtin__.list",
                                       "__builtin__.dict",
                                       "__builtin__.frozenset",
                                       "__builtin__.long",
                                       "__builtin__.unicode",
                                       "copyreg._reconstructor",
                                       "copy_reg._reconstructor",
                                       "copyreg.__newobj__",
                                       "collections.defaultdict",
                                       "collections.deque",
                                       "datetime.date",
                                       "datetime.datetime",
                                       "datetime.timedelta",
                                       "numpy.dtype",
                                       "numpy.ndarray",
                                       "numpy.core.multiarray._reconstruct",
                                       "numpy.core.multiarray.scalar",
                                       "numpy._core.multiarray._reconstruct",
                                       "numpy._core.multiarray.scalar"};
/// What torch.dtype's names begin with; a number follows.
constexpr std::string_view numberTypes[] = {"float", "int", "uint", "bfloat", "complex", "qint", "quint", "bits"};

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

bool looksLikeFunction(std::string_view name)
{
    return name.empty() || !isCapital(name[0]);
}

bool isWord(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return isLetter(c) || isDigit(c) || c == '_'; });
}

/// torch.float32, torch.uint8, torch.quint4x2, torch.float8_e4m3fn
bool isNumberType(std::string_view name)
{
    return std::any_of(std::begin(numberTypes), std::end(numberTypes), [&](std::string_view type) {
        return name.starts_with(type) && name.size() > type.size() && isDigit(name[type.size()]) && isWord(name);
    });
}

/// torch.FloatStorage, torch.cuda.sparse.HalfTensor: names of types, of which nothing else has the form.
bool isTensorType(std::string_view module, std::string_view name)
{
    const bool isThere = module == "torch" || module == "torch.cuda" || module == "torch.sparse" || module == "torch.cuda.sparse";
    return isThere && !looksLikeFunction(name) && isWord(name) && (name.ends_with("Storage") || name.ends_with("Tensor"));
}

bool isAllowed(std::string_view module, std::string_view name)
{
    constexpr std::string_view layers[] = {"torch.nn.modules"};
    return contains(allowed, fmt::format("{}.{}", module, name)) || isTensorType(module, name) ||
           (module == "torch" && isNumberType(name)) || (isInside(layers, module) && isWord(name) && !looksLikeFunction(name));
}

/// "Outer.Inner" is a class within a class; "serialization.os.system" walks through a module to something else.
bool walksThroughModules(std::string_view name)
{
    return name.find('.') != name.npos && looksLikeFunction(name);
}

}

bool isStrangeFunction(std::string_view module, std::string_view name)
{
    return looksLikeFunction(name) && !contains(makers, fmt::format("{}.{}", module, name));
}

Global::Sort sortOfGlobal(std::string_view module, std::string_view name, bool inScript)
{
    constexpr std::string_view scriptModules[] = {"__torch__", "torch.jit._pickle"};
    if (isAllowed(module, name) || (inScript && isInside(scriptModules, module)))
        return Global::Sort::Usual;
    const std::string_view package = module.substr(0, module.find('.'));
    if (module == "builtins" || module == "__builtin__")
        return contains(harmfulBuiltins, name) || name.find('.') != name.npos ? Global::Sort::Harmful : Global::Sort::Foreign;
    const bool isHarmful = contains(harmfulPackages, package) || isInside(harmfulModules, module) ||
                           contains(harmfulFunctions, fmt::format("{}.{}", module, name)) || walksThroughModules(name);
    return isHarmful ? Global::Sort::Harmful : Global::Sort::Foreign;
}

std::string askedCode(const std::vector<const PickleNode*>& globals, const std::unordered_set<std::string>& called)
{
    std::vector<const PickleNode*> harmful, functions;
    for (const PickleNode* global : globals) {
        const Global::Sort sort = sortOfGlobal(global->module(), global->name());
        if (sort == Global::Sort::Harmful)
            harmful.push_back(global);
        else if (sort == Global::Sort::Foreign && called.contains(global->text) && isStrangeFunction(global->module(), global->name()))
            functions.push_back(global);
    }
    const auto& told = harmful.empty() ? functions : harmful;
    if (told.empty())
        return {};
    const std::string first = printable(told.front()->text, 80);
    return told.size() == 1 ? first : fmt::format("{} and {} more", first, told.size() - 1);
}

}
