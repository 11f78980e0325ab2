// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>
#include <QStringList>

namespace core {
struct Model;
}

namespace app {

/// A file to open; `architecture` is a Keras configuration (.json) with the layers of one that has weights alone, or empty.
struct Source
{
    Source() = default;
    Source(QString file, QString config = {}) : path(std::move(file)), architecture(std::move(config)) {} ///< a path is one, too
    explicit Source(const core::Model& model);

    bool isEmpty() const { return path.isEmpty(); }

    QString path, architecture;
};

/// Whether a file is called as an architecture that lies apart from its weights is.
bool isArchitecture(const QString& path);

/// Files that were chosen or dropped together, in their order: an architecture goes with the first Keras file among them, else with the
/// first file.
QList<Source> sourcesOf(const QStringList& paths);

/// Whether a file is one of Keras by its name.
bool isKerasName(const QString& path);

}
