// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mapping/mapping.h"
#include "widgets/lists/layerrows.h"

#include <QHash>
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
    /// How its parameters' values compare, the one that matters most.
    ParameterMark::Kind values = ParameterMark::Kind::None;
    QStringList missing; ///< of a dangling link: names that the file has no longer

    bool joins(const QString& layer, bool onLeft) const { return (onLeft ? left : right).contains(layer); }
};

/// Links first, in the mapping's order, then one ribbon for each ambiguous left layer. `obstacles` are core::mapping::obstacles' for the
/// links.
QList<Ribbon> ribbonsOf(const core::Model& left, const core::Model& right, const core::mapping::Mapping& mapping,
                        const std::vector<std::optional<core::Message>>& obstacles);

/// Gives the ribbon of each link the mark that matters most among the parameters that it pairs; `left` are the marks of the left side.
void markValues(QList<Ribbon>& ribbons, const core::mapping::Mapping& mapping, const QHash<QString, ParameterMark>& left);

/// "0, 1 and conv2d", confidence and reasons as rich text; every name is escaped.
QString tipOf(const Ribbon& ribbon);

}
