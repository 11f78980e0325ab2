// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/commandline.h"

#include "app/workspace/enginepair.h"
#include "core/files/atomicfile.h"
#include "core/json/json.h"
#include "widgets/sides/text.h"

#include <QBuffer>
#include <QCryptographicHash>
#include <QDir>
#include <QImage>
#include <QStandardPaths>
#include <cmath>

namespace app {

namespace {

/// A path as a shell reads it back.
QString quoted(const QString& path)
{
    QString copy = path;
    return QLatin1Char('\'') + copy.replace(QLatin1Char('\''), QStringLiteral("'\\''")) + QLatin1Char('\'');
}

/// One file for each content, so that an older line stays right.
QString kept(const QByteArray& content, const QString& what, const QString& ending)
{
    const QDir folder(QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) + QStringLiteral("/copied"));
    folder.mkpath(QStringLiteral("."));
    const QString digest = QString::fromLatin1(QCryptographicHash::hash(content, QCryptographicHash::Sha256).toHex().left(12));
    QString path = folder.filePath(what + QLatin1Char('-') + digest + ending);
    core::AtomicFile file(path.toStdString());
    file.write(std::string_view(content.constData(), static_cast<std::size_t>(content.size())));
    file.commit();
    return path;
}

QByteArray picture(const std::vector<core::digits::Stroke>& strokes)
{
    const core::digits::Picture drawn = core::digits::rasterised(strokes);
    QImage image(28, 28, QImage::Format_Grayscale8);
    for (int i = 0; i < 784; ++i)
        image.scanLine(i / 28)[i % 28] = static_cast<uchar>(std::lround(drawn[static_cast<std::size_t>(i)]));
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return bytes;
}

QStringList otherWords(const OtherInput& other)
{
    if (other.file.isEmpty())
        return {QStringLiteral("--random"), QString::number(other.seed)};
    return {isArrayFile(other.file) ? QStringLiteral("--input") : QStringLiteral("--image"), quoted(other.file)};
}

QStringList digitWords(const InputChoice& input)
{
    switch (input.kind) {
    case InputChoice::Kind::Drawing:
        return {QStringLiteral("--image"), quoted(kept(picture(input.strokes), QStringLiteral("drawing"), QStringLiteral(".png")))};
    case InputChoice::Kind::Digit:
        return {QStringLiteral("--digit"), QString::number(input.index)};
    case InputChoice::Kind::Sample:
        break;
    }
    return {QStringLiteral("--sample"), QString::number(input.index)};
}

}

QString commandLine(const Workspace& workspace)
{
    const auto left = workspace.model(Side::Left), right = workspace.model(Side::Right);
    const bool both = left && right;
    QStringList words{QStringLiteral("tieout"), both ? QStringLiteral("compare") : QStringLiteral("info")};
    for (const auto& model : {left, right})
        if (model)
            words << quoted(QString::fromStdString(model->origin.path));
    for (const auto& [model, option] : {std::pair(left, "--config-left"), std::pair(right, both ? "--config-right" : "--config")})
        if (model && !model->origin.architecture.empty())
            words << QLatin1String(option) << quoted(QString::fromStdString(model->origin.architecture));
    if (!both)
        return words.join(QLatin1Char(' '));
    const Choices& choices = workspace.choices();
    if (choices.handMade) {
        const std::string mapping = core::dumpJson(core::mapping::toJson(choices.mapping, *left, *right)) + "\n";
        words << QStringLiteral("--map")
              << quoted(kept(QByteArray::fromStdString(mapping), QStringLiteral("mapping"), QStringLiteral(".json")));
    }
    words << (workspace.takesDigit() ? digitWords(choices.input) : otherWords(choices.other));
    words << QStringLiteral("--tolerance") << widgets::roundNumber(choices.tolerance) << QStringLiteral("--preprocess-left")
          << QString::fromStdString(core::digits::text(choices.left)) << QStringLiteral("--preprocess-right")
          << QString::fromStdString(core::digits::text(choices.right));
    return words.join(QLatin1Char(' '));
}

}
