// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/model.h"

#include <QWidget>

class QLineEdit;
class QToolButton;

namespace widgets {

/// The head of a side: the framework's mark, its name, the file and its counts; filter, reload and open at the right.
class PaneHead final : public QWidget
{
    Q_OBJECT

public:
    explicit PaneHead(QWidget* parent = nullptr);

    void setFramework(core::Framework framework, const QString& title);
    void setFile(const QString& name, const QString& details, const QString& path);
    /// What of the file must not be overlooked, on the button that shows its details.
    void setSummary(const QString& text, core::Note::Severity severity, const QString& details);
    /// Without a file there is nothing to filter or to read again.
    void setButtons(bool search, bool reload);
    void showFilter(bool on);
    QString filter() const;

Q_SIGNALS:
    void filterChanged(const QString& text);
    void detailsRequested();
    void reloadRequested();
    void openRequested();

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

private:
    int textLeft() const;  ///< where the file's name begins
    int textRight() const; ///< where it has to end

    core::Framework m_framework = core::Framework::None;
    QString m_title, m_file, m_details, m_path;
    QLineEdit* m_filter;
    QToolButton *m_summary, *m_search, *m_reload, *m_open;
};

}
