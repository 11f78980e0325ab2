// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/console.h"
#include "core/digits/digits.h"

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace app {

/// What `INPUT` and how it becomes floats (cli.md).
struct InputOptions
{
    std::optional<int> digit, sample, random;
    std::string image, input, layout, mnist;
    std::string preprocess, preprocessTorch, preprocessKeras, preprocessLeft, preprocessRight;

    bool isPreprocessGiven() const;
    bool isGiven() const { return digit || sample || random || !image.empty() || !input.empty(); }
    /// The most particular option that holds for a side, else the guess for its model.
    core::digits::Preprocess preprocessFor(const core::Model& model, bool isLeft) const;
};

struct MapOptions
{
    std::string file;
    bool anyway = false;
};

/// A wrong command line that only shows when its parts are seen together.
class UsageError : public std::runtime_error
{
public:
    using std::runtime_error::runtime_error;
};

/// All that the commands can be told; each looks at its own.
struct Options
{
    Console console;
    bool json = false;
    bool checksum = false;
    double tolerance = 1e-5;
    std::string first, second, like, output, report, junit;
    std::string configLeft, configRight; ///< architectures for weights-only files
    bool stats = false;
    std::string tensor;
    std::string to, kind, inputShape;
    bool verify = false;
    std::optional<int> limit;
    std::string shard; ///< "K/N"
    bool timing = false;
    std::vector<std::string> shards; ///< documents that are merged
    InputOptions input;
    MapOptions map;
};

}
