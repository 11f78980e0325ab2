// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/theme/colours.h"

#include <QFocusFrame>
#include <QObject>
#include <QPointer>

namespace widgets {

/// Dresses the application: style, palette, focus ring. Views never need it: they take what they draw with from their
/// palette. Create one after the QApplication.
class Theme final : public QObject
{
    Q_OBJECT

public:
    enum class Choice { System, Light, Dark };

    explicit Theme(QObject* parent = nullptr);
    ~Theme() override;

    Choice choice() const { return m_choice; }
    /// System follows the desktop, also when it changes later.
    void setChoice(Choice choice);
    bool isDark() const { return m_dark; }

Q_SIGNALS:
    void changed();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void apply();
    void showFocus(QWidget* widget);

    Choice m_choice = Choice::System;
    bool m_dark = false;
    bool m_applying = false;
    QPointer<QFocusFrame> m_ring;
};

}
