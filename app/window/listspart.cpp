// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/listspart.h"

#include "app/window/patterns.h"
#include "app/window/tensorpair.h"
#include "core/layers/told.h"
#include "widgets/lists/layerfilter.h"
#include "widgets/lists/layerpane.h"
#include "widgets/lists/layertree.h"
#include "widgets/lists/linkgutter.h"
#include "widgets/sides/sidelabel.h"
#include "widgets/verdict/banner.h"

#include <QTimer>
#include <algorithm>

namespace app {

namespace {

using core::Framework;

bool isInputGuessed(const core::Model& model)
{
    return std::any_of(model.notes.begin(), model.notes.end(),
                       [](const core::Note& note) { return note.message.id == "input-shape-guess"; });
}

core::layers::Values valuesOf(const core::Model& model)
{
    if (!model.wired || isInputGuessed(model)) // shapes behind a guessed input are no facts of the file
        return {};
    return core::layers::toldValues(model);
}

/// Whether a list of one shows what a list of the other does.
bool looksTheSame(const core::Model& a, const core::Model& b)
{
    const auto sameName = [](const core::Layer& x, const core::Layer& y) { return x.name == y.name; };
    const auto sameOp = [](const core::Op& x, const core::Op& y) { return x.kind == y.kind && x.attributes == y.attributes; };
    return core::layers::toldShapes(a) == core::layers::toldShapes(b) && a.wired == b.wired && isInputGuessed(a) == isInputGuessed(b) &&
           std::equal(a.layers.begin(), a.layers.end(), b.layers.begin(), b.layers.end(), sameName) &&
           std::equal(a.ops.begin(), a.ops.end(), b.ops.begin(), b.ops.end(), sameOp);
}

widgets::ParameterMark::Kind kindOf(ValuesText::Tone tone)
{
    using Kind = widgets::ParameterMark::Kind;
    switch (tone) {
    case ValuesText::Tone::Equal:
        return Kind::Equal;
    case ValuesText::Tone::Close:
        return Kind::Close;
    case ValuesText::Tone::Differs:
        return Kind::Differs;
    case ValuesText::Tone::Tried:
        return Kind::Tried;
    case ValuesText::Tone::Unknown:
        break;
    }
    return Kind::Unknown;
}

}

ListsPart::ListsPart(Workspace& workspace, QWidget* parent) : QSplitter(Qt::Horizontal, parent), m_workspace(workspace)
{
    m_panes = {new widgets::LayerPane, new widgets::LayerPane};
    m_gutter = new widgets::LinkGutter(m_panes[0]->tree(), m_panes[1]->tree());
    addWidget(m_panes[0]);
    addWidget(m_gutter);
    addWidget(m_panes[1]);
    setCollapsible(0, false);
    setCollapsible(1, false);
    setCollapsible(2, false);
    setStretchFactor(0, 1);
    setStretchFactor(1, 0);
    setStretchFactor(2, 1);
    setHandleWidth(1);
    setSizes({395, 120, 467});
    connectPane(Side::Left);
    connectPane(Side::Right);

    m_gutter->setWhyNot([this](const QString& left, const QString& right) { return m_workspace.whyNotLink(left, right); });
    connect(m_gutter, &widgets::LinkGutter::linkRequested, &m_workspace, &Workspace::link);
    connect(m_gutter, &widgets::LinkGutter::unlinkRequested, this,
            [this](const QString& layer, bool onLeft) { m_workspace.unlink(layer, onLeft ? Side::Left : Side::Right); });
    connect(m_gutter, &widgets::LinkGutter::linkSelected, this,
            [this](const QString& left, const QString& right) { Q_EMIT layerChosen(right.isEmpty() ? left : right, right.isEmpty()); });
    connect(&m_workspace, &Workspace::sidesChanged, this, &ListsPart::showSides);
    connect(&m_workspace, &Workspace::pairChanged, this, &ListsPart::showPair);
    connect(&m_workspace, &Workspace::choicesChanged, this, [this] {
        if (m_workspace.choices().tolerance != m_markedTolerance)
            showMarks();
    });
    connect(&m_workspace, &Workspace::statisticsReady, this, &ListsPart::showStatistics);
    showSides();
}

void ListsPart::connectPane(Side side)
{
    widgets::LayerPane* const list = pane(side);
    const bool onLeft = side == Side::Left;
    connect(list, &widgets::LayerPane::openRequested, this, [this, side] { Q_EMIT openRequested(side); });
    connect(list, &widgets::LayerPane::detailsRequested, this, [this, side] { Q_EMIT detailsRequested(side); });
    auto* soon = new QTimer(list); // while a list is scrolled nothing is read
    soon->setSingleShot(true);
    soon->setInterval(40);
    connect(soon, &QTimer::timeout, this, [this, side] { wantStatistics(side); });
    connect(list->tree(), &widgets::LayerTree::rowsMoved, soon, qOverload<>(&QTimer::start));
    connect(list, &widgets::LayerPane::reloadRequested, this, [this, side] { m_workspace.reload(side); });
    connect(list, &widgets::LayerPane::filesDropped, this,
            [this, side](const QStringList& paths) { m_workspace.openDropped(paths, side); });
    connect(list, &widgets::LayerPane::layerSelected, this, [this, onLeft](const QString& layer) { Q_EMIT layerChosen(layer, onLeft); });
    connect(list, &widgets::LayerPane::parameterSelected, this,
            [this, onLeft](const QString& parameter) { Q_EMIT parameterChosen(parameter, onLeft); });
    connect(list->banner(), &widgets::Banner::closed, this, [this, side] {
        if (m_workspace.error(side))
            m_workspace.dismissError(side);
        else
            m_shown[side == Side::Left ? 0 : 1].dismissed = true;
    });
}

void ListsPart::showSides()
{
    const auto left = m_workspace.model(Side::Left), right = m_workspace.model(Side::Right);
    const Framework frameworks[] = {left ? left->framework : Framework::None, right ? right->framework : Framework::None};
    const auto names = widgets::sideNames(frameworks[0], frameworks[1]);
    const bool twins = left && right && frameworks[0] == frameworks[1];
    for (const Side side : {Side::Left, Side::Right}) {
        const std::size_t i = side == Side::Left ? 0 : 1;
        m_panes[i]->setExpected(names[i].framework, fileEndings(names[i].framework),
                                i == 0 ? QStringLiteral("Ctrl+O") : QStringLiteral("Ctrl+Shift+O"));
        m_panes[i]->setTitle(twins ? names[i].title : QString());
        showModel(side);
        showBanner(side);
    }
    showLinks();
}

void ListsPart::showPair()
{
    for (const Side side : {Side::Left, Side::Right}) {
        showModel(side);
        showBanner(side);
    }
    showMarks();
}

/// Fills a list anew only when it shows another file, or the same one now that its mate told the input's shape or lent its wiring.
void ListsPart::showModel(Side side)
{
    Shown& shown = m_shown[side == Side::Left ? 0 : 1];
    const auto file = m_workspace.opened(side), model = m_workspace.model(side);
    const auto copy = m_workspace.copy(side);
    const bool again = file && file == shown.file;
    if (again && std::exchange(shown.copy, copy) != copy) { // other values
        shown.statistics.clear();
        wantStatistics(side);
    }
    if (again && looksTheSame(*model, *shown.model))
        return;
    if (!again)
        shown = {file, model, copy, {}, false};
    shown.model = model;
    pane(side)->setModel(model, model ? valuesOf(*model) : core::layers::Values());
    showStatistics(side, shown.statistics);
}

void ListsPart::showLinks()
{
    const auto pair = m_workspace.pair();
    const bool mapped = pair && pair->left && pair->right;
    m_gutter->setNote(m_workspace.opened(Side::Left) && m_workspace.opened(Side::Right) ? QString()
                                                                                        : tr("Links appear when both sides are open"));
    QList<widgets::Ribbon> ribbons;
    if (mapped) {
        const auto obstacles = m_workspace.obstacles();
        ribbons = widgets::ribbonsOf(*m_workspace.model(Side::Left), *m_workspace.model(Side::Right), pair->mapping,
                                     obstacles ? obstacles->links : std::vector<std::optional<core::Message>>());
        widgets::markValues(ribbons, pair->mapping, m_leftMarks);
    }
    m_gutter->setRibbons(ribbons);
}

/// How every linked parameter stands to its mate, in both lists and on the links.
void ListsPart::showMarks()
{
    const auto pair = m_workspace.pair();
    m_markedTolerance = m_workspace.choices().tolerance;
    std::array<QHash<QString, widgets::ParameterMark>, 2> marks;
    if (pair)
        for (const auto& parameter : pair->parameters) {
            const ValuesText told = valuesText(m_workspace, parameter);
            const auto add = [&](std::size_t side, const std::vector<std::string>& names, std::int64_t nans) {
                for (const std::string& name : names)
                    marks[side].insert(QString::fromStdString(name), {kindOf(told.tone), nans > 0, told.text});
            };
            add(0, parameter.link.left, parameter.nansLeft);
            add(1, parameter.link.right, parameter.nansRight);
        }
    for (const std::size_t i : {0u, 1u})
        m_panes[i]->tree()->widen(m_panes[i]->layers()->setMarks(marks[i]));
    m_leftMarks = marks[0];
    showLinks();
}

void ListsPart::showStatistics(Side side, const QList<ParameterStatistics>& statistics)
{
    auto& known = m_shown[side == Side::Left ? 0 : 1].statistics;
    if (&known != &statistics)
        known += statistics;
    for (const ParameterStatistics& one : statistics)
        pane(side)->layers()->setStatistics(one.name, one.statistics, one.bins);
}

void ListsPart::wantStatistics(Side side)
{
    m_workspace.wantStatistics(side, pane(side)->tree()->visibleParameters());
}

bool ListsPart::chooseRow(const QString& name, Side side)
{
    widgets::LayerTree* const tree = pane(side)->tree();
    if (pane(side)->layers()->parameterIndex(name).isValid())
        tree->chooseParameter(name);
    else if (pane(side)->layers()->layerIndex(name).isValid())
        tree->choose(name);
    else
        return false;
    return true;
}

void ListsPart::choose(const QString& layer, bool onLeft)
{
    m_gutter->choose(layer, onLeft);
}

void ListsPart::expandChosen()
{
    for (widgets::LayerPane* one : m_panes)
        for (const QString& layer : one->tree()->marked())
            one->tree()->expand(one->tree()->filter()->mapFromSource(one->layers()->layerIndex(layer)));
}

void ListsPart::setCauses(const QHash<QString, QString>& left, const QHash<QString, QString>& right)
{
    m_panes[0]->layers()->setCauses(left);
    m_panes[1]->layers()->setCauses(right);
}

void ListsPart::setFirstDivergence(const QString& leftLayer, const QString& rightLayer)
{
    m_panes[0]->layers()->setFirstDivergence(leftLayer);
    m_panes[1]->layers()->setFirstDivergence(rightLayer);
}

}
