// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/tasks/task.h"

#include <functional>

class QFileInfo;
class QWidget;

namespace app {

/// Asks whether a file may go, telling its size and date, and what it is as soon as `looking` has read it; `replaces` is called when it
/// may.
void askToReplace(const QFileInfo& there, QWidget& parent, JobSlot& looking, std::function<void()> replaces);

}
