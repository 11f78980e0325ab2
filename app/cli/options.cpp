// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/options.h"

namespace app {

core::digits::Preprocess InputOptions::preprocessFor(const core::Model& model, bool isLeft) const
{
    const std::string& byFramework = model.framework == core::Framework::Torch ? preprocessTorch : preprocessKeras;
    for (const std::string& spec :
         {isLeft ? preprocessLeft : preprocessRight, model.framework == core::Framework::None ? std::string() : byFramework, preprocess})
        if (!spec.empty())
            return core::digits::preprocessFromText(spec);
    return core::digits::guessPreprocess(model);
}

bool InputOptions::isPreprocessGiven() const
{
    return !(preprocess + preprocessTorch + preprocessKeras + preprocessLeft + preprocessRight).empty();
}

}
