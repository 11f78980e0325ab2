// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace core {

/// `value` rounded to `digits` significant decimal digits (1 to 17), in whatever locale.
double roundedDecimal(double value, int digits);
/// The double whose shortest decimal is that of the float: 0.1f gives 0.1, not 0.10000000149.
double shortestDecimal(float value);

}
