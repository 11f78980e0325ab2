// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/convert/convertpage.h"

#include "widgets/convert/changesmodel.h"
#include "widgets/sides/headerbar.h"
#include "widgets/sides/paddeddelegate.h"
#include "widgets/sides/text.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/segmentedswitch.h"
#include "widgets/theme/style.h"
#include "widgets/theme/type.h"

#include <QAction>
#include <QActionGroup>
#include <QCheckBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QRadioButton>
#include <QScrollArea>
#include <QSpinBox>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

#include <cmath>

namespace widgets {
namespace {

constexpr int sideWidth = 296;

}

ConvertPage::ConvertPage(QWidget* parent)
    : QWidget(parent), m_direction(new SegmentedSwitch(false, this)), m_changes(new ChangesModel(this)), m_proof(new ProofView(this))
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(buildChoices());
    row->addWidget(buildTable(), 1);
    m_proof->setFixedWidth(px(sideWidth) + px(8));
    row->addWidget(m_proof);
    m_proof->clear();
    setSides({}, {});
    setProgress({});
}

QWidget* ConvertPage::buildChoices()
{
    auto* choices = new QWidget(this);
    choices->setFixedWidth(px(sideWidth));
    auto* whole = new QVBoxLayout(choices);
    whole->setContentsMargins(px(16), px(16), px(16), px(16));
    whole->setSpacing(px(8));
    m_settings = new QWidget(choices);
    auto* column = new QVBoxLayout(m_settings);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(px(8));
    const auto heading = [&](const QString& text) { column->addWidget(textLabel(text, choices, 13, true)); };
    m_sourceHeading = textLabel({}, choices, 13, true);
    column->addWidget(m_sourceHeading);
    m_direction->add(QString());
    m_direction->add(QString());
    m_direction->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    for (auto* part : m_direction->findChildren<QToolButton*>())
        part->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    column->addWidget(m_direction);
    m_sourceName = textLabel({}, choices);
    m_sourceName->setWordWrap(true);
    column->addWidget(m_sourceName);
    column->addSpacing(px(12));
    heading(tr("Write"));
    m_kinds = new QVBoxLayout;
    m_kinds->setSpacing(px(4));
    column->addLayout(m_kinds);
    column->addSpacing(px(12));
    heading(tr("File"));
    addFileRow(column);
    column->addSpacing(px(12));
    heading(tr("Proof"));
    addProofRows(column);
    column->addStretch();
    auto* scroll = new QScrollArea(choices); // a low window has less room than there is to choose from
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(m_settings);
    whole->addWidget(scroll, 1);
    m_progress = new QProgressBar(choices);
    m_progress->setTextVisible(false);
    m_progress->setFixedHeight(px(6));
    m_cancel = new QPushButton(tr("Cancel"), choices);
    auto* running = new QHBoxLayout; // beside the bar: a second click on the button below must not cancel
    running->addWidget(m_progress, 1);
    running->addWidget(m_cancel);
    whole->addLayout(running);
    m_write = new QPushButton(icon(QStringLiteral("arrow"), &Colours::onBlue), tr("Write and prove"), choices);
    m_write->setDefault(true);
    m_write->setFixedHeight(px(32));
    whole->addWidget(m_write);
    connect(m_direction, &SegmentedSwitch::currentChanged, this, [this] {
        tellSides();
        Q_EMIT choiceChanged();
    });
    connect(m_write, &QPushButton::clicked, this, &ConvertPage::writeRequested);
    connect(m_cancel, &QPushButton::clicked, this, &ConvertPage::cancelRequested);
    return choices;
}

void ConvertPage::addFileRow(QVBoxLayout* column)
{
    auto* row = new QHBoxLayout;
    row->setSpacing(px(4));
    m_path = new QLineEdit(this);
    m_path->setAccessibleName(tr("File to write"));
    auto* browse = iconButton(QStringLiteral("open"), tr("Choose where to write"), this);
    row->addWidget(m_path, 1);
    row->addWidget(browse);
    column->addLayout(row);
    connect(m_path, &QLineEdit::textChanged, this, &ConvertPage::updateWrite);
    connect(browse, &QToolButton::clicked, this, &ConvertPage::browseRequested);
}

void ConvertPage::addProofRows(QVBoxLayout* column)
{
    m_reopen = new QCheckBox(tr("Open again, compare every tensor"), this);
    m_reopen->setChecked(true);
    m_runBoth = new QCheckBox(tr("Run both on"), this);
    m_runBoth->setChecked(true);
    m_samples = new QSpinBox(this);
    setSmall(m_samples);
    m_samples->setButtonSymbols(QAbstractSpinBox::NoButtons);
    m_samples->setAlignment(Qt::AlignCenter);
    m_samples->setGroupSeparatorShown(true);
    m_samples->setFixedWidth(px(60));
    m_samples->setAccessibleName(tr("Number of samples"));
    column->addWidget(m_reopen);
    auto* row = new QHBoxLayout;
    row->setSpacing(px(8));
    row->addWidget(m_runBoth);
    row->addWidget(m_samples);
    m_samplesUnit = textLabel({}, this);
    row->addWidget(m_samplesUnit);
    row->addStretch();
    column->addLayout(row);
    setSamplesAvailable(0);
    connect(m_runBoth, &QCheckBox::toggled, m_samples, &QWidget::setEnabled);
    connect(m_reopen, &QCheckBox::toggled, this, [this](bool on) {
        m_runBoth->setEnabled(on);
        m_samples->setEnabled(on && m_runBoth->isChecked());
        m_write->setText(on ? tr("Write and prove") : tr("Write"));
    });
}

/// The only one that is open, else as chosen.
const ConvertSide& ConvertPage::source() const
{
    if (m_sides[0].fileName.isEmpty() != m_sides[1].fileName.isEmpty())
        return m_sides[m_sides[0].fileName.isEmpty() ? 1 : 0];
    return m_sides[m_direction->current() == 1 ? 1 : 0];
}

const ConvertSide& ConvertPage::target() const
{
    return m_sides[&source() == &m_sides[0] ? 1 : 0];
}

void ConvertPage::setSides(const ConvertSide& left, const ConvertSide& right)
{
    m_sides = {left, right};
    tellSides();
}

void ConvertPage::setDirection(bool leftToRight)
{
    if (m_busy)
        return;
    m_direction->setCurrent(leftToRight ? 0 : 1);
    tellSides();
}

void ConvertPage::setPath(const QString& path)
{
    m_path->setText(path);
}

void ConvertPage::setSamplesAvailable(int count, bool areNoises)
{
    m_samplesUnit->setText(areNoises ? tr("noises") : tr("digits"));
    if (count != m_samples->maximum() || areNoises != m_areNoises) { // else what was chosen stays
        m_samples->setRange(1, qMax(1, count));
        m_samples->setValue(qMax(1, count));
    }
    m_areNoises = areNoises;
    m_runBoth->setEnabled(count > 0 && m_reopen->isChecked());
    m_samples->setEnabled(m_runBoth->isEnabled() && m_runBoth->isChecked() && !areNoises);
}

void ConvertPage::setPlan(const core::convert::Plan& plan)
{
    const auto title = [](core::Framework framework) { return sideNames(framework, core::Framework::None)[0].title; };
    m_changes->setChanges(plan.changes, title(source().framework), title(plan.writer ? plan.writer->framework : target().framework));
    m_summary->setText(
        tr("%1 tensors, %2 bytes").arg(m_changes->tensorCount()).arg(thousands(static_cast<std::int64_t>(m_changes->byteCount()))));
    QStringList warnings;
    for (const auto& warning : plan.warnings)
        warnings += QString::fromStdString(warning.text);
    m_problem->setText(warnings.join(u'\n'));
    m_problem->setVisible(!warnings.isEmpty());
    fitColumns();
    m_planned = true;
    updateWrite();
}

void ConvertPage::setProblem(const QString& problem)
{
    m_changes->setChanges({}, {}, {});
    m_summary->clear();
    m_problem->setText(problem);
    m_problem->setVisible(!problem.isEmpty());
    m_planned = false;
    updateWrite();
}

QString ConvertPage::problem() const
{
    return m_problem->text();
}

void ConvertPage::setPending()
{
    m_planned = false;
    m_proof->clear();
    updateWrite();
}

void ConvertPage::setProgress(std::optional<double> fraction)
{
    m_busy = fraction.has_value();
    m_settings->setEnabled(!m_busy);
    m_progress->setVisible(m_busy);
    m_cancel->setVisible(m_busy);
    updateWrite();
    m_progress->setRange(0, 1000);
    m_progress->setValue(static_cast<int>(std::lround(fraction.value_or(0) * 1000)));
}

void ConvertPage::setProof(const ProofFacts& facts)
{
    m_changes->setProof(facts.conversion.proof ? facts.conversion.proof->tensors : std::map<std::string, bool>());
    m_proof->setProof(facts);
    fitColumns();
}

ConvertChoice ConvertPage::choice() const
{
    ConvertChoice choice;
    choice.leftToRight = &source() == &m_sides[0];
    for (const Target& target : m_targets)
        if (target.button->isChecked()) {
            choice.like = target.like;
            choice.writer = target.writer;
        }
    choice.path = m_path->text().trimmed();
    choice.prove = m_reopen->isChecked();
    choice.samples = m_runBoth->isEnabled() && m_runBoth->isChecked() ? m_samples->value() : 0;
    return choice;
}

void ConvertPage::updateWrite()
{
    m_write->setEnabled(m_planned && !m_busy && !m_path->text().trimmed().isEmpty());
}

}
