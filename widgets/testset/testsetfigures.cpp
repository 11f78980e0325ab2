// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/testset/testsetfigures.h"

#include "core/report/numbers.h"
#include "widgets/sides/headerbar.h"
#include "widgets/sides/text.h"
#include "widgets/theme/colours.h"
#include "widgets/theme/type.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

namespace widgets {
namespace {

QString shareText(std::int64_t part, std::int64_t whole)
{
    return QString::fromStdString(core::report::percent(part, whole));
}

}

TestSetFigures::TestSetFigures(QWidget* parent) : QWidget(parent)
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(px(36));
    for (Tile& tile : m_tiles) {
        tile = {textLabel({}, this, 12, false, true), textLabel({}, this, 22), textLabel({}, this, 11, false, true)};
        auto* column = new QVBoxLayout;
        column->setSpacing(0);
        for (QLabel* label : {tile.title, tile.value, tile.detail})
            column->addWidget(label);
        row->addLayout(column);
    }
    row->addStretch();
}

void TestSetFigures::set(Figure figure, const QString& title, const QString& value, const QString& detail, bool isBad)
{
    const Tile& tile = m_tiles[figure];
    tile.title->setText(title);
    tile.value->setText(value);
    tile.detail->setText(detail);
    QPalette palette = this->palette();
    if (isBad)
        palette.setColor(QPalette::WindowText, colours(palette).red);
    tile.value->setPalette(palette);
}

void TestSetFigures::setRun(const TestSetRun* run, const std::array<SideName, 2>& sides)
{
    const core::sweep::Sweep none;
    const core::sweep::Sweep& sweep = run ? run->sweep : none;
    const QString dash = QStringLiteral("–");
    const auto of = [&](std::int64_t part) { return tr("%1 of %2").arg(thousands(part), thousands(sweep.samples)); };
    const bool labels = sweep.accuracy(true).has_value(), classes = sweep.agreement().has_value();
    set(Left, tr("%1 accuracy").arg(sides[0].title), labels ? shareText(sweep.correctLeft, sweep.samples) : dash,
        labels ? of(sweep.correctLeft) : tr("no labels or classes"));
    set(Right, tr("%1 accuracy").arg(sides[1].title), labels ? shareText(sweep.correctRight, sweep.samples) : dash,
        labels ? of(sweep.correctRight) : QString());
    set(Agreement, tr("Agreement"), classes ? shareText(sweep.agreeing, sweep.samples) : dash, classes ? of(sweep.agreeing) : QString(),
        classes && sweep.agreeing < sweep.samples);
    if (sweep.worst.empty())
        set(Largest, tr("Largest |d| in the outputs"), dash, {});
    else
        set(Largest, tr("Largest |d| in the outputs"), twoDigits(*sweep.worst.front().maxAbs),
            tr("digit %1").arg(sweep.worst.front().index), sweep.over > 0);
    const QString limit = run ? roundNumber(run->tolerance) : QString();
    const QString open =
        sweep.notCompared > 0 ? tr("%1 not compared").arg(thousands(sweep.notCompared)) : tr("of %1").arg(thousands(sweep.samples));
    set(Over, run ? tr("Over %1").arg(limit) : tr("Over tolerance"), run ? thousands(sweep.over) : dash, run ? open : QString(),
        sweep.over > 0 || sweep.notCompared > 0);
}

QString TestSetFigures::text(int figure) const
{
    const Tile& tile = m_tiles[static_cast<std::size_t>(figure)];
    return QStringList{tile.title->text(), tile.value->text(), tile.detail->text()}.join(u' ');
}

}
