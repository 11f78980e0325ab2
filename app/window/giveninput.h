// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workspace/workspace.h"
#include "widgets/digit/inputpage.h"

namespace app {

/// "noise of shape [32]", "photo.png as [3,224,224]": what a side gets that takes no digit.
QString otherText(const Workspace& workspace, Side side);

/// What the input page shows of networks that take no digit.
widgets::GivenInput givenInput(const Workspace& workspace);

/// The same for the status bar, digits included: "Sample digit 3 of 30", "Live", "noise of shape [32], seed 0".
QString inputText(const Workspace& workspace);

}
