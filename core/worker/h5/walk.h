// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json/json.h"
#include "core/worker/h5/handle.h"

#include <functional>

namespace core::worker::h5 {

/// Everything in the file, parents before children, links in the order of their names:
/// {"groups":[{"path","attributes"}], "datasets":[see describeDataset], "links":[{"path","sort":"soft"|"external"|"again"}],
/// "problems":[{"where","text"}]}. Only hard links are followed, each group once ("again": seen before, which also ends cycles), at most
/// `links` of them. `goOn` is asked now and then.
Json listed(hid_t file, std::size_t links, const std::function<bool()>& goOn);

constexpr std::size_t linkLimit = 1'000'000;

}
