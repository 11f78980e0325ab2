// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

namespace core {

/// What a person is told of anything thrown: our own Error as it is; too little memory; and of every other exception that the fault is
/// Tieout's, with the `files` that were open, never the words of a library.
Error asError(const std::exception_ptr& thrown, std::string_view files = {});

}
