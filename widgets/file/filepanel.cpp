// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/file/filepanel.h"

#include "widgets/file/entriesmodel.h"
#include "widgets/file/globalsmodel.h"
#include "widgets/file/notesmodel.h"
#include "widgets/file/summary.h"
#include "widgets/file/tabletext.h"
#include "widgets/sides/headerbar.h"
#include "widgets/sides/paddeddelegate.h"
#include "widgets/sides/text.h"
#include "widgets/theme/segmentedswitch.h"
#include "widgets/theme/style.h"
#include "widgets/theme/type.h"

#include <QAction>
#include <QClipboard>
#include <QFileInfo>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QStackedLayout>
#include <QTableView>
#include <QToolButton>

namespace widgets {

FilePanel::FilePanel(QWidget* parent)
    : QWidget(parent), m_head(new HeaderBar(this, true)), m_label(new SideLabel(m_head, 12, true)),
      m_switch(new SegmentedSwitch(true, m_head)), m_filter(new QLineEdit(m_head)), m_unfold(new QPushButton(m_head)),
      m_checksum(new QPushButton(m_head)), m_notes(new NotesModel(this)), m_globals(new GlobalsModel(this)),
      m_entries(new EntriesModel(this)), m_origin(new EntriesModel(this)), m_entriesFilter(new EntriesFilter(this)),
      m_pages(new QStackedLayout), m_nothing(textLabel({}, this, 12, false, true))
{
    groundAsPanel(this);
    m_entriesFilter->setSourceModel(m_entries);
    m_tables[Notes] = addPage(m_notes, tr("Notes"), tr("Nothing was unknown, repaired or left out."));
    m_tables[Globals] = addPage(m_globals, tr("Code asked for"), tr("The file asks for no code beyond the framework's own."));
    m_tables[Entries] = addPage(m_entriesFilter, tr("Other data"), tr("Nothing but tensors."));
    m_tables[Origin] = addPage(m_origin, tr("File"), tr("No file is open on this side."));
    m_nothing->setAlignment(Qt::AlignHCenter | Qt::AlignTop);
    m_nothing->setContentsMargins(px(12), px(24), px(12), px(12));
    m_pages->addWidget(m_nothing);
    buildHead();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_head);
    column->addLayout(m_pages, 1);

    connect(m_switch, &SegmentedSwitch::currentChanged, this, &FilePanel::showPage);
    connect(m_filter, &QLineEdit::textChanged, m_entriesFilter, &EntriesFilter::setWords);
    connect(m_filter, &QLineEdit::textChanged, this, &FilePanel::showPage);
    connect(m_unfold, &QPushButton::toggled, this, [this](bool on) {
        m_globals->setUnfolded(on);
        showPage();
    });
    connect(m_checksum, &QPushButton::clicked, this, [this] { m_computing ? Q_EMIT checksumCancelled() : Q_EMIT checksumWanted(); });
    const auto choose = [this](const QModelIndex& index) {
        if (const QString where = index.data(NotesModel::WhereRole).toString(); !where.isEmpty())
            Q_EMIT placeChosen(where);
    };
    connect(m_tables[Notes], &QTableView::clicked, this, choose);
    connect(m_tables[Notes], &QTableView::activated, this, choose);
    showPage();
}

QTableView* FilePanel::addPage(QAbstractItemModel* model, const QString& name, const QString& nothing)
{
    const auto page = static_cast<std::size_t>(m_pages->count());
    auto* table = new QTableView(this);
    table->setModel(model);
    table->setItemDelegate(new PaddedDelegate(table));
    table->setFrameShape(QFrame::NoFrame);
    table->setShowGrid(false);
    table->setWordWrap(false);
    table->setTextElideMode(Qt::ElideRight);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setTabKeyNavigation(false);
    table->setAccessibleName(name);
    table->verticalHeader()->hide();
    table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    table->verticalHeader()->setMinimumSectionSize(px(20));
    table->verticalHeader()->setDefaultSectionSize(px(22));
    table->horizontalHeader()->setFont(textFont(11));
    table->horizontalHeader()->setFixedHeight(px(22));
    table->horizontalHeader()->setHighlightSections(false);
    table->horizontalHeader()->setStretchLastSection(true);
    table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    table->horizontalHeader()->resizeSection(0, px(page == Entries ? 320 : 120));
    if (page < Entries)
        table->horizontalHeader()->resizeSection(1, px(page == Notes ? 200 : 320));
    m_choices[page] = m_switch->add(name);
    m_names[page] = name;
    m_nothings[page] = nothing;
    m_pages->addWidget(table);
    return table;
}

void FilePanel::buildHead()
{
    auto* row = static_cast<HeaderBar*>(m_head)->row();
    row->addWidget(m_label);
    row->addWidget(m_switch);
    row->addStretch(1);
    for (QPushButton* button : {m_unfold, m_checksum}) {
        setSmall(button);
        row->addWidget(button);
    }
    m_unfold->setCheckable(true);
    m_checksum->setText(tr("Compute SHA-256"));
    setSmall(m_filter);
    m_filter->setFixedWidth(px(200));
    m_filter->setPlaceholderText(tr("Filter names and values"));
    m_filter->setAccessibleName(m_filter->placeholderText());
    m_filter->setClearButtonEnabled(true);
    row->addWidget(m_filter);
    auto* copy = iconButton(QStringLiteral("copy"), tr("Copy this table as text"), m_head);
    auto* close = iconButton(QStringLiteral("cross"), tr("Back to the layers' outputs (Esc)"), m_head);
    row->addWidget(copy);
    row->addWidget(close);
    connect(copy, &QToolButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(asText()); });
    connect(close, &QToolButton::clicked, this, &FilePanel::closeRequested);
}

void FilePanel::setModel(const SideName& side, std::shared_ptr<const core::Model> model)
{
    const bool another = model != m_model;
    const bool otherFile = !m_model || !model || m_model->origin.path != model->origin.path;
    m_model = std::move(model);
    const QString name = m_model ? QFileInfo(QString::fromStdString(m_model->origin.path)).fileName() : side.title;
    m_label->setSide(side.framework, safeText(name.toStdString()));
    if (!another)
        return;
    m_sha256.clear();
    if (otherFile) {
        m_filter->clear();
        m_unfold->setChecked(false);
    }
    m_notes->setNotes(m_model ? m_model->notes : std::vector<core::Note>());
    m_globals->setGlobals(m_model ? m_model->globals : std::vector<core::Global>());
    m_entries->setEntries(m_model ? EntriesModel::Entries(m_model, &m_model->entries) : nullptr);
    showOrigin();
    const qsizetype counts[] = {m_notes->rowCount(), m_globals->rowCount() + m_globals->usualCount(), m_entries->rowCount(), 0};
    for (const Page page : {Notes, Globals, Entries, Origin})
        m_choices[page]->setText(counts[page] == 0 ? m_names[page] : tr("%1 %2").arg(m_names[page], thousands(counts[page])));
    m_unfold->setText(tr("Show the %1 usual ones").arg(m_globals->usualCount()));
    if (otherFile)
        m_switch->setCurrent(m_globals->isHarmful()      ? Globals
                             : m_notes->rowCount() > 0   ? Notes
                             : m_entries->rowCount() > 0 ? Entries
                                                         : Origin);
    showPage();
}

void FilePanel::setPage(Page page)
{
    m_switch->setCurrent(page);
    showPage();
}

FilePanel::Page FilePanel::page() const
{
    return static_cast<Page>(m_switch->current());
}

void FilePanel::showPage()
{
    const Page shown = page();
    const auto* rows = m_tables[shown]->model();
    const bool empty = rows->rowCount() == 0;
    m_nothing->setText(shown == Entries && !m_filter->text().isEmpty() ? tr("Nothing has these words.") : m_nothings[shown]);
    m_pages->setCurrentIndex(empty ? PageCount : shown);
    m_filter->setVisible(shown == Entries && m_entries->rowCount() > 0);
    m_unfold->setVisible(shown == Globals && m_globals->usualCount() > 0);
    m_checksum->setVisible(shown == Origin && m_model && m_sha256.isEmpty() && m_model->origin.sha256.empty());
}

void FilePanel::showOrigin()
{
    auto all = std::make_shared<std::vector<core::Entry>>();
    if (m_model)
        *all = originOf(*m_model, m_sha256);
    m_origin->setEntries(std::move(all));
}

void FilePanel::setChecksum(const QString& sha256)
{
    m_sha256 = sha256;
    setChecksumProgress({});
    showOrigin();
    showPage();
}

void FilePanel::setChecksumProgress(std::optional<double> fraction)
{
    m_computing = fraction.has_value();
    m_checksum->setText(fraction ? tr("Cancel SHA-256: %1 %").arg(static_cast<int>(*fraction * 100)) : tr("Compute SHA-256"));
}

QString FilePanel::asText() const
{
    return tableAsText(*m_tables[page()]->model());
}

}
