// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/console.h"

#include "core/base/error.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fmt/format.h>
#include <unistd.h>

namespace app {

namespace {

bool writeAll(int descriptor, std::string_view text)
{
    while (!text.empty()) {
        const ssize_t written = write(descriptor, text.data(), text.size());
        if (written < 0 && errno != EINTR)
            return false;
        text.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
    }
    return true;
}

}

std::string forTerminal(std::string_view text)
{
    constexpr std::string_view ours[] = {"\n", "\t", "\x1b[1;31m", "\x1b[1;32m", "\x1b[1;33m", "\x1b[0m"};
    std::string result;
    std::size_t plain = 0; // where what is not written yet begins
    const auto flush = [&](std::size_t end) { result += core::printable(text.substr(plain, end - plain), 4 * text.size() + 1); };
    for (std::size_t i = 0; i < text.size();) {
        if (static_cast<unsigned char>(text[i]) >= 0x20) {
            ++i;
            continue;
        }
        const auto* found =
            std::find_if(std::begin(ours), std::end(ours), [&](std::string_view one) { return text.substr(i).starts_with(one); });
        if (found == std::end(ours)) {
            ++i;
            continue;
        }
        flush(i);
        result += *found;
        plain = i += found->size();
    }
    flush(text.size());
    return result;
}

void Console::result(std::string_view text) const
{
    if (!writeAll(STDOUT_FILENO, forTerminal(text)) && errno != EPIPE)
        throw core::Error("output").file("standard output").expected("room to write").found(std::strerror(errno));
}

void Console::message(std::string_view text) const
{
    writeAll(STDERR_FILENO, fmt::format("tieout: {}\n", core::printable(text, 4 * text.size() + 1)));
}

void Console::log(std::string_view text) const
{
    if (verbose)
        message(text);
}

core::Progress Console::progress(std::string_view doing) const
{
    if (quiet || !isatty(STDERR_FILENO))
        return core::Progress();
    using Clock = std::chrono::steady_clock;
    return core::Progress([title = std::string(doing), start = Clock::now(), drawn = false](double fraction) mutable {
        constexpr int width = 40;
        if (!drawn && Clock::now() - start < std::chrono::milliseconds(100))
            return;
        drawn = fraction < 1;
        const int full = static_cast<int>(fraction * width);
        const std::string bar =
            fmt::format("\r{} [{:<{}}] {:3.0f} %", title, std::string(static_cast<std::size_t>(full), '#'), width, 100 * fraction);
        writeAll(STDERR_FILENO, drawn ? bar : "\r\x1b[K");
    });
}

bool Console::hasColour() const
{
    const char* none = std::getenv("NO_COLOR");
    return isatty(STDOUT_FILENO) && !(none && *none);
}

}
