// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/model.h"

#include <QStringList>

namespace app {

/// ".pt", ".pth": what the formats of one framework are called, from the table of formats.
QStringList fileEndings(core::Framework framework);

}
