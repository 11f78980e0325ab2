// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/fault.h"
#include "core/base/held.h"

#include <new>

namespace core {

namespace {

Error ownFault()
{
    Error error("own-fault");
    error.expected("to come to an end")
        .found("a fault in Tieout itself")
        .advice("The file may be right all the same; please report this with the file.");
    return error;
}

}

Error asError(const std::exception_ptr& thrown, std::string_view files)
{
    try {
        std::rethrow_exception(thrown);
    } catch (const Cancelled&) {
        return Error("cancelled");
    } catch (const Error& error) {
        Error named = error;
        if (named.file().empty())
            named.file(files);
        return named;
    } catch (const std::bad_alloc&) {
        return Error("memory")
            .file(files)
            .expected("memory enough for it")
            .found("less than it asks for")
            .advice("Close other programs, or take a smaller file, a smaller input or fewer samples.");
    } catch (...) {
        return ownFault().file(files);
    }
}

void throwOwnFault()
{
    throw ownFault();
}

}
