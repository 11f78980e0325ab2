// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/layers/steps.h"

namespace core::layers {

extern const Kind lstm, gru, rnn, embedding, masking;

/// nn.LSTM, nn.GRU, nn.RNN: an op a layer and direction, both directions joined. Puts out the sequence, then the last h of each layer and
/// direction, then an LSTM's last c of each.
Steps torchRecurrent(const TorchSpec& spec);
/// LSTM, GRU, SimpleRNN. Nothing where the layer is one op with one output, its sequence.
std::optional<Steps> kerasRecurrent(const KerasSpec& spec, std::size_t inputs);
std::optional<Steps> kerasBidirectional(const KerasSpec& spec, std::size_t inputs);
/// Of a layer that treats the steps of a sequence alike as it is.
std::optional<Steps> kerasTimeDistributed(const KerasSpec& spec, std::size_t inputs);

}
