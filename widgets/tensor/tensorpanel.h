// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tensor/tensor.h"
#include "widgets/sides/sidelabel.h"

class QLabel;
class QStackedWidget;
class QTableView;
class QToolButton;

namespace widgets {

class HistogramPlot;
class StatisticsTable;
class ValuesModel;

/// The chosen tensor of both sides in numbers: statistics with a histogram, or every value.
class TensorPanel final : public QWidget
{
    Q_OBJECT
public:
    explicit TensorPanel(QWidget* parent = nullptr);

    /// `title` such as "conv2d output"; the tensors in one layout, either may be null.
    void setTensors(const QString& title, const std::array<SideName, 2>& sides, const core::Tensor& left, const core::Tensor& right,
                    double tolerance);
    /// A line below the statistics; empty hides it.
    void setErrors(const QString& text);
    QString errors() const;
    StatisticsTable* statistics() const { return m_statistics; }
    ValuesModel* values() const { return m_values; }
    void setShowsValues(bool values);
    /// Statistics as tab separated text, or the values when they are shown.
    QString asText() const;

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void fillColumns();

    QLabel *m_title, *m_errors;
    QToolButton *m_histButton, *m_tableButton;
    QStackedWidget* m_pages;
    StatisticsTable* m_statistics;
    HistogramPlot* m_histogram;
    ValuesModel* m_values;
    QTableView* m_table;
};

}
