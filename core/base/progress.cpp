// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/progress.h"

#include "core/base/error.h"

namespace core {

void Progress::report(double fraction) const
{
    if (m_state->cancelled)
        throw Cancelled();
    if (m_state->listener)
        m_state->listener(fraction);
}

}
