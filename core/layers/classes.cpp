// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/layers/classes.h"

namespace core::layers {

namespace {

struct Classes
{
    Effect effect;
    std::string_view names; ///< with spaces between them
};

constexpr Classes table[] = {
    {Effect::Keeps, "GELU ELU SELU CELU LeakyReLU PReLU RReLU ReLU ReLU6 ThresholdedReLU Hardtanh Hardswish Hardsigmoid Hardshrink "
                    "Softshrink Tanhshrink SiLU Mish Softplus Softsign LogSigmoid Sigmoid Tanh Threshold Softmin Softmax Softmax2d "
                    "LogSoftmax Activation Identity Dropout Dropout1d Dropout2d Dropout3d AlphaDropout FeatureAlphaDropout "
                    "SpatialDropout1D SpatialDropout2D SpatialDropout3D GaussianDropout GaussianNoise ActivityRegularization "
                    "BatchNorm1d BatchNorm2d BatchNorm3d SyncBatchNorm InstanceNorm1d InstanceNorm2d InstanceNorm3d LayerNorm "
                    "GroupNorm RMSNorm LocalResponseNorm BatchNormalization LayerNormalization GroupNormalization UnitNormalization "
                    "RMSNormalization Normalization Rescaling Masking RandomFlip RandomRotation RandomZoom RandomTranslation "
                    "RandomContrast RandomBrightness abs neg exp log sqrt rsqrt square pow sin cos erf sign floor ceil round "
                    "reciprocal clamp clamp_min clamp_max rsub threshold hardshrink softshrink softsign rrelu feature_alpha_dropout "
                    "native_dropout log1p expm1 sigmoid tanh to _to_copy type_as float requires_grad detach contiguous"},
    {Effect::Merges, "Add Subtract Multiply Average Maximum Minimum add sub mul div maximum minimum where lerp addcmul"},
    {Effect::Joins, "Concatenate cat concat concatenate"},
    {Effect::Makes, "Linear Dense LSTM GRU RNN SimpleRNN LSTMCell GRUCell Bidirectional Embedding EmbeddingBag Bilinear EinsumDense "
                    "MultiHeadAttention MultiheadAttention ConvLSTM1D"},
    {Effect::Images, "Conv1d Conv2d Conv3d ConvTranspose1d ConvTranspose2d ConvTranspose3d Conv1D Conv2D Conv3D Conv1DTranspose "
                     "Conv2DTranspose Conv3DTranspose Convolution2D DepthwiseConv1D DepthwiseConv2D SeparableConv1D SeparableConv2D "
                     "MaxPool1d MaxPool2d MaxPool3d AvgPool1d AvgPool2d AvgPool3d LPPool1d LPPool2d AdaptiveAvgPool1d "
                     "AdaptiveAvgPool2d AdaptiveAvgPool3d AdaptiveMaxPool1d AdaptiveMaxPool2d AdaptiveMaxPool3d MaxPooling1D "
                     "MaxPooling2D MaxPooling3D AveragePooling1D AveragePooling2D AveragePooling3D ZeroPadding1D ZeroPadding2D "
                     "ZeroPadding3D ZeroPad1d ZeroPad2d ZeroPad3d ReflectionPad2d ReplicationPad2d ConstantPad2d CircularPad2d "
                     "Cropping1D Cropping2D UpSampling1D UpSampling2D Upsample UpsamplingNearest2d UpsamplingBilinear2d Resizing "
                     "CenterCrop"},
    {Effect::Averages, "GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D GlobalMaxPooling1D GlobalMaxPooling2D "
                       "GlobalMaxPooling3D"},
    {Effect::Reshapes, "Reshape Unflatten view reshape unflatten _unsafe_view"},
};

bool holds(std::string_view names, std::string_view wanted)
{
    for (std::size_t at = names.find(wanted); at != names.npos; at = names.find(wanted, at + 1)) {
        const std::size_t end = at + wanted.size();
        if ((at == 0 || names[at - 1] == ' ') && (end == names.size() || names[end] == ' '))
            return true;
    }
    return false;
}

}

Effect effectOf(std::string_view type)
{
    if (type.empty() || type.find(' ') != type.npos)
        return Effect::None;
    for (const Classes& classes : table)
        if (holds(classes.names, type))
            return classes.effect;
    return Effect::None;
}

}
