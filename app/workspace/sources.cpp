// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workspace/sources.h"

#include "core/model/model.h"

#include <algorithm>

namespace app {

Source::Source(const core::Model& model)
    : path(QString::fromStdString(model.origin.path)), architecture(QString::fromStdString(model.origin.architecture))
{
}

bool isArchitecture(const QString& path)
{
    const QString lower = path.toLower();
    return lower.endsWith(QLatin1String(".json")) && !lower.endsWith(QLatin1String(".weights.json"));
}

bool isKerasName(const QString& path)
{
    const QString lower = path.toLower();
    return lower.endsWith(QLatin1String("h5")) || lower.endsWith(QLatin1String(".keras")) || lower.endsWith(QLatin1String(".hdf5")) ||
           lower.endsWith(QLatin1String(".json"));
}

QList<Source> sourcesOf(const QStringList& paths)
{
    QList<Source> sources;
    QStringList architectures;
    for (const QString& path : paths)
        isArchitecture(path) ? architectures.append(path) : sources.append(Source(path));
    for (const QString& architecture : architectures) {
        const auto waits = [](const Source& source) { return source.architecture.isEmpty(); };
        auto owner =
            std::find_if(sources.begin(), sources.end(), [&](const Source& each) { return waits(each) && isKerasName(each.path); });
        if (owner == sources.end())
            owner = std::find_if(sources.begin(), sources.end(), waits);
        if (owner == sources.end())
            sources.append(Source(architecture));
        else
            owner->architecture = architecture;
    }
    return sources;
}

}
