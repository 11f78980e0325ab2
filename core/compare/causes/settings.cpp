// SPDX-License-Identifier: GPL-3.0-or-later
// Settings of ops that correspond: the left's put into the right, one at a time.
#include "core/compare/causes/hypotheses.h"
#include "core/model/names.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <set>

namespace core::compare {

namespace {

/// Attributes that are one setting to people.
struct Concept
{
    std::string_view id, title;
    std::vector<std::string_view> attributes;
};

const std::array<Concept, 14> concepts{{
    {"padding-differs", "padding", {"padding", "pads", "padding_mode"}},
    {"stride-differs", "stride", {"stride"}},
    {"dilation-differs", "dilation", {"dilation"}},
    {"kernel-size-differs", "window", {"kernel"}},
    {"groups-differ", "groups", {"groups"}},
    {"axis-differs", "axis", {"axis", "axes"}},
    {"pool-padding-counted", "padding counted in the average", {"count_pad", "divisor"}},
    {"ceil-mode", "rounding up of sizes (ceil_mode)", {"ceil"}},
    {"interpolation-differs", "interpolation", {"mode", "align"}},
    {"gru-reset", "reset_after", {"reset_after"}},
    {"activation-differs", "activation", {"activation"}},
    {"activation-differs", "recurrent activation", {"recurrent_activation"}},
    {"heads-differ", "heads", {"heads", "key_dim", "value_dim"}},
    {"scale-differs", "scale", {"scale", "offset", "scales", "offsets"}},
}};

/// What says how values are laid out, how many there are, or how it was trained; the weights tell of it, or nothing does.
const std::set<std::string_view> notCompared{"filters",        "units",    "multiplier", "bias",     "center", "time",
                                             "channels_first", "momentum", "shape",      "packed",   "scores", "rank",
                                             "rate",           "turned",   "averaged",   "by_sizes", "rows",   "columns"};

Concept conceptOf(const std::string& attribute)
{
    const auto found = std::find_if(concepts.begin(), concepts.end(), [&](const Concept& entry) {
        return std::find(entry.attributes.begin(), entry.attributes.end(), attribute) != entry.attributes.end();
    });
    return found != concepts.end() ? *found : Concept{"setting-differs", attribute, {attribute}};
}

/// The id that a kind's family, or what it holds, gives the setting.
std::string idOf(const Concept& entry, const Op& op, const std::string& attribute, const Subject& subject)
{
    const layers::Kind* kind = layers::kind(op.kind);
    if (attribute == "epsilon")
        return op.parameters.contains("mean") || op.parameters.contains("variance") ? "bn-epsilon" : "epsilon-differs";
    if (kind && kind->activation && entry.id == "setting-differs")
        return "activation-parameter";
    if (entry.id == "scale-differs" && subject.isFirst())
        return "input-scaling";
    return std::string(entry.id);
}

std::optional<Attribute> valueOfAttribute(const Attributes& attributes, const std::string& name)
{
    for (const auto& [known, value] : attributes)
        if (known == name)
            return value;
    return {};
}

std::string shown(const Attributes& attributes, const Concept& entry)
{
    std::string result;
    for (const std::string_view name : entry.attributes)
        if (const auto value = valueOfAttribute(attributes, std::string(name)))
            result += (result.empty() ? "" : " ") + text(*value);
    return result.empty() ? "none" : result;
}

/// Axes as the right's layout counts them.
Attributes inRightLayout(Attributes attributes, int leftOp, const Subject& subject)
{
    const Op& op = subject.leftOp(leftOp);
    if (!subject.leftTrace || op.inputs.empty())
        return attributes;
    const Tensor* value = valueOf({&subject.left, subject.leftTrace}, op.inputs.front().port);
    if (!value)
        return attributes;
    const std::optional<layers::Value> input = layers::Value{value->shape(), value->axes()};
    const auto moved = [&](std::int64_t axis) { return mapping::axisInLayout(axis, input, subject.right.framework); };
    if (attributes.has("axis"))
        attributes.set("axis", moved(attributes.integer("axis")));
    if (attributes.has("axes")) {
        Ints axes = attributes.integers("axes");
        std::transform(axes.begin(), axes.end(), axes.begin(), moved);
        std::sort(axes.begin(), axes.end());
        attributes.set("axes", axes);
    }
    return attributes;
}

bool isPadding(const Op& op)
{
    const layers::Kind* kind = layers::kind(op.kind);
    return kind && kind->pads && op.parameters.empty();
}

/// What both lists of ops put around an image, where an op of its own does it on one side alone: all of the left's given to the right.
std::optional<Candidate> paddingCandidate(int leftOp, int rightOp, const Subject& subject)
{
    const Op &a = subject.leftOp(leftOp), &b = subject.rightOp(rightOp);
    if (!a.attributes.has("padding") || !b.attributes.has("padding"))
        return {};
    Repair repair;
    for (const int op : subject.onlyRight)
        if (isPadding(subject.rightOp(op)))
            repair.removed.push_back(subject.rightOp(op).name);
    Attributes settings = b.attributes;
    for (const std::string_view name : conceptOf("padding").attributes) {
        settings.remove(std::string(name));
        if (const auto value = valueOfAttribute(a.attributes, std::string(name)))
            settings.set(std::string(name), *value);
    }
    Ints pads = a.attributes.has("pads") ? a.attributes.integers("pads") : Ints();
    bool isMoved = !repair.removed.empty();
    for (const int op : subject.onlyLeft) {
        const Op& padding = subject.leftOp(op);
        if (!isPadding(padding) || padding.attributes.has("padding_mode") || padding.attributes.has("value"))
            continue;
        const Ints more = padding.attributes.integers("pads");
        pads.resize(std::max(pads.size(), more.size()));
        for (std::size_t i = 0; i < more.size(); ++i)
            pads[i] += more[i];
        settings.set("padding", std::string("explicit"));
        settings.set("pads", pads);
        isMoved = true;
    }
    if (!isMoved)
        return {};
    repair.settings[b.name] = {b.kind, settings, b.parameters};
    return Candidate{"padding-differs", fmt::format("other padding than {}", shown(settings, conceptOf("padding"))), repair, true};
}

}

std::vector<Candidate> settingCandidates(const Subject& subject)
{
    std::vector<Candidate> result;
    for (const auto& [left, right] : subject.ops) {
        const Op &a = subject.leftOp(left), &b = subject.rightOp(right);
        if (a.kind != b.kind)
            continue;
        const Attributes theirs = inRightLayout(a.attributes, left, subject);
        std::set<std::string> names, done;
        for (const Attributes* attributes : {&theirs, &b.attributes})
            for (const auto& [name, value] : *attributes)
                if (!notCompared.contains(name) && valueOfAttribute(theirs, name) != valueOfAttribute(b.attributes, name))
                    names.insert(name);
        Attributes all = b.attributes;
        std::string every;
        for (const std::string& name : names) {
            const Concept entry = conceptOf(name);
            if (!done.insert(std::string(entry.title)).second)
                continue;
            Attributes settings = b.attributes;
            for (const std::string_view part : entry.attributes)
                for (Attributes* changed : {&settings, &all}) {
                    changed->remove(std::string(part));
                    if (const auto value = valueOfAttribute(theirs, std::string(part)))
                        changed->set(std::string(part), *value);
                }
            const std::string what = fmt::format("{} {} against {}", entry.title, shown(theirs, entry), shown(b.attributes, entry));
            every += (every.empty() ? "" : ", ") + what;
            Repair repair;
            repair.settings[b.name] = {b.kind, settings, b.parameters};
            result.push_back({idOf(entry, b, name, subject), what, repair, true});
        }
        if (auto padding = paddingCandidate(left, right, subject))
            result.push_back(std::move(*padding));
    }
    return result;
}

}
