// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/lists/layerpane.h"

#include "widgets/empty/droparea.h"
#include "widgets/empty/emptypage.h"
#include "widgets/file/summary.h"
#include "widgets/lists/layerfilter.h"
#include "widgets/lists/layertree.h"
#include "widgets/lists/panehead.h"
#include "widgets/lists/text.h"
#include "widgets/theme/type.h"
#include "widgets/verdict/banner.h"

#include <QDragEnterEvent>
#include <QFileInfo>
#include <QMimeData>
#include <QStackedLayout>
#include <QVBoxLayout>

namespace widgets {

LayerPane::LayerPane(QWidget* parent)
    : QWidget(parent), m_layers(new LayerModel(this)), m_tree(new LayerTree(m_layers, this)), m_head(new PaneHead(this)),
      m_banner(new Banner(this)), m_drop(new DropArea(this)), m_stack(new QStackedLayout)
{
    auto* place = new QWidget(this);
    auto* margins = new QVBoxLayout(place);
    margins->setContentsMargins(px(12), px(12), px(12), px(12));
    margins->addWidget(m_drop);
    place->setAutoFillBackground(true);
    place->setBackgroundRole(QPalette::Base);
    m_stack->addWidget(place);
    m_stack->addWidget(m_tree);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_head);
    column->addWidget(m_banner);
    column->addLayout(m_stack, 1);
    setAcceptDrops(true);

    connect(m_head, &PaneHead::filterChanged, m_tree->filter(), &LayerFilter::setFilter);
    connect(m_head, &PaneHead::openRequested, this, &LayerPane::openRequested);
    connect(m_head, &PaneHead::detailsRequested, this, &LayerPane::detailsRequested);
    connect(m_head, &PaneHead::reloadRequested, this, &LayerPane::reloadRequested);
    connect(m_drop, &DropArea::openRequested, this, &LayerPane::openRequested);
    connect(m_banner, &Banner::closed, this, &LayerPane::describe);
    connect(m_tree, &LayerTree::chosen, this, [this](const QString& layer, const QString& parameter) {
        Q_EMIT layerSelected(layer);
        Q_EMIT parameterSelected(parameter);
    });
    describe();
}

void LayerPane::setExpected(core::Framework framework, const QStringList& patterns, const QString& shortcut)
{
    m_expected = framework;
    m_patterns = patterns;
    m_shortcut = shortcut;
    describe();
}

void LayerPane::setModel(std::shared_ptr<const core::Model> model, const core::layers::Values& values)
{
    m_failed.clear();
    m_layers->setModel(std::move(model), values);
    describe();
}

void LayerPane::setTitle(const QString& title)
{
    m_title = title;
    describe();
}

void LayerPane::setFailed(const QString& path)
{
    m_layers->setModel(nullptr);
    m_failed = path;
    describe();
}

void LayerPane::showFilter()
{
    if (m_layers->model())
        m_head->showFilter(true);
}

void LayerPane::describe()
{
    const auto& model = m_layers->model();
    const core::Framework framework = model ? model->framework : m_expected;
    const QString name = shown(core::title(framework));
    m_head->setFramework(framework, m_title.isEmpty() ? name : m_title);
    m_head->setButtons(model != nullptr, model || !m_failed.isEmpty());
    m_stack->setCurrentIndex(model ? 1 : 0);
    if (model) {
        std::uint64_t bytes = 0;
        for (const core::Parameter& parameter : model->parameters)
            bytes += core::byteCount(parameter);
        const QString path = QString::fromStdString(model->origin.path);
        const QString details = tr("%1 parameters · %2").arg(countText(core::parametersTotal(*model)), sizeText(bytes));
        const FileSummary summary = summaryOf(*model);
        m_head->setSummary(summary.text, summary.severity, summary.details);
        m_head->setFile(shown(QFileInfo(path).fileName().toStdString()), details, path);
        m_tree->setAccessibleName(tr("Layers of %1").arg(QFileInfo(path).fileName()));
        return;
    }
    m_head->setFile(shown(QFileInfo(m_failed).fileName().toStdString()), {}, m_failed);
    const QString what = name.isEmpty() ? tr("model") : name;
    if (m_failed.isEmpty())
        m_drop->setInvitation(framework, tr("Drop a %1 file here").arg(what), m_patterns.join(QStringLiteral("  ")),
                              tr("Open %1…").arg(what), m_shortcut);
    else
        m_drop->setNote(tr("or drop a %1 file here").arg(what));
}

void LayerPane::dragEnterEvent(QDragEnterEvent* event)
{
    if (localPaths(event->mimeData()).isEmpty())
        return;
    m_drop->setTarget(true);
    event->acceptProposedAction();
}

void LayerPane::dragLeaveEvent(QDragLeaveEvent*)
{
    m_drop->setTarget(false);
}

void LayerPane::dropEvent(QDropEvent* event)
{
    m_drop->setTarget(false);
    event->acceptProposedAction();
    Q_EMIT filesDropped(localPaths(event->mimeData()));
}

}
