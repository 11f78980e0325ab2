// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/digit/digitpages.h"
#include "widgets/digit/preprocessedit.h"
#include "widgets/digit/receivedview.h"
#include "widgets/sides/headerbar.h"
#include "widgets/sides/text.h"
#include "widgets/theme/colours.h"
#include "widgets/theme/type.h"

#include <QFrame>
#include <QHBoxLayout>
#include <QLabel>
#include <QSlider>
#include <QToolButton>
#include <QVBoxLayout>

#include <cmath>

namespace widgets {

DrawPage::DrawPage(QWidget* parent)
    : QWidget(parent), m_pad(new DrawingPad(this)), m_outputs(new OutputsBlock(this)), m_answers(new Answers(Answers::Form::Line, this))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(buildTools());
    auto* padRow = new QHBoxLayout;
    padRow->setContentsMargins(px(8), 0, px(8), 0);
    padRow->addWidget(m_pad);
    column->addLayout(padRow);

    auto* sides = new QHBoxLayout;
    sides->setContentsMargins(px(12), px(10), px(12), 0);
    sides->setSpacing(px(8));
    for (std::size_t side = 0; side < 2; ++side) {
        auto* one = new QVBoxLayout;
        one->setSpacing(px(6));
        m_received[side] = new ReceivedView(this);
        m_edits[side] = new PreprocessEdit(this);
        one->addWidget(m_received[side]);
        one->addWidget(m_edits[side]);
        sides->addLayout(one, 1);
    }
    column->addLayout(sides);
    auto* outputs = new QHBoxLayout;
    outputs->setContentsMargins(px(12), px(12), px(12), 0);
    outputs->addWidget(m_outputs);
    column->addLayout(outputs);
    column->addStretch(1);
    auto* foot = new HeaderBar(this, true);
    foot->setFixedHeight(px(40));
    foot->row()->setContentsMargins(px(12), 0, px(12), 0);
    foot->row()->addWidget(m_answers);
    column->addWidget(foot);
}

QLayout* DrawPage::buildTools()
{
    auto* row = new QHBoxLayout;
    row->setContentsMargins(px(8), px(6), px(8), px(6));
    row->setSpacing(px(6));
    m_pen = iconButton(QStringLiteral("pen"), tr("Pen (B)"), this);
    m_eraser = iconButton(QStringLiteral("eraser"), tr("Eraser (E)"), this);
    for (auto* button : {m_pen, m_eraser}) {
        button->setCheckable(true);
        row->addWidget(button);
    }
    m_pen->setChecked(true);
    m_brush = new QSlider(Qt::Horizontal, this);
    m_brush->setRange(static_cast<int>(DrawingPad::leastBrush * 10), static_cast<int>(DrawingPad::mostBrush * 10));
    m_brush->setValue(static_cast<int>(std::lround(m_pad->brush() * 10)));
    m_brush->setFixedWidth(px(112));
    m_brush->setAccessibleName(tr("Brush width"));
    m_brushText = textLabel({}, this);
    row->addSpacing(px(8));
    row->addWidget(textLabel(tr("Brush"), this, 12, false, true));
    row->addWidget(m_brush);
    row->addWidget(m_brushText);
    row->addStretch();
    const auto showBrush = [this](double width) {
        m_brush->setValue(static_cast<int>(std::lround(width * 10)));
        m_brushText->setText(tr("%1 px").arg(fixedNumber(width, 1)));
    };
    showBrush(m_pad->brush());
    const auto showTool = [this](bool erasing) {
        m_pen->setChecked(!erasing);
        m_eraser->setChecked(erasing);
    };
    connect(m_brush, &QSlider::valueChanged, this, [this](int tenths) { m_pad->setBrush(tenths / 10.0); });
    connect(m_pad, &DrawingPad::brushChanged, this, showBrush);
    connect(m_pad, &DrawingPad::erasingChanged, this, showTool);
    connect(m_pen, &QToolButton::clicked, this, [this, showTool] {
        m_pad->setErasing(false);
        showTool(false);
    });
    connect(m_eraser, &QToolButton::clicked, this, [this, showTool] {
        m_pad->setErasing(true);
        showTool(true);
    });
    return row;
}

void DrawPage::setSides(const std::array<SideName, 2>& sides)
{
    m_sides = sides;
    setReceived({}, {});
}

void DrawPage::setReceived(const core::Tensor& left, const core::Tensor& right)
{
    m_received[0]->setReceived(m_sides[0], left);
    m_received[1]->setReceived(m_sides[1], right);
}

void DrawPage::setOutputs(const std::array<SideName, 2>& sides, const DigitOutputs& outputs)
{
    m_outputs->setOutputs(sides, outputs);
    m_answers->setOutputs(sides, outputs);
}

}
