// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <limits>
#include <optional>
#include <vector>

class QLabel;
class QHBoxLayout;

namespace widgets {

class PlotCanvas;

/// A pair of layers in the chart: the name under it and its error; none when the pair could not be compared.
struct LayerError
{
    QString name;
    std::optional<double> error;
    QString problem;
    bool tiesOut = true;
};

/// The error of every pair of layers in order, on a log axis against the tolerance: the first one over it is flagged, what
/// comes after it only outlined. A line above says it in words.
class ErrorChart final : public QWidget
{
    Q_OBJECT
public:
    explicit ErrorChart(QWidget* parent = nullptr);

    void setErrors(std::vector<LayerError> errors, double tolerance);
    /// Shown instead of the sentence when nothing can be compared: "Needs both sides. PyTorch alone is run and shown."
    void setMessage(const QString& message);
    /// Short name of the metric, beside the heading: "max |d|, log".
    void setMetric(const QString& metric);
    void setSelected(int index);
    int selected() const { return m_selected; }
    int firstOver() const;
    /// The line above as text.
    QString headline() const;
    PlotCanvas* canvas() const { return m_canvas; }
    /// A button at the right of the headline.
    void addHeadlineWidget(QWidget* widget);
    QString asCsv() const;

Q_SIGNALS:
    void selectedByPerson(int index);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void draw();
    void drawFrame();
    void drawBar(int index);
    void updateHeadline();
    void showTip(double key, QPoint at);
    void chooseAt(double key);

    std::vector<LayerError> m_errors;
    double m_tolerance = 1e-5;
    QString m_message;
    int m_selected = -1;
    PlotCanvas* m_canvas;
    QHBoxLayout* m_row;
    QWidget* m_separator;
    QLabel *m_metric, *m_icon, *m_strong, *m_rest;
};

}
