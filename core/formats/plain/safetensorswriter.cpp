// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/plain/safetensorswriter.h"

#include "core/base/names.h"
#include "core/json/json.h"
#include "core/tensor/stream.h"

#include <algorithm>
#include <numeric>

namespace core::formats {

void writeSafetensors(AtomicFile& file, std::span<const Parameter* const> parameters, const std::map<std::string, std::string>& metadata,
                      const WrittenBytes& told, const Progress& progress)
{
    const auto item = [&](std::size_t index) { return itemSize(parameters[index]->source.dtype); };
    std::vector<std::size_t> order(parameters.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return item(a) > item(b); });
    std::vector<std::uint64_t> offsets(parameters.size());
    std::uint64_t total = 0;
    for (const std::size_t index : order) {
        offsets[index] = total;
        total += byteCount(*parameters[index]);
    }
    Json texts = metadata;
    if (!texts.contains("format"))
        texts["format"] = "pt";
    std::string header = "{\"__metadata__\":" + dumpJson(texts, -1);
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        const Json entry{{"dtype", safetensorsName(parameters[i]->source.dtype)},
                         {"shape", parameters[i]->source.shape},
                         {"data_offsets", {offsets[i], offsets[i] + byteCount(*parameters[i])}}};
        header += "," + dumpJson(rawName(parameters[i]->name), -1) + ":" + dumpJson(entry, -1);
    }
    header += "}";
    header.append((8 - header.size() % 8) % 8, ' ');
    std::string length;
    for (int i = 0; i < 8; ++i)
        length += static_cast<char>(header.size() >> (8 * i) & 0xff);
    file.write(length + header);
    std::uint64_t done = 0;
    for (const std::size_t index : order)
        streamBytes(parameters[index]->source, [&](std::span<const std::byte> bytes) {
            file.write(bytes);
            told(index, bytes);
            done += bytes.size();
            progress.report(static_cast<double>(done) / static_cast<double>(std::max<std::uint64_t>(total, 1)));
        });
}

}
