// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/picturefile.h"

#include "core/base/error.h"
#include "core/files/file.h"

#include <QBuffer>
#include <QImageReader>
#include <array>
#include <fmt/format.h>
#include <string_view>

namespace app {

using namespace std::string_view_literals;

namespace {

constexpr int sideLimit = 16384, decodedMegabytes = 256;
constexpr std::uint64_t fileLimit = std::uint64_t{256} << 20;
constexpr std::string_view expectedPicture = "a picture (PNG, JPEG, BMP, GIF, PPM or WebP)";

struct PictureFormat
{
    std::string_view signature;
    const char* reader; ///< Qt's name of it
};

constexpr std::array pictureFormats = {PictureFormat{"\x89PNG\r\n\x1a\n"sv, "png"},
                                       PictureFormat{"\xff\xd8\xff"sv, "jpeg"},
                                       PictureFormat{"BM"sv, "bmp"},
                                       PictureFormat{"GIF8"sv, "gif"},
                                       PictureFormat{"P1"sv, "pbm"},
                                       PictureFormat{"P2"sv, "pgm"},
                                       PictureFormat{"P3"sv, "ppm"},
                                       PictureFormat{"P4"sv, "pbm"},
                                       PictureFormat{"P5"sv, "pgm"},
                                       PictureFormat{"P6"sv, "ppm"},
                                       PictureFormat{"RIFF"sv, "webp"}};

/// Qt's reader for these bytes; null for anything else.
const char* readerOf(std::string_view bytes)
{
    for (const PictureFormat& format : pictureFormats)
        if (bytes.starts_with(format.signature) && (format.reader != "webp"sv || bytes.substr(0, 12).ends_with("WEBP")))
            return format.reader;
    return nullptr;
}

/// Whether a PNG's chunks follow one another up to its end: libpng writes its own words to the terminal about one that is cut.
bool isWholePng(std::string_view bytes)
{
    constexpr std::size_t signature = 8, around = 12; // of each chunk: its length, its name and its checksum
    for (std::size_t at = signature; at < bytes.size() && bytes.size() - at >= around;) {
        std::size_t length = 0;
        for (std::size_t i = 0; i < 4; ++i)
            length = length << 8 | static_cast<unsigned char>(bytes[at + i]);
        if (bytes.substr(at + 4, 4) == "IEND")
            return true;
        if (length > bytes.size() - at - around)
            return false;
        at += around + length;
    }
    return false;
}

}

QImage openPicture(std::span<const std::byte> bytes, const std::string& name)
{
    const auto* text = reinterpret_cast<const char*>(bytes.data());
    const char* format = readerOf({text, bytes.size()});
    if (!format)
        throw core::Error("image-unreadable").file(name).expected(expectedPicture).found("something else");
    if (format == "png"sv && !isWholePng({text, bytes.size()}))
        throw core::Error("image-unreadable")
            .file(name)
            .expected(expectedPicture)
            .found("a PNG that is cut short")
            .advice("Fetch it again.");
    QByteArray data = QByteArray::fromRawData(text, static_cast<qsizetype>(bytes.size()));
    QBuffer buffer(&data);
    buffer.open(QIODevice::ReadOnly);
    QImageReader::setAllocationLimit(decodedMegabytes);
    QImageReader reader(&buffer, format);
    reader.setAutoDetectImageFormat(false);
    reader.setDecideFormatFromContent(false);
    reader.setAutoTransform(true);
    if (!QImageReader::supportedImageFormats().contains(format))
        throw core::Error("image-unreadable")
            .file(name)
            .expected(expectedPicture)
            .found(fmt::format("{}, which this installation of Qt cannot read", format))
            .advice("Save it as PNG.");
    const QSize size = reader.size();
    const qint64 megabytes = qint64{4} * size.width() * size.height() >> 20;
    if (size.width() > sideLimit || size.height() > sideLimit || megabytes > decodedMegabytes)
        throw core::Error("image-large")
            .file(name)
            .expected(fmt::format("a picture of at most {0} x {0} and {1} MiB", sideLimit, decodedMegabytes))
            .found(fmt::format("{} x {}", size.width(), size.height()))
            .advice("Make it smaller.");
    QImage image = reader.read();
    if (image.isNull())
        throw core::Error("image-unreadable").file(name).expected(expectedPicture).found(reader.errorString().toStdString());
    return image;
}

QImage openPicture(const std::string& path)
{
    const auto file = core::File::open(path);
    if (file->size() > fileLimit)
        throw core::Error("image-large")
            .file(path)
            .expected(fmt::format("a picture of at most {} bytes", fileLimit))
            .found(fmt::format("{}", file->size()));
    return openPicture(file->read(0, file->size()), path);
}

namespace {

/// One byte, white ground under what is transparent.
std::uint8_t overWhite(int colour, int alpha)
{
    return static_cast<std::uint8_t>((colour * alpha + 255 * (255 - alpha) + 127) / 255);
}

}

std::vector<std::uint8_t> readPicture(const std::string& path, int channels, int height, int width)
{
    const QImage image =
        openPicture(path).convertToFormat(QImage::Format_ARGB32).scaled(width, height, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
    std::vector<std::uint8_t> bytes;
    bytes.reserve(static_cast<std::size_t>(channels) * static_cast<std::size_t>(height) * static_cast<std::size_t>(width));
    for (int channel = 0; channel < channels; ++channel)
        for (int y = 0; y < height; ++y)
            for (int x = 0; x < width; ++x) {
                const QRgb pixel = image.pixel(x, y);
                const int value = channels == 1 ? qGray(pixel) : channel == 0 ? qRed(pixel) : channel == 1 ? qGreen(pixel) : qBlue(pixel);
                bytes.push_back(overWhite(value, qAlpha(pixel)));
            }
    return bytes;
}

}
