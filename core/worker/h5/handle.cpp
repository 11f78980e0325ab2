// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/worker/h5/handle.h"

#include "core/base/error.h"

namespace core::worker::h5 {

namespace {

herr_t keepInnermost(unsigned, const H5E_error2_t* entry, void* text)
{
    if (entry->desc && *entry->desc)
        *static_cast<std::string*>(text) = entry->desc;
    return 0;
}

}

void throwLibraryError(std::string_view expected)
{
    std::string text;
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, keepInnermost, &text);
    H5Eclear2(H5E_DEFAULT);
    throw Error("h5-library").expected(expected).found(text.empty() ? "damaged data" : "damaged data; HDF5 says: " + printable(text));
}

void initialise()
{
    checked(H5open(), "HDF5 to start");
    checked(H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr), "HDF5 to keep quiet");
    checked(H5PLset_loading_state(0), "HDF5 without plugins");
}

}
