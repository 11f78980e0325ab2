// SPDX-License-Identifier: GPL-3.0-or-later
// What the convert page offers to write: a file like the other side's, and each form of the writers' table.
#include "widgets/convert/changesmodel.h"
#include "widgets/convert/convertpage.h"
#include "widgets/sides/headerbar.h"
#include "widgets/theme/segmentedswitch.h"
#include "widgets/theme/type.h"

#include <QAction>
#include <QActionGroup>
#include <QLabel>
#include <QRadioButton>
#include <QVBoxLayout>

#include <algorithm>

namespace widgets {
namespace {

constexpr int detailIndent = 22, detailWidth = 236;

QString utf8(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

QString endingsOf(const core::formats::Writer& writer)
{
    QStringList endings;
    for (const std::string_view ending : writer.endings)
        endings << utf8(ending);
    return endings.join(QStringLiteral(", "));
}

QString escaped(QString name)
{
    return name.replace(u'&', QLatin1String("&&"));
}

}

void ConvertPage::tellSides()
{
    const auto names = sideNames(m_sides[0].framework, m_sides[1].framework);
    const auto actions = m_direction->group()->actions();
    actions[0]->setText(tr("%1 → %2").arg(names[0].title, names[1].title));
    actions[1]->setText(tr("%1 → %2").arg(names[1].title, names[0].title));
    const bool alone = source().fileName.isEmpty() || target().fileName.isEmpty();
    m_sourceHeading->setText(alone ? tr("From") : tr("Direction"));
    m_direction->setVisible(!alone);
    m_sourceName->setVisible(alone);
    m_sourceName->setText(source().fileName);
    fillTargets();
    m_proof->clear();
    m_changes->clearProof();
    updateWrite();
}

/// What was chosen stays chosen as long as it is offered.
void ConvertPage::fillTargets()
{
    std::vector<Target> targets;
    const core::Framework from = source().framework, other = target().framework;
    const bool alone = target().fileName.isEmpty();
    for (const core::formats::Writer* writer : {&core::formats::kerasH5Writer, &core::formats::stateDictWriter})
        if (!alone && writer->framework == other)
            targets.push_back({true, writer});
    if (!source().fileName.isEmpty())
        for (const bool same : {false, true}) // into another framework first
            for (const core::formats::Writer* writer : core::formats::writers())
                if ((writer->framework == from) == same && (alone || writer->framework == other || (same && source().isRepaired)))
                    targets.push_back({false, writer});
    const auto chosen = std::find_if(m_targets.begin(), m_targets.end(), [](const Target& target) { return target.button->isChecked(); });
    const Target before = chosen == m_targets.end() ? Target() : *chosen;
    if (targets != m_targets) {
        while (QLayoutItem* item = m_kinds->takeAt(0)) {
            item->widget()->setParent(nullptr);
            item->widget()->deleteLater();
            delete item;
        }
        for (Target& target : targets)
            m_kinds->addWidget(targetRow(target));
        m_targets = std::move(targets);
    }
    const auto kept = std::find(m_targets.begin(), m_targets.end(), before);
    for (const Target& target : m_targets) {
        target.button->setText(titleOf(target));
        auto* detail = target.button->parentWidget()->findChild<QLabel*>();
        detail->setText(detail->fontMetrics().elidedText(detailOf(target), Qt::ElideMiddle, px(detailWidth)));
        detail->setToolTip(detailOf(target).toHtmlEscaped());
    }
    const Target* wanted = m_targets.empty() ? nullptr : kept == m_targets.end() ? &m_targets.front() : &*kept;
    for (const Target& target : m_targets)
        target.button->setChecked(&target == wanted);
}

QWidget* ConvertPage::targetRow(Target& target)
{
    auto* row = new QWidget(this);
    auto* lines = new QVBoxLayout(row);
    lines->setContentsMargins(0, 0, 0, 0);
    lines->setSpacing(0);
    target.button = new QRadioButton(row);
    target.button->setAutoExclusive(false); // it has siblings in other rows
    auto* detail = textLabel({}, row, 12, false, true);
    detail->setIndent(px(detailIndent));
    detail->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed); // a long name makes no wide column
    lines->addWidget(target.button);
    lines->addWidget(detail);
    connect(target.button, &QRadioButton::clicked, this, [this, button = target.button] {
        for (const Target& one : m_targets)
            one.button->setChecked(one.button == button);
        m_proof->clear();
        m_changes->clearProof();
        Q_EMIT choiceChanged();
    });
    return row;
}

QString ConvertPage::titleOf(const Target& target) const
{
    if (!target.like)
        return utf8(target.writer->title);
    const QString twin = escaped(this->target().fileName);
    return target.writer->needsWiring ? tr("A file like %1").arg(twin) : tr("A state dict for %1").arg(twin);
}

QString ConvertPage::detailOf(const Target& target) const
{
    if (target.like)
        return target.writer->needsWiring ? tr("its architecture, these weights") : tr("its names and shapes, these weights");
    const QString how = target.writer->framework != source().framework ? tr("made from %1").arg(source().fileName)
                        : source().isRepaired                          ? tr("%1 as repaired").arg(source().fileName)
                                                                       : tr("%1 written anew").arg(source().fileName);
    return QStringLiteral("%1 · %2").arg(endingsOf(*target.writer), how);
}

QList<QRadioButton*> ConvertPage::targetButtons() const
{
    QList<QRadioButton*> buttons;
    for (const Target& target : m_targets)
        buttons << target.button;
    return buttons;
}

}
