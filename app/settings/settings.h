// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QDateTime>
#include <QList>
#include <QString>

namespace app {

struct RecentPair
{
    QString left, right; ///< paths
    QString verdict;     ///< "ties-out", "ties-out-assumed", "differs", "not-compared" or empty
    QString detail;      ///< "3.8e-7", "conv2d_1"
    QDateTime opened;
};

enum class ThemeChoice { System, Light, Dark };

/// Preferences and window state that outlive a session. The only user of QSettings.
class Settings final
{
public:
    ThemeChoice theme() const;
    void setTheme(ThemeChoice theme);
    QString mnistFolder() const;
    void setMnistFolder(const QString& folder);
    QString lastFolder() const; ///< of the file dialogs
    void setLastFolder(const QString& folder);
    QList<RecentPair> recentPairs() const; ///< the newest first, at most eight
    void addRecentPair(const RecentPair& pair);
    QByteArray state(const QString& name) const; ///< geometry, splitters, columns
    void setState(const QString& name, const QByteArray& state);
};

}
