// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/tensorpair.h"

#include "core/rules/rules.h"
#include "widgets/lists/text.h"
#include "widgets/sides/headerbar.h"
#include "widgets/sides/text.h"
#include "widgets/tensor/statisticspart.h"
#include "widgets/tensor/tensorinspector.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/type.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QSplitter>
#include <algorithm>

namespace app {

namespace {

using core::compare::ParameterResult;

QString tr(const char* text)
{
    return TensorPair::tr(text);
}

QString joined(const std::vector<std::string>& names)
{
    QStringList list;
    for (const std::string& name : names)
        list << widgets::shown(name);
    return list.join(QStringLiteral(", "));
}

/// A flat index as "[2,3,0,1]".
QString placeText(const core::Parameter& parameter, std::int64_t flat)
{
    core::Shape place(parameter.source.shape.size());
    for (std::size_t axis = place.size(); axis-- > 0;) {
        const std::int64_t size = std::max<std::int64_t>(1, parameter.source.shape[axis]);
        place[axis] = flat % size;
        flat /= size;
    }
    return QString::fromStdString(core::text(place));
}

QString differenceText(const Workspace& workspace, const ParameterResult& result)
{
    const auto right = workspace.model(Side::Right);
    const core::Parameter* parameter = right && !result.link.right.empty() ? right->parameter(result.link.right.front()) : nullptr;
    const std::int64_t count = parameter ? core::count(*parameter) : 0;
    QString text = (result.differing == 1 ? tr("%1 of %2 values differs") : tr("%1 of %2 values differ"))
                       .arg(widgets::thousands(result.differing), widgets::thousands(count));
    if (parameter && result.worstIndex >= 0)
        text += tr(", most at %1").arg(placeText(*parameter, result.worstIndex));
    if (result.maxAbs)
        text += tr(", by %1").arg(widgets::twoDigits(*result.maxAbs));
    return text;
}

/// Whether a fix that is tried gave the parameter the values that are compared.
bool isTried(const Workspace& workspace, const ParameterResult& result)
{
    const auto touches = [](const core::compare::Repair& repair, const std::vector<std::string>& names, bool onLeft) {
        return repair.onLeft == onLeft &&
               std::any_of(names.begin(), names.end(), [&](const std::string& name) { return repair.values.contains(name); });
    };
    const auto& trials = workspace.mappedTrials();
    return std::any_of(trials.begin(), trials.end(), [&](const auto& trial) {
        const auto& repair = trial->cause.repair;
        return repair && (touches(*repair, result.link.left, true) || touches(*repair, result.link.right, false));
    });
}

}

ValuesText valuesText(const Workspace& workspace, const ParameterResult& result)
{
    using Tone = ValuesText::Tone;
    const double tolerance = workspace.choices().tolerance;
    ValuesText told;
    if (result.equal)
        told = {Tone::Equal, tr("all values equal")};
    else if (result.shapesDisagree)
        told = {Tone::Differs, tr("the shapes cannot agree")};
    else if (!result.scaledMax)
        told = {Tone::Unknown, tr("not compared: %1").arg(widgets::shown(result.problem))};
    else if (core::compare::differs(result, tolerance))
        told = {Tone::Differs, differenceText(workspace, result)};
    else
        told = {Tone::Close, tr("%1, within %2").arg(differenceText(workspace, result), widgets::roundNumber(tolerance))};
    if ((told.tone == Tone::Equal || told.tone == Tone::Close) && isTried(workspace, result)) {
        told.tone = Tone::Tried;
        told.text = tr("%1 after the fix that is tried in memory; in the file they differ").arg(told.text);
    }
    if (result.nansLeft + result.nansRight > 0)
        told.text +=
            tr("; %1 NaN on the left, %2 on the right").arg(widgets::thousands(result.nansLeft), widgets::thousands(result.nansRight));
    return told;
}

const ParameterResult* comparisonOf(const Workspace& workspace, Side side, const QString& parameter)
{
    const auto pair = workspace.pair();
    if (!pair)
        return nullptr;
    const std::string name = parameter.toStdString();
    const auto found = std::find_if(pair->parameters.begin(), pair->parameters.end(), [&](const ParameterResult& result) {
        const auto& names = side == Side::Left ? result.link.left : result.link.right;
        return std::find(names.begin(), names.end(), name) != names.end();
    });
    return found == pair->parameters.end() ? nullptr : &*found;
}

TensorPair::TensorPair(Workspace& workspace, QWidget* parent)
    : QWidget(parent), m_workspace(workspace), m_line(new QWidget(this)), m_icon(new QLabel(m_line)), m_text(widgets::textLabel({}, m_line))
{
    widgets::groundAsPanel(this);
    auto* row = new QHBoxLayout(m_line);
    row->setContentsMargins(widgets::px(12), widgets::px(4), widgets::px(12), widgets::px(4));
    row->setSpacing(widgets::px(8));
    row->addWidget(m_icon);
    m_text->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    row->addWidget(m_text, 1);
    auto* sides = new QSplitter(this);
    sides->setHandleWidth(1);
    sides->setChildrenCollapsible(false);
    for (const std::size_t i : {0u, 1u}) {
        m_inspectors[i] = new widgets::TensorInspector;
        m_parts[i] = new TensorPart(workspace, *m_inspectors[i], this);
        sides->addWidget(m_inspectors[i]);
        sides->setStretchFactor(static_cast<int>(i), 1);
        connect(m_inspectors[i], &widgets::TensorInspector::closeRequested, this, &TensorPair::closeRequested);
        connect(m_parts[i], &TensorPart::statisticsRead, this, &TensorPair::statisticsRead);
        connect(m_parts[i], &TensorPart::failed, this, &TensorPair::failed);
        connect(m_parts[i], &TensorPart::told, this, &TensorPair::told);
    }
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_line);
    column->addWidget(sides, 1);
    connect(&workspace, &Workspace::pairChanged, this, [this] {
        if (!m_parameter.isEmpty())
            show(m_side, m_parameter); // another mate or another copy, perhaps
    });
    connect(&workspace, &Workspace::choicesChanged, this, &TensorPair::showComparison);
}

bool TensorPair::show(Side side, const QString& parameter)
{
    if (!part(side)->show(side, parameter))
        return false;
    m_side = side;
    m_parameter = parameter;
    const Side other = side == Side::Left ? Side::Right : Side::Left;
    const ParameterResult* comparison = comparisonOf(m_workspace, side, parameter);
    const auto* mates = !comparison ? nullptr : other == Side::Left ? &comparison->link.left : &comparison->link.right;
    const bool both = mates && !mates->empty() && part(other)->show(other, QString::fromStdString(mates->front()));
    if (!both)
        part(other)->release();
    inspector(side)->setVisible(true);
    inspector(other)->setVisible(both);
    for (widgets::TensorInspector* one : m_inspectors)
        one->statistics()->setVisible(!both); // values side by side need the room
    showComparison();
    return true;
}

void TensorPair::showComparison()
{
    const ParameterResult* comparison = m_parameter.isEmpty() ? nullptr : comparisonOf(m_workspace, m_side, m_parameter);
    m_line->setVisible(comparison != nullptr);
    if (!comparison)
        return;
    using Tone = ValuesText::Tone;
    const ValuesText told = valuesText(m_workspace, *comparison);
    const bool good = told.tone == Tone::Equal, bad = told.tone == Tone::Differs;
    const QString name = bad                          ? QStringLiteral("differ")
                         : told.tone == Tone::Unknown ? QStringLiteral("question")
                         : told.tone == Tone::Tried   ? QStringLiteral("bolt")
                                                      : QStringLiteral("check");
    using widgets::Colours;
    const auto ink = good                         ? &Colours::green
                     : bad                        ? &Colours::red
                     : told.tone == Tone::Unknown ? &Colours::amber
                     : told.tone == Tone::Tried   ? &Colours::blue
                                                  : &Colours::text2;
    const int size = widgets::px(16);
    m_icon->setPixmap(widgets::icon(name, ink).pixmap(QSize(size, size), devicePixelRatioF()));
    m_text->setText(tr("%1 and %2 (%3): %4")
                        .arg(joined(comparison->link.left), joined(comparison->link.right),
                             widgets::typeset(widgets::shown(core::rules::ruleTitle(comparison->link.rule))), told.text));
    m_text->setToolTip(m_text->text().toHtmlEscaped());
}

void TensorPair::release()
{
    m_parameter.clear();
    for (TensorPart* one : m_parts)
        one->release();
}

QString TensorPair::comparison() const
{
    return m_line->isHidden() ? QString() : m_text->text();
}

}
