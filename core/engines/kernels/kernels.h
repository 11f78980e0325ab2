// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#define TIEOUT_ENGINE_API [[gnu::visibility("default")]]

/// The Keras side's arithmetic: float32, NHWC, dense row-major, one thread. This header is the boundary of a shared library that exists
/// once for each instruction set: no type of Eigen or of the standard library may pass it, else the caller's inlined copies would be the
/// ones that run. Sizes are trusted: callers check shapes first. NaN propagates everywhere.
namespace core::engines::kernels {

/// Of three dimensions; those that an image does not have are 1.
struct Extent
{
    std::int64_t depth = 1, height = 1, width = 1;
};

/// Images of up to three dimensions, channels last.
struct Image
{
    std::int64_t batch;
    Extent size;
    std::int64_t channels;
};

/// A sliding window. Output sizes are the caller's; what lies outside the image is padding.
struct Window
{
    Extent kernel, stride, dilation;
    Extent before{0, 0, 0}, after{0, 0, 0}; ///< padding
    Extent output;
};

/// Any tensor seen as (outer, size, inner) around one axis.
struct Around
{
    std::int64_t outer, size, inner;
};

/// Floats of scratch space that convolution needs.
TIEOUT_ENGINE_API std::int64_t convolutionScratch(const Image& image, const Window& window, std::int64_t groups);
/// kernel (kd, kh, kw, channels / groups, filters), which is (kd, kh, kw, channels, multiplier) of a depthwise one; bias (filters) or null;
/// output (N, window.output, filters).
TIEOUT_ENGINE_API void convolution(const float* input, const Image& image, const Window& window, const float* kernel, const float* bias,
                                   std::int64_t filters, std::int64_t groups, float* scratch, float* output);

/// Floats of scratch space that transposedConvolution needs.
TIEOUT_ENGINE_API std::int64_t transposedConvolutionScratch(const Image& image, const Window& window, std::int64_t filters);
/// kernel (kd, kh, kw, filters, channels); window.before is what is cut off in front of the whole result, window.output what is left.
TIEOUT_ENGINE_API void transposedConvolution(const float* input, const Image& image, const Window& window, const float* kernel,
                                             const float* bias, std::int64_t filters, float* scratch, float* output);

/// (rows, depth) times (depth, units) plus bias (units) or null.
TIEOUT_ENGINE_API void dense(const float* input, std::int64_t rows, std::int64_t depth, const float* kernel, const float* bias,
                             std::int64_t units, float* output);

/// divisor 0: the window's size, with `countPad` including padding (not what lies behind it, as in PyTorch's ceil mode), else only the
/// image's part.
TIEOUT_ENGINE_API void averagePool(const float* input, const Image& image, const Window& window, bool countPad, std::int64_t divisor,
                                   float* output);
/// Padding counts as minus infinity.
TIEOUT_ENGINE_API void maxPool(const float* input, const Image& image, const Window& window, float* output);
/// Over all positions: (N, channels).
TIEOUT_ENGINE_API void globalAveragePool(const float* input, const Image& image, float* output);
TIEOUT_ENGINE_API void globalMaxPool(const float* input, const Image& image, float* output);

/// How an image goes on beyond its edges.
enum class Beyond { Value, Reflect, Replicate, Circular };
/// (N, before + size + after, channels); what is added is `value`, or what the image has there when it goes on so. Reflection takes less
/// than the size, circular padding at most that.
TIEOUT_ENGINE_API void pad(const float* input, const Image& image, const Extent& before, const Extent& after, Beyond beyond, float value,
                           float* output);

/// scale = gamma / sqrt(variance + epsilon), shift = beta - mean * scale, as tf.nn.batch_normalization folds them; gamma and beta may be
/// null.
TIEOUT_ENGINE_API void foldBatchNorm(std::int64_t channels, const float* gamma, const float* beta, const float* mean, const float* variance,
                                     float epsilon, float* scale, float* shift);
/// output = input * scale + shift along the axis.
TIEOUT_ENGINE_API void scaleShift(const float* input, const Around& axis, const float* scale, const float* shift, float* output);

/// (input - mean) / sqrt(variance + epsilon) along the axis, times gamma plus beta (of its size, or null); variance over all elements.
TIEOUT_ENGINE_API void layerNorm(const float* input, const Around& axis, const float* gamma, const float* beta, float epsilon,
                                 float* output);

TIEOUT_ENGINE_API void tanh(const float* input, std::int64_t count, float* output);
TIEOUT_ENGINE_API void relu(const float* input, std::int64_t count, float* output);
TIEOUT_ENGINE_API void leakyRelu(const float* input, std::int64_t count, float slope, float* output);
TIEOUT_ENGINE_API void elu(const float* input, std::int64_t count, float alpha, float* output);
TIEOUT_ENGINE_API void selu(const float* input, std::int64_t count, float* output);
/// By the error function, or by its approximation with a tangent.
TIEOUT_ENGINE_API void gelu(const float* input, std::int64_t count, bool byTanh, float* output);
TIEOUT_ENGINE_API void silu(const float* input, std::int64_t count, float* output);
TIEOUT_ENGINE_API void softplus(const float* input, std::int64_t count, float beta, float threshold, float* output);
TIEOUT_ENGINE_API void softsign(const float* input, std::int64_t count, float* output);
TIEOUT_ENGINE_API void exponential(const float* input, std::int64_t count, float* output);
TIEOUT_ENGINE_API void hardSwish(const float* input, std::int64_t count, float* output);
TIEOUT_ENGINE_API void mish(const float* input, std::int64_t count, float* output);
/// x above the threshold, there at most `highest` (infinite: no bound, else also at least 0); slope (x - threshold) below it, as
/// keras.relu.
TIEOUT_ENGINE_API void clippedRelu(const float* input, std::int64_t count, float highest, float slope, float threshold, float* output);
TIEOUT_ENGINE_API void sigmoid(const float* input, std::int64_t count, float* output);
TIEOUT_ENGINE_API void softmax(const float* input, const Around& axis, float* output);
TIEOUT_ENGINE_API void logSoftmax(const float* input, const Around& axis, float* output);

enum class Binary { Add, Subtract, Multiply, Divide, Maximum, Minimum };
/// Element by element; output may be a.
TIEOUT_ENGINE_API void combine(Binary binary, const float* a, const float* b, std::int64_t count, float* output);
TIEOUT_ENGINE_API void divide(float* values, std::int64_t count, float divisor);
/// The output's sizes, and for each the distance of neighbours in the input in elements: 0 where a size of 1 is stretched.
TIEOUT_ENGINE_API void stretch(const float* input, const std::int64_t* sizes, const std::int64_t* strides, int rank, float* output);
/// `outer` matrices of size rows and inner columns, each transposed.
TIEOUT_ENGINE_API void turn(const float* input, const Around& matrices, float* output);
/// `outer` times a piece of each input, one behind the other; `lengths` of the pieces in elements.
TIEOUT_ENGINE_API void join(const float* const* inputs, const std::int64_t* lengths, int count, std::int64_t outer, float* output);

/// "x86-64-v3" or "x86-64": which of the builds was loaded.
TIEOUT_ENGINE_API const char* instructionSet();

}
