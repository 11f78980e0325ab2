// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/testset/testsetpage.h"

#include "widgets/sides/headerbar.h"
#include "widgets/sides/text.h"
#include "widgets/testset/confusionview.h"
#include "widgets/testset/errorhistogram.h"
#include "widgets/testset/gallery.h"
#include "widgets/testset/labelsview.h"
#include "widgets/testset/testsetfigures.h"
#include "widgets/theme/colours.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/segmentedswitch.h"
#include "widgets/theme/style.h"
#include "widgets/theme/type.h"

#include <QComboBox>
#include <QGraphicsOpacityEffect>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPainter>
#include <QProgressBar>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace widgets {

namespace {

constexpr int galleryWidth = 608;

/// A line that fills.
class ProgressLine final : public QProgressBar
{
public:
    using QProgressBar::QProgressBar;

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        const Colours& set = colours(palette());
        const double share = maximum() > 0 ? static_cast<double>(value()) / static_cast<double>(maximum()) : 0.0, radius = height() / 2.0;
        painter.setBrush(set.hair);
        painter.drawRoundedRect(rect(), radius, radius);
        painter.setBrush(set.blue);
        painter.setClipRect(QRectF(0, 0, width() * share, height()));
        painter.drawRoundedRect(rect(), radius, radius);
    }
};

}

TestSetPage::TestSetPage(QWidget* parent) : QWidget(parent), m_content(new QWidget(this))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(buildHead());
    auto* line = new QWidget(this);
    line->setFixedHeight(1);
    line->setBackgroundRole(QPalette::Mid);
    line->setAutoFillBackground(true);
    column->addWidget(line);
    auto* row = new QHBoxLayout(m_content);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(1);
    row->addWidget(buildFigures(), 1);
    row->addWidget(buildGallery());
    column->addWidget(m_content, 1);
    auto* effect = new QGraphicsOpacityEffect(m_content);
    effect->setOpacity(disabledOpacity);
    effect->setEnabled(false);
    m_content->setGraphicsEffect(effect);
    setSides(sideNames(core::Framework::None, core::Framework::None));
    showRun();
    showState();
}

QWidget* TestSetPage::buildHead()
{
    auto* head = new QWidget(this);
    auto* row = new QHBoxLayout(head);
    row->setContentsMargins(px(16), px(14), px(16), px(14));
    row->setSpacing(px(16));
    m_figures = new TestSetFigures(head);
    row->addWidget(m_figures, 1);
    auto* column = new QVBoxLayout;
    column->setSpacing(px(6));
    auto* counts = new QHBoxLayout;
    m_count = textLabel({}, head);
    m_time = textLabel({}, head, 12, false, true);
    counts->addWidget(m_count);
    counts->addStretch();
    counts->addWidget(m_time);
    column->addLayout(counts);
    m_progress = new ProgressLine(head);
    m_progress->setTextVisible(false);
    m_progress->setFixedHeight(px(6));
    m_progress->setAccessibleName(tr("Digits that were run"));
    column->addWidget(m_progress);
    auto* buttons = new QHBoxLayout;
    buttons->addStretch();
    m_folder = new QPushButton(icon(QStringLiteral("grid")), tr("MNIST folder…"), head);
    m_save = new QPushButton(icon(QStringLiteral("save")), tr("Save table"), head);
    m_start = new QPushButton(icon(QStringLiteral("play")), tr("Run"), head);
    m_cancel = new QPushButton(icon(QStringLiteral("stop")), tr("Cancel"), head);
    for (QPushButton* button : {m_folder, m_save, m_start, m_cancel})
        buttons->addWidget(button);
    column->addLayout(buttons);
    auto* block = new QWidget(head);
    block->setLayout(column);
    column->setContentsMargins(0, 0, 0, 0);
    block->setFixedWidth(px(264));
    row->addWidget(block);
    connect(m_folder, &QPushButton::clicked, this, &TestSetPage::folderWanted);
    connect(m_save, &QPushButton::clicked, this, &TestSetPage::saveRequested);
    connect(m_start, &QPushButton::clicked, this, &TestSetPage::runRequested);
    connect(m_cancel, &QPushButton::clicked, this, &TestSetPage::cancelRequested);
    return head;
}

QWidget* TestSetPage::buildFigures()
{
    auto* panel = new QWidget(m_content);
    groundAsPanel(panel);
    auto* column = new QVBoxLayout(panel);
    column->setContentsMargins(px(16), px(14), px(16), px(12));
    column->setSpacing(px(8));
    m_told = textLabel({}, panel, 12, true);
    m_told->setWordWrap(true);
    column->addWidget(m_told);
    auto* matrices = new QHBoxLayout;
    matrices->setSpacing(px(16));
    for (std::size_t side = 0; side < 2; ++side) {
        auto* half = new QVBoxLayout;
        m_titles[side] = new SideLabel(panel, 12, true);
        m_titles[side]->setDetail(tr("label down, answer across"));
        m_confusion[side] = new ConfusionView(panel);
        half->addWidget(m_titles[side]);
        half->addWidget(m_confusion[side]);
        half->addStretch();
        matrices->addLayout(half, 1);
        connect(m_confusion[side], &ConfusionView::cellClicked, this,
                [this, side](int label, int answer) { chooseCell(side == 0, label, answer); });
    }
    column->addLayout(matrices);
    m_lower = new SegmentedSwitch(true, panel);
    m_lower->add(tr("By label"));
    m_lower->add(tr("By error"));
    column->addWidget(m_lower, 0, Qt::AlignLeft);
    m_below = new QStackedWidget(panel);
    m_below->addWidget(m_labels = new LabelsView(m_below));
    m_below->addWidget(m_histogram = new ErrorHistogram(m_below));
    column->addWidget(m_below, 1);
    connect(m_lower, &SegmentedSwitch::currentChanged, m_below, &QStackedWidget::setCurrentIndex);
    return panel;
}

QWidget* TestSetPage::buildGallery()
{
    auto* panel = new QWidget(m_content);
    groundAsPanel(panel);
    panel->setFixedWidth(px(galleryWidth));
    auto* column = new QVBoxLayout(panel);
    column->setContentsMargins(px(16), px(12), px(4), px(4));
    column->setSpacing(px(8));
    auto* head = new QHBoxLayout;
    head->setContentsMargins(0, 0, px(12), 0);
    m_galleryTitle = textLabel({}, panel, 12, true);
    m_kind = new QComboBox(panel);
    m_kind->addItem(tr("Disagreeing"), static_cast<int>(GalleryFilter::Kind::Disagreeing));
    m_kind->addItem(tr("Over tolerance"), static_cast<int>(GalleryFilter::Kind::Over));
    m_kind->addItem(tr("All digits"), static_cast<int>(GalleryFilter::Kind::All));
    m_kind->setAccessibleName(tr("Which digits"));
    m_label = new QComboBox(panel);
    m_label->setAccessibleName(tr("Which label"));
    m_order = new QComboBox(panel);
    m_order->addItem(tr("Test set order"), false);
    m_order->addItem(tr("Largest |d| first"), true);
    m_order->setAccessibleName(tr("In which order"));
    head->addWidget(m_galleryTitle, 1);
    for (QComboBox* box : {m_kind, m_label, m_order})
        head->addWidget(box);
    column->addLayout(head);
    m_gallery = new Gallery(panel);
    column->addWidget(m_gallery, 1);
    const auto filter = [this] {
        setFilter({static_cast<GalleryFilter::Kind>(m_kind->currentData().toInt()),
                   m_label->currentIndex() > 0 ? std::optional(m_label->currentIndex() - 1) : std::nullopt,
                   {},
                   {},
                   m_order->currentData().toBool()});
    };
    for (QComboBox* box : {m_kind, m_label, m_order})
        connect(box, &QComboBox::activated, this, filter);
    connect(m_gallery, &Gallery::digitOpened, this, &TestSetPage::digitOpened);
    return panel;
}

void TestSetPage::setSides(const std::array<SideName, 2>& sides)
{
    m_sides = sides;
    for (std::size_t side = 0; side < 2; ++side)
        m_titles[side]->setSide(sides[side].framework, sides[side].title);
    m_gallery->setSides(sides);
    showRun();
}

void TestSetPage::setAvailable(int digits, const QString& problem)
{
    m_available = digits;
    m_problem = problem;
    showState();
}

void TestSetPage::setRun(std::shared_ptr<const TestSetRun> run)
{
    const bool isNew = !m_run || !run;
    m_run = std::move(run);
    m_gallery->galleryModel()->setRun(m_run);
    if (isNew && m_run) { // where nothing disagrees, those that differ most are of interest
        const bool disagree = m_run->sweep.disagreeing() > 0;
        m_kind->setCurrentIndex(disagree ? 0 : 2);
        m_order->setCurrentIndex(disagree ? 0 : 1);
        setFilter({disagree ? GalleryFilter::Kind::Disagreeing : GalleryFilter::Kind::All, {}, {}, {}, !disagree});
    }
    showRun();
    showState();
}

void TestSetPage::showRun()
{
    const core::sweep::Sweep none;
    const core::sweep::Sweep& sweep = m_run ? m_run->sweep : none;
    m_figures->setRun(m_run.get(), m_sides);
    m_confusion[0]->setCounts(sweep.confusionLeft, sweep.classes);
    m_confusion[1]->setCounts(sweep.confusionRight, sweep.classes);
    m_labels->setSweep(sweep, m_sides);
    m_histogram->setHistogram(sweep.histogram, m_run ? m_run->tolerance : 1e-5);
    fillLabels();
    m_galleryTitle->setText(galleryTitle());
    m_content->setEnabled(m_run != nullptr);
}

void TestSetPage::fillLabels()
{
    const int classes = m_run ? static_cast<int>(m_run->sweep.ofLabel.size()) : 0;
    if (m_label->count() == classes + 1)
        return;
    m_label->clear();
    m_label->addItem(tr("Every label"));
    for (int label = 0; label < classes; ++label)
        m_label->addItem(tr("Label %1").arg(label));
}

QString TestSetPage::told() const
{
    return m_told->text();
}

void TestSetPage::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape && m_done)
        Q_EMIT cancelRequested();
    else
        QWidget::keyPressEvent(event);
}

}
