// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <cstdint>
#include <optional>
#include <vector>

namespace widgets {

/// How often each label got each answer: label down, answer across. Right answers are blue, wrong ones orange, darker with their share of
/// the label's samples. A cell can be chosen by mouse and keys.
class ConfusionView final : public QWidget
{
    Q_OBJECT
public:
    struct Cell
    {
        int label = 0, answer = 0;
        bool operator==(const Cell&) const = default;
    };

    explicit ConfusionView(QWidget* parent = nullptr);

    /// `counts` has classes * classes values by rows of labels.
    void setCounts(std::vector<std::int64_t> counts, int classes);
    void setChosen(std::optional<Cell> cell);
    std::optional<Cell> chosen() const { return m_chosen; }
    std::int64_t countOf(const Cell& cell) const;
    QRect rectOf(const Cell& cell) const;
    QSize sizeHint() const override;
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;

Q_SIGNALS:
    void cellClicked(int label, int answer);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;

private:
    std::optional<Cell> cellAt(const QPoint& point) const;
    int cellSize() const;

    std::vector<std::int64_t> m_counts, m_ofLabel;
    int m_classes = 0;
    std::optional<Cell> m_chosen;
};

}
