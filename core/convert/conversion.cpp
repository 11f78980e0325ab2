// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/convert/dump.h"
#include "core/convert/proofsteps.h"
#include "core/files/sha256.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fmt/format.h>

namespace core::convert {

namespace {

struct Ending
{
    std::string_view ending, kind;
};

/// Of what no row of the writers' table writes.
constexpr std::array others{Ending{".pt2", "exported program"}, Ending{".npz", "npz"}, Ending{".npy", "npy"},
                            Ending{".safetensors", "safetensors"}, Ending{".onnx", "onnx"}};

/// The text that goes beside a file of weights: told of a twin that was made from the source; of one that a file has, people have it.
struct Program
{
    std::string path, text;
};

/// A file that is only written anew needs no text of its network; where there can be one it is a gift.
Program programOf(const Plan& plan, const std::string& path)
{
    if (!plan.isTranslated || !plan.writer->program)
        return {};
    const std::filesystem::path file(path), source(plan.source->origin.path);
    std::filesystem::path beside = file;
    const std::string place = beside.replace_extension(".py").string();
    try {
        return {place, plan.writer->program(*plan.twin, source.filename().string(), file.filename().string())};
    } catch (const Error&) {
        if (plan.source->framework != plan.twin->framework)
            throw;
        return {};
    }
}

/// What is there stays: people go on writing in it.
void writeProgram(const Program& program, Conversion& done)
{
    if (program.path.empty())
        return;
    std::error_code ignored;
    if (std::filesystem::exists(std::filesystem::symlink_status(program.path, ignored))) {
        done.remarks.push_back(
            {"program-kept", {program.path}, fmt::format("{} is there already and was left as it is", printable(program.path, 400))});
        return;
    }
    AtomicFile file(program.path);
    file.write(program.text);
    file.commit();
    done.program = program.path;
}

}

std::string_view promisedKind(std::string_view path)
{
    if (const auto rows = formats::writersPromisedBy(path); !rows.empty())
        return rows.front()->id;
    for (const auto& [ending, kind] : others)
        if (formats::endsIn(path, ending))
            return kind;
    return {};
}

bool mayBe(std::string_view path, std::string_view kind)
{
    const auto rows = formats::writersPromisedBy(path);
    const std::string_view promised = promisedKind(path);
    return promised.empty() || promised == kind ||
           std::any_of(rows.begin(), rows.end(), [&](const formats::Writer* row) { return row->id == kind; });
}

void checkEnding(const std::string& path, std::string_view kind)
{
    if (!mayBe(path, kind))
        throw Error("convert-ending")
            .file(path)
            .expected(fmt::format("a name for what is written, {}", kind))
            .found(fmt::format("the ending of another kind, {}", promisedKind(path)))
            .advice("Nothing was written.");
}

Conversion convert(const Plan& plan, const std::string& path, const std::optional<ProofWish>& wish, const Progress& progress)
{
    refuseSource(path, *plan.source);
    refuseSource(path, *plan.twin);
    checkEnding(path, plan.writer->id);
    constexpr double reading = 0.1, writing = 0.3, proving = 0.95; // where these end
    const Program program = programOf(plan, path);
    AtomicFile file(path);
    const formats::NamedTensors tensors = convertedTensors(plan, progress.part(0, reading));
    withSecondTry([&] { plan.writer->write(file, *plan.twin, tensors); });
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
    writeProgram(program, done);
    return done;
}

}
