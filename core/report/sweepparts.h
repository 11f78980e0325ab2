// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/report/sweep.h"

namespace core::report {

/// The file of a sample, empty where it is none.
using NamesOf = std::function<std::string(std::int64_t index)>;

/// The keys that all parts of a sweep have alike.
Json headOfSweep(const SweepHead& head);
/// A head with the figures of a sweep, of a shard or of all.
Json withSweep(Json head, const sweep::Sweep& sweep, const std::optional<sweep::Shard>& shard, const std::optional<double>& rate,
               const NamesOf& names);

/// Values of a document: null counts as 0, as "-" and as an empty text.
std::int64_t integerOf(const Json& json);
std::string figureText(const Json& json); ///< what is not finite is text there
std::string wordOf(const Json& json);
/// A file's name without its folders.
std::string shortName(const Json& file);

}
