// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCryptographicHash>
#include <QFile>
#include <string>

namespace bytes {

/// Keeps what a test made as a seed for the fuzzers, when tests/fuzz/run asks for it.
inline void seed(const std::string& content)
{
    constexpr std::size_t limit = 1 << 15;
    const QString folder = qEnvironmentVariable("TIEOUT_SEEDS");
    if (folder.isEmpty() || content.size() > limit)
        return;
    const QByteArray bytes = QByteArray::fromStdString(content);
    QFile file(folder + u'/' + QString::fromLatin1(QCryptographicHash::hash(bytes, QCryptographicHash::Sha1).toHex()));
    if (file.open(QIODevice::WriteOnly))
        file.write(bytes);
}

}
