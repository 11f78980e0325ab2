// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/arrays.h"
#include "app/cli/options.h"
#include "core/report/documents.h"

#include <optional>

namespace app {

/// The INPUT of a command line: read once, brought to each model's shape and layout.
class Input
{
public:
    /// Reads what the options name. Without any, `tensorFor` takes sample 0 where the model takes a digit, else noise of seed 0.
    explicit Input(const InputOptions& options);

    /// The array of --input, which tells the input shape to models that declare none.
    const std::optional<InputArray>& array() const { return m_array; }
    /// Settles what is run where no INPUT was given.
    void chooseFor(const core::Model& model);
    /// One batch for a model that is ready to run. Throws core::Error.
    core::Tensor tensorFor(const core::Model& model, bool isLeft);
    /// For the documents; complete after tensorFor.
    const core::report::InputInfo& info() const { return m_info; }

private:
    void takeDigit(const core::digits::DigitSet& set, int index, const std::string& where);
    core::Tensor imageFor(const core::Model& model, const core::digits::Preprocess& preprocess) const;

    InputOptions m_options;
    core::report::InputInfo m_info;
    std::optional<core::digits::Picture> m_picture;
    std::optional<InputArray> m_array;
    std::optional<unsigned> m_seed;
};

}
