// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/file/summary.h"

#include "widgets/file/tabletext.h"
#include "widgets/sides/text.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>

namespace widgets {

namespace {

using Severity = core::Note::Severity;
using Sort = core::Global::Sort;

QString tr(const char* text, int count = -1)
{
    return QCoreApplication::translate("widgets::FileSummary", text, nullptr, count);
}

}

FileSummary summaryOf(const core::Model& model)
{
    FileSummary summary;
    QStringList lines;
    int notes = 0, harmful = 0;
    for (const core::Global& global : model.globals)
        if (global.sort == Sort::Harmful && harmful++ == 0)
            summary.text = tr("asks for %1").arg(safeText(core::printable(global.name, 40)));
    if (harmful > 0) {
        summary.severity = Severity::Error;
        lines << tr("A pickle in this file asks for code that could do harm. Nothing of it was run.");
    }
    for (const core::Note& note : model.notes) {
        if (note.severity != Severity::Info)
            ++notes;
        summary.severity = std::max(summary.severity, note.severity);
    }
    if (summary.text.isEmpty() && notes > 0)
        summary.text = notes == 1 ? tr("1 note") : tr("%1 notes").arg(notes);
    constexpr std::size_t most = 6;
    for (std::size_t i = 0; i < std::min(most, model.notes.size()); ++i)
        lines << safeText(model.notes[i].message.text);
    if (model.notes.size() > most)
        lines << tr("and %1 more").arg(model.notes.size() - most);
    summary.details = lines.join(u'\n');
    return summary;
}

std::vector<core::Entry> originOf(const core::Model& model, const QString& sha256)
{
    const core::Origin& origin = model.origin;
    const std::string digest = origin.sha256.empty() ? sha256.toStdString() : origin.sha256;
    std::vector<core::Entry> all;
    const auto add = [&](const char* name, const std::string& value) {
        if (!value.empty())
            all.push_back({tr(name).toStdString(), value});
    };
    add("Path", origin.path);
    add("Format", origin.format);
    add("Content", origin.content);
    add("Written by", origin.producer);
    add("Size", thousands(static_cast<std::int64_t>(origin.fileSize)).toStdString() + " " + tr("bytes").toStdString());
    add("Layers", thousands(static_cast<std::int64_t>(model.layers.size())).toStdString());
    add("Tensors", thousands(static_cast<std::int64_t>(model.parameters.size())).toStdString());
    add("Parameters", thousands(core::parametersTotal(model)).toStdString());
    add("SHA-256", digest);
    return all;
}

}
