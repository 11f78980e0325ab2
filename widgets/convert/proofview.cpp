// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/convert/proofview.h"

#include "widgets/sides/headerbar.h"
#include "widgets/sides/text.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/style.h"
#include "widgets/theme/type.h"

#include <QFileInfo>
#include <QLabel>
#include <QPainter>
#include <QPushButton>

#include <algorithm>
#include <cmath>

namespace widgets {
namespace {

using core::convert::Result;

constexpr int margin = 16, headHeight = 56, titleTop = 7, detailHeight = 16, lineBottom = 7, textIndent = 24;
constexpr int wrapped = Qt::AlignTop | Qt::AlignLeft | Qt::TextWordWrap;

QString fileName(const std::string& path)
{
    return QFileInfo(QString::fromStdString(path)).fileName();
}

}

ProofView::ProofView(QWidget* parent)
    : QWidget(parent), m_hash(textLabel({}, this)), m_open(new QPushButton(this)), m_folder(new QPushButton(tr("Show in folder"), this)),
      m_save(new QPushButton(tr("Save the proof…"), this))
{
    m_hash->setFont(fixedFont(11));
    m_hash->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_hash->setAccessibleName(tr("SHA-256 of the written file"));
    connect(m_open, &QPushButton::clicked, this, &ProofView::openRequested);
    connect(m_folder, &QPushButton::clicked, this, &ProofView::folderRequested);
    connect(m_save, &QPushButton::clicked, this, &ProofView::saveRequested);
    groundAsPanel(this);
    clear();
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
    for (QWidget* widget : std::initializer_list<QWidget*>{m_hash, m_open, m_folder, m_save})
        widget->hide();
    setAccessibleName(tr("Proof"));
    update();
}

QString ProofView::verdict() const
{
    if (!m_facts)
        return {};
    switch (m_facts->conversion.result) {
    case Result::Written:
        return tr("WRITTEN");
    case Result::Proved:
        return tr("PROVED");
    case Result::NotProved:
        return tr("WRITTEN, UNPROVED");
    case Result::Failed:
        break;
    }
    return tr("THE PROOF FAILED");
}

bool ProofView::isQualified() const
{
    const auto& conversion = m_facts->conversion;
    return conversion.result == Result::Proved && conversion.proof && conversion.proof->assumed;
}

void ProofView::fillLines()
{
    const auto& conversion = m_facts->conversion;
    const bool isWritten = conversion.result != Result::Failed;
    m_lines.clear();
    m_lines.push_back({isWritten ? std::optional(true) : std::optional(false),
                       isWritten ? fileName(conversion.path) : tr("%1 was not put in place").arg(fileName(conversion.path)),
                       tr("%1 bytes").arg(thousands(static_cast<std::int64_t>(conversion.fileSize)))});
    m_lines.front().detail += tr(", from %1").arg(m_facts->source);
    if (conversion.proof)
        addProofLines(*conversion.proof);
    const QString hash = QString::fromStdString(conversion.sha256);
    m_hash->setText(hash.left(32) + u'\n' + hash.mid(32));
    m_hash->setVisible(!hash.isEmpty());
    m_open->setText(m_facts->toRight ? tr("Open it on the right") : tr("Open it on the left"));
    m_open->setVisible(isWritten);
    m_folder->setVisible(isWritten);
    m_save->show();
    setAccessibleName(isQualified() ? tr("%1 as far as the files tell").arg(verdict()) : verdict());
    place();
    update();
}

void ProofView::addProofLines(const core::convert::Proof& proof)
{
    if (proof.reopened) {
        const auto same = std::count_if(proof.tensors.begin(), proof.tensors.end(), [](const auto& entry) { return entry.second; });
        m_lines.push_back({proof.bitwise && proof.inverse.value_or(true),
                           tr("%1 of %2 tensors bit for bit").arg(same).arg(proof.tensors.size()),
                           !proof.inverse   ? tr("the rule has no inverse to try")
                           : *proof.inverse ? tr("and back through the inverse rule")
                                            : tr("but not back through the inverse rule")});
    }
    if (proof.outputsCompared) {
        const double tolerance = m_facts->conversion.tolerance;
        const bool within = proof.scaledMax <= tolerance;
        m_lines.push_back(
            {within, tr("Outputs of %1 samples").arg(thousands(proof.samples)),
             tr("max |d| %1 %2 %3")
                 .arg(twoDigits(proof.scaledMax), within ? QStringLiteral("≤") : QStringLiteral(">"), roundNumber(tolerance))});
        const auto agreeing = std::llround(proof.argmaxAgreement * proof.samples);
        m_lines.push_back({agreeing == proof.samples, agreeing == proof.samples ? tr("Same answer on every sample") : tr("Answers differ"),
                           tr("%1 of %2").arg(thousands(agreeing), thousands(proof.samples))});
    }
    for (const auto& fault : proof.faults)
        m_lines.push_back({false, QString::fromStdString(fault.text), {}});
    for (const auto* messages : {&proof.gaps, &proof.remarks})
        for (const auto& message : *messages)
            m_lines.push_back({{}, QString::fromStdString(message.text), {}});
}

void ProofView::resizeEvent(QResizeEvent*)
{
    place();
}

/// The lines' heights, then what stands below them.
void ProofView::place()
{
    const QFontMetrics metrics(textFont());
    const int width = this->width() - 2 * px(margin);
    int top = px(margin) + px(headHeight) - 8;
    for (auto& line : m_lines) {
        const QRect bounds = metrics.boundingRect(QRect(0, 0, width - px(textIndent), height()), wrapped, line.title);
        line.height = px(titleTop) + bounds.height() + (line.detail.isEmpty() ? 0 : px(detailHeight) + px(2)) + px(lineBottom);
        top += line.height;
    }
    if (!m_hash->isHidden()) {
        m_hash->setGeometry(px(margin), top + px(32), width, m_hash->sizeHint().height());
        top = m_hash->geometry().bottom();
    }
    top += px(16);
    for (QPushButton* button : {m_open, m_folder, m_save}) {
        if (button->isHidden())
            continue;
        button->setGeometry(px(margin), top, width, button->sizeHint().height());
        top = button->geometry().bottom() + px(8);
    }
}

QColor ProofView::ink() const
{
    const Colours& set = colours(palette());
    const Result result = m_facts->conversion.result;
    if (result == Result::NotProved || isQualified())
        return set.amber;
    return result == Result::Proved ? set.green : result == Result::Failed ? set.red : set.text;
}

void ProofView::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Colours& set = colours(palette());
    const QRect area(px(margin), px(margin), width() - 2 * px(margin), height() - 2 * px(margin));
    painter.fillRect(QRect(0, 0, 1, height()), set.hair);
    if (!m_facts) {
        painter.setPen(set.text2);
        painter.setFont(textFont());
        painter.drawText(area, wrapped,
                         tr("What is written is opened again and proved before it takes its place: every tensor bit for bit, and the "
                            "outputs of both on samples."));
        return;
    }
    paintHead(painter, area);
    int top = area.top() + px(headHeight) - 8;
    painter.fillRect(QRect(area.left(), top, area.width(), 1), set.hair);
    for (const auto& line : m_lines) {
        paintLine(painter, line, QRect(area.left(), top, area.width(), line.height));
        top += line.height;
        painter.fillRect(QRect(area.left(), top, area.width(), 1), set.hair);
    }
    if (!m_hash->isHidden()) {
        painter.setPen(set.text2);
        painter.drawText(QRect(area.left(), top + px(12), area.width(), px(16)), Qt::AlignVCenter, QStringLiteral("SHA-256"));
    }
}

void ProofView::paintHead(QPainter& painter, const QRect& area) const
{
    const Result result = m_facts->conversion.result;
    const QString name = isQualified()                 ? QStringLiteral("warn")
                         : result == Result::Proved    ? QStringLiteral("proof")
                         : result == Result::Failed    ? QStringLiteral("error")
                         : result == Result::NotProved ? QStringLiteral("warn")
                                                       : QStringLiteral("save");
    paintIcon(painter, QRectF(area.left(), area.top() + px(6), px(28), px(28)), name, ink());
    const QRect title(area.left() + px(36), area.top(), area.width() - px(36), px(22));
    painter.setFont(textFont(15, true));
    painter.setPen(ink());
    painter.drawText(title, Qt::AlignVCenter, painter.fontMetrics().elidedText(verdict(), Qt::ElideRight, title.width()));
    painter.setFont(textFont());
    painter.setPen(colours(palette()).text2);
    painter.drawText(title.translated(0, px(22)), Qt::AlignVCenter,
                     isQualified() ? tr("as far as the files tell, %1").arg(m_facts->when) : m_facts->when);
}

void ProofView::paintLine(QPainter& painter, const Line& line, const QRect& area) const
{
    const Colours& set = colours(palette());
    const QString name = !line.holds ? QStringLiteral("warn") : *line.holds ? QStringLiteral("check") : QStringLiteral("cross");
    const QColor mark = !line.holds ? set.amberMark : *line.holds ? set.green : set.red;
    paintIcon(painter, QRectF(area.left(), area.top() + px(titleTop), px(16), px(16)), name, mark);
    const QRect text = area.adjusted(px(textIndent), px(titleTop), 0, -px(lineBottom));
    painter.setFont(textFont());
    painter.setPen(set.text);
    painter.drawText(text, wrapped, line.title);
    painter.setPen(set.text2);
    painter.drawText(text, Qt::AlignBottom | Qt::AlignLeft, painter.fontMetrics().elidedText(line.detail, Qt::ElideMiddle, text.width()));
}

}
