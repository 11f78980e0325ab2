// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/report/documents.h"

namespace core::report {

/// A comparison as one self-contained HTML page: verdict, files, layer by layer with bars, outputs; light and dark as the reader's system
/// is.
std::string comparePage(const Model& left, const Model& right, const InputInfo& input, const compare::Report& report);
/// A conversion with what was written and its proof.
std::string convertPage(const convert::Plan& plan, const convert::Conversion& conversion);
/// JUnit's XML: one case a layer pair and one for the verdict, so that a build server shows what differs.
std::string junitDocument(const Model& left, const Model& right, const compare::Report& report);

}
