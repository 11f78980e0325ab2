// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/model.h"
#include "core/tensor/statistics.h"

#include <QWidget>

class QGridLayout;
class QLabel;
class QProgressBar;
class QPushButton;
class QStackedLayout;

namespace widgets {

class HistogramPlot;

/// Statistics and histogram of one tensor, or how far they are.
class StatisticsPart final : public QWidget
{
    Q_OBJECT

public:
    explicit StatisticsPart(QWidget* parent = nullptr);

    void setStatistics(core::Framework framework, const core::Statistics& statistics, const std::vector<std::int64_t>& bins);
    /// Being computed; the bar appears with the first call that knows how far.
    void setProgress(double fraction);
    /// Why there are none; with `canCompute` a button asks for them.
    void setMessage(const QString& text, bool canCompute = false);
    /// Tab separated; empty while there are none.
    QString asText() const;
    bool isComputing() const;

Q_SIGNALS:
    void cancelRequested();
    void computeRequested();

private:
    void showPage(int page);

    QStackedLayout* m_pages;
    QLabel *m_names, *m_values, *m_message, *m_waiting;
    HistogramPlot* m_histogram;
    QProgressBar* m_progress;
    QPushButton* m_compute;
};

}
