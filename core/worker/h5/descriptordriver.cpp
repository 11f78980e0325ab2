// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/worker/h5/descriptordriver.h"

#include <H5FDpublic.h>
#include <algorithm>
#include <sys/stat.h>
#include <unistd.h>
#if H5_VERSION_GE(1, 13, 0)
#include <H5FDdevelop.h>
#endif

namespace core::worker::h5 {

namespace {

struct Source
{
    int fd;
    std::uint64_t base, size;
};

struct OpenFile
{
    H5FD_t common; // HDF5 sees this part only
    Source source;
    haddr_t size;
    haddr_t allocated;
};

constexpr haddr_t maxAddress = (haddr_t{1} << 62) - 1;

H5FD_t* open(const char*, unsigned flags, hid_t access, haddr_t)
{
    const auto* source = static_cast<const Source*>(H5Pget_driver_info(access));
    struct stat status
    {
    };
    if (!source || (flags & H5F_ACC_RDWR) != 0 || ::fstat(source->fd, &status) != 0)
        return nullptr;
    const auto whole = static_cast<std::uint64_t>(status.st_size);
    auto* file = new OpenFile{{}, *source, whole > source->base ? std::min(whole - source->base, source->size) : 0, 0};
    return &file->common;
}

OpenFile* self(H5FD_t* file)
{
    return reinterpret_cast<OpenFile*>(file);
}

const OpenFile* self(const H5FD_t* file)
{
    return reinterpret_cast<const OpenFile*>(file);
}

herr_t close(H5FD_t* file)
{
    delete self(file);
    return 0;
}

herr_t query(const H5FD_t*, unsigned long* flags)
{
    if (flags)
        *flags = H5FD_FEAT_DATA_SIEVE;
    return 0;
}

haddr_t allocated(const H5FD_t* file, H5FD_mem_t)
{
    return self(file)->allocated;
}

herr_t allocate(H5FD_t* file, H5FD_mem_t, haddr_t address)
{
    self(file)->allocated = address;
    return 0;
}

haddr_t size(const H5FD_t* file, H5FD_mem_t)
{
    return self(file)->size;
}

herr_t read(H5FD_t* common, H5FD_mem_t, hid_t, haddr_t address, std::size_t length, void* buffer)
{
    const auto* file = self(common);
    if (address > file->size || length > file->size - address)
        return -1;
    auto* target = static_cast<char*>(buffer);
    while (length > 0) {
        const auto got =
            ::pread(file->source.fd, target, std::min(length, std::size_t{1} << 20), static_cast<off_t>(file->source.base + address));
        if (got <= 0)
            return -1;
        target += got;
        address += static_cast<haddr_t>(got);
        length -= static_cast<std::size_t>(got);
    }
    return 0;
}

herr_t write(H5FD_t*, H5FD_mem_t, hid_t, haddr_t, std::size_t, const void*)
{
    return -1;
}

H5FD_class_t driverClass()
{
    H5FD_class_t driver{};
#if H5_VERSION_GE(1, 13, 0)
    driver.version = H5FD_CLASS_VERSION;
    driver.value = static_cast<H5FD_class_value_t>(600);
#endif
    driver.name = "descriptor";
    driver.maxaddr = maxAddress;
    driver.fc_degree = H5F_CLOSE_STRONG;
    driver.fapl_size = sizeof(Source);
    driver.open = open;
    driver.close = close;
    driver.query = query;
    driver.get_eoa = allocated;
    driver.set_eoa = allocate;
    driver.get_eof = size;
    driver.read = read;
    driver.write = write;
    std::fill(std::begin(driver.fl_map), std::end(driver.fl_map), H5FD_MEM_DEFAULT);
    return driver;
}

}

Handle descriptorAccess(int fd, std::uint64_t base, std::uint64_t size)
{
    static const H5FD_class_t driver = driverClass();
    static const hid_t id = checked(H5FDregister(&driver), "a file driver");
    Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "a file access list");
    const Source source{fd, base, size};
    checked(H5Pset_driver(access, id, &source), "a file driver");
    checked(H5Pset_fclose_degree(access, H5F_CLOSE_STRONG), "files that close wholly");
    return access;
}

}
