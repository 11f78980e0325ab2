// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/model.h"

namespace core::formats {

/// What every reader's model is told of before it is handed on: numbers that Tieout narrows or widens, classes that are
/// guesses, and one note for each kind of
/// trouble instead of one for each layer.
void finishNotes(Model& model);

}
