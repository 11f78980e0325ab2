// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/tasks/task.h"
#include "core/model/model.h"
#include "core/tensor/statistics.h"

#include <QSet>
#include <QStringList>

namespace app {

/// Values of one parameter, counted.
struct ParameterStatistics
{
    QString name;
    core::Statistics statistics;
    std::vector<std::int64_t> bins;
};

/// Reads all of a parameter. Throws core::Error.
ParameterStatistics statisticsOf(const core::Parameter& parameter, int bins, const core::Progress& progress);

/// Reads the parameters of one file that are looked at, some at a time, and never one twice.
class Readings final : public QObject
{
    Q_OBJECT

public:
    /// Larger ones are read only when the person asks for one of them.
    static constexpr std::uint64_t mostBytes = std::uint64_t{64} << 20;

    explicit Readings(QObject* parent = nullptr) : QObject(parent), m_slot(JobSlot::Policy::Replace) {}

    void setModel(std::shared_ptr<const core::Model> model);
    /// What is in sight now; what was wanted before and has not begun is given up.
    void want(const QStringList& parameters);

Q_SIGNALS:
    void ready(const QList<app::ParameterStatistics>& statistics);

private:
    void startNext();

    std::shared_ptr<const core::Model> m_model;
    QHash<QString, std::size_t> m_places; ///< in the model's parameters
    QSet<QString> m_known;                ///< read, being read, or of no use
    QStringList m_wanted;
    JobSlot m_slot;
};

}
