// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/window/tensorpart.h"

#include <QWidget>

class QLabel;

namespace widgets {
class TensorInspector;
}

namespace app {

/// What is known of two linked parameters' values, for the line above them and the marks in the lists.
struct ValuesText
{
    enum class Tone { Equal, Close, Tried, Differs, Unknown }; ///< Tried: within tolerance on a copy that a fix is tried on
    Tone tone = Tone::Unknown;
    QString text; ///< "1 of 150 values differs, most at [2,3,0,1]: max |d| 1.0e-3"
};
ValuesText valuesText(const Workspace& workspace, const core::compare::ParameterResult& parameter);
/// The comparison that a parameter of a side belongs to; null without one.
const core::compare::ParameterResult* comparisonOf(const Workspace& workspace, Side side, const QString& parameter);

/// A parameter and, beside it, the one that it is linked with: both sides' values, and in a line above how they compare.
class TensorPair final : public QWidget
{
    Q_OBJECT

public:
    explicit TensorPair(Workspace& workspace, QWidget* parent = nullptr);

    /// Shows a parameter and its mate; false when the side has no such one.
    bool show(Side side, const QString& parameter);
    /// Lets go of files that are no longer open.
    void release();
    bool isEmpty() const { return m_parameter.isEmpty(); }
    Side side() const { return m_side; } ///< of the parameter that was asked for
    widgets::TensorInspector* inspector(Side side) const { return m_inspectors[side == Side::Left ? 0 : 1]; }
    TensorPart* part(Side side) const { return m_parts[side == Side::Left ? 0 : 1]; }
    QString comparison() const; ///< the line above

Q_SIGNALS:
    void closeRequested();
    void statisticsRead(app::Side side, const app::ParameterStatistics& statistics);
    void failed(const core::Error& error);
    void told(const QString& text);

private:
    void showComparison();

    Workspace& m_workspace;
    Side m_side = Side::Left;
    QString m_parameter;
    QWidget* m_line;
    QLabel *m_icon, *m_text;
    std::array<widgets::TensorInspector*, 2> m_inspectors{};
    std::array<TensorPart*, 2> m_parts{};
};

}
