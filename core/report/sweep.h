// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json/json.h"
#include "core/report/summary.h"
#include "core/sweep/dataset.h"
#include "core/sweep/verdict.h"

#include <functional>

namespace core::report {

/// What a sweep was made of: the same for each of its parts.
struct SweepHead
{
    const Model& left;
    const Model& right;
    const mapping::Mapping& mapping;
    const sweep::DataSet& set;
    std::string preprocessLeft, preprocessRight; ///< empty where nothing was scaled
    double tolerance = 1e-5;
    sweep::Weights weights;
};

/// sweep/1 of cli.md. Of a shard it tells which samples it has; without one it is of the whole set. `rate`: images per second, where it was
/// asked for: a figure of the clock is no part of the result.
Json sweepDocument(const SweepHead& head, const sweep::Sweep& sweep, const std::optional<sweep::Shard>& shard = {},
                   const std::optional<double>& rate = {});
/// The whole out of the documents of all its shards, each with the name of its file, in any order: byte for byte what the undivided sweep
/// gives. Throws Error("merge-...") where one is no shard, is of other files, tolerance or input, is there twice, or is missing.
Json mergedSweeps(const std::vector<std::pair<std::string, Json>>& shards);

/// A value of a document, or of a list in it. Throws Error("sweep-key") where there is none.
const Json& keyOf(const Json& document, std::string_view key);
const Json& keyOf(const Json& list, std::size_t place);

/// What the document says, for a person at a terminal.
std::string sweepText(const Json& document, bool colour);
Summary summaryOfSweep(const Json& document);

/// The 28 x 28 picture of a sample; none where there is none.
using PictureOf = std::function<std::optional<digits::Picture>(std::int64_t index)>;
/// What the document says as one self-contained HTML page, with the pictures of the samples that differ where `pictureOf` has them.
std::string sweepPage(const Json& document, const PictureOf& pictureOf = {});

/// A side's framework ("PyTorch"), or "left" and "right" where both are of one.
std::string sideOfSweep(const Json& document, bool isLeft);

}
