// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/tensor/statisticspart.h"

#include "widgets/plots/histogramplot.h"
#include "widgets/sides/headerbar.h"
#include "widgets/sides/text.h"
#include "widgets/theme/style.h"
#include "widgets/theme/type.h"

#include <QGridLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QStackedLayout>

namespace widgets {

namespace {

enum Page { Numbers, Waiting, Message };

QString number(double value)
{
    return QString::number(value, 'g', 6);
}

QPushButton* smallButton(const QString& text, QWidget* parent)
{
    auto* button = new QPushButton(text, parent);
    setSmall(button);
    return button;
}

}

StatisticsPart::StatisticsPart(QWidget* parent)
    : QWidget(parent), m_pages(new QStackedLayout(this)), m_names(textLabel({}, this, 12, false, true)), m_values(textLabel({}, this)),
      m_message(textLabel({}, this, 12, false, true)), m_waiting(textLabel(tr("Reading all values …"), this, 12, false, true)),
      m_histogram(new HistogramPlot(this)), m_progress(new QProgressBar(this)), m_compute(smallButton(tr("Compute"), this))
{
    const auto page = [this] {
        auto* widget = new QWidget(this);
        auto* grid = new QGridLayout(widget);
        grid->setContentsMargins(px(12), px(8), px(12), px(6));
        grid->setVerticalSpacing(px(8));
        m_pages->addWidget(widget);
        return grid;
    };
    QGridLayout* numbers = page();
    m_values->setAlignment(Qt::AlignRight | Qt::AlignTop);
    m_values->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_values->setAccessibleName(tr("Statistics"));
    numbers->addWidget(m_names, 0, 0);
    numbers->addWidget(m_values, 0, 1);
    numbers->addWidget(m_histogram, 1, 0, 1, 2);
    numbers->setRowStretch(1, 1);

    QGridLayout* waiting = page();
    m_progress->setRange(0, 1000);
    m_progress->setTextVisible(false);
    m_progress->setAccessibleName(tr("Progress of the statistics"));
    auto* cancel = smallButton(tr("Cancel"), this);
    waiting->addWidget(m_waiting, 0, 0, 1, 2);
    waiting->addWidget(m_progress, 1, 0, 1, 2);
    waiting->addWidget(cancel, 2, 0);
    waiting->setRowStretch(3, 1);
    waiting->setColumnStretch(1, 1);

    QGridLayout* message = page();
    m_message->setWordWrap(true);
    message->addWidget(m_message, 0, 0, 1, 2);
    message->addWidget(m_compute, 1, 0);
    message->setRowStretch(2, 1);
    message->setColumnStretch(1, 1);

    connect(cancel, &QPushButton::clicked, this, &StatisticsPart::cancelRequested);
    connect(m_compute, &QPushButton::clicked, this, &StatisticsPart::computeRequested);
    setMessage({});
}

void StatisticsPart::showPage(int page)
{
    m_pages->setCurrentIndex(page);
}

void StatisticsPart::setStatistics(core::Framework framework, const core::Statistics& of, const std::vector<std::int64_t>& bins)
{
    QStringList names{tr("min"), tr("max"), tr("mean"), tr("std"), tr("zeros")};
    QStringList values{number(of.min), number(of.max), number(of.mean), number(of.std), thousands(of.zeros)};
    if (of.nans + of.infs > 0) {
        names << tr("NaN") << tr("infinite");
        values << thousands(of.nans) << thousands(of.infs);
    }
    names << tr("count");
    values << thousands(of.count);
    m_names->setText(names.join(u'\n'));
    m_values->setText(values.join(u'\n'));
    m_histogram->setCounts({framework, core::Framework::None}, bins, {}, of.min, of.max);
    showPage(Numbers);
}

void StatisticsPart::setProgress(double fraction)
{
    m_progress->setVisible(fraction > 0);
    m_progress->setValue(static_cast<int>(fraction * 1000));
    showPage(Waiting);
}

void StatisticsPart::setMessage(const QString& text, bool canCompute)
{
    m_message->setText(text);
    m_compute->setVisible(canCompute);
    showPage(Message);
}

bool StatisticsPart::isComputing() const
{
    return m_pages->currentIndex() == Waiting;
}

QString StatisticsPart::asText() const
{
    if (m_pages->currentIndex() != Numbers)
        return {};
    const QStringList names = m_names->text().split(u'\n'), values = m_values->text().split(u'\n');
    QString text;
    for (qsizetype i = 0; i < names.size(); ++i)
        text += names[i] + u'\t' + values[i] + u'\n';
    return text;
}

}
