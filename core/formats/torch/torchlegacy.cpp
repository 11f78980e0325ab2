// SPDX-License-Identifier: GPL-3.0-or-later
// PyTorch's containers before 1.6: recognised by their first bytes and named (formats.md A0, A2, A3).
#include "core/formats/foreign.h"
#include "core/formats/torch/torchformats.h"

#include "core/base/error.h"

namespace core::formats {

namespace {

[[noreturn]] void refuse(const File& file, std::string_view what)
{
    throw Error("torch-old")
        .file(file.path())
        .expected("the zip container of torch.save since 1.6")
        .found(what)
        .advice("Load it in PyTorch and save it again.");
}

}

const Format torchLegacy{
    "torch-legacy", Framework::Torch, "",
    [](std::span<const std::byte> head, const File&) {
        return startsWith(head, "\x80\x02\x8A\x0A\x6C\xFC\x9C\x46\xF9\x20\x6A\xA8\x50\x19\x2E");
    },
    [](std::shared_ptr<const File> file, const Progress&) -> Model { refuse(*file, "a legacy stream of torch.save before 1.6"); }};

const Format torchTar{"torch-tar", Framework::Torch, "",
                      [](std::span<const std::byte> head, const File&) {
                          const bool isTar = hasAt(head, 257, "ustar");
                          return isTar && (startsWith(head, "sys_info") || startsWith(head, "pickle") || startsWith(head, "storages") ||
                                           startsWith(head, "tensors"));
                      },
                      [](std::shared_ptr<const File> file, const Progress&) -> Model { refuse(*file, "a tar archive of PyTorch 0.1"); }};

}
