// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json/json.h"
#include "core/worker/h5/handle.h"

#include <functional>

namespace core::worker::h5 {

/// The longest attribute that is read.
constexpr std::uint64_t attributeLimit = std::uint64_t{64} << 20;
/// The most numbers of one attribute that are read.
constexpr std::size_t numberLimit = 1000;

/// All attributes of an object by name: a string, a number, or a list of them (several dimensions in one list; an empty or null dataspace
/// is []; more than `numberLimit` numbers are "8388608 numbers"). What cannot be read is left out and told in `problems` as
/// {"where","text"}. `goOn` is asked now and then; false ends the list early.
Json attributesOf(hid_t object, const std::string& path, Json& problems, const std::function<bool()>& goOn);

/// One text attribute, empty when there is none.
std::string textAttribute(hid_t object, const char* name);

/// Writes {"name","value","encoding"}: value a string or a list of strings, stored with variable length as "ascii" or "utf-8";
/// an empty list is stored as a float64 attribute of no elements, as h5py does.
void writeAttribute(hid_t object, const Json& attribute);

}
