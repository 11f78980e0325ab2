// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPushButton>

namespace widgets {

/// A button that shows its shortcut as a key cap behind its text.
class KeyButton final : public QPushButton
{
    Q_OBJECT

public:
    using QPushButton::QPushButton;

    /// "Ctrl+O", only shown: the action that owns the shortcut is elsewhere.
    void setKey(const QString& key);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_key;
};

}
