// SPDX-License-Identifier: GPL-3.0-or-later
// What stands below the lists of the compare page: outputs, a tensor of a file, or what else a file tells.
#include "app/window/comparepage.h"
#include "app/window/filepart.h"
#include "app/window/listspart.h"
#include "app/window/tensorpair.h"
#include "widgets/file/filepanel.h"
#include "widgets/heatmap/heatmappanel.h"
#include "widgets/plots/errorchart.h"
#include "widgets/sides/headerbar.h"
#include "widgets/tensor/tensorinspector.h"
#include "widgets/theme/segmentedswitch.h"
#include "widgets/theme/type.h"

#include <QActionGroup>
#include <QKeyEvent>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace app {

void ComparePage::connectInspector()
{
    connect(m_lists, &ListsPart::parameterChosen, this,
            [this](const QString& parameter, bool onLeft) { rowChosen(onLeft ? Side::Left : Side::Right, parameter); });
    connect(m_lists, &ListsPart::detailsRequested, this, &ComparePage::showFile);
    connect(m_parameters, &TensorPair::closeRequested, this, [this] { showLower(Lower::Outputs); });
    connect(m_filePanel, &widgets::FilePanel::closeRequested, this, [this] { showLower(Lower::Outputs); });
    connect(m_filePanel, &widgets::FilePanel::placeChosen, this,
            [this](const QString& name) { m_lists->chooseRow(name, m_filePart->side()); });
    connect(m_parameters, &TensorPair::failed, this, &ComparePage::failed);
    connect(m_parameters, &TensorPair::told, this, &ComparePage::told);
    connect(m_parameters, &TensorPair::statisticsRead, this,
            [this](Side side, const ParameterStatistics& statistics) { m_lists->showStatistics(side, {statistics}); });
}

/// Feature maps, values and file one behind the other; what was looked at stays one click away.
QWidget* ComparePage::buildLower()
{
    m_lower->addWidget(m_heatmaps);
    m_lower->addWidget(m_parameters);
    m_lower->addWidget(m_filePanel);
    for (const QString& name : {tr("Feature maps"), tr("Values"), tr("File")})
        m_lowerSwitch->add(name);
    connect(m_lowerSwitch->group(), &QActionGroup::triggered, this, [this] {
        const auto wanted = static_cast<Lower>(m_lowerSwitch->current());
        if (wanted == Lower::File)
            showFile(m_filePart->side());
        else if (wanted == Lower::Outputs || !m_parameters->isEmpty())
            showLower(wanted);
        else if (!showChosenParameter())
            tellLower(); // a layer without weights: nothing to go to
    });
    auto* whole = new QWidget;
    widgets::groundAsPanel(whole);
    auto* column = new QVBoxLayout(whole);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto* row = new QHBoxLayout;
    row->setContentsMargins(widgets::px(12), widgets::px(3), widgets::px(12), 0);
    row->addWidget(m_lowerSwitch);
    row->addStretch();
    column->addLayout(row);
    column->addWidget(buildAloneLine());
    column->addWidget(m_lower, 1);
    tellLower();
    return whole;
}

void ComparePage::tellLower()
{
    m_lowerSwitch->setCurrent(m_lower->currentIndex());
    m_lowerSwitch->setVisible(lower() != Lower::Outputs || !m_parameters->isEmpty());
}

ComparePage::Lower ComparePage::lower() const
{
    return static_cast<Lower>(m_lower->currentIndex());
}

void ComparePage::showLower(Lower lower)
{
    m_lower->setCurrentIndex(static_cast<int>(lower));
    tellLower();
}

void ComparePage::showFile(Side side)
{
    m_filePart->show(side);
    showLower(Lower::File);
}

bool ComparePage::showParameter(Side side, const QString& parameter)
{
    if (!m_parameters->show(side, parameter))
        return false;
    showLower(Lower::Tensor);
    return true;
}

bool ComparePage::showChosenParameter()
{
    const Side side = m_onLeft ? Side::Left : Side::Right;
    const auto model = m_workspace.model(side);
    const core::Layer* layer = model ? model->layer(m_layer.toStdString()) : nullptr;
    return layer && !layer->parameters.empty() && showParameter(side, QString::fromStdString(layer->parameters.front()));
}

/// A parameter's row shows its values, a layer's row its outputs, or its first parameter's values where the network cannot run.
void ComparePage::rowChosen(Side side, const QString& parameter)
{
    const auto model = m_workspace.model(side);
    if (!parameter.isEmpty())
        showParameter(side, parameter);
    else if (!model || model->wired)
        showLower(Lower::Outputs);
    else
        showChosenParameter();
}

void ComparePage::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape && m_alone)
        setAlone(false);
    else if (event->key() == Qt::Key_Escape && lower() != Lower::Outputs)
        showLower(Lower::Outputs);
    else
        QWidget::keyPressEvent(event);
}

/// Other files: what is shown of one that has gone goes too. A file that is alone and cannot run has no outputs to show.
void ComparePage::showFiles()
{
    const std::array files = {m_workspace.opened(Side::Left), m_workspace.opened(Side::Right)};
    if (files == m_files)
        return;
    m_files = files;
    const Side side = m_parameters->side();
    const QString parameter = QString::fromStdString(m_parameters->inspector(side)->parameter().name);
    m_parameters->release();
    tellLower();
    const bool alone = (files[0] == nullptr) != (files[1] == nullptr);
    const auto& file = files[0] ? files[0] : files[1];
    m_right->setVisible(!alone || file->wired);
    m_chart->setVisible(!alone || file->wired);
    if (lower() == Lower::Tensor && !parameter.isEmpty() && showParameter(side, parameter))
        return; // read again
    if (!alone || file->wired) {
        showLower(Lower::Outputs);
        return;
    }
    showFile(files[0] ? Side::Left : Side::Right);
}

}
