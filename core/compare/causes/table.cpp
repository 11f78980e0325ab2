// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compare/causes/hypotheses.h"

#include <array>

namespace core::compare {

std::span<const Rearrangement> rearrangements()
{
    static constexpr std::array<Rearrangement, 9> table{{{spatialVariants},
                                                         {channelVariants},
                                                         {flattenVariants},
                                                         {blockVariants},
                                                         {multiplierVariants},
                                                         {exchangeVariants},
                                                         {biasVariants},
                                                         {storedVariants},
                                                         {precisionVariants}}};
    return table;
}

std::span<const Hypothesis> hypotheses()
{
    static constexpr std::array<Hypothesis, 7> table{{{settingCandidates},
                                                      {activationCandidates},
                                                      {layerCandidates},
                                                      {absentCandidates},
                                                      {exchangeCandidates},
                                                      {parameterCandidates},
                                                      {scalingCandidates}}};
    return table;
}

}
