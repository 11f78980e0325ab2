// SPDX-License-Identifier: GPL-3.0-or-later
// What the benchmarks say and when they are content.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

namespace bench {

inline double milliseconds(std::chrono::steady_clock::duration duration)
{
    return std::chrono::duration<double, std::milli>(duration).count();
}

/// Milliseconds of each of `runs` calls.
template <typename Action>
std::vector<double> timed(int runs, Action action)
{
    std::vector<double> times;
    for (int run = 0; run < runs; ++run) {
        const auto begin = std::chrono::steady_clock::now();
        action();
        times.push_back(milliseconds(std::chrono::steady_clock::now() - begin));
    }
    return times;
}

inline double median(std::vector<double> times)
{
    std::sort(times.begin(), times.end());
    return times[times.size() / 2];
}

/// One line; false when the median is over `limit`.
inline bool report(const char* what, const std::vector<double>& times, double limit, const char* unit = "ms")
{
    const auto [least, most] = std::minmax_element(times.begin(), times.end());
    std::printf("%-44s min %8.2f  median %8.2f  max %8.2f %s  (at most %g)\n", what, *least, median(times), *most, unit, limit);
    std::fflush(stdout);
    return median(times) <= limit;
}

}
