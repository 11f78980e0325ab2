// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/convert/dump.h"
#include "core/report/documents.h"

namespace core::report {

/// convert/1 of a dump, and the same as text: every parameter keeps its name and layout.
Json dumpDocument(const Model& model, const convert::Dump& dump, const Written& written);
std::string dumpText(const Model& model, const convert::Dump& dump, const Written& written);

}
