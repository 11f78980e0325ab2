// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/comparepage.h"

#include "app/window/causetext.h"
#include "app/window/filepart.h"
#include "app/window/giveninput.h"
#include "app/window/listspart.h"
#include "app/window/shownpair.h"
#include "app/window/tensorpair.h"
#include "widgets/digit/digitpanel.h"
#include "widgets/file/filepanel.h"
#include "widgets/heatmap/heatmappanel.h"
#include "widgets/plots/errorchart.h"
#include "widgets/tensor/tensorpanel.h"
#include "widgets/theme/segmentedswitch.h"

#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace app {

namespace {

QSplitter* splitter(Qt::Orientation orientation, std::initializer_list<QWidget*> widgets, const QList<int>& sizes)
{
    auto* result = new QSplitter(orientation);
    result->setHandleWidth(1);
    for (QWidget* widget : widgets)
        result->addWidget(widget);
    result->setSizes(sizes);
    result->setChildrenCollapsible(false);
    return result;
}

}

ComparePage::ComparePage(Workspace& workspace, QWidget* parent)
    : QWidget(parent), m_workspace(workspace), m_lists(new ListsPart(workspace)), m_chart(new widgets::ErrorChart),
      m_heatmaps(new widgets::HeatmapPanel), m_digits(new widgets::DigitPanel), m_tensor(new widgets::TensorPanel),
      m_parameters(new TensorPair(workspace)), m_filePanel(new widgets::FilePanel), m_filePart(new FilePart(workspace, *m_filePanel, this)),
      m_lower(new QStackedWidget), m_lowerSwitch(new widgets::SegmentedSwitch(true))
{
    m_outputs = splitter(Qt::Vertical, {m_chart, buildLower()}, {120, 234});
    m_outputs->setStretchFactor(0, 0);
    m_outputs->setStretchFactor(1, 1);
    m_rows = splitter(Qt::Vertical, {m_lists, m_outputs}, {354, 354});
    m_right = splitter(Qt::Vertical, {m_digits, m_tensor}, {496, 212});
    m_columns = splitter(Qt::Horizontal, {m_rows, m_right}, {984, 296});
    m_rows->setStretchFactor(0, 3);
    m_rows->setStretchFactor(1, 2);
    m_right->setStretchFactor(0, 1);
    m_right->setStretchFactor(1, 0);
    m_columns->setStretchFactor(0, 1);
    m_columns->setStretchFactor(1, 0);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_columns);

    connect(m_lists, &ListsPart::layerChosen, this, &ComparePage::choose);
    connect(m_lists, &ListsPart::openRequested, this, &ComparePage::openRequested);
    connect(m_chart, &widgets::ErrorChart::selectedByPerson, this, [this](int index) {
        const auto result = m_workspace.result();
        if (result && index >= 0 && static_cast<std::size_t>(index) < result->report.layers.size())
            choose(QString::fromStdString(result->report.layers[static_cast<std::size_t>(index)].rightLayers.back()), false);
    });
    connect(m_heatmaps, &widgets::HeatmapPanel::saveRequested, this, &ComparePage::savePictureRequested);
    connect(&m_workspace, &Workspace::sidesChanged, this, &ComparePage::showSides);
    connect(&m_workspace, &Workspace::pairChanged, this, [this] {
        showDigit();
        showChart();
        m_lists->choose(m_layer, m_onLeft);
    });
    connect(&m_workspace, &Workspace::resultChanged, this, &ComparePage::showResult);
    connect(&m_workspace, &Workspace::samplesRun, this, &ComparePage::showChart);
    connectDigits();
    connectInspector();
    connectMenus();
    connectCauses();
    showSides();
}

void ComparePage::connectDigits()
{
    const auto digitKind = [](bool sample) { return sample ? InputChoice::Kind::Sample : InputChoice::Kind::Digit; };
    connect(m_digits, &widgets::DigitPanel::digitChosen, this, [this, digitKind](int number, bool sample) {
        m_workspace.chooseInput({digitKind(sample), number, {}});
    });
    connect(m_digits, &widgets::DigitPanel::modeChanged, this, [this, digitKind](bool drawing) {
        if (drawing)
            m_workspace.chooseInput({InputChoice::Kind::Drawing, 0, m_workspace.choices().input.strokes});
        else
            m_workspace.chooseInput({digitKind(m_digits->showsSamples()), m_digits->digit(), m_workspace.choices().input.strokes});
    });
    connect(m_digits, &widgets::DigitPanel::drawingChanged, this,
            [this](const widgets::DrawingPad::Strokes& strokes, bool) { m_workspace.setDrawing(strokes); });
    connect(m_digits, &widgets::DigitPanel::preprocessChanged, &m_workspace, &Workspace::setPreprocess);
    connect(m_digits, &widgets::DigitPanel::seedChosen, this, [this](int seed) {
        m_workspace.chooseOther({static_cast<std::uint32_t>(seed), {}});
    });
    connect(m_digits, &widgets::DigitPanel::inputFileWanted, this, &ComparePage::inputFileWanted);
    connect(m_digits, &widgets::DigitPanel::folderWanted, this, &ComparePage::mnistFolderWanted);
    connect(&m_workspace, &Workspace::digitsChanged, this, &ComparePage::showDigit);
    connect(&m_workspace, &Workspace::choicesChanged, this, &ComparePage::showDigit);
}

int ComparePage::chosenResult() const
{
    const auto result = m_workspace.result();
    return result ? resultOf(result->report, m_layer.toStdString(), m_onLeft) : -1;
}

void ComparePage::choose(const QString& layer, bool onLeft)
{
    m_layer = layer;
    m_onLeft = onLeft;
    m_lists->choose(layer, onLeft);
    m_chart->setSelected(chosenResult());
    if (const int cause = causeOfLayer(m_workspace, layer, onLeft); cause >= 0)
        showCause(cause);
    wantAlone();
    showValues();
    showTensor();
}

void ComparePage::chooseDifference(int direction)
{
    const auto result = m_workspace.result();
    if (!result || result->report.layers.empty())
        return;
    const auto& layers = result->report.layers;
    const int count = static_cast<int>(layers.size());
    int at = direction == 0 ? -1 : chosenResult();
    for (int step = 0; step < count; ++step) {
        at += direction < 0 ? -1 : 1;
        at = (at + count) % count;
        const auto& layer = layers[static_cast<std::size_t>(at)];
        if (layer.differs) {
            choose(QString::fromStdString(layer.rightLayers.back()), false);
            return;
        }
    }
}

void ComparePage::showSides()
{
    showFiles();
    const auto left = m_workspace.model(Side::Left), right = m_workspace.model(Side::Right);
    m_digits->setSides(left ? left->framework : core::Framework::None, right ? right->framework : core::Framework::None);
    m_digits->setGuesses(m_workspace.choices().left.scale, m_workspace.choices().right.scale);
    if (!m_workspace.result()) // other models, not only another error
        m_layer.clear();
    m_lists->setFirstDivergence({}, {});
    showDigit();
    showResult();
}

void ComparePage::showResult()
{
    const auto result = m_workspace.result();
    if (result && m_layer.isEmpty()) { // the first pair, or the first one that differs, is what the person wants to see
        const auto& report = result->report;
        if (!report.layers.empty()) {
            const auto& first = report.layers[static_cast<std::size_t>(std::max(report.firstDivergence, 0))];
            m_layer = QString::fromStdString(first.rightLayers.back());
            m_onLeft = false;
        } else if (const auto model = m_workspace.model(Side::Left); model && !model->layers.empty()) {
            m_layer = QString::fromStdString(model->layers.front().name);
            m_onLeft = true;
        } else if (const auto other = m_workspace.model(Side::Right); other && !other->layers.empty()) {
            m_layer = QString::fromStdString(other->layers.front().name);
            m_onLeft = false;
        }
        m_lists->choose(m_layer, m_onLeft);
        m_lists->expandChosen();
    }
    showChart();
    wantAlone();
    showValues();
    showOutputs();
    showTensor();
}

void ComparePage::showValues()
{
    m_heatmaps->setValues(m_alone ? aloneValues(m_workspace, m_layer, m_onLeft) : heatmapValues(m_workspace, m_layer, m_onLeft));
    tellAlone();
}

void ComparePage::showDigit()
{
    const Choices& choices = m_workspace.choices();
    m_digits->setDigits(m_workspace.testSet(), m_workspace.samples());
    m_digits->setPreprocess(choices.left, choices.right);
    const bool drawing = choices.input.kind == InputChoice::Kind::Drawing;
    m_digits->setDrawing(drawing);
    m_tensor->setVisible(!drawing); // the pad takes the whole column: ten pixels of screen for one of the picture
    if (drawing)
        m_digits->setStrokes(choices.input.strokes);
    else
        m_digits->setDigit(choices.input.index, choices.input.kind == InputChoice::Kind::Sample);
    showGiven();
}

/// Noise or a file's values never stand under the picture of a digit.
void ComparePage::showGiven()
{
    if (!m_workspace.takesDigit()) {
        m_digits->setGiven(givenInput(m_workspace));
        m_tensor->setVisible(true);
        return;
    }
    m_digits->setTakesDigit();
}

void ComparePage::showOutputs()
{
    const auto result = m_workspace.result();
    m_digits->setOutputs(digitOutputs(m_workspace));
    m_digits->setRuns(!result || !result->inputLeft.isNull(), !result || !result->inputRight.isNull());
    if (result)
        m_digits->setReceived(result->inputLeft, result->inputRight);
    showGiven();
}

QByteArray ComparePage::saveState() const
{
    QByteArrayList parts;
    for (const QSplitter* part : {m_columns, m_rows, m_outputs, static_cast<QSplitter*>(m_lists)})
        parts << part->saveState().toBase64();
    return parts.join('|');
}

void ComparePage::restoreState(const QByteArray& state)
{
    const QByteArrayList parts = state.split('|');
    QSplitter* const splitters[] = {m_columns, m_rows, m_outputs, m_lists};
    if (parts.size() != 4)
        return;
    for (qsizetype i = 0; i < 4; ++i)
        splitters[i]->restoreState(QByteArray::fromBase64(parts[i]));
}

}
