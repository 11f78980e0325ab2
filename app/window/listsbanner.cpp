// SPDX-License-Identifier: GPL-3.0-or-later
// What stands above a list: why the file could not be read, or what the person should know of it.
#include "app/window/listspart.h"
#include "widgets/lists/layerpane.h"
#include "widgets/verdict/banner.h"

#include <QAction>
#include <QFileInfo>

namespace app {

namespace {

/// The first notes in full, the others in the file's details: the list below must keep its room.
void presentNotes(widgets::Banner& banner, QList<widgets::Banner::Row> rows, QAction* all)
{
    constexpr qsizetype most = 2;
    const qsizetype more = rows.size() > most ? rows.size() - 1 : 0;
    if (more > 0) {
        rows.resize(1);
        all->setText(ListsPart::tr("%1 more…").arg(more));
    }
    banner.present(widgets::Banner::Kind::Warning, ListsPart::tr("About this file"), rows,
                   more > 0 ? QList<QAction*>{all} : QList<QAction*>());
}

/// What the person should know before trusting this side: notes of the file, and what was assumed where wiring was borrowed.
QList<widgets::Banner::Row> noteRows(const core::Model& model, const core::Model* runs)
{
    QList<widgets::Banner::Row> rows;
    for (const core::Note& note : (runs ? *runs : model).notes)
        if (note.severity != core::Note::Severity::Info || note.message.id.starts_with("borrow"))
            rows.append({QString::fromStdString(note.where), QString::fromStdString(note.message.text)});
    return rows;
}

}

void ListsPart::showBanner(Side side)
{
    widgets::Banner* const banner = pane(side)->banner();
    if (const auto error = m_workspace.error(side)) {
        auto* again = new QAction(tr("Reload"), banner);
        auto* other = new QAction(tr("Open another…"), banner);
        connect(again, &QAction::triggered, this, [this, side] { m_workspace.reload(side); });
        connect(other, &QAction::triggered, this, [this, side] { Q_EMIT openRequested(side); });
        if (!m_workspace.opened(side))
            pane(side)->setFailed(error->source.path);
        banner->present(widgets::Banner::Kind::Error, tr("%1 could not be read").arg(QFileInfo(error->source.path).fileName()),
                        widgets::Banner::rowsOf(error->error), {again, other});
        return;
    }
    const auto model = m_workspace.model(side);
    const auto pair = m_workspace.pair();
    const core::Model* runs = !pair ? nullptr : side == Side::Left ? pair->runLeft.get() : pair->runRight.get();
    QList<widgets::Banner::Row> rows = model ? noteRows(*model, runs) : QList<widgets::Banner::Row>();
    const std::string reason = !pair || !model ? std::string() : side == Side::Left ? pair->cannotRunLeft : pair->cannotRunRight;
    if (!reason.empty())
        rows.prepend({tr("Cannot run"), QString::fromStdString(reason)});
    if (rows.isEmpty() || m_shown[side == Side::Left ? 0 : 1].dismissed) {
        banner->hide();
        return;
    }
    auto* details = new QAction(banner);
    connect(details, &QAction::triggered, this, [this, side] { Q_EMIT detailsRequested(side); });
    presentNotes(*banner, rows, details);
}

}
