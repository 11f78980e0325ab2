// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/model.h"
#include "widgets/sides/sidelabel.h"

#include <QHash>

#include <memory>

class QAbstractItemModel;
class QAction;
class QLabel;
class QLineEdit;
class QPushButton;
class QSortFilterProxyModel;
class QStackedLayout;
class QTableView;

namespace widgets {

class EntriesFilter;
class EntriesModel;
class GlobalsModel;
class NotesModel;
class SegmentedSwitch;

/// What a file tells beside its tensors: notes, what its pickles ask for, the other data in it, where it comes from.
class FilePanel final : public QWidget
{
    Q_OBJECT

public:
    enum Page { Notes, Globals, Entries, Origin, PageCount };

    explicit FilePanel(QWidget* parent = nullptr);

    /// Shows a file on the page where there is something to read; null empties the panel.
    void setModel(const SideName& side, std::shared_ptr<const core::Model> model);
    const std::shared_ptr<const core::Model>& model() const { return m_model; }
    void setPage(Page page);
    Page page() const;
    /// Being computed (a fraction), done, or neither.
    void setChecksum(const QString& sha256);
    void setChecksumProgress(std::optional<double> fraction);

    QTableView* table(Page page) const { return m_tables[page]; }
    QLineEdit* filter() const { return m_filter; }
    QPushButton* checksumButton() const { return m_checksum; }
    /// The rows of the page that is shown, tab separated.
    QString asText() const;

Q_SIGNALS:
    /// A note's layer or parameter.
    void placeChosen(const QString& name);
    void checksumWanted();
    /// While it is computed: not any more.
    void checksumCancelled();
    void closeRequested();

private:
    QTableView* addPage(QAbstractItemModel* model, const QString& name, const QString& nothing);
    void buildHead();
    void showPage();
    void showOrigin();

    std::shared_ptr<const core::Model> m_model;
    QWidget* m_head;
    SideLabel* m_label;
    SegmentedSwitch* m_switch;
    QLineEdit* m_filter;
    QPushButton *m_unfold, *m_checksum;
    NotesModel* m_notes;
    GlobalsModel* m_globals;
    EntriesModel *m_entries, *m_origin;
    EntriesFilter* m_entriesFilter;
    QStackedLayout* m_pages;
    QLabel* m_nothing;
    std::array<QTableView*, PageCount> m_tables{};
    std::array<QAction*, PageCount> m_choices{};
    std::array<QString, PageCount> m_names, m_nothings;
    QString m_sha256;
    bool m_computing = false;
};

}
