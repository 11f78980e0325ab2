// SPDX-License-Identifier: GPL-3.0-or-later
// What the compare page shows of a report: the errors by layer, and those of the chosen one.
#include "app/window/causetext.h"
#include "app/window/comparepage.h"
#include "app/window/listspart.h"
#include "app/window/shownpair.h"
#include "app/window/verdicttext.h"
#include "widgets/heatmap/heatmappanel.h"
#include "widgets/lists/text.h"
#include "widgets/plots/errorchart.h"
#include "widgets/tensor/tensorpanel.h"
#include "widgets/verdict/causebar.h"

namespace app {

namespace {

std::optional<double> errorOf(const core::compare::LayerResult& layer, Metric metric)
{
    if (!layer.metrics)
        return {};
    switch (metric) {
    case Metric::MaxAbs:
        return layer.metrics->maxAbs;
    case Metric::MeanAbs:
        return layer.metrics->meanAbs;
    case Metric::Cosine:
        return 1 - layer.metrics->cosine;
    default:
        return layer.metrics->scaledMax;
    }
}

}

void ComparePage::setMetric(Metric metric)
{
    m_metric = metric;
    showChart();
}

void ComparePage::showChart()
{
    const core::compare::Report* report = m_workspace.report();
    std::vector<widgets::LayerError> errors;
    QString firstLeft, firstRight;
    if (report) {
        for (const auto& layer : report->layers) {
            errors.push_back({widgets::shown(layer.right), errorOf(layer, m_metric), widgets::shown(layer.problem), layer.differs});
            if (m_metric == Metric::ScaledMax) { // the one that a layer alone is measured by
                errors.back().alone = layer.localScaledMax;
                errors.back().aloneDiffers = layer.localDiffers;
            }
        }
        if (report->firstDivergence >= 0) {
            const auto& first = report->layers[static_cast<std::size_t>(report->firstDivergence)];
            firstLeft = QString::fromStdString(first.leftLayers.empty() ? first.left : first.leftLayers.front());
            firstRight = QString::fromStdString(first.rightLayers.empty() ? first.right : first.rightLayers.front());
        }
    }
    const char* const names[] = {"max |d|, log", "absolute max |d|, log", "mean |d|, log", "1 − cosine, log"};
    m_chart->setMetric(tr(names[static_cast<int>(m_metric)]));
    m_chart->setErrors(std::move(errors), m_workspace.choices().tolerance, chartHeadline(m_workspace, m_cause));
    m_chart->setSelected(chosenResult());
    m_lists->setFirstDivergence(firstLeft, firstRight);
    m_lists->setCauses(layerCauses(m_workspace, Side::Left), layerCauses(m_workspace, Side::Right));
    tellCause();
}

void ComparePage::connectCauses()
{
    m_causeBar = new widgets::CauseBar;
    m_chart->addHeadlineWidget(m_causeBar);
    connect(m_causeBar, &widgets::CauseBar::stepped, this, [this](int by) {
        const auto& causes = causesOf(m_workspace);
        if (const int wanted = m_cause + by; wanted >= 0 && wanted < static_cast<int>(causes.size())) {
            const auto& cause = causes[static_cast<std::size_t>(wanted)];
            choose(QString::fromStdString(cause.right.empty() ? cause.left : cause.right), cause.right.empty());
            showCause(wanted); // a layer may have several
        }
    });
    connect(m_causeBar, &widgets::CauseBar::tryRequested, this, &ComparePage::tryFix);
    connect(m_causeBar, &widgets::CauseBar::stopRequested, &m_workspace, &Workspace::stopLookingForCauses);
    connect(&m_workspace, &Workspace::resultChanged, this, [this] { m_cause = 0; });
    connect(&m_workspace, &Workspace::explainProgressed, this, [this] { m_chart->setHeadline(chartHeadline(m_workspace, m_cause)); });
    connect(&m_workspace, &Workspace::explained, this, [this] {
        showChart();
        showTensor();
    });
}

void ComparePage::showCause(int cause)
{
    m_cause = cause;
    m_chart->setHeadline(chartHeadline(m_workspace, m_cause));
    tellCause();
}

void ComparePage::tellCause()
{
    const auto& causes = causesOf(m_workspace);
    const int count = static_cast<int>(causes.size());
    m_cause = std::clamp(m_cause, 0, std::max(0, count - 1));
    m_causeBar->setCauses(count, m_cause);
    m_causeBar->setSearching(m_workspace.explains());
    const core::compare::Cause* told = count > 0 ? &causes[static_cast<std::size_t>(m_cause)] : nullptr;
    const bool possible = told && told->proved && told->repair && !told->repair->isEmpty();
    m_causeBar->setFix(possible, possible ? causeText(*told) : QString());
    Q_EMIT fixPossible(possible);
}

void ComparePage::tryFix()
{
    const auto& causes = causesOf(m_workspace);
    if (static_cast<std::size_t>(m_cause) < causes.size())
        m_workspace.tryRepair(core::compare::Cause(causes[static_cast<std::size_t>(m_cause)]));
}

void ComparePage::showTensor()
{
    const widgets::HeatmapValues& shown = m_heatmaps->values();
    const QString title = shown.layer.isEmpty() ? QString() : tr("%1 output").arg(shown.layer);
    m_tensor->setTensors(title, {shown.left, shown.right}, shown.leftValue, shown.rightValue, m_workspace.choices().tolerance);
    const auto result = m_workspace.result();
    const int row = chosenResult();
    m_tensor->setErrors(row < 0 ? QString() : errorsText(result->report.layers[static_cast<std::size_t>(row)]));
}

}
