// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/console.h"
#include "core/digits/digits.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <optional>
#include <string>

namespace app {

/// What `INPUT` and how it becomes floats (cli.md).
struct InputOptions
{
    std::optional<int> digit, sample, random;
    std::string image, input, layout, mnist;
    std::string preprocess, preprocessTorch, preprocessKeras, preprocessLeft, preprocessRight;

    bool isGiven() const { return digit || sample || random || !image.empty() || !input.empty(); }
    /// The most particular option that holds for a side, else the guess for its model.
    core::digits::Preprocess preprocessFor(const core::Model& model, bool isLeft) const;
};

struct MapOptions
{
    std::string file;
    bool anyway = false;
};

struct Options
{
    Console console;
    bool json = false;
    bool checksum = false;
    double tolerance = 1e-5;
    std::string first, second, like, output, report, junit;
    InputOptions input;
    MapOptions map;
};

void addConsoleOptions(CLI::App& command, Options& options);
void addInputOptions(CLI::App& command, Options& options);
void addPreprocessOptions(CLI::App& command, Options& options);
void addTolerance(CLI::App& command, Options& options);
void addMapOptions(CLI::App& command, Options& options);

}
