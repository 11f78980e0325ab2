// SPDX-License-Identifier: GPL-3.0-or-later
// Building broken and whole files byte by byte.
#pragma once

#include "core/base/error.h"
#include "tests/formats/seed.h"

#include <QByteArray>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <fmt/format.h>
#include <functional>
#include <span>
#include <string>
#include <vector>
#include <zlib.h>

namespace bytes {

inline std::string little(std::uint64_t value, int width)
{
    std::string out;
    for (int i = 0; i < width; ++i)
        out += static_cast<char>(value >> (8 * i) & 0xFF);
    return out;
}

inline std::span<const std::byte> span(const std::string& text)
{
    return std::as_bytes(std::span(text));
}

inline void write(const QString& path, const std::string& content)
{
    seed(content);
    QFile file(path);
    QVERIFY2(file.open(QIODevice::WriteOnly), qPrintable(path));
    QCOMPARE(file.write(content.data(), static_cast<qint64>(content.size())), static_cast<qint64>(content.size()));
}

inline std::string read(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return file.readAll().toStdString();
}

/// The id of the Error that `action` throws, "" when it throws none.
inline std::string errorOf(const std::function<void()>& action, std::string* text = nullptr)
{
    try {
        action();
    } catch (const core::Error& error) {
        if (text)
            *text = error.what();
        return error.id();
    }
    return {};
}

/// One entry of a zip archive, with every field open to lies.
struct Entry
{
    std::string name, data;
    std::string localName = name;
    std::string packed = data;
    int method = 0, flags = 0, disk = 0;
    std::uint64_t size = data.size();
    bool sizesInLocal = true;
    std::int64_t crc = -1;      ///< -1: the right one
    std::int64_t headerAt = -1; ///< -1: where it is
    std::string extra = {};     ///< of the local header
    std::string centralExtra = {};
};

/// The end record's fields; -1 stands for the true value.
struct End
{
    std::int64_t entries = -1, directorySize = -1, directoryOffset = -1, disk = 0;
    std::string comment = {};
    std::string before = {}; ///< put between the directory and the end record (a zip64 record and locator)
};

inline std::string zip(const std::vector<Entry>& entries, const End& end = {})
{
    std::string out, directory;
    for (const Entry& e : entries) {
        const std::uint64_t crc =
            e.crc >= 0 ? static_cast<std::uint64_t>(e.crc) : crc32_z(0, reinterpret_cast<const Bytef*>(e.data.data()), e.data.size());
        const std::uint64_t at = e.headerAt >= 0 ? static_cast<std::uint64_t>(e.headerAt) : out.size();
        const std::uint64_t flags = static_cast<std::uint64_t>(e.flags), method = static_cast<std::uint64_t>(e.method);
        const std::string sizes = little(crc, 4) + little(e.packed.size(), 4) + little(e.size, 4);
        out += "PK\3\4" + little(20, 2) + little(flags, 2) + little(method, 2) + little(0, 4) +
               (e.sizesInLocal ? sizes : std::string(12, 0)) + little(e.localName.size(), 2) + little(e.extra.size(), 2) + e.localName +
               e.extra + e.packed;
        directory += "PK\1\2" + little(20, 2) + little(20, 2) + little(flags, 2) + little(method, 2) + little(0, 4) + sizes +
                     little(e.name.size(), 2) + little(e.centralExtra.size(), 2) + little(0, 2) +
                     little(static_cast<std::uint64_t>(e.disk), 2) + little(0, 6) + little(at, 4) + e.name + e.centralExtra;
    }
    const auto given = [](std::int64_t value, std::size_t truth) { return value >= 0 ? static_cast<std::uint64_t>(value) : truth; };
    const std::string record = "PK\5\6" + little(static_cast<std::uint64_t>(end.disk), 2) + little(0, 2) +
                               little(given(end.entries, entries.size()), 2) + little(given(end.entries, entries.size()), 2) +
                               little(given(end.directorySize, directory.size()), 4) + little(given(end.directoryOffset, out.size()), 4) +
                               little(end.comment.size(), 2) + end.comment;
    return out + directory + end.before + record;
}

/// Raw deflate of `text`.
inline std::string deflated(const std::string& text)
{
    z_stream stream{};
    deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 9, Z_DEFAULT_STRATEGY);
    std::string out(deflateBound(&stream, text.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

}
