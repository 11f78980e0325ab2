// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json/json.h"

#include <map>
#include <string>

namespace core::layers {

/// An operator's class and its arguments under the names that the class has for them; tensors as in OperatorCall. Each function below
/// turns arguments of one sort into what the class takes. All throw Error("layer-unsupported").
struct Arguments
{
    std::string className;
    std::map<std::string, Json> values;

    const Json* find(const std::string& name) const;
    const Json& required(const std::string& name) const;
    bool isTrue(const std::string& name) const;
};

/// In a message; a tensor as "a value".
std::string shownArgument(const Json& json);

/// Two tensors, or one and a number or several, which another class computes.
void withNumber(Arguments& arguments);
/// A shape whose first size stands for the samples.
void ofSamples(Arguments& arguments);
/// What stands in brackets behind a value: x[:, 0, ..., 1:].
void inBrackets(Arguments& arguments);
/// A number of equal pieces, or their sizes.
void inPieces(Arguments& arguments);
/// The same, or the places before which a piece begins.
void atPlaces(Arguments& arguments);
/// A number type, which must be the one that Tieout computes in.
void toFloats(Arguments& arguments);
/// A GELU's approximation as a flag.
void approximated(Arguments& arguments);
/// Pairs of numbers for each dimension, the samples' first and the channels' last, which have none.
void aroundImages(Arguments& arguments);
/// What is added to each side of a picture, or cut off.
void framed(Arguments& arguments);
void unframed(Arguments& arguments);
/// A height and a width, and how it is interpolated.
void stretched(Arguments& arguments);
/// Blocks whose places are the channels' slower index.
void inBlocks(Arguments& arguments);
/// Windows of images: sizes that may be told with those of samples and channels, 1.
void ofWindows(Arguments& arguments);
/// Two tensors of matrices.
void ofMatrices(Arguments& arguments);

}
