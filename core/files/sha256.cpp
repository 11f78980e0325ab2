// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/files/sha256.h"

#include "core/base/error.h"
#include "core/files/file.h"

#include <algorithm>
#include <array>
#include <openssl/evp.h>

namespace core {

Sha256::Sha256() : m_context(EVP_MD_CTX_new())
{
    if (!m_context || EVP_DigestInit_ex(m_context, EVP_sha256(), nullptr) != 1) {
        EVP_MD_CTX_free(m_context);
        throw Error("sha256").expected("SHA-256 in libcrypto").found("none");
    }
}

Sha256::~Sha256()
{
    EVP_MD_CTX_free(m_context);
}

void Sha256::add(std::span<const std::byte> bytes)
{
    EVP_DigestUpdate(m_context, bytes.data(), bytes.size());
}

std::string Sha256::text()
{
    constexpr char digits[] = "0123456789abcdef";
    std::array<unsigned char, 32> value{};
    EVP_DigestFinal_ex(m_context, value.data(), nullptr);
    std::string result;
    for (const unsigned char byte : value)
        result += {digits[byte >> 4], digits[byte & 15]};
    return result;
}

std::string sha256(std::span<const std::byte> bytes)
{
    Sha256 digest;
    digest.add(bytes);
    return digest.text();
}

std::string sha256(const File& file, const Progress& progress)
{
    constexpr std::uint64_t piece = 1u << 20;
    Sha256 digest;
    std::vector<std::byte> buffer(piece);
    for (std::uint64_t offset = 0; offset < file.size(); offset += piece) {
        const auto part = std::span(buffer).first(std::min(piece, file.size() - offset));
        file.read(offset, part);
        digest.add(part);
        progress.report(static_cast<double>(offset) / static_cast<double>(file.size()));
    }
    return digest.text();
}

}
