// SPDX-License-Identifier: GPL-3.0-or-later
// A layer's menu on the compare page, and the layer that is looked at by itself.
#include "app/window/comparepage.h"
#include "app/window/listspart.h"
#include "app/window/shownpair.h"
#include "widgets/lists/layerpane.h"
#include "widgets/lists/layertree.h"
#include "widgets/lists/text.h"
#include "widgets/plots/errorchart.h"
#include "widgets/sides/headerbar.h"
#include "widgets/sides/sidelabel.h"
#include "widgets/sides/text.h"
#include "widgets/theme/colours.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/type.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>

namespace app {

void ComparePage::connectMenus()
{
    for (const Side side : {Side::Left, Side::Right}) {
        widgets::LayerTree* const tree = m_lists->pane(side)->tree();
        tree->setContextMenuPolicy(Qt::CustomContextMenu);
        connect(tree, &QWidget::customContextMenuRequested, this, [this, tree, side](const QPoint& at) {
            const QString layer = tree->layerAt(at.y());
            if (layer.isEmpty())
                return;
            choose(layer, side == Side::Left);
            showMenu(tree->viewport()->mapToGlobal(at));
        });
    }
    connect(m_chart, &widgets::ErrorChart::menuRequested, this, &ComparePage::showMenu);
    connect(&m_workspace, &Workspace::aloneRun, this, [this] {
        showValues();
        showTensor();
    });
}

void ComparePage::showMenu(const QPoint& globalPosition)
{
    QMenu menu;
    menu.addActions(m_layerActions);
    menu.addSeparator();
    menu.addAction(widgets::icon(QStringLiteral("copy")), tr("Copy the errors by layer as CSV"), this,
                   [this] { QApplication::clipboard()->setText(m_chart->asCsv()); });
    menu.exec(globalPosition);
}

QWidget* ComparePage::buildAloneLine()
{
    m_aloneLine = new QWidget;
    m_aloneLine->setAutoFillBackground(true);
    m_aloneLine->setBackgroundRole(QPalette::Highlight);
    auto* row = new QHBoxLayout(m_aloneLine);
    row->setContentsMargins(widgets::px(12), widgets::px(3), widgets::px(8), widgets::px(3));
    row->setSpacing(widgets::px(8));
    m_aloneText = widgets::textLabel({}, m_aloneLine);
    m_aloneText->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    row->addWidget(m_aloneText, 1);
    auto* back = new QPushButton(tr("Back to the whole run"), m_aloneLine);
    back->setProperty("small", true);
    back->setToolTip(tr("Esc"));
    connect(back, &QPushButton::clicked, this, [this] { setAlone(false); });
    row->addWidget(back);
    m_aloneLine->hide();
    return m_aloneLine;
}

void ComparePage::setAlone(bool on)
{
    const bool possible = chosenResult() >= 0 && m_workspace.result()->compared;
    if (on && !possible)
        Q_EMIT told(tr("Choose a layer that has a mate and ran on both sides."));
    m_alone = on && possible;
    if (m_alone)
        showLower(Lower::Outputs);
    wantAlone();
    showValues();
    showTensor();
    Q_EMIT aloneChanged(m_alone);
}

/// The pair that is looked at is run again for every new result; without one there is nothing to look at.
void ComparePage::wantAlone()
{
    if (!m_alone)
        return;
    const int row = chosenResult();
    if (row < 0 || !m_workspace.result()->compared) {
        m_alone = false;
        Q_EMIT aloneChanged(false);
        return;
    }
    const auto run = m_workspace.alone();
    if (!run || run->row != row)
        m_workspace.runAlone(row);
}

void ComparePage::tellAlone()
{
    m_aloneLine->setVisible(m_alone);
    const int row = chosenResult();
    if (!m_alone || row < 0)
        return;
    const auto& layer = m_workspace.result()->report.layers[static_cast<std::size_t>(row)];
    const auto left = m_workspace.model(Side::Left), right = m_workspace.model(Side::Right);
    const auto names = widgets::sideNames(left ? left->framework : core::Framework::None, right ? right->framework : core::Framework::None);
    const auto run = m_workspace.alone();
    QString text = tr("This layer alone: %1 and %2, both on the input that the %3 one had")
                       .arg(widgets::shown(layer.left), widgets::shown(layer.right), names[0].title);
    if (run && run->row == row && run->values.metrics)
        text += tr(". max |d| %1").arg(widgets::twoDigits(run->values.metrics->scaledMax));
    m_aloneText->setText(text);
    m_aloneText->setToolTip(text.toHtmlEscaped());
}

}
