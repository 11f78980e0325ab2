// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/worker/h5/attributes.h"

#include "core/base/error.h"
#include "core/base/held.h"

#include <cstring>
#include <exception>
#include <fmt/format.h>
#include <vector>

namespace core::worker::h5 {

namespace {

struct Space
{
    Handle handle;
    std::size_t count = 0;
    bool isList = false;
};

Space spaceOf(hid_t attribute)
{
    Space space{Handle(H5Aget_space(attribute), H5Sclose, "a dataspace"), 0, false};
    const auto type = H5Sget_simple_extent_type(space.handle);
    space.isList = type != H5S_SCALAR;
    space.count =
        type == H5S_NULL ? 0 : static_cast<std::size_t>(checked(H5Sget_simple_extent_npoints(space.handle), "a number of elements"));
    return space;
}

std::string unpadded(std::string_view text, H5T_str_t padding)
{
    if (padding == H5T_STR_NULLTERM)
        return std::string(text.substr(0, text.find('\0')));
    const char pad = padding == H5T_STR_SPACEPAD ? ' ' : '\0';
    const auto last = text.find_last_not_of(pad);
    return std::string(text.substr(0, last == std::string_view::npos ? 0 : last + 1));
}

std::vector<std::string> variableStrings(hid_t attribute, hid_t type, const Space& space)
{
    std::vector<char*> texts(space.count, nullptr);
    checked(H5Aread(attribute, type, texts.data()), "the text of an attribute");
    std::vector<std::string> result;
    std::uint64_t total = 0;
    for (const char* text : texts) {
        const std::size_t length = text ? std::strlen(text) : 0;
        total += length;
        result.emplace_back(text && total <= attributeLimit ? std::string(text, length) : std::string());
    }
    H5Dvlen_reclaim(type, space.handle, H5P_DEFAULT, texts.data());
    if (total > attributeLimit)
        throw Error("h5-attribute").expected("at most " + std::to_string(attributeLimit) + " bytes").found(std::to_string(total));
    return result;
}

std::vector<std::string> fixedStrings(hid_t attribute, hid_t type, const Space& space)
{
    const std::size_t size = H5Tget_size(type);
    std::string all(size * space.count, '\0');
    checked(H5Aread(attribute, type, all.data()), "the text of an attribute");
    std::vector<std::string> result;
    for (std::size_t i = 0; i < space.count; ++i)
        result.push_back(unpadded(std::string_view(all).substr(i * size, size), H5Tget_strpad(type)));
    return result;
}

template <typename T>
std::vector<T> numbers(hid_t attribute, hid_t memoryType, std::size_t count)
{
    std::vector<T> values(count);
    checked(H5Aread(attribute, memoryType, values.data()), "the numbers of an attribute");
    return values;
}

template <typename T>
Json listOrOne(const std::vector<T>& values, bool isList)
{
    if (!isList)
        return heldAt(values, 0);
    auto list = Json::array();
    for (const auto& value : values)
        list.push_back(value);
    return list;
}

/// Numbers are shown in one line; a long list is told by its length, and not read.
template <typename T>
Json numberList(hid_t attribute, hid_t memoryType, const Space& space, std::string_view what)
{
    if (space.count > numberLimit)
        return fmt::format("{} {}", space.count, what);
    return listOrOne(numbers<T>(attribute, memoryType, space.count), space.isList);
}

Json valueOf(hid_t attribute)
{
    const Space space = spaceOf(attribute);
    if (space.count == 0)
        return Json::array();
    const Handle type(H5Aget_type(attribute), H5Tclose, "a type");
    const std::size_t size = H5Tget_size(type);
    if (size == 0 || space.count > attributeLimit / size)
        throw Error("h5-attribute")
            .expected("at most " + std::to_string(attributeLimit) + " bytes")
            .found(std::to_string(space.count) + " elements of " + std::to_string(size) + " bytes");
    switch (H5Tget_class(type)) {
    case H5T_STRING:
        return listOrOne(H5Tis_variable_str(type) > 0 ? variableStrings(attribute, type, space) : fixedStrings(attribute, type, space),
                         space.isList);
    case H5T_INTEGER:
        return numberList<std::int64_t>(attribute, H5T_NATIVE_INT64, space, "whole numbers");
    case H5T_FLOAT:
        return numberList<double>(attribute, H5T_NATIVE_DOUBLE, space, "numbers");
    default:
        throw Error("h5-attribute").expected("text or numbers").found("another type");
    }
}

Handle stringType(std::string_view encoding)
{
    Handle type(H5Tcopy(H5T_C_S1), H5Tclose, "a string type");
    checked(H5Tset_size(type, H5T_VARIABLE), "a string type");
    checked(H5Tset_cset(type, encoding == "utf-8" ? H5T_CSET_UTF8 : H5T_CSET_ASCII), "a string type");
    return type;
}

/// What goes along with an iteration; nothing may be thrown through HDF5.
struct Collected
{
    const std::string& path;
    Json& problems;
    const std::function<bool()>& goOn;
    Json::object_t values;
    std::size_t count = 0;
    std::exception_ptr failure;
};

herr_t collect(hid_t object, const char* name, const H5A_info_t*, void* data)
{
    auto& collected = *static_cast<Collected*>(data);
    try {
        const Handle attribute(H5Aopen(object, name, H5P_DEFAULT), H5Aclose, "an attribute");
        collected.values.push_back({name, valueOf(attribute)}); // each name comes once: no search for it
    } catch (const Error& error) {
        collected.problems.push_back({{"where", collected.path + ", " + name}, {"text", error.what()}});
    } catch (...) {
        collected.failure = std::current_exception();
        return 1;
    }
    constexpr std::size_t often = 128;
    return ++collected.count % often == 0 && !collected.goOn() ? 1 : 0;
}

}

Json attributesOf(hid_t object, const std::string& path, Json& problems, const std::function<bool()>& goOn)
{
    Collected collected{path, problems, goOn, {}, 0, {}};
    hsize_t position = 0;
    const herr_t result = H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_INC, &position, collect, &collected);
    if (collected.failure)
        std::rethrow_exception(collected.failure);
    if (result < 0)
        problems.push_back({{"where", path}, {"text", "its attributes cannot be listed"}});
    return collected.values;
}

std::string textAttribute(hid_t object, const char* name)
{
    if (H5Aexists(object, name) <= 0)
        return {};
    const Json value = valueOf(Handle(H5Aopen(object, name, H5P_DEFAULT), H5Aclose, "an attribute"));
    return value.is_string() ? value.get<std::string>() : std::string();
}

void writeAttribute(hid_t object, const Json& attribute)
{
    const auto name = attribute.at("name").get<std::string>();
    const auto& value = attribute.at("value");
    const bool isList = value.is_array();
    const auto count = static_cast<hsize_t>(isList ? value.size() : 1);
    const Handle space(isList ? H5Screate_simple(1, &count, nullptr) : H5Screate(H5S_SCALAR), H5Sclose, "a dataspace");
    const Handle type = count == 0 ? Handle(H5Tcopy(H5T_IEEE_F64LE), H5Tclose, "a type") : stringType(attribute.value("encoding", "ascii"));
    const Handle target(H5Acreate2(object, name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose, "to make the attribute " + name);
    if (count == 0)
        return;
    std::vector<const char*> texts;
    if (isList)
        for (const auto& text : value)
            texts.push_back(text.get_ref<const std::string&>().c_str());
    else
        texts.push_back(value.get_ref<const std::string&>().c_str());
    checked(H5Awrite(target, type, texts.data()), "to write the attribute " + name);
}

}
