// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/worker/h5/walk.h"

#include "core/base/error.h"
#include "core/worker/h5/attributes.h"
#include "core/worker/h5/datasets.h"

#include <algorithm>
#include <string>
#include <unordered_set>
#include <vector>

namespace core::worker::h5 {

namespace {

struct Link
{
    std::string name;
    H5L_type_t type;
};

struct Links
{
    std::vector<Link> found;
    std::size_t room;
};

herr_t collect(hid_t, const char* name, const H5L_info_t* info, void* data)
{
    auto* links = static_cast<Links*>(data);
    if (links->found.size() >= links->room)
        return 1;
    links->found.push_back({name, info->type});
    return 0;
}

class Walk
{
public:
    Walk(hid_t file, std::size_t links, const std::function<bool()>& goOn) : m_file(file), m_limit(links), m_goOn(goOn) {}

    Json run()
    {
        m_waiting.push_back({Handle(H5Gopen2(m_file, "/", H5P_DEFAULT), H5Gclose, "the root group"), "/"});
        H5O_info_t info;
        checked(H5Oget_info(m_waiting.back().handle, &info), "the root group");
        m_seen.insert(info.addr);
        while (!m_waiting.empty()) {
            auto group = std::move(m_waiting.back());
            m_waiting.pop_back();
            guarded(group.path, [&] { enter(group.handle, group.path); });
        }
        return {{"groups", std::move(m_groups)},
                {"datasets", std::move(m_datasets)},
                {"links", std::move(m_links)},
                {"problems", std::move(m_problems)}};
    }

private:
    struct Waiting
    {
        Handle handle;
        std::string path;
    };

    template <typename Act>
    void guarded(const std::string& path, Act act)
    {
        try {
            act();
        } catch (const Error& error) {
            m_problems.push_back({{"where", path}, {"text", error.what()}});
        }
    }

    void enter(hid_t group, const std::string& path)
    {
        m_groups.push_back({{"path", path}, {"attributes", attributesOf(group, path, m_problems, m_goOn)}});
        Links links{{}, m_limit - m_count};
        hsize_t position = 0;
        const auto result = H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, &position, collect, &links);
        m_count += links.found.size();
        const std::size_t first = m_waiting.size();
        bool goesOn = true;
        for (std::size_t i = 0; i < links.found.size() && goesOn; ++i) {
            guarded(path, [&] { follow(group, (path == "/" ? "/" : path + "/") + links.found[i].name, links.found[i]); });
            goesOn = i % 1024 != 1023 || m_goOn();
        }
        std::reverse(m_waiting.begin() + static_cast<std::ptrdiff_t>(first), m_waiting.end());
        checked(result, "the links of " + path);
        goesOn = goesOn && m_goOn();
        if (result > 0 || !goesOn)
            m_waiting.clear();
        if (result > 0)
            throw Error("h5-links").expected("at most " + std::to_string(m_limit) + " links").found("more, which are not listed");
    }

    void follow(hid_t group, const std::string& path, const Link& link)
    {
        if (link.type != H5L_TYPE_HARD) {
            m_links.push_back({{"path", path}, {"sort", link.type == H5L_TYPE_SOFT ? "soft" : "external"}});
            return;
        }
        Handle object = opened(group, link.name, path);
        H5O_info_t info;
        if (H5Oget_info2(object, &info, H5O_INFO_BASIC) < 0)
            throwLibraryError("the description of " + path);
        if (info.type == H5O_TYPE_GROUP && !m_seen.insert(info.addr).second)
            m_links.push_back({{"path", path}, {"sort", "again"}});
        else if (info.type == H5O_TYPE_GROUP)
            m_waiting.push_back({std::move(object), path});
        else if (info.type == H5O_TYPE_DATASET)
            guarded(path, [&] { m_datasets.push_back(describeDataset(object, path)); });
    }

    static Handle opened(hid_t group, const std::string& name, const std::string& path)
    {
        const hid_t object = H5Oopen(group, name.c_str(), H5P_DEFAULT);
        if (object < 0)
            throwLibraryError("the object " + path);
        return Handle(object, H5Oclose, "an object");
    }

    hid_t m_file;
    std::size_t m_limit;
    const std::function<bool()>& m_goOn;
    std::vector<Waiting> m_waiting;
    std::unordered_set<haddr_t> m_seen;
    std::size_t m_count = 0;
    Json m_groups = Json::array(), m_datasets = Json::array(), m_links = Json::array(), m_problems = Json::array();
};

}

Json listed(hid_t file, std::size_t links, const std::function<bool()>& goOn)
{
    return Walk(file, links, goOn).run();
}

}
