// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/slicing.h"

#include "core/tensor/element.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace core {

namespace {

std::int64_t sizeOf(const Slicing& slicing, int axis)
{
    return axis < 0 ? 1 : slicing.shape[static_cast<std::size_t>(axis)];
}

/// One element, where every axis stands.
Box placeOf(const Slicing& slicing)
{
    return {slicing.at, Shape(slicing.shape.size(), 1), Shape(slicing.shape.size(), 1)};
}

void extend(Box& box, int axis, std::int64_t start, std::int64_t size, std::int64_t step = 1)
{
    if (axis < 0)
        return;
    const auto d = static_cast<std::size_t>(axis);
    box.start[d] = start;
    box.size[d] = size;
    box.step[d] = step;
}

/// The tensor with the named axes moved to the front in this order; -1 is left out. All others have size 1.
Tensor arranged(const Tensor& tensor, std::initializer_list<int> axes)
{
    std::vector<int> permutation;
    std::copy_if(axes.begin(), axes.end(), std::back_inserter(permutation), [](int axis) { return axis >= 0; });
    for (int axis = 0; axis < static_cast<int>(tensor.shape().size()); ++axis)
        if (std::find(permutation.begin(), permutation.end(), axis) == permutation.end())
            permutation.push_back(axis);
    return std::is_sorted(permutation.begin(), permutation.end()) ? tensor : tensor.transposed(permutation);
}

std::int64_t stepFor(std::int64_t size, std::int64_t most)
{
    return (size + most - 1) / most;
}

}

Slicing slicingOf(const Shape& shape, const Axes& axes)
{
    const int rank = static_cast<int>(shape.size());
    Slicing slicing{shape, axes.size() == shape.size() ? axes : Axes(), -1, -1, Shape(shape.size(), 0)};
    const int h = indexOf(slicing.axes, "h"), w = indexOf(slicing.axes, "w");
    if (h >= 0 && w >= 0) {
        slicing.rows = h;
        slicing.columns = w;
    } else if (rank >= 2) {
        slicing.rows = rank - 2;
        slicing.columns = rank - 1;
    } else {
        slicing.rows = rank - 1;
    }
    return slicing;
}

Slicing withRows(Slicing slicing, int axis)
{
    if (axis == slicing.columns)
        slicing.columns = slicing.rows;
    slicing.rows = axis;
    return slicing;
}

Slicing withColumns(Slicing slicing, int axis)
{
    if (axis == slicing.rows)
        slicing.rows = slicing.columns;
    slicing.columns = axis;
    return slicing;
}

std::int64_t rowCount(const Slicing& slicing)
{
    return sizeOf(slicing, slicing.rows);
}

std::int64_t columnCount(const Slicing& slicing)
{
    return sizeOf(slicing, slicing.columns);
}

std::string axisName(const Slicing& slicing, int axis)
{
    const auto d = static_cast<std::size_t>(axis);
    if (axis < 0 || d >= slicing.axes.size() || (slicing.axes[d].name.empty() && slicing.axes[d].parts.empty()))
        return fmt::format("axis {}", axis);
    return text(Axes{slicing.axes[d]});
}

std::string placeText(const Slicing& slicing, std::int64_t row, std::int64_t column)
{
    Shape at = slicing.at;
    if (slicing.rows >= 0)
        at[static_cast<std::size_t>(slicing.rows)] = row;
    if (slicing.columns >= 0)
        at[static_cast<std::size_t>(slicing.columns)] = column;
    return fmt::format("{}", fmt::join(at, ","));
}

Tensor readCells(const TensorSource& source, const Slicing& slicing, const Cells& cells, const Progress& progress)
{
    Box box = placeOf(slicing);
    extend(box, slicing.rows, cells.row, cells.rows);
    extend(box, slicing.columns, cells.column, cells.columns);
    return arranged(readBox(source, box, progress), {slicing.rows, slicing.columns}).reshaped({cells.rows, cells.columns});
}

Tiling tilingOf(const Slicing& slicing, std::int64_t side, std::int64_t most)
{
    Tiling tiling;
    tiling.heightAxis = slicing.columns < 0 ? -1 : slicing.rows;
    tiling.widthAxis = slicing.columns < 0 ? slicing.rows : slicing.columns;
    std::vector<int> rest;
    for (int axis = 0; axis < static_cast<int>(slicing.shape.size()); ++axis)
        if (axis != slicing.rows && axis != slicing.columns)
            rest.push_back(axis);
    const auto take = [&](const char* label) {
        const auto found = std::find(rest.begin(), rest.end(), indexOf(slicing.axes, label));
        const int axis = found != rest.end() ? *found : rest.empty() ? -1 : rest.front();
        std::erase(rest, axis);
        return axis;
    };
    tiling.downAxis = take("o");
    tiling.acrossAxis = take("i");
    const std::int64_t height = sizeOf(slicing, tiling.heightAxis), width = sizeOf(slicing, tiling.widthAxis);
    tiling.heightStep = std::max<std::int64_t>(1, stepFor(height, side));
    tiling.widthStep = std::max<std::int64_t>(1, stepFor(width, side));
    tiling.height = stepFor(height, tiling.heightStep);
    tiling.width = stepFor(width, tiling.widthStep);
    const std::int64_t tiles = std::max<std::int64_t>(1, most / std::max<std::int64_t>(1, tiling.height * tiling.width));
    const std::int64_t down = sizeOf(slicing, tiling.downAxis), across = sizeOf(slicing, tiling.acrossAxis);
    tiling.across = std::min(across, tiles);
    tiling.down = std::min(down, std::max<std::int64_t>(1, tiles / std::max<std::int64_t>(1, tiling.across)));
    tiling.whole = tiling.heightStep == 1 && tiling.widthStep == 1 && tiling.across == across && tiling.down == down;
    return tiling;
}

std::vector<float> readTiles(const TensorSource& source, const Slicing& slicing, const Tiling& tiling, const Progress& progress)
{
    Box box = placeOf(slicing);
    extend(box, tiling.heightAxis, 0, tiling.height, tiling.heightStep);
    extend(box, tiling.widthAxis, 0, tiling.width, tiling.widthStep);
    extend(box, tiling.downAxis, 0, tiling.down);
    extend(box, tiling.acrossAxis, 0, tiling.across);
    const Tensor tiles =
        arranged(readBox(source, box, progress), {tiling.downAxis, tiling.acrossAxis, tiling.heightAxis, tiling.widthAxis});
    std::vector<float> values;
    values.reserve(static_cast<std::size_t>(tiles.count()));
    if (itemSize(tiles.dtype()) == 0)
        return values;
    for (std::int64_t i = 0; i < tiles.count(); ++i)
        values.push_back(static_cast<float>(elementNumber(tiles, i)));
    return values;
}

}
