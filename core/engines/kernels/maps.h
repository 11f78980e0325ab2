// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <Eigen/Core>

namespace core::engines::kernels {

using RowMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Strided = Eigen::Map<RowMajor, Eigen::Unaligned, Eigen::OuterStride<>>;
using ConstStrided = Eigen::Map<const RowMajor, Eigen::Unaligned, Eigen::OuterStride<>>;
using Values = Eigen::Map<Eigen::ArrayXf>;
using ConstValues = Eigen::Map<const Eigen::ArrayXf>;

/// output = a b + bias (null: none), for every row.
inline void multiply(const ConstStrided& a, const ConstStrided& b, const float* bias, Strided output)
{
    if (!bias) {
        output.noalias() = a * b;
        return;
    }
    output.rowwise() = Eigen::Map<const Eigen::RowVectorXf>(bias, output.cols());
    output.noalias() += a * b;
}

}
