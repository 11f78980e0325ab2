// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mapping/mapping.h"

#include <QList>
#include <QStringList>

namespace widgets {

/// One link as the gutter draws it: which layers' rows it joins, how it looks, what its badge and its tooltip say.
struct Ribbon
{
    enum class Kind { Auto, Manual, Ambiguous, Impossible, Dangling };

    Kind kind = Kind::Auto;
    QStringList left, right; ///< layers that exist, in order
    QString badge;
    double confidence = 0;
    QStringList reasons;
    QStringList candidatesLeft, candidatesRight; ///< of an ambiguity: all layers of equal worth
    QStringList missing;                         ///< of a dangling link: names that the file has no longer

    bool joins(const QString& layer, bool onLeft) const { return (onLeft ? left : right).contains(layer); }
};

/// Links first, in the mapping's order, then one ribbon for each ambiguous left layer.
QList<Ribbon> ribbonsOf(const core::Model& left, const core::Model& right, const core::mapping::Mapping& mapping);

/// "0, 1 and conv2d", confidence and reasons as rich text; every name is escaped.
QString tipOf(const Ribbon& ribbon);

}
