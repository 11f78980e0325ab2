// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QImage;
class QString;

namespace app {

/// Writes a PNG whole or not at all, and never over a file that is open. Throws core::Error.
void writePicture(const QString& path, const QImage& picture);

}
