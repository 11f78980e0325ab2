// SPDX-License-Identifier: GPL-3.0-or-later
// bench_processes RUNS LIMIT COMMAND... -- PEER...: runs two commands by turns and prints their wall times; fails when the ratio of the
// medians exceeds LIMIT.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <spawn.h>
#include <string_view>
#include <sys/wait.h>
#include <vector>

namespace {

using Command = std::vector<char*>;

/// Milliseconds from start to exit; negative when it could not be started or was killed.
double timed(const Command& command, const posix_spawn_file_actions_t& quiet)
{
    const auto begin = std::chrono::steady_clock::now();
    pid_t pid = 0;
    int status = 0;
    if (::posix_spawnp(&pid, command[0], &quiet, nullptr, command.data(), environ) != 0 || ::waitpid(pid, &status, 0) != pid ||
        !WIFEXITED(status) || WEXITSTATUS(status) > 1)
        return -1;
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
}

double report(const char* what, std::vector<double>& times)
{
    std::sort(times.begin(), times.end());
    std::printf("%-10s min %7.1f ms, median %7.1f ms\n", what, times.front(), times[times.size() / 2]);
    return times[times.size() / 2];
}

}

int main(int argc, char** argv)
{
    Command commands[2];
    int side = 0;
    for (int i = 3; i < argc; ++i) {
        if (std::string_view(argv[i]) == "--" && side == 0)
            side = 1;
        else
            commands[side].push_back(argv[i]);
    }
    const int runs = argc > 2 ? std::atoi(argv[1]) : 0;
    if (runs < 1 || commands[0].empty() || commands[1].empty()) {
        std::fprintf(stderr, "usage: bench_processes RUNS LIMIT COMMAND... -- PEER...\n");
        return 2;
    }
    posix_spawn_file_actions_t quiet;
    ::posix_spawn_file_actions_init(&quiet);
    ::posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", O_WRONLY, 0);
    std::vector<double> times[2];
    for (auto& command : commands)
        command.push_back(nullptr);
    for (int run = 0; run < runs; ++run)
        for (int which = 0; which < 2; ++which) {
            times[which].push_back(timed(commands[which], quiet));
            if (times[which].back() < 0) {
                std::fprintf(stderr, "%s did not run\n", commands[which][0]);
                return 2;
            }
        }
    ::posix_spawn_file_actions_destroy(&quiet);
    const double ratio = report("command", times[0]) / report("peer", times[1]);
    const double limit = std::atof(argv[2]);
    std::printf("ratio      %.2f (at most %.2f)\n", ratio, limit);
    return ratio <= limit ? 0 : 1;
}
