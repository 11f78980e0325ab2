// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/picturefile.h"

#include "core/base/error.h"
#include "core/files/atomicfile.h"

#include <QBuffer>
#include <QImage>

namespace app {

void writePicture(const QString& path, const QImage& picture)
{
    QBuffer bytes;
    bytes.open(QIODevice::WriteOnly);
    if (!picture.save(&bytes, "PNG"))
        throw core::Error("picture-save").file(path.toStdString()).expected("a picture").found("none");
    core::AtomicFile file(path.toStdString());
    file.write(std::string_view(bytes.data().constData(), static_cast<std::size_t>(bytes.data().size())));
    file.commit();
}

}
