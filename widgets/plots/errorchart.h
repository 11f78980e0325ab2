// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <limits>
#include <optional>
#include <vector>

class QLabel;
class QHBoxLayout;

namespace widgets {

class ChartLegend;
class PlotCanvas;

/// A pair of layers in the chart: the name under it and its error; none when it has no number.
struct LayerError
{
    QString name;
    std::optional<double> error;
    QString problem;
    bool differs = false; ///< over tolerance, or of shapes that cannot agree; without it and without an error it was not compared
    std::optional<double> alone = {}; ///< its error by itself, both sides on the same input
    bool aloneDiffers = false;        ///< that is over tolerance, or of shapes that cannot agree
};

/// The line above the chart: an icon and words in the colour of what they mean, then more words.
struct ChartHeadline
{
    enum class Tone { Plain, Good, Bad, Unsure, Tried }; ///< Tried: good on a copy in memory alone
    Tone tone = Tone::Plain;
    QString strong, rest;
    bool operator==(const ChartHeadline&) const = default;
};

/// The error of every pair of layers in order, on a log axis against the tolerance: the first one that differs is flagged, what comes after
/// it only outlined; a diamond stands where the layer alone is. The line above is told from outside: what the bars mean as a whole is no
/// matter of the bars.
class ErrorChart final : public QWidget
{
    Q_OBJECT
public:
    explicit ErrorChart(QWidget* parent = nullptr);

    void setErrors(std::vector<LayerError> errors, double tolerance, const ChartHeadline& headline);
    void setHeadline(const ChartHeadline& headline);
    /// Short name of the metric, beside the heading: "max |d|, log".
    void setMetric(const QString& metric);
    void setSelected(int index);
    int selected() const { return m_selected; }
    int firstOver() const; ///< index of the first that differs, or -1
    const ChartHeadline& headline() const { return m_headline; }
    PlotCanvas* canvas() const { return m_canvas; }
    /// A button at the right of the headline.
    void addHeadlineWidget(QWidget* widget);
    QString asCsv() const;

Q_SIGNALS:
    void selectedByPerson(int index);
    /// A layer's column was clicked with the right button; it is chosen.
    void menuRequested(const QPoint& globalPosition);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    void draw();
    void drawFrame();
    void drawBars();
    void drawAlone();
    void drawFigure(int index);
    void drawNames();
    void updateHeadline();
    void showTip(double key, QPoint at);
    void chooseAt(double key);

    std::vector<LayerError> m_errors;
    double m_tolerance = 1e-5;
    ChartHeadline m_headline;
    int m_selected = -1;
    PlotCanvas* m_canvas;
    QHBoxLayout* m_row;
    QWidget* m_separator;
    ChartLegend* m_legend;
    QLabel *m_metric, *m_icon, *m_strong, *m_rest;
};

}
