// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/format.h"

#include "core/formats/keras/keras.h"
#include "core/formats/plain/plainformats.h"
#include "core/formats/pt2/pt2.h"
#include "core/formats/torch/torchformats.h"
#include "core/formats/torchscript/torchscript.h"
#include "core/formats/zip/zipdirectory.h"

#include <algorithm>
#include <array>

namespace core::formats {

namespace {

/// In the order in which they are asked; the narrower one of a container first.
constexpr std::array table = {&torchScript, &torchZip,    &pt2,         &torchLegacy, &torchTar, &kerasZip,
                              &kerasH5,     &kerasShards, &plainPickle, &safetensors, &npz,      &npy};

}

std::span<const Format* const> formats()
{
    return table;
}

std::string patterns(Framework framework)
{
    std::vector<std::string> words;
    for (const Format* format : formats()) {
        std::string_view rest = format->framework == framework ? format->patterns : std::string_view();
        while (!rest.empty()) {
            const std::size_t end = std::min(rest.find(' '), rest.size());
            const std::string word(rest.substr(0, end));
            if (std::find(words.begin(), words.end(), word) == words.end())
                words.push_back(word);
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
    }
    std::string result;
    for (const std::string& word : words)
        result += (result.empty() ? "" : " ") + word;
    return result;
}

Model openModel(const std::string& path, const Progress& progress)
{
    const auto file = File::open(path);
    const std::vector<std::byte> head = file->read(0, std::min<std::uint64_t>(file->size(), 4096));
    for (const Format* format : formats())
        if (format->matches(head, *file)) {
            Model model = format->read(file, progress);
            model.indexNames();
            return model;
        }
    // A damaged archive says what is wrong with it before it is called a stranger.
    if (ZipDirectory::matches(head))
        ZipDirectory::read(file, progress);
    const std::string what = describeForeign(head);
    throw Error("format-unknown").file(path).expected("a PyTorch or Keras model").found(what.empty() ? "something else" : what);
}

}
