// SPDX-License-Identifier: GPL-3.0-or-later
// A worker that does what tst_client asks for: echoes, sleeps, dies, lies, prints.
#include "core/base/error.h"
#include "core/worker/server.h"

#include <chrono>
#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <stdexcept>
#include <string>
#include <thread>
#include <unistd.h>

using core::Json;
using core::worker::Answer;

namespace {

constexpr int answerFd = 4;

void sleepFor(const Json& head)
{
    std::this_thread::sleep_for(std::chrono::milliseconds(head.value("ms", 0)));
}

Answer count(const Json& head, const std::function<bool(double)>& progress)
{
    const int steps = head.value("steps", 10);
    for (int i = 0; i < steps; ++i) {
        sleepFor(head);
        if (!progress(static_cast<double>(i) / steps))
            return {{{"stopped", i}}, {}, {}};
    }
    return {{{"stopped", steps}}, {}, {}};
}

void lie(const std::string& how)
{
    if (how == "magic")
        static_cast<void>(!::write(answerFd, "this is no message", 18));
    else if (how == "json")
        static_cast<void>(!::write(answerFd, "TIEO\4\0\0\0\0\0\0\0\0\0\0\0{{{{", 20));
    else if (how == "json-length")
        static_cast<void>(!::write(answerFd, "TIEO\xff\xff\xff\xff\0\0\0\0\0\0\0\0", 16));
    else if (how == "payload-length")
        static_cast<void>(!::write(answerFd, "TIEO\2\0\0\0\xff\xff\xff\xff\xff\xff\xff\x7f{}", 18));
    else if (how == "cut")
        static_cast<void>(!::write(answerFd, "TIEO\2\0\0\0\4\0\0\0\0\0\0\0{}ab", 20));
}

// Begins an answer of 100 MB and never ends it.
void answerHalf(const std::function<bool(double)>& progress)
{
    progress(0);
    std::string half("TIEO\2\0\0\0\0\xe1\xf5\5\0\0\0\0{}", 18);
    half.resize(500'000);
    static_cast<void>(!::write(answerFd, half.data(), half.size()));
    std::this_thread::sleep_for(std::chrono::seconds(60));
}

Answer handle(const core::worker::Message& request, const std::function<bool(double)>& progress)
{
    const auto what = request.head.value("request", "");
    if (what == "echo")
        return {request.head, {}, request.payload};
    if (what == "count")
        return count(request.head, progress);
    if (what == "sleep")
        sleepFor(request.head);
    if (what == "die") {
        const int signal = request.head.value("signal", SIGSEGV);
        std::signal(signal, SIG_DFL); // a sanitizer has handlers of its own
        ::raise(signal);
    }
    if (what == "exit")
        ::_exit(request.head.value("status", 7));
    if (what == "lie") {
        lie(request.head.value("how", ""));
        ::_exit(0);
    }
    if (what == "long")
        return {{{"text", std::string(request.head.value("bytes", std::size_t{0}), 'x')}}, {}, {}};
    if (what == "half")
        answerHalf(progress);
    if (what == "print") {
        std::puts("this must not reach the pipe");
        std::fflush(stdout);
    }
    if (what == "fail")
        throw core::Error("test-failed").file("a.h5").expected("a").found("b").at("c").advice("d");
    if (what == "standard-error")
        throw std::runtime_error("plain");
    if (what == "allocate") {
        const std::vector<char> much(request.head.value("bytes", std::size_t{0}), 'x');
        return {{{"size", much.size()}}, {}, {}};
    }
    if (what == "stdin")
        return {{{"read", ::read(0, nullptr, 0)}, {"open6", ::fcntl(6, F_GETFD) >= 0}, {"open5", ::fcntl(5, F_GETFD) >= 0}}, {}, {}};
    return {};
}

}

int main()
{
    return core::worker::serve([] { return handle; });
}
