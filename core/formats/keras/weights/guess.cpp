// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/keras/weights/guess.h"

#include "core/formats/keras/graph/ops.h"
#include "core/formats/keras/weights/variables.h"
#include "core/layers/spec.h"

#include <algorithm>
#include <array>

namespace core::formats {

namespace {

class Guess
{
public:
    Guess(const Model& model, const std::vector<std::size_t>& indices) : m_model(model), m_indices(indices) {}

    /// Keras' class, or empty.
    std::string className() const
    {
        if (has("moving_mean"))
            return "BatchNormalization";
        if (has("recurrent_kernel"))
            return recurrentClass();
        if (has("embeddings"))
            return "Embedding";
        if (has("pointwise_kernel"))
            return rank("pointwise_kernel") == 3 ? "SeparableConv1D" : "SeparableConv2D";
        if (has("depthwise_kernel"))
            return rank("depthwise_kernel") == 3 ? "DepthwiseConv1D" : "DepthwiseConv2D";
        if (has("kernel") && only({"kernel", "bias"}) && fits())
            return std::array<const char*, 6>{"", "", "Dense", "Conv1D", "Conv2D", "Conv3D"}[std::min<std::size_t>(rank("kernel"), 5)];
        if (has("alpha") && m_indices.size() == 1)
            return "PReLU";
        return has("gamma") && only({"gamma", "beta"}) ? "LayerNormalization" : "";
    }

    bool isConvolution() const { return className() == "Conv2D"; }

    /// Kind and attributes of those that shapes tell wholly.
    void fill(Op& op) const
    {
        if (has("moving_mean")) {
            op.kind = kindOf("BatchNormalization");
            op.attributes = {{"scale", has("gamma")}, {"center", has("beta")}};
        } else if (has("kernel") && only({"kernel", "bias"}) && rank("kernel") == 4 && fits()) {
            const auto& s = find("kernel")->source.shape;
            op.kind = kindOf("Conv2D");
            op.attributes = {{"filters", s[3]}, {"kernel", Ints{s[0], s[1]}}, {"bias", has("bias")}};
        } else if (has("kernel") && only({"kernel", "bias"}) && rank("kernel") == 2 && fits()) {
            op.kind = kindOf("Dense");
            op.attributes = {{"units", find("kernel")->source.shape[1]}, {"bias", has("bias")}};
        }
    }

private:
    static std::string kindOf(std::string_view name) { return std::string(layers::kindOfKeras({std::string(name), {}})->id); }

    const Parameter* find(std::string_view role) const
    {
        const auto found =
            std::find_if(m_indices.begin(), m_indices.end(), [&](std::size_t i) { return m_model.parameters[i].role == role; });
        return found == m_indices.end() ? nullptr : &m_model.parameters[*found];
    }

    bool has(std::string_view role) const { return find(role) != nullptr; }
    std::size_t rank(std::string_view role) const { return find(role)->source.shape.size(); }

    bool only(std::initializer_list<std::string_view> roles) const
    {
        return std::all_of(m_indices.begin(), m_indices.end(),
                           [&](std::size_t i) { return std::find(roles.begin(), roles.end(), m_model.parameters[i].role) != roles.end(); });
    }

    /// The bias tells whether the last axis of the kernel is the produced one.
    bool fits() const
    {
        const auto* bias = find("bias");
        const auto& shape = find("kernel")->source.shape;
        return !shape.empty() && (!bias || (bias->source.shape.size() == 1 && bias->source.shape[0] == shape.back()));
    }

    std::string recurrentClass() const
    {
        const auto& shape = find("recurrent_kernel")->source.shape;
        if (shape.size() != 2 || shape[0] < 1 || shape[1] % shape[0] != 0)
            return shape.size() == 4 ? "ConvLSTM2D" : "";
        const auto gates = shape[1] / shape[0];
        return gates == 4 ? "LSTM" : gates == 3 ? "GRU" : gates == 1 ? "SimpleRNN" : "";
    }

    const Model& m_model;
    const std::vector<std::size_t>& m_indices;
};

}

void guessKerasKinds(Model& model, const KerasParameters& parameters, const std::string& convolutionReason)
{
    for (std::size_t i = 0; i < model.layers.size(); ++i) {
        auto& layer = model.layers[i];
        auto open = parameters.of(i);
        for (const auto index : open)
            if (isBuffer(model.parameters[index]))
                model.parameters[index].trainable = false;
        if (open.empty()) {
            if (layer.kind.empty())
                layer.kind = classOfPath(layer.name.substr(layer.name.rfind('/') + 1));
            continue;
        }
        const Guess guess(model, open);
        if (layer.kind.empty())
            layer.kind = guess.className();
        Op op;
        op.name = op.layer = layer.name;
        guess.fill(op);
        if (guess.isConvolution() && !op.kind.empty() && !convolutionReason.empty()) {
            op.kind.clear();
            op.unsupported = convolutionReason;
        } else if (op.kind.empty()) {
            op.unsupported = layer.kind.empty() ? "the file does not tell what sort of layer it is" : cannotRun(layer.kind);
        }
        matchRoles(model, op, open);
        layer.supported = op.unsupported.empty();
        model.ops.push_back(std::move(op));
    }
}

}
