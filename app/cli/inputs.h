// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/options.h"
#include "core/report/documents.h"
#include "core/session/session.h"

#include <optional>

namespace app {

/// MNIST's test set of a folder, or of the usual places when it is empty; `where` is the one. Throws core::Error.
core::digits::DigitSet testSet(const std::string& folder, std::string& where);

/// The INPUT of a command line: read once, brought to each model's inputs, shapes and layout.
class Input
{
public:
    /// Reads what the options name.
    explicit Input(const InputOptions& options);

    /// The arrays of --input, which tell input shapes to models that declare none; null without.
    const core::session::ArraysInput* arrays() const;
    /// Settles what is run where no INPUT was given: all sample digits where the model takes one, else `noises` noises of seed 0, as one
    /// batch.
    void chooseFor(const core::Model& model);
    /// Half of what was chosen where no INPUT was given; false when nothing is left to be spared.
    bool takeFewer();

    /// For a model that is ready to run. Throws core::Error.
    core::engines::Inputs inputsFor(const core::Model& model, bool isLeft);
    core::session::PairInputs inputsFor(const core::session::Pair& pair);
    /// For the documents; complete after inputsFor.
    const core::report::InputInfo& info() const { return m_info; }

    static constexpr int noises = 8;

private:
    void takeDigit(const core::digits::DigitSet& set, int index, const std::string& where);
    core::digits::Preprocess preprocessFor(const core::Model& model, bool isLeft);

    InputOptions m_options;
    core::report::InputInfo m_info;
    core::session::InputSource m_source;
};

}
