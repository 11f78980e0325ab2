// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>

namespace widgets {

/// The answer to "do they tie out?", and beside it, small, what else is worth knowing. A click asks for the first layer that differs.
class VerdictChip final : public QAbstractButton
{
    Q_OBJECT

public:
    enum class State {
        Waiting,    ///< nothing to say yet: "No files open"
        Parameters, ///< what the weights alone tell: "10 of 10 parameters equal"
        TiesOut,
        Assumed,  ///< they tie out as far as the files tell
        Repaired, ///< a copy in memory on which a fix is tried ties out; the files do not
        Differs,
        NotCompared
    };

    explicit VerdictChip(QWidget* parent = nullptr);

    /// `detail` follows the verdict's own words ("max |d| 3.8e-7 ≤ 1e-5"), or is all there is while waiting;
    /// `counts` stands beside the chip ("2 of 9 layers differ").
    void setVerdict(State state, const QString& detail, const QString& counts = {});
    /// Why they differ, small below the verdict; empty for none.
    void setWhy(const QString& why);
    /// How many fixes are tried, for the words of Repaired.
    void setRepairs(int count);
    State state() const { return m_state; }
    /// Dims the old verdict; `progress` ("Comparing, 5 of 8 layers") takes its place when it is not empty.
    void setComputing(bool on, const QString& progress = {});

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString title() const;
    QFont titleFont() const;
    bool isFilled() const;
    int chipWidth() const;
    QStringList countLines() const;
    void describe();

    State m_state = State::Waiting;
    QString m_detail, m_counts, m_why, m_progress;
    bool m_computing = false;
    int m_repairs = 1;
};

}
