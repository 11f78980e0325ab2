// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace core::report {

/// Two significant digits: "3.8e-7", "0.11", "2.0", "31", "1.2e5"; "0", "nan", "inf".
std::string twoDigits(double value);
/// A tolerance or the end of a scale: as twoDigits, a round mantissa without its zero: "1e-5", "2.5e-4", "0.1".
std::string roundNumber(double value);
/// `decimals` places, never "-0.00"; "nan", "inf".
std::string fixed(double value, int decimals);
/// What a tooltip says of a value: six decimals, small ones in two digits.
std::string precise(double value);
/// "61,706".
std::string thousands(std::int64_t value);
/// "98.44 %"; never 100 % of less than all, nor 0 % of some.
std::string percent(std::int64_t part, std::int64_t whole);

}
