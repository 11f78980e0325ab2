// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/lists/ribbons.h"

#include "core/rules/rules.h"
#include "widgets/lists/text.h"

#include <QCoreApplication>

namespace widgets {

namespace {

struct Tr
{
    Q_DECLARE_TR_FUNCTIONS(widgets::Ribbon)
};

QStringList toNames(const std::vector<std::string>& names)
{
    QStringList list;
    for (const std::string& name : names)
        list << QString::fromStdString(name);
    return list;
}

QStringList missingIn(const core::Model& model, const std::vector<std::string>& ops)
{
    QStringList names;
    for (const std::string& op : ops)
        if (model.opIndex(op) < 0)
            names << QString::fromStdString(op);
    return names;
}

std::vector<std::string> presentIn(const core::Model& model, const std::vector<std::string>& ops)
{
    std::vector<std::string> names;
    for (const std::string& op : ops)
        if (model.opIndex(op) >= 0)
            names.push_back(op);
    return names;
}

bool isFlatten(const core::Model& model, const std::vector<std::string>& ops)
{
    const int index = ops.size() == 1 ? model.opIndex(ops.front()) : -1;
    const core::layers::Kind* kind = index < 0 ? nullptr : core::layers::kind(model.ops[static_cast<std::size_t>(index)].kind);
    return kind && kind->flattens;
}

/// The layout rule that says most: the first that moves something; a flatten between frameworks reorders what passes it.
QString ruleOf(const core::Model& left, const core::Model& right, const core::mapping::Link& link)
{
    for (const core::mapping::ParameterLink& parameter : link.parameters)
        if (parameter.rule != "same" && parameter.rule != core::rules::keptRule)
            return typeset(shown(core::rules::ruleTitle(parameter.rule)));
    if (left.framework != right.framework && isFlatten(left, link.left) && isFlatten(right, link.right))
        return left.framework == core::Framework::Torch ? QStringLiteral("C,H,W → H,W,C") : QStringLiteral("H,W,C → C,H,W");
    return Tr::tr("same");
}

Ribbon ribbonOf(const core::Model& left, const core::Model& right, const core::mapping::Link& link,
                const std::optional<core::Message>& obstacle)
{
    Ribbon ribbon;
    ribbon.left = toNames(core::mapping::layerNames(left, presentIn(left, link.left)));
    ribbon.right = toNames(core::mapping::layerNames(right, presentIn(right, link.right)));
    ribbon.missing = missingIn(left, link.left) + missingIn(right, link.right);
    ribbon.confidence = link.confidence;
    for (const core::Message& reason : link.reasons)
        if (reason.id != "by-hand") // told by the ribbon's kind
            ribbon.reasons << typeset(shown(reason.text));
    if (!ribbon.missing.isEmpty()) {
        ribbon.kind = Ribbon::Kind::Dangling;
        ribbon.badge = shown(ribbon.missing.constFirst().toStdString());
        return ribbon;
    }
    ribbon.kind = link.origin == core::mapping::LinkOrigin::Manual ? Ribbon::Kind::Manual : Ribbon::Kind::Auto;
    ribbon.badge = ruleOf(left, right, link);
    if (obstacle) {
        ribbon.kind = Ribbon::Kind::Impossible;
        ribbon.reasons.prepend(shown(obstacle->text));
        ribbon.badge = shown(obstacle->text).replace(QStringLiteral(" against "), QStringLiteral(" ≠ "));
    }
    return ribbon;
}

QList<Ribbon> ribbonsOf(const core::Model& left, const core::Model& right, const core::mapping::Ambiguity& ambiguity)
{
    const QStringList onLeft = toNames(core::mapping::layerNames(left, presentIn(left, ambiguity.left)));
    const QStringList onRight = toNames(core::mapping::layerNames(right, presentIn(right, ambiguity.right)));
    QList<Ribbon> ribbons;
    if (onRight.isEmpty())
        return ribbons;
    for (qsizetype i = 0; i < onLeft.size(); ++i) {
        Ribbon ribbon;
        ribbon.kind = Ribbon::Kind::Ambiguous;
        ribbon.left = {onLeft[i]};
        ribbon.right = {onRight[qMin(i, onRight.size() - 1)]};
        ribbon.candidatesLeft = onLeft;
        ribbon.candidatesRight = onRight;
        ribbon.badge = Tr::tr("%n candidates", nullptr, static_cast<int>(qMax(onRight.size(), onLeft.size())));
        ribbon.reasons = {shown(ambiguity.why.text)};
        ribbons << ribbon;
    }
    return ribbons;
}

QString shownNames(const QStringList& names)
{
    QStringList list;
    for (const QString& name : names)
        list << shown(name.toStdString());
    return list.join(QStringLiteral(", ")).toHtmlEscaped();
}

}

QList<Ribbon> ribbonsOf(const core::Model& left, const core::Model& right, const core::mapping::Mapping& mapping,
                        const std::vector<std::optional<core::Message>>& obstacles)
{
    QList<Ribbon> ribbons;
    for (std::size_t i = 0; i < mapping.links.size(); ++i)
        ribbons << ribbonOf(left, right, mapping.links[i], i < obstacles.size() ? obstacles[i] : std::nullopt);
    for (const core::mapping::Ambiguity& ambiguity : mapping.ambiguous)
        ribbons << ribbonsOf(left, right, ambiguity);
    return ribbons;
}

void markValues(QList<Ribbon>& ribbons, const core::mapping::Mapping& mapping, const QHash<QString, ParameterMark>& left)
{
    for (std::size_t i = 0; i < mapping.links.size() && static_cast<qsizetype>(i) < ribbons.size(); ++i) {
        ParameterMark::Kind& values = ribbons[static_cast<qsizetype>(i)].values;
        for (const core::mapping::ParameterLink& parameters : mapping.links[i].parameters)
            for (const std::string& name : parameters.left)
                values = std::max(values, left.value(QString::fromStdString(name)).kind);
    }
}

QString tipOf(const Ribbon& ribbon)
{
    const bool open = ribbon.kind == Ribbon::Kind::Ambiguous;
    QStringList lines;
    lines << QStringLiteral("<b>%1 ↔ %2</b>")
                 .arg(shownNames(open ? ribbon.candidatesLeft : ribbon.left), shownNames(open ? ribbon.candidatesRight : ribbon.right));
    switch (ribbon.kind) {
    case Ribbon::Kind::Auto:
        lines << Tr::tr("Linked automatically, confidence %1").arg(ribbon.confidence, 0, 'f', 2);
        break;
    case Ribbon::Kind::Manual:
        lines << Tr::tr("Linked by hand");
        break;
    case Ribbon::Kind::Ambiguous:
        lines << Tr::tr("Candidates of equal worth: drag from a layer to its mate to settle it");
        break;
    case Ribbon::Kind::Impossible:
        lines << Tr::tr("Cannot agree");
        break;
    case Ribbon::Kind::Dangling:
        lines << Tr::tr("No longer in the file: %1").arg(shownNames(ribbon.missing));
        break;
    }
    using Values = ParameterMark::Kind;
    if (ribbon.values != Values::None)
        lines << (ribbon.values == Values::Equal     ? Tr::tr("All values equal")
                  : ribbon.values == Values::Close   ? Tr::tr("All values within tolerance")
                  : ribbon.values == Values::Differs ? Tr::tr("Values differ")
                                                     : Tr::tr("Values could not be compared"));
    for (const QString& reason : ribbon.reasons)
        lines << reason.toHtmlEscaped();
    return QStringLiteral("<p style='white-space:pre-wrap'>") + lines.join(QStringLiteral("<br>")) + QStringLiteral("</p>");
}

}
