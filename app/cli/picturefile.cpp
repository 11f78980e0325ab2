// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/picturefile.h"

#include "core/base/error.h"

#include <QImageReader>
#include <fmt/format.h>

namespace app {

namespace {

QImage decoded(const std::string& path)
{
    constexpr int sideLimit = 16384;
    constexpr int megabytes = 1024;
    QImageReader::setAllocationLimit(megabytes);
    QImageReader reader(QString::fromStdString(path));
    reader.setDecideFormatFromContent(true);
    reader.setAutoTransform(true);
    const QSize size = reader.size();
    if (size.width() > sideLimit || size.height() > sideLimit)
        throw core::Error("image-large")
            .file(path)
            .expected("a picture of at most 16384 x 16384")
            .found(fmt::format("{} x {}", size.width(), size.height()));
    const QImage image = reader.read();
    if (image.isNull())
        throw core::Error("image-unreadable").file(path).expected("a picture (PNG, JPEG, ...)").found(reader.errorString().toStdString());
    return image;
}

/// One byte, white ground under what is transparent.
std::uint8_t overWhite(int colour, int alpha)
{
    return static_cast<std::uint8_t>((colour * alpha + 255 * (255 - alpha) + 127) / 255);
}

}

std::vector<std::uint8_t> readPicture(const std::string& path, int channels, int height, int width)
{
    const QImage image =
        decoded(path).convertToFormat(QImage::Format_ARGB32).scaled(width, height, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
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
