// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace core {

/// A name out of a file as everything here bears it: whole, with what is not safe to show (printable()) as \xNN. Two names never become
/// one: a \xNN that stands in the name itself has its backslash escaped.
std::string safeName(std::string_view raw);
/// The name that safeName() was made of, to be written into a file.
std::string rawName(std::string_view safe);

/// "A", "A or B", "A, B or C": one of them, and nobody says which.
std::string either(const std::vector<std::string>& names);
/// What `either` was made of; one name alone for any other text.
std::vector<std::string> choices(std::string_view either);

/// A name as an entry of an archive that leads nowhere when it is unpacked: ".." and absolute paths, backslashes and control characters as
/// %NN.
std::string entryName(std::string_view raw);
/// The name that entryName() was made of; a name that it would not have made stays as it is.
std::string nameOfEntry(std::string_view entry);

}
