// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/convert/convert.h"

#include <QString>
#include <QWidget>

#include <optional>
#include <vector>

class QLabel;
class QPushButton;

namespace widgets {

/// A conversion with what is known of its files.
struct ProofFacts
{
    core::convert::Conversion conversion;
    QString source, twin; ///< file names
    bool toRight = true;  ///< the twin's side
    QString when;
};

/// What a conversion came to, line by line, of which files, and what can be done with the new one; before there is one, what will be
/// proved.
class ProofView final : public QWidget
{
    Q_OBJECT
public:
    struct Line
    {
        std::optional<bool> holds; ///< none: could not be compared, or a remark
        QString title, detail;
        int height = 0; ///< as laid out
    };

    explicit ProofView(QWidget* parent = nullptr);

    void setProof(const ProofFacts& facts);
    void clear();
    const std::vector<Line>& lines() const { return m_lines; }
    QString verdict() const;
    QPushButton* openButton() const { return m_open; }
    QPushButton* folderButton() const { return m_folder; }
    QPushButton* saveButton() const { return m_save; }

Q_SIGNALS:
    void openRequested();   ///< the new file on the twin's side
    void folderRequested(); ///< its folder
    void saveRequested();   ///< the proof, into a file

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    /// Whether it was proved by what one of the files does not tell.
    bool isQualified() const;
    void fillLines();
    void addProofLines(const core::convert::Proof& proof);
    void place();
    QColor ink() const;
    void paintHead(QPainter& painter, const QRect& area) const;
    void paintLine(QPainter& painter, const Line& line, const QRect& area) const;

    std::optional<ProofFacts> m_facts;
    std::vector<Line> m_lines;
    QLabel* m_hash;
    QPushButton *m_open, *m_folder, *m_save;
};

}
