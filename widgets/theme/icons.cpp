// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/theme/icons.h"

#include <QFile>
#include <QGuiApplication>
#include <QHash>
#include <QIconEngine>
#include <QPainter>
#include <QSvgRenderer>

#include <memory>

namespace widgets {

namespace {

/// Symbols parsed once for each colour and stroke.
QSvgRenderer* renderer(const QString& name, const QColor& colour, double stroke)
{
    static QHash<QString, std::shared_ptr<QSvgRenderer>> cache;
    const QString key = name + QLatin1Char('/') + colour.name() + QLatin1Char('/') + QString::number(stroke);
    auto& entry = cache[key];
    if (!entry) {
        QFile file(QStringLiteral(":/icons/%1.svg").arg(name));
        QByteArray svg = file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
        Q_ASSERT_X(!svg.isEmpty(), "icon", qPrintable(name));
        svg.replace("currentColor", colour.name().toLatin1());
        svg.replace("stroke-width=\"1.5\"", "stroke-width=\"" + QByteArray::number(stroke) + '"');
        entry = std::make_shared<QSvgRenderer>(svg);
    }
    return entry.get();
}

class TintedIcon final : public QIconEngine
{
public:
    TintedIcon(QString name, QColor Colours::*role) : m_name(std::move(name)), m_role(role) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state) override
    {
        const Colours& set = colours(QGuiApplication::palette());
        const bool strong = mode == QIcon::Selected || state == QIcon::On;
        const QColor colour = m_role ? set.*m_role : strong ? set.text : set.text2;
        painter->save();
        if (mode == QIcon::Disabled)
            painter->setOpacity(painter->opacity() * disabledOpacity);
        paintIcon(*painter, rect, m_name, colour);
        painter->restore();
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override { return scaledPixmap(size, mode, state, 1.0); }

    /// `size` is in device pixels already.
    QPixmap scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State state, qreal) override
    {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, pixmap.rect(), mode, state);
        return pixmap;
    }

    QIconEngine* clone() const override { return new TintedIcon(m_name, m_role); }
    QString key() const override { return QStringLiteral("tinted"); }

private:
    QString m_name;
    QColor Colours::*m_role;
};

}

QIcon icon(const QString& name, QColor Colours::*role)
{
    return QIcon(new TintedIcon(name, role));
}

void paintIcon(QPainter& painter, const QRectF& rect, const QString& name, const QColor& colour, double stroke)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setOpacity(painter.opacity() * colour.alphaF());
    renderer(name, colour, stroke)->render(&painter, rect);
    painter.restore();
}

void paintMark(QPainter& painter, const QRectF& rect, core::Framework framework, const Colours& set)
{
    if (framework == core::Framework::None)
        return;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const QColor colour = markColour(set, framework);
    if (framework == core::Framework::Torch) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(colour);
        painter.drawRoundedRect(rect, 2, 2);
    } else {
        painter.setPen(QPen(colour, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 1, 1);
    }
    painter.restore();
}

}
