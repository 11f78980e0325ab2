// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/keras/weights/guess.h"

#include "core/base/names.h"
#include "core/formats/keras/graph/ops.h"
#include "core/formats/keras/weights/variables.h"
#include "core/layers/spec.h"

#include <algorithm>
#include <cstdint>
#include <fmt/format.h>

namespace core::formats {

namespace {

using Classes = std::vector<std::string>;

constexpr std::string_view openScale = "gamma or beta";

class Guess
{
public:
    Guess(const Model& model, const std::vector<std::size_t>& indices) : m_model(model), m_indices(indices) {}

    /// Keras' class; where several fit the one that the layer is named after, else all of them ("Conv2D or Conv2DTranspose"); empty where
    /// nothing is told.
    std::string className(std::string_view layerName) const
    {
        const Classes classes = classNames();
        const std::string named = classOfPath(layerName.substr(layerName.rfind('/') + 1));
        return std::find(classes.begin(), classes.end(), named) != classes.end() ? named : either(classes);
    }

    /// Whether it may be a Conv2D.
    bool isConvolution() const { return has("kernel") && only({"kernel", "bias"}) && rank("kernel") == 4 && isPlain(); }

    /// Kind and attributes of those that shapes tell wholly.
    void fill(Op& op) const
    {
        if (has("moving_mean")) {
            op.kind = kindOf("BatchNormalization");
            if (!has(openScale))
                op.attributes = {{"scale", has("gamma")}, {"center", has("beta")}};
        } else if (has("embeddings") && only({"embeddings"}) && rank("embeddings") == 2) {
            const auto& s = find("embeddings")->source.shape;
            op.kind = kindOf("Embedding");
            op.attributes = {{"rows", s[0]}, {"units", s[1]}};
        } else if (isRecurrent()) {
            fillRecurrent(op);
        } else if (isConvolution()) {
            const auto& s = find("kernel")->source.shape;
            op.kind = kindOf("Conv2D");
            op.attributes = {{"filters", s[3]}, {"kernel", Ints{s[0], s[1]}}, {"bias", has("bias")}};
        } else if (isAttention()) {
            const auto &query = find("query/kernel")->source.shape, &out = find("attention_output/kernel")->source.shape;
            op.kind = kindOf("MultiHeadAttention");
            op.attributes = {
                {"heads", query[1]}, {"key_dim", query[2]}, {"value_dim", out[1]}, {"units", out[2]}, {"bias", has("query/bias")}};
        } else if (has("kernel") && only({"kernel", "bias"}) && rank("kernel") == 2 && isPlain()) {
            op.kind = kindOf("Dense");
            op.attributes = {{"units", find("kernel")->source.shape[1]}, {"bias", has("bias")}};
        }
    }

private:
    bool isRecurrent() const
    {
        return has("recurrent_kernel") && has("kernel") && only({"kernel", "recurrent_kernel", "bias"}) && rank("kernel") == 2 &&
               rank("recurrent_kernel") == 2 && recurrentClasses().size() == 1;
    }

    /// Its direction is told by the name that Bidirectional gives it.
    void fillRecurrent(Op& op) const
    {
        const std::string name = recurrentClasses().front();
        const std::string_view last = std::string_view(op.layer).substr(op.layer.rfind('/') + 1);
        op.kind = kindOf(name);
        op.attributes = {{"units", find("recurrent_kernel")->source.shape[0]}, {"bias", has("bias")}};
        if (last.starts_with("forward_") || last.starts_with("backward_"))
            op.attributes.set("reverse", last.starts_with("backward_"));
        if (name == "GRU" && has("bias"))
            op.attributes.set("reset_after", rank("bias") == 2);
    }

    static std::string kindOf(std::string_view name) { return std::string(layers::kindOfKeras({std::string(name), {}})->id); }

    bool isAttention() const
    {
        return has("query/kernel") && has("key/kernel") && has("value/kernel") && has("attention_output/kernel") &&
               rank("query/kernel") == 3 && rank("attention_output/kernel") == 3;
    }

    Classes classNames() const
    {
        if (isAttention())
            return {"MultiHeadAttention"};
        if (has("moving_mean"))
            return {"BatchNormalization"};
        if (has("recurrent_kernel"))
            return recurrentClasses();
        if (has("embeddings"))
            return {"Embedding"};
        if (has("pointwise_kernel"))
            return {rank("pointwise_kernel") == 3 ? "SeparableConv1D" : "SeparableConv2D"};
        if (has("depthwise_kernel"))
            return {rank("depthwise_kernel") == 3 ? "DepthwiseConv1D" : "DepthwiseConv2D"};
        if (has("kernel") && only({"kernel", "bias"}))
            return kernelClasses();
        if (has("alpha") && m_indices.size() == 1)
            return {"PReLU"};
        return only({"gamma", "beta", openScale}) ? Classes{"LayerNormalization", "GroupNormalization"} : Classes();
    }

    /// A convolution's kernel is (..., in, out), a transposed one's (..., out, in), and (..., in, times) where each channel has its own:
    /// the bias, with a value for each output, tells them apart where they differ.
    Classes kernelClasses() const
    {
        const auto& shape = find("kernel")->source.shape;
        if (shape.size() == 2)
            return isPlain() ? Classes{"Dense"} : Classes();
        if (shape.size() < 3 || shape.size() > 5)
            return {};
        Classes classes;
        const auto add = [&](bool fits, std::string_view before, std::string_view behind) {
            if (fits)
                classes.push_back(fmt::format("{}Conv{}D{}", before, shape.size() - 2, behind));
        };
        const auto channels = shape[shape.size() - 2], times = shape.back();
        add(isPlain(), "", "");
        add(biasHas(channels), "", "Transpose");
        add(shape.size() < 5 && channels > 1 && times > 0 && channels <= INT64_MAX / times && biasHas(channels * times), "Depthwise", "");
        return classes;
    }

    Classes recurrentClasses() const
    {
        const auto& shape = find("recurrent_kernel")->source.shape;
        if (shape.size() == 4)
            return {"ConvLSTM2D"};
        if (shape.size() != 2 || shape[0] < 1 || shape[1] % shape[0] != 0)
            return {};
        const auto gates = shape[1] / shape[0];
        return gates == 4 ? Classes{"LSTM"} : gates == 3 ? Classes{"GRU"} : gates == 1 ? Classes{"SimpleRNN"} : Classes();
    }

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

    /// Whether there is no bias, or one of so many values.
    bool biasHas(std::int64_t outputs) const
    {
        const auto* bias = find("bias");
        return !bias || bias->source.shape == Shape{outputs};
    }

    /// Whether the last axis of the kernel may be the produced one.
    bool isPlain() const
    {
        const auto& shape = find("kernel")->source.shape;
        return !shape.empty() && biasHas(shape.back());
    }

    const Model& m_model;
    const std::vector<std::size_t>& m_indices;
};

/// Whether a class that the layer may be of is one of the op's kind: "conv2d_transpose" is none, whatever fits its shapes.
bool mayBe(const Layer& layer, const Op& op)
{
    const Classes classes = choices(layer.kind);
    return std::any_of(classes.begin(), classes.end(), [&](const std::string& name) {
        const layers::Kind* kind = layers::kindOfKeras({name, {}});
        return kind && kind->id == op.kind;
    });
}

/// Of a normalisation that has one of gamma and beta: it cannot run until a twin tells which.
void leaveOpen(Model& model, Op& op, const std::vector<std::size_t>& indices)
{
    for (const auto index : indices)
        if (const Parameter& parameter = model.parameters[index]; parameter.role == openScale && !op.kind.empty()) {
            op.parameters[parameter.role] = parameter.name;
            op.unsupported = fmt::format("it has one array that is its {}, and the file does not tell which", openScale);
            model.notes.push_back({{"role-open", {op.layer}, op.unsupported + ": a twin may."}, Note::Severity::Warning, op.layer});
        }
}

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
            layer.kind = guess.className(layer.name);
        Op op;
        op.name = op.layer = layer.name;
        guess.fill(op);
        if (!op.kind.empty() && !mayBe(layer, op)) {
            op.kind.clear();
            op.attributes = {};
        }
        if (guess.isConvolution() && !op.kind.empty() && !convolutionReason.empty()) {
            op.kind.clear();
            op.unsupported = convolutionReason;
        } else if (op.kind.empty()) {
            op.unsupported = layer.kind.empty() ? "the file does not tell what sort of layer it is" : cannotRun(layer.kind);
        }
        matchRoles(model, op, open);
        leaveOpen(model, op, open);
        layer.supported = op.unsupported.empty();
        model.ops.push_back(std::move(op));
    }
}

}
