// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tensor/box.h"

namespace core {

/// A plane of a tensor of any rank: one axis goes down, one to the right, every other one stands at one place. A vector has rows only,
/// a scalar neither.
struct Slicing
{
    Shape shape;
    Axes axes; ///< labels, or empty
    int rows = -1, columns = -1;
    Shape at; ///< one place an axis; those of rows and columns are not looked at

    bool operator==(const Slicing&) const = default;
};

/// What a person wants to see first: h down and w to the right of a kernel, else the last two axes; everything else at 0.
Slicing slicingOf(const Shape& shape, const Axes& axes);
/// Rows or columns along another axis; if the other one goes along it already, both change places.
Slicing withRows(Slicing slicing, int axis);
Slicing withColumns(Slicing slicing, int axis);

std::int64_t rowCount(const Slicing& slicing);
std::int64_t columnCount(const Slicing& slicing);
/// "o", "flat(C,H,W)", or "axis 2" where nothing is known.
std::string axisName(const Slicing& slicing, int axis);
/// Places on all axes of one cell: "3,0,2,1".
std::string placeText(const Slicing& slicing, std::int64_t row, std::int64_t column);

/// A rectangle of cells.
struct Cells
{
    std::int64_t row = 0, column = 0, rows = 0, columns = 0;
    bool operator==(const Cells&) const = default;
};
/// The cells as {rows, columns}. Throws what readBox() throws.
Tensor readCells(const TensorSource& source, const Slicing& slicing, const Cells& cells, const Progress& progress = Progress());

/// All planes of a tensor beside each other: `height` x `width` values a tile, `down` x `across` tiles. Axes that are left after two
/// for the plane and two for the tiles stand at the slicing's places.
struct Tiling
{
    int heightAxis = -1, widthAxis = -1, downAxis = -1, acrossAxis = -1;
    std::int64_t height = 1, width = 1, down = 1, across = 1;
    std::int64_t heightStep = 1, widthStep = 1; ///< only every n-th value where a plane is larger than a picture can be
    bool whole = true;                          ///< false: values or tiles are left out

    bool operator==(const Tiling&) const = default;
};
/// Output channels down and input channels across where labels tell, else the first of the other axes down and the second across.
/// A vector lies. At most `side` values a plane's side and `most` values in all.
Tiling tilingOf(const Slicing& slicing, std::int64_t side = 2048, std::int64_t most = std::int64_t{1} << 22);
/// Values of all tiles, in the order down, across, height, width. Throws what readBox() throws.
std::vector<float> readTiles(const TensorSource& source, const Slicing& slicing, const Tiling& tiling,
                             const Progress& progress = Progress());

}
