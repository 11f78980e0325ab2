// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTemporaryDir>
#include <QTest>
#include <hdf5.h>
#include <string>
#include <vector>

/// An HDF5 file as strangers make it, written with the library itself: what Tieout's own writer never writes.
class H5Fixture
{
public:
    explicit H5Fixture(bool newest = false, hsize_t userBlock = 0)
    {
        const hid_t access = H5Pcreate(H5P_FILE_ACCESS), creation = H5Pcreate(H5P_FILE_CREATE);
        H5Pset_fclose_degree(access, H5F_CLOSE_STRONG);
        if (newest)
            H5Pset_libver_bounds(access, H5F_LIBVER_LATEST, H5F_LIBVER_LATEST);
        H5Pset_userblock(creation, userBlock);
        file = H5Fcreate(path().c_str(), H5F_ACC_TRUNC, creation, access);
        H5Pclose(access);
        H5Pclose(creation);
    }
    ~H5Fixture() { finish(); }
    H5Fixture(const H5Fixture&) = delete;
    H5Fixture& operator=(const H5Fixture&) = delete;

    std::string path() const { return m_folder.filePath("fixture.h5").toStdString(); }
    void finish()
    {
        if (file >= 0)
            H5Fclose(file);
        file = -1;
    }

    hid_t group(const char* name) { return H5Gcreate2(file, name, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT); }

    /// `values` may be null: nothing is written. `creation` is closed.
    void dataset(const char* name, hid_t type, const std::vector<hsize_t>& shape, const void* values, hid_t creation = H5P_DEFAULT)
    {
        const hid_t space = shape.empty() ? H5Screate(H5S_SCALAR) : H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr);
        const hid_t set = H5Dcreate2(file, name, type, space, H5P_DEFAULT, creation, H5P_DEFAULT);
        if (values)
            H5Dwrite(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values);
        H5Dclose(set);
        H5Sclose(space);
        if (creation != H5P_DEFAULT)
            H5Pclose(creation);
    }

    static hid_t chunked(const std::vector<hsize_t>& chunk, bool deflate)
    {
        const hid_t creation = H5Pcreate(H5P_DATASET_CREATE);
        H5Pset_chunk(creation, static_cast<int>(chunk.size()), chunk.data());
        if (deflate)
            H5Pset_deflate(creation, 9);
        return creation;
    }

    /// `count` < 0: a scalar.
    void attribute(const char* name, hid_t type, int count, const void* values)
    {
        const auto size = static_cast<hsize_t>(count < 0 ? 0 : count);
        const hid_t space = count < 0 ? H5Screate(H5S_SCALAR) : H5Screate_simple(1, &size, nullptr);
        const hid_t attribute = H5Acreate2(file, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
        if (values)
            H5Awrite(attribute, type, values);
        H5Aclose(attribute);
        H5Sclose(space);
    }

    static hid_t text(std::size_t size, H5T_str_t padding)
    {
        const hid_t type = H5Tcopy(H5T_C_S1);
        H5Tset_size(type, size);
        H5Tset_strpad(type, padding);
        return type;
    }

    hid_t file = -1;

private:
    QTemporaryDir m_folder;
};

/// A test of one case of the catalogue is a data row like every other.
inline void oneRow(const char* name)
{
    QTest::addColumn<int>("row");
    QTest::newRow(name) << 0;
}
