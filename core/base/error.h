// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <exception>
#include <string>
#include <string_view>
#include <vector>

namespace core {

/// A sentence as data, so that the window can translate it: `text` is the complete English sentence, `arguments` what
/// a translation of `id` needs.
struct Message
{
    std::string id;
    std::vector<std::string> arguments;
    std::string text;

    bool operator==(const Message&) const = default;
};

/// The one exception type of core/: which file, what was expected, what was found, where (an offset or a name), and
/// what the person can do. Built in one expression: throw Error("zip-cut").file(path).expected("...").found("...").at("offset 12");
class Error : public std::exception
{
public:
    explicit Error(std::string id) : m_id(std::move(id)) { compose(); }

    Error& file(std::string_view path);
    Error& expected(std::string_view text);
    Error& found(std::string_view text);
    Error& at(std::string_view place);
    Error& advice(std::string_view text);

    const std::string& id() const { return m_id; }
    const std::string& file() const { return m_file; }
    const std::string& expected() const { return m_expected; }
    const std::string& found() const { return m_found; }
    const std::string& at() const { return m_at; }
    const std::string& advice() const { return m_advice; }

    /// "lenet5.h5: expected ..., found ... (at ...). Advice."
    const char* what() const noexcept override { return m_what.c_str(); }

private:
    void compose();

    std::string m_id, m_file, m_expected, m_found, m_at, m_advice, m_what;
};

/// Thrown by Progress when the person cancelled; never shown as an error.
class Cancelled : public std::exception
{
public:
    const char* what() const noexcept override { return "cancelled"; }
};

/// `text` with control characters, right-to-left marks and invalid UTF-8 written as \xNN, at most `limit` bytes: safe to show.
std::string printable(std::string_view text, std::size_t limit = 200);

}
