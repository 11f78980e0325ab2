// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace core::formats {

/// Whether `text` stands at byte `at` of a file's first bytes.
bool hasAt(std::span<const std::byte> head, std::size_t at, std::string_view text);
bool startsWith(std::span<const std::byte> head, std::string_view text);

/// What content that is no model is, in words ("an HTML page"), and what a person can do; both may be empty.
struct ForeignContent
{
    std::string what, advice;
};
ForeignContent describeForeign(std::span<const std::byte> head);

inline constexpr std::string_view savedModelAdvice = "Load it with the TensorFlow that wrote it and save its Keras model as .keras or .h5.";

}
