// SPDX-License-Identifier: GPL-3.0-or-later
// Configurations as Keras writes them, piece by piece.
#pragma once

#include <QByteArray>
#include <string>

inline std::string node(const std::string& layer, int call = 0)
{
    return "[\"" + layer + "\"," + std::to_string(call) + ",0,{}]";
}

/// A layer of a functional model; `nodes` are its calls, each with its brackets.
inline std::string layer(const std::string& className, const std::string& name, const std::string& config, const std::string& nodes)
{
    return R"({"class_name":")" + className + R"(","name":")" + name + R"(","config":{"name":")" + name + '"' +
           (config.empty() ? "" : "," + config) + R"(},"inbound_nodes":[)" + nodes + "]}";
}

inline std::string input(const std::string& name)
{
    return layer("InputLayer", name, R"("batch_input_shape":[null,4])", "");
}

inline std::string graph(const std::string& layers, const std::string& in, const std::string& out)
{
    return "\"layers\":[" + layers + "],\"input_layers\":[[\"" + in + "\",0,0]],\"output_layers\":[[\"" + out + "\",0,0]]";
}

inline std::string model(const std::string& name, const std::string& inside)
{
    return R"({"class_name":"Functional","config":{"name":")" + name + "\"," + inside + "}}";
}

inline std::string layerJson(const std::string& className, const std::string& name, const std::string& more = "",
                             const std::string& inbound = "")
{
    return R"({"module":"keras.layers","class_name":")" + className + R"(","config":{"name":")" + name + '"' +
           (more.empty() ? "" : "," + more) + R"(},"registered_name":null)" +
           (inbound.empty() ? "" : R"(,"name":")" + name + R"(","inbound_nodes":[)" + inbound + "]") + "}";
}

inline std::string tensorJson(const std::string& layer)
{
    return R"({"class_name":"__keras_tensor__","config":{"shape":[null,4],"dtype":"float32","keras_history":[")" + layer + "\",0,0]}}";
}

inline std::string call(const std::string& layer)
{
    return R"({"args":[)" + tensorJson(layer) + R"(],"kwargs":{"mask":null}})";
}

/// A layer of a class that nobody knows.
inline std::string strange(const std::string& name)
{
    return R"({"class_name":"Strange","config":{"name":")" + name + "\"}}";
}

/// Keras 1's Convolution2D, called c.
inline QByteArray convolution1(const char* order, const char* mode)
{
    return QByteArray(
               R"({"class_name":"Convolution2D","config":{"name":"c","nb_filter":2,"nb_row":3,"nb_col":3,"subsample":[1,1],"bias":true,)"
               R"("activation":"linear","dim_ordering":")") +
           order + R"(","border_mode":")" + mode + "\"}}";
}
