// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "torchbytes.h"

#include "core/formats/format.h"

namespace torchbytes {

inline const std::string sixFloats = floats({0, 1, 2, 3, 4, 5});

/// A folder in which one file is written and opened after the other.
class Folder
{
public:
    QString write(const std::string& content) const
    {
        const QString name = path("test.pt");
        bytes::write(name, content);
        return name;
    }
    QString path(const char* name) const { return m_folder.filePath(name); }
    core::Model open(const std::string& content) const { return core::formats::openModel(write(content).toStdString()); }
    /// A container of `value` with the storage "0" of six floats.
    core::Model openValue(const std::string& value) const { return open(file(value, {{"0", sixFloats}})); }
    /// The id of the Error of opening, "" when there is none; the message has to name the file.
    std::string errorOf(const std::string& content) const
    {
        std::string message;
        const std::string id = bytes::errorOf([&] { open(content); }, &message);
        return id.empty() || message.find("test.pt") != message.npos ? id : "no file named: " + message;
    }

private:
    QTemporaryDir m_folder;
};

inline const core::Note* noteOf(const core::Model& model, const std::string& id)
{
    for (const core::Note& note : model.notes)
        if (note.message.id == id)
            return &note;
    return nullptr;
}

/// "name=value " of every entry.
inline std::string entries(const core::Model& model)
{
    std::string out;
    for (const core::Entry& entry : model.entries)
        out += entry.name + "=" + entry.value + " ";
    return out;
}

inline std::vector<float> values(const core::Parameter& parameter)
{
    const auto tensor = read(parameter.source).toFloat32();
    return {tensor.floats().begin(), tensor.floats().end()};
}

/// "name:kind " of every op, "?" for an unknown kind, "!" behind one that cannot run.
inline std::string kinds(const core::Model& model)
{
    std::string out;
    for (const core::Op& op : model.ops)
        out += op.name + ":" + (op.kind.empty() ? "?" : op.kind) + (op.unsupported.empty() ? " " : "! ");
    return out;
}

/// "name:kind<inputs" of every op, "?" for an unknown kind, then ">outputs".
inline std::string graph(const core::Model& model)
{
    std::string out;
    for (const core::Op& op : model.ops) {
        out += op.name + ":" + (op.kind.empty() ? "?" : op.kind);
        for (const int input : core::producers(op))
            out += "<" + model.ops[static_cast<std::size_t>(input)].name;
        out += " ";
    }
    for (const core::Output& output : model.outputs)
        out += ">" + model.ops[static_cast<std::size_t>(output.port.op)].name;
    return out;
}

}
