// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/box.h"

#include "core/base/error.h"
#include "core/files/file.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <optional>

namespace core {

namespace {

constexpr std::int64_t pieceBytes = 1 << 20; // a view is read in one go when it spans no more ...
constexpr std::int64_t gapBytes = 1 << 14;   // ... and jumps no farther than what a read of its own would cost

/// Some elements of a source and where they go in the result; strides in elements.
struct Part
{
    std::int64_t offset = 0, target = 0;
    Shape size;
};

class Gathering
{
public:
    Gathering(const TensorSource& source, Shape strides, const Shape& size, const Progress& progress)
        : m_source(source), m_item(itemSize(source.dtype)), m_strides(std::move(strides)), m_targets(denseStrides(size)),
          m_total(elementCount(size)), m_progress(progress),
          m_bytes(std::make_shared<std::vector<std::byte>>(static_cast<std::size_t>(m_total) * m_item))
    {
    }

    SharedBytes run(std::int64_t offset, const Shape& size)
    {
        gather({offset, 0, size});
        return m_bytes;
    }

private:
    void gather(const Part& part)
    {
        std::int64_t span = 1, widest = 0;
        std::optional<std::size_t> axis;
        for (std::size_t d = 0; d < part.size.size(); ++d) {
            const std::int64_t reach = (part.size[d] - 1) * m_strides[d];
            span += reach;
            if (reach > widest) {
                widest = reach;
                axis = d;
            }
        }
        const auto item = static_cast<std::int64_t>(m_item);
        const bool jumps = axis && (m_strides[*axis] - (span - widest)) * item > gapBytes;
        if ((span * item <= pieceBytes && !jumps) || !axis) {
            take(part, span);
            return;
        }
        // Along the axis that reaches farthest, in runs that fit into a piece.
        const std::int64_t rest = span - widest;
        const std::int64_t run = jumps ? 1 : std::max<std::int64_t>(1, (pieceBytes / item - rest) / m_strides[*axis] + 1);
        for (std::int64_t from = 0; from < part.size[*axis]; from += run) {
            Part sub = part;
            sub.offset += from * m_strides[*axis];
            sub.target += from * m_targets[*axis];
            sub.size[*axis] = std::min(run, part.size[*axis] - from);
            gather(sub);
        }
    }

    /// Copies a part out of the bytes that it spans.
    void take(const Part& part, std::int64_t span)
    {
        const std::vector<std::byte> read = spanned(part.offset, span);
        const std::byte* from = read.empty() ? std::get<SharedBytes>(m_source.data)->data() + bytesOf(part.offset) : read.data();
        Shape index(part.size.size(), 0);
        const std::int64_t count = elementCount(part.size);
        std::int64_t at = 0, to = part.target;
        for (std::int64_t i = 0; i < count; ++i) {
            std::memcpy(m_bytes->data() + bytesOf(to), from + bytesOf(at), m_item);
            for (std::size_t d = part.size.size(); d-- > 0;) {
                at += m_strides[d];
                to += m_targets[d];
                if (++index[d] < part.size[d])
                    break;
                at -= m_strides[d] * part.size[d];
                to -= m_targets[d] * part.size[d];
                index[d] = 0;
            }
        }
        m_done += count;
        m_progress.report(static_cast<double>(m_done) / static_cast<double>(m_total));
    }

    /// A stretch of the file in this machine's byte order; empty for a source in memory.
    std::vector<std::byte> spanned(std::int64_t offset, std::int64_t elements) const
    {
        const auto* region = std::get_if<FileRegion>(&m_source.data);
        if (!region)
            return {};
        FileRegion stretch = *region;
        stretch.offset += bytesOf(offset);
        stretch.strides = {1};
        const Tensor tensor = read(TensorSource{m_source.dtype, {elements}, stretch});
        return {tensor.bytes().begin(), tensor.bytes().end()};
    }

    std::size_t bytesOf(std::int64_t elements) const { return static_cast<std::size_t>(elements) * m_item; }

    const TensorSource& m_source;
    std::size_t m_item;
    Shape m_strides, m_targets;
    std::int64_t m_total, m_done = 0;
    const Progress& m_progress;
    std::shared_ptr<std::vector<std::byte>> m_bytes;
};

void check(const TensorSource& source, const Box& box, std::uint64_t limit)
{
    const std::size_t rank = source.shape.size();
    bool fits = box.start.size() == rank && box.size.size() == rank && (box.step.empty() || box.step.size() == rank);
    for (std::size_t d = 0; fits && d < rank; ++d) {
        const std::int64_t step = box.step.empty() ? 1 : box.step[d];
        fits = box.start[d] >= 0 && box.size[d] >= 0 && step >= 1 &&
               (box.size[d] == 0 || (box.start[d] < source.shape[d] && (box.size[d] - 1) <= (source.shape[d] - 1 - box.start[d]) / step));
    }
    if (!fits)
        throw Error("tensor-box").expected(fmt::format("a part of {}", text(source.shape))).found(text(box.size)).at(text(box.start));
    const auto count = static_cast<std::uint64_t>(elementCount(box.size));
    if (const std::size_t item = itemSize(source.dtype); item != 0 && count > limit / item)
        throw Error("tensor-box")
            .expected(fmt::format("at most {} bytes at once", limit))
            .found(fmt::format("{} of {}", text(box.size), name(source.dtype)))
            .advice("Choose a smaller part.");
}

}

Tensor readBox(const TensorSource& source, const Box& box, const Progress& progress, std::uint64_t limit)
{
    check(source, box, limit);
    if (elementCount(box.size) == 0 || itemSize(source.dtype) == 0)
        return Tensor(source.dtype, box.size, std::make_shared<std::vector<std::byte>>());
    if (std::holds_alternative<WorkerDataset>(source.data)) {
        const Tensor whole = read(source);
        return readBox({source.dtype, source.shape, whole.sharedBytes()}, box, progress, limit);
    }
    const auto* region = std::get_if<FileRegion>(&source.data);
    Shape strides = region ? region->strides : denseStrides(source.shape);
    std::int64_t offset = 0;
    for (std::size_t d = 0; d < strides.size(); ++d) {
        offset += strides[d] * box.start[d];
        strides[d] *= box.step.empty() ? 1 : box.step[d];
    }
    return Tensor(source.dtype, box.size, Gathering(source, std::move(strides), box.size, progress).run(offset, box.size));
}

}
