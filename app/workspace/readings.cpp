// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workspace/readings.h"

namespace app {

namespace {

constexpr int listBins = 18;
constexpr std::uint64_t batchBytes = std::uint64_t{8} << 20; // so that what comes into sight waits for little

}

ParameterStatistics statisticsOf(const core::Parameter& parameter, int bins, const core::Progress& progress)
{
    progress.report(0);
    const core::Tensor values = core::read(parameter.source);
    progress.report(0.4);
    const core::Statistics statistics = core::statistics(values);
    progress.report(0.8);
    return {QString::fromStdString(parameter.name), statistics, core::histogram(values, statistics.min, statistics.max, bins)};
}

void Readings::setModel(std::shared_ptr<const core::Model> model)
{
    if (model == m_model)
        return;
    m_slot.cancel();
    m_model = std::move(model);
    m_places.clear();
    m_known.clear();
    m_wanted.clear();
}

void Readings::want(const QStringList& parameters)
{
    if (!m_model)
        return;
    if (m_places.isEmpty())
        for (std::size_t i = 0; i < m_model->parameters.size(); ++i)
            m_places.insert(QString::fromStdString(m_model->parameters[i].name), i);
    m_wanted.clear();
    for (const QString& name : parameters)
        if (!m_known.contains(name) && m_places.contains(name))
            m_wanted << name;
    if (!m_slot.isRunning())
        startNext();
}

void Readings::startNext()
{
    std::vector<std::size_t> batch;
    std::uint64_t bytes = 0;
    while (!m_wanted.isEmpty() && bytes < batchBytes) {
        const QString name = m_wanted.takeFirst();
        m_known.insert(name);
        const std::size_t place = m_places.value(name);
        const core::Parameter& parameter = m_model->parameters[place];
        const std::uint64_t size = core::byteCount(parameter);
        if (!parameter.problem.empty() || !core::isFloating(parameter.source.dtype) || size > mostBytes)
            continue;
        batch.push_back(place);
        bytes += size;
    }
    if (batch.empty())
        return;
    m_slot.start(
        [model = m_model, batch](const core::Progress& progress) {
            QList<ParameterStatistics> read;
            for (const std::size_t place : batch)
                try {
                    read.append(statisticsOf(model->parameters[place], listBins, progress));
                } catch (const core::Error&) { // the list shows no range for it; looking at the tensor tells why
                }
            return read;
        },
        [this](const QList<ParameterStatistics>& read) {
            Q_EMIT ready(read);
            startNext();
        });
}

}
