// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/convert/convert.h"

#include <QString>
#include <QWidget>

#include <optional>
#include <vector>

class QLabel;

namespace widgets {

/// A proof with what is known of the written file.
struct ProofFacts
{
    core::convert::Proof proof;
    QString path, when, sha256;
    std::uint64_t fileSize = 0;
    double tolerance = 1e-5;
};

/// What a proof found, line by line; before there is one, what will be proved.
class ProofView final : public QWidget
{
    Q_OBJECT
public:
    struct Line
    {
        std::optional<bool> holds; ///< none: a remark
        QString title, detail;
    };

    explicit ProofView(QWidget* parent = nullptr);

    void setProof(const ProofFacts& facts);
    void clear();
    const std::vector<Line>& lines() const { return m_lines; }
    QString verdict() const;

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void fillLines();
    void placeHash();

    std::optional<ProofFacts> m_facts;
    std::vector<Line> m_lines;
    QLabel* m_hash;
};

}
