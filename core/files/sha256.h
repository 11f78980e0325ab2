// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/progress.h"

#include <span>
#include <string>

struct evp_md_ctx_st;
using EVP_MD_CTX = evp_md_ctx_st; // as OpenSSL declares it

namespace core {

class File;

/// SHA-256 of bytes that come in pieces.
class Sha256
{
public:
    Sha256();
    ~Sha256();
    Sha256(const Sha256&) = delete;
    Sha256& operator=(const Sha256&) = delete;

    void add(std::span<const std::byte> bytes);
    /// 64 lower-case hexadecimal digits; nothing can be added any more.
    std::string text();

private:
    EVP_MD_CTX* m_context;
};

/// 64 lower-case hexadecimal digits.
std::string sha256(std::span<const std::byte> bytes);
std::string sha256(const File& file, const Progress& progress = Progress());

}
