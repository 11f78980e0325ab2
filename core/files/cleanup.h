// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>

namespace core {

/// Lets SIGINT, SIGTERM and SIGHUP take the paths of all Doomed away before they end the program; a file that outgrows `ulimit -f` becomes
/// an error of write() instead of the program's end. What somebody handles or ignores already stays as it is.
void installCleanup();

/// A path that is unlinked when the object goes, or a signal ends the program, unless keep() was called.
class Doomed
{
public:
    explicit Doomed(std::string path);
    ~Doomed();
    Doomed(const Doomed&) = delete;
    Doomed& operator=(const Doomed&) = delete;

    const std::string& path() const { return m_path; }
    void keep();

private:
    std::string m_path;
    std::size_t m_slot;
};

}
