// SPDX-License-Identifier: GPL-3.0-or-later
// Which digits the page shows, and what it says of the run.
#include "widgets/sides/text.h"
#include "widgets/testset/confusionview.h"
#include "widgets/testset/gallery.h"
#include "widgets/testset/testsetfigures.h"
#include "widgets/testset/testsetpage.h"

#include <QComboBox>
#include <QGraphicsEffect>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>

namespace widgets {

void TestSetPage::setFilter(const GalleryFilter& filter)
{
    m_gallery->galleryModel()->setFilter(filter);
    for (const bool left : {true, false}) {
        const auto& answer = left ? filter.left : filter.right;
        m_confusion[left ? 0 : 1]->setChosen(filter.label && answer ? std::optional(ConfusionView::Cell{*filter.label, *answer})
                                                                    : std::nullopt);
    }
    m_galleryTitle->setText(galleryTitle());
}

void TestSetPage::chooseCell(bool left, int label, int answer)
{
    if (!m_run)
        return;
    const bool again = confusion(left)->chosen() == ConfusionView::Cell{label, answer};
    GalleryFilter filter{GalleryFilter::Kind::All, label, {}, {}, m_order->currentData().toBool()};
    (left ? filter.left : filter.right) = answer;
    if (again)
        filter = {GalleryFilter::Kind::Disagreeing, {}, {}, {}, filter.worstFirst};
    m_kind->setCurrentIndex(again ? 0 : 2);
    m_label->setCurrentIndex(again ? 0 : label + 1);
    setFilter(filter);
}

QString TestSetPage::galleryTitle() const
{
    const GalleryFilter& filter = m_gallery->galleryModel()->filter();
    const int rows = m_gallery->galleryModel()->rowCount();
    const QString count = thousands(rows);
    if (!m_run)
        return {};
    if (filter.left || filter.right)
        return tr("%1 of label %2 that are %4 to %3")
            .arg(count)
            .arg(*filter.label)
            .arg(m_sides[filter.left ? 0 : 1].title)
            .arg(filter.left ? *filter.left : *filter.right);
    switch (filter.kind) {
    case GalleryFilter::Kind::Disagreeing:
        return m_run->sweep.classes == 0 ? tr("No output of classes")
               : rows == 0               ? tr("They disagree on no digit")
                                         : tr("%1 on which they disagree").arg(count);
    case GalleryFilter::Kind::Over:
        return tr("%1 over %2").arg(count, roundNumber(m_run->tolerance));
    case GalleryFilter::Kind::All:
        break;
    }
    return tr("%1 digits").arg(count);
}

void TestSetPage::setStale(bool stale)
{
    m_stale = stale;
    showState();
}

void TestSetPage::setProgress(std::optional<int> done, double seconds)
{
    m_done = done;
    m_seconds = seconds;
    showState();
}

void TestSetPage::showState()
{
    const int done = m_done.value_or(m_run ? static_cast<int>(m_run->samples.size()) : 0);
    const int all = m_run && !m_done && !m_stale && m_run->digits ? m_run->digits->count() : m_available;
    m_count->setText(all > 0 ? tr("%1 of %2").arg(thousands(done), thousands(all)) : QString());
    const double seconds = m_done ? m_seconds : m_run ? m_run->seconds : 0;
    m_time->setText(seconds > 0 ? tr("%1 s").arg(fixedNumber(seconds, 1)) : QString());
    m_progress->setRange(0, std::max(all, 1));
    m_progress->setValue(done);
    const bool continues = m_run && !m_run->isComplete() && !m_stale;
    m_start->setText(continues ? tr("Continue") : m_run ? tr("Run again") : tr("Run"));
    m_start->setVisible(!m_done && m_available > 0);
    m_start->setEnabled(m_problem.isEmpty());
    m_cancel->setVisible(m_done.has_value());
    m_save->setVisible(m_run && !m_done);
    m_folder->setVisible(m_available == 0 && !m_done);
    QString told = m_problem;
    if (told.isEmpty() && m_available == 0)
        told = tr("The MNIST test set is not on this machine's usual places: choose its folder.");
    else if (told.isEmpty() && !m_run)
        told = m_done ? QString() : tr("Nothing was run yet.");
    else if (told.isEmpty() && m_stale)
        told = tr("These figures are of other networks, links or preprocessing than what is open: run it again.");
    else if (told.isEmpty() && continues && !m_done)
        told = tr("Of the first %1 digits alone: the run was cancelled.").arg(thousands(done));
    else if (told.isEmpty() && m_run && m_run->sweep.problem)
        told = tr("Not compared, digit %1 first: %2")
                   .arg(m_run->sweep.problem->first)
                   .arg(QString::fromStdString(m_run->sweep.problem->second));
    m_told->setText(told);
    m_told->setVisible(!told.isEmpty());
    m_content->graphicsEffect()->setEnabled(m_stale);
    m_figures->setEnabled(!m_stale);
}

}
