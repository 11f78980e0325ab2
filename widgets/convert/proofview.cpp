// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/convert/proofview.h"

#include "widgets/sides/headerbar.h"
#include "widgets/sides/text.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/type.h"

#include <QFileInfo>
#include <QLabel>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace widgets {
namespace {

constexpr int margin = 16, headHeight = 56, lineHeight = 47;

}

ProofView::ProofView(QWidget* parent) : QWidget(parent), m_hash(textLabel({}, this))
{
    m_hash->setFont(fixedFont(11));
    m_hash->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_hash->setAccessibleName(tr("SHA-256 of the written file"));
    m_hash->hide();
    groundAsPanel(this);
}

void ProofView::setProof(const ProofFacts& facts)
{
    m_facts = facts;
    fillLines();
}

void ProofView::clear()
{
    m_facts.reset();
    m_lines.clear();
    m_hash->hide();
    setAccessibleName(tr("Proof"));
    update();
}

QString ProofView::verdict() const
{
    return !m_facts ? QString() : m_facts->proof.holds(m_facts->tolerance) ? tr("PROVED") : tr("NOT PROVED");
}

void ProofView::fillLines()
{
    const auto& proof = m_facts->proof;
    m_lines.clear();
    m_lines.push_back(
        {proof.reopened, proof.reopened ? tr("File opened again") : tr("File could not be opened again"),
         tr("%1, %2 bytes").arg(QFileInfo(m_facts->path).fileName(), thousands(static_cast<std::int64_t>(m_facts->fileSize)))});
    const auto same = std::count_if(proof.tensors.begin(), proof.tensors.end(), [](const auto& entry) { return entry.second; });
    m_lines.push_back({proof.bitwise && proof.inverse.value_or(true),
                       tr("%1 of %2 tensors bit for bit").arg(same).arg(proof.tensors.size()),
                       !proof.inverse   ? tr("the rule has no inverse to try")
                       : *proof.inverse ? tr("and back through the inverse rule")
                                        : tr("but not back through the inverse rule")});
    if (proof.outputsCompared) {
        const bool within = proof.scaledMax <= m_facts->tolerance;
        m_lines.push_back(
            {within, tr("Outputs of %1 digits").arg(thousands(proof.samples)),
             tr("max |d| %1 %2 %3")
                 .arg(twoDigits(proof.scaledMax), within ? QStringLiteral("≤") : QStringLiteral(">"), roundNumber(m_facts->tolerance))});
        const auto agreeing = std::llround(proof.argmaxAgreement * proof.samples);
        m_lines.push_back({agreeing == proof.samples, agreeing == proof.samples ? tr("Same answer on every digit") : tr("Answers differ"),
                           tr("%1 of %2").arg(thousands(agreeing), thousands(proof.samples))});
    }
    for (const auto& remark : proof.remarks)
        m_lines.push_back({{}, QString::fromStdString(remark.text), {}});
    const QString hash = m_facts->sha256;
    m_hash->setText(hash.left(32) + u'\n' + hash.mid(32));
    m_hash->setVisible(!hash.isEmpty());
    setAccessibleName(verdict());
    placeHash();
    update();
}

void ProofView::resizeEvent(QResizeEvent*)
{
    placeHash();
}

void ProofView::placeHash()
{
    const int top = px(margin) + px(headHeight) + static_cast<int>(m_lines.size()) * px(lineHeight) + px(24);
    m_hash->setGeometry(px(margin), top, width() - 2 * px(margin), m_hash->sizeHint().height());
}

void ProofView::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Colours& set = colours(palette());
    const int left = px(margin), right = width() - px(margin);
    painter.fillRect(QRect(0, 0, 1, height()), set.hair);
    if (!m_facts) {
        painter.setPen(set.text2);
        painter.setFont(textFont());
        painter.drawText(QRect(left, px(margin), right - left, height() - 2 * px(margin)), Qt::AlignTop | Qt::TextWordWrap,
                         tr("The written file is opened again and proved: every tensor bit for bit, and the outputs of both on digits."));
        return;
    }
    const bool holds = m_facts->proof.holds(m_facts->tolerance);
    const QColor ink = holds ? set.green : set.red;
    paintIcon(painter, QRectF(left, px(margin) + px(6), px(28), px(28)), holds ? QStringLiteral("proof") : QStringLiteral("error"), ink);
    painter.setFont(textFont(15, true));
    painter.setPen(ink);
    painter.drawText(QRect(left + px(36), px(margin), right - left, px(22)), Qt::AlignVCenter, verdict());
    painter.setFont(textFont());
    painter.setPen(set.text2);
    painter.drawText(QRect(left + px(36), px(margin) + px(22), right - left, px(18)), Qt::AlignVCenter, m_facts->when);
    int top = px(margin) + px(headHeight) - 8;
    painter.fillRect(QRect(left, top, right - left, 1), set.hair);
    for (const auto& line : m_lines) {
        const QString name = !line.holds ? QStringLiteral("warn") : *line.holds ? QStringLiteral("check") : QStringLiteral("cross");
        const QColor mark = !line.holds ? set.amberMark : *line.holds ? set.green : set.red;
        paintIcon(painter, QRectF(left, top + px(8), px(16), px(16)), name, mark);
        const QRect title(left + px(24), top + px(7), right - left - px(24), line.detail.isEmpty() ? px(36) : px(17));
        painter.setFont(textFont());
        painter.setPen(set.text);
        painter.drawText(title, (line.detail.isEmpty() ? Qt::AlignTop : Qt::AlignVCenter) | Qt::TextWordWrap, line.title);
        painter.setPen(set.text2);
        painter.drawText(QRect(title.left(), top + px(24), title.width(), px(16)), Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(line.detail, Qt::ElideMiddle, title.width()));
        top += px(lineHeight);
        painter.fillRect(QRect(left, top, right - left, 1), set.hair);
    }
    if (!m_facts->sha256.isEmpty()) {
        painter.setPen(set.text2);
        painter.drawText(QRect(left, top + px(14), right - left, px(16)), Qt::AlignVCenter, QStringLiteral("SHA-256"));
    }
}

}
