// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/file/tabletext.h"

#include "core/base/error.h"

#include <QAbstractItemModel>

namespace widgets {

QString safeText(std::string_view text)
{
    return QString::fromStdString(core::printable(text, 2000));
}

QString tableAsText(const QAbstractItemModel& model)
{
    const int columns = model.columnCount();
    QString text;
    const auto add = [&](const QString& cell, int column) {
        QString flat = cell;
        for (const QChar separator : {QChar(u'\t'), QChar(u'\n'), QChar(u'\r')})
            flat.replace(separator, u' ');
        text += flat + (column + 1 == columns ? u'\n' : u'\t');
    };
    for (int column = 0; column < columns; ++column)
        add(model.headerData(column, Qt::Horizontal).toString(), column);
    for (int row = 0; row < model.rowCount(); ++row)
        for (int column = 0; column < columns; ++column)
            add(model.index(row, column).data().toString(), column);
    return text;
}

}
