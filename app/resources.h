// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace app {

/// The folder of the sample pair and digits: beside the installed program (../share/tieout/samples), else in the source tree it was built
/// from. Throws core::Error("samples-missing").
std::string samplesFolder();

}
