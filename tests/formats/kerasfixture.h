// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/formats/format.h"
#include "core/formats/hdf5/h5image.h"
#include "tests/formats/seed.h"

#include <QTemporaryDir>
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

/// A Keras .h5 with any configuration and any weights, as damaged or foreign as a test wants it.
struct KerasFixture
{
    struct Weight
    {
        std::string name;
        core::Shape shape;
    };
    using Layers = std::vector<std::pair<std::string, std::vector<Weight>>>;

    std::string config;
    Layers layers;
    std::string version = "2.15.0", backend = "tensorflow", root = "/model_weights";
    std::vector<std::string> extraNames = {}; ///< named as weights of the last layer, but not stored

    core::Model open() const
    {
        QTemporaryDir folder;
        const auto path = folder.filePath("model.h5").toStdString();
        write(path);
        return core::formats::openModel(path);
    }

    void write(const std::string& path) const
    {
        bytes::seed(config);
        core::formats::H5Image image;
        image.addGroup("/");
        if (!config.empty())
            image.addAttribute("model_config", config);
        if (root != "/")
            image.addGroup(root);
        std::vector<std::string> names;
        for (const auto& layer : layers)
            names.push_back(layer.first);
        image.addNames("layer_names", names);
        image.addAttribute("keras_version", version);
        image.addAttribute("backend", backend);
        for (const auto& layer : layers)
            addLayer(image, (root == "/" ? "/" : root + "/") + layer.first, layer.second, &layer == &layers.back());
        image.write(path);
    }

private:
    void addLayer(core::formats::H5Image& image, const std::string& group, const std::vector<Weight>& weights, bool last) const
    {
        image.addGroup(group);
        std::vector<std::string> names;
        for (const auto& weight : weights) {
            names.push_back(weight.name);
            const std::vector<float> values(static_cast<std::size_t>(core::elementCount(weight.shape)), 0.5F);
            image.addDataset(group + "/" + weight.name, core::Tensor::fromFloats(weight.shape, values));
        }
        if (last)
            names.insert(names.end(), extraNames.begin(), extraNames.end());
        image.addNames("weight_names", names);
    }
};

/// {"class_name":"Sequential",...} of layers given as JSON, behind an input of `shape`.
inline std::string sequential(const std::string& shape, const std::string& layers)
{
    return R"({"class_name":"Sequential","config":{"name":"s","layers":[{"class_name":"InputLayer","config":{"batch_input_shape":[null,)" +
           shape + R"(],"name":"in"}},)" + layers + "]}}";
}

inline std::string dense(const std::string& name, const std::string& rest)
{
    return R"({"class_name":"Dense","config":{"name":")" + name + "\"," + rest + "}}";
}

/// "in=input() d=linear(0) ": every op with its kind and its inputs' indices.
inline std::string opsText(const core::Model& model)
{
    std::string text;
    for (const auto& op : model.ops) {
        text += op.name + "=" + (op.kind.empty() ? "?" : op.kind) + "(";
        for (const int input : core::producers(op))
            text += (text.back() == '(' ? "" : ",") + std::to_string(input);
        text += ") ";
    }
    return text;
}

inline const core::Op& opOf(const core::Model& model, std::string_view name)
{
    const int index = model.opIndex(name);
    if (index < 0)
        throw core::Error("test").expected("an op").found(opsText(model));
    return model.ops[static_cast<std::size_t>(index)];
}

inline bool hasNote(const core::Model& model, const std::string& id)
{
    return std::any_of(model.notes.begin(), model.notes.end(), [&](const core::Note& note) { return note.message.id == id; });
}
