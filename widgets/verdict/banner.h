// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <QFrame>
#include <QList>
#include <QString>

class QAction;
class QGridLayout;
class QHBoxLayout;
class QLabel;
class QToolButton;

namespace widgets {

/// A message in the pane that it concerns: what happened, what was expected, what was found, what to do. Hidden until
/// something is shown; leaves with its cross or with hide().
class Banner final : public QFrame
{
    Q_OBJECT

public:
    enum class Kind { Error, Warning, Done, Tried };
    struct Row
    {
        QString label; ///< "Expected"; empty: the text takes the whole width
        QString text;
    };

    explicit Banner(QWidget* parent = nullptr);

    /// `actions` become buttons; the banner does not own them.
    void present(Kind kind, const QString& title, const QList<Row>& rows = {}, const QList<QAction*>& actions = {});
    /// Expected, found, where and what to do of an error.
    static QList<Row> rowsOf(const core::Error& error);
    /// What "Copy details" puts on the clipboard.
    QString details() const;

Q_SIGNALS:
    void closed();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void clear();

    Kind m_kind = Kind::Error;
    QList<Row> m_rows;
    QLabel* m_title;
    QGridLayout* m_grid;
    QHBoxLayout* m_buttons;
    QToolButton* m_close;
};

}
