// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/keras/setting.h"

namespace core::engines {

std::span<const Maker> attentionMakers()
{
    return {};
}

}
