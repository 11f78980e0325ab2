// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workspace/workspace.h"

namespace app {

/// The command line that computes what the window shows. Links made by hand and a drawing are kept in files of the program's own data,
/// which it names. Throws core::Error when they cannot be written.
QString commandLine(const Workspace& workspace);

}
