// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/empty/recentpair.h"

#include <QImage>
#include <QList>
#include <QWidget>

class QLabel;
class QMimeData;

namespace widgets {

class DropArea;
class RecentList;

/// What the window shows before any file is open: two places to drop on, the sample, the recent pairs.
class EmptyPage final : public QWidget
{
    Q_OBJECT

public:
    explicit EmptyPage(QWidget* parent = nullptr);

    /// File name endings that each side reads (".pt"), from the table of formats, and the shortcuts of the two open actions.
    void setPatterns(const QStringList& torch, const QStringList& keras);
    void setShortcuts(const QString& openLeft, const QString& openRight);
    /// A digit beside the sample; optional.
    void setSamplePicture(const QImage& digit);
    void setRecentPairs(const QList<RecentPair>& pairs);

Q_SIGNALS:
    void openLeftRequested();
    void openRightRequested();
    void sampleRequested();
    void recentChosen(int index);
    /// In the order in which they were dropped.
    void filesDropped(const QStringList& paths);

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dragMoveEvent(QDragMoveEvent* event) override;
    void dragLeaveEvent(QDragLeaveEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void invite();

    DropArea *m_left, *m_right;
    QLabel *m_digit, *m_recentTitle;
    RecentList* m_recent;
    QStringList m_torchPatterns, m_kerasPatterns;
    QString m_leftKey, m_rightKey;
};

/// Local paths of a drop; empty when it holds none.
QStringList localPaths(const QMimeData* data);

}
