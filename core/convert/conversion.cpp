// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/convert/dump.h"
#include "core/convert/proofsteps.h"
#include "core/files/sha256.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace core::convert {

namespace {

struct Ending
{
    std::string_view ending, kind;
};

/// The longer ones first.
constexpr std::array endings{Ending{".weights.h5", "weights-h5"},
                             Ending{".h5", "h5"},
                             Ending{".hdf5", "h5"},
                             Ending{".keras", "keras"},
                             Ending{".pt", "state-dict"},
                             Ending{".pth", "state-dict"},
                             Ending{".pt2", "exported program"},
                             Ending{".npz", "npz"},
                             Ending{".npy", "npy"},
                             Ending{".safetensors", "safetensors"},
                             Ending{".onnx", "onnx"}};

bool endsIn(std::string_view path, std::string_view ending)
{
    const auto lower = [](char letter) { return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter; };
    return path.size() >= ending.size() && std::equal(ending.begin(), ending.end(), path.end() - static_cast<std::ptrdiff_t>(ending.size()),
                                                      [&](char wanted, char letter) { return wanted == lower(letter); });
}

void writeTensors(const Plan& plan, AtomicFile& file, const formats::NamedTensors& tensors)
{
    if (plan.kind == OutputKind::StateDict)
        formats::writeTorchStateDict(file, tensors);
    else
        formats::writeKerasH5(file, *plan.twin, tensors);
}

}

std::string_view promisedKind(std::string_view path)
{
    for (const auto& [ending, kind] : endings)
        if (endsIn(path, ending))
            return kind;
    return {};
}

void checkEnding(const std::string& path, std::string_view kind)
{
    const std::string_view promised = promisedKind(path);
    if (!promised.empty() && promised != kind)
        throw Error("convert-ending")
            .file(path)
            .expected(fmt::format("a name for what is written, {}", kind))
            .found(fmt::format("the ending of another kind, {}", promised))
            .advice("Nothing was written.");
}

Conversion convert(const Plan& plan, const std::string& path, const std::optional<ProofWish>& wish, const Progress& progress)
{
    refuseSource(path, *plan.source);
    refuseSource(path, *plan.twin);
    checkEnding(path, name(plan.kind));
    constexpr double reading = 0.1, writing = 0.3, proving = 0.95; // where these end
    AtomicFile file(path);
    const formats::NamedTensors tensors = convertedTensors(plan, progress.part(0, reading));
    withSecondTry([&] { writeTensors(plan, file, tensors); });
    progress.report(writing);
    Conversion done;
    done.path = path;
    if (wish) {
        done.proof = prove(plan, file, tensors, *wish, progress.part(writing, proving));
        done.result = done.proof->result();
        done.tolerance = wish->tolerance;
    }
    const auto written = file.written();
    done.fileSize = written->size();
    if (done.result == Result::Failed)
        return done;
    done.sha256 = sha256(*written, progress.part(proving, 1));
    file.flush();
    progress.report(1); // the last moment for Cancelled
    file.commit();
    return done;
}

}
