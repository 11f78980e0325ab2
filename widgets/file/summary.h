// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/model.h"

#include <QString>

namespace widgets {

/// What of a file must not be overlooked, in a few words for its pane's head.
struct FileSummary
{
    QString text;                                               ///< "asks for os.system", "3 notes"; empty when there is nothing to say
    core::Note::Severity severity = core::Note::Severity::Info; ///< Error: dangerous
    QString details;                                            ///< one line each, for a tooltip
};
FileSummary summaryOf(const core::Model& model);

/// Path, format, content, producer, size and, once computed, SHA-256.
std::vector<core::Entry> originOf(const core::Model& model, const QString& sha256);

}
