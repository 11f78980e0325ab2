// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/model.h"

#include <QWidget>

class QPushButton;

namespace widgets {

/// A dashed place for a file. As an invitation it shows a file, a title with the framework's mark, what can be dropped and
/// a button; as a note only a line of text. Drops are accepted by the widget that holds it.
class DropArea final : public QWidget
{
    Q_OBJECT

public:
    explicit DropArea(QWidget* parent = nullptr);

    /// `patterns` such as ".pt  .pth"; `shortcut` is shown on the button and may be empty.
    void setInvitation(core::Framework framework, const QString& title, const QString& patterns, const QString& button,
                       const QString& shortcut);
    void setNote(const QString& text);
    /// While a file hovers over it.
    void setTarget(bool on);

Q_SIGNALS:
    void openRequested();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

private:
    core::Framework m_framework = core::Framework::None;
    QString m_title, m_patterns, m_shortcut, m_note;
    QPushButton* m_button;
    bool m_target = false;
};

}
