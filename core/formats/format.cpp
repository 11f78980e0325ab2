// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/format.h"

#include "core/base/fault.h"
#include "core/formats/foreigncontent.h"
#include "core/formats/keras/keras.h"
#include "core/formats/notes.h"
#include "core/formats/plain/plainformats.h"
#include "core/formats/pt2/pt2.h"
#include "core/formats/torch/torchformats.h"
#include "core/formats/torchscript/torchscript.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fmt/format.h>

namespace core::formats {

namespace {

/// In the order in which they are asked: the narrower one of a container first, and safetensors, whose length and brace no other file
/// has, before the pickles, of which any two bytes 80 01 to 80 05 could be the beginning.
constexpr std::array table = {&safetensors, &torchScript, &torchZip,    &pt2,         &torchLegacy, &torchTar,
                              &kerasZip,    &kerasH5,     &kerasShards, &plainPickle, &npz,         &npy};

}

std::span<const Format* const> formats()
{
    return table;
}

namespace {

/// The words of all patterns that `isWanted`, each once.
template <typename Predicate>
std::vector<std::string> patternWords(Predicate isWanted)
{
    std::vector<std::string> words;
    for (const Format* format : formats()) {
        std::string_view rest = isWanted(*format) ? format->patterns : std::string_view();
        while (!rest.empty()) {
            const std::size_t end = std::min(rest.find(' '), rest.size());
            const std::string word(rest.substr(0, end));
            if (std::find(words.begin(), words.end(), word) == words.end())
                words.push_back(word);
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
    }
    return words;
}

}

std::string patterns(Framework framework)
{
    std::string result;
    for (const std::string& word : patternWords([framework](const Format& format) { return format.framework == framework; }))
        result += (result.empty() ? "" : " ") + word;
    return result;
}

namespace {

Model readWith(const Format& format, const std::shared_ptr<const File>& file, const std::string& architecture, const Progress& progress)
{
    if (architecture.empty())
        return format.read(file, progress);
    Model model = format.readWith ? format.readWith(file, architecture, progress) : format.read(file, progress);
    if (model.origin.architecture.empty())
        throw Error("architecture-given")
            .file(file->path())
            .expected(fmt::format("Keras weights without an architecture, for that of {}", printable(architecture)))
            .found(format.framework == Framework::Keras ? fmt::format("{} ({})", model.origin.content, format.id)
                                                        : fmt::format("a file of the format {}", format.id));
    return model;
}

Model readModel(const Format& format, const std::shared_ptr<const File>& file, const std::string& architecture, const Progress& progress)
{
    try {
        Model model = readWith(format, file, architecture, progress);
        finishNotes(model);
        model.indexNames();
        return model;
    } catch (const Cancelled&) {
        throw;
    } catch (const std::exception&) {
        throw asError(std::current_exception(), file->path());
    }
}

}

Model openModel(const std::string& path, const Progress& progress, const std::string& architecture)
{
    std::error_code unknown;
    if (std::filesystem::is_directory(path, unknown)) {
        std::vector<std::string> endings = patternWords([](const Format&) { return true; });
        for (std::string& word : endings)
            word.erase(0, word.find('.'));
        throw folderError(path, endings);
    }
    return openModel(File::open(path), progress, architecture);
}

Model openModel(std::shared_ptr<const File> file, const Progress& progress, const std::string& architecture)
{
    const std::vector<std::byte> head = file->read(0, std::min<std::uint64_t>(file->size(), 4096));
    for (const Format* format : formats())
        if (format->matches(head, *file)) {
            return readModel(*format, file, architecture, progress);
        }
    throw foreignError(file, head, progress);
}

}
