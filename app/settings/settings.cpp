// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/settings/settings.h"

#include <QSettings>
#include <algorithm>

namespace app {

namespace {

constexpr int recentLimit = 8;

}

ThemeChoice Settings::theme() const
{
    const QString value = QSettings().value(QStringLiteral("theme")).toString();
    return value == QLatin1String("light") ? ThemeChoice::Light : value == QLatin1String("dark") ? ThemeChoice::Dark : ThemeChoice::System;
}

void Settings::setTheme(ThemeChoice theme)
{
    const char* const names[] = {"system", "light", "dark"};
    QSettings().setValue(QStringLiteral("theme"), QString::fromLatin1(names[static_cast<int>(theme)]));
}

QString Settings::mnistFolder() const
{
    return QSettings().value(QStringLiteral("mnist")).toString();
}

void Settings::setMnistFolder(const QString& folder)
{
    QSettings().setValue(QStringLiteral("mnist"), folder);
}

QString Settings::lastFolder() const
{
    return QSettings().value(QStringLiteral("folder")).toString();
}

void Settings::setLastFolder(const QString& folder)
{
    QSettings().setValue(QStringLiteral("folder"), folder);
}

QList<RecentPair> Settings::recentPairs() const
{
    QSettings settings;
    QList<RecentPair> pairs;
    const int count = settings.beginReadArray(QStringLiteral("recent"));
    for (int i = 0; i < std::min(count, recentLimit); ++i) {
        settings.setArrayIndex(i);
        const auto text = [&](const char* key) { return settings.value(QString::fromLatin1(key)).toString(); };
        pairs.append({text("left"), text("right"), text("verdict"), text("detail"), settings.value(QStringLiteral("opened")).toDateTime()});
    }
    settings.endArray();
    return pairs;
}

void Settings::addRecentPair(const RecentPair& pair)
{
    QList<RecentPair> pairs = recentPairs();
    pairs.removeIf([&](const RecentPair& old) { return old.left == pair.left && old.right == pair.right; });
    pairs.prepend(pair);
    pairs.resize(std::min<qsizetype>(pairs.size(), recentLimit));
    QSettings settings;
    settings.beginWriteArray(QStringLiteral("recent"), static_cast<int>(pairs.size()));
    for (int i = 0; i < pairs.size(); ++i) {
        settings.setArrayIndex(i);
        settings.setValue(QStringLiteral("left"), pairs[i].left);
        settings.setValue(QStringLiteral("right"), pairs[i].right);
        settings.setValue(QStringLiteral("verdict"), pairs[i].verdict);
        settings.setValue(QStringLiteral("detail"), pairs[i].detail);
        settings.setValue(QStringLiteral("opened"), pairs[i].opened);
    }
    settings.endArray();
}

QByteArray Settings::state(const QString& name) const
{
    return QSettings().value(QStringLiteral("state/") + name).toByteArray();
}

void Settings::setState(const QString& name, const QByteArray& state)
{
    QSettings().setValue(QStringLiteral("state/") + name, state);
}

}
