// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/store/signing_key.h"

#include "sync/program/file_descriptor.h"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace tapport::store {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kDigits = 2 * receipt::kKeySize;

tl::unexpected<Error> failure(const fs::path& file) {
    return fail(errno == ENOSPC ? Code::StorageFull : Code::Storage,
                file.string() + ": " + std::generic_category().message(errno));
}

Result<receipt::SigningKeys> readKeys(const fs::path& file) {
    const program::FileDescriptor in(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    std::array<char, kDigits + 2> text{};
    const ssize_t size = in.isOpen() ? ::read(in.get(), text.data(), text.size()) : -1;
    if (size < 0) {
        return failure(file);
    }
    const std::string_view content(text.data(), static_cast<std::size_t>(size));
    const auto seed = fromHex(content.substr(0, kDigits));
    if (!seed || seed->size() != receipt::kKeySize || content.substr(kDigits) != "\n") {
        return fail(Code::InvalidConfig, file.string() + ": must hold 64 hexadecimal digits");
    }
    return receipt::signingKeysFrom(*seed);
}

/// New keys, whole and on the disk, in a file of a name that nobody else has (mode 0600).
Result<fs::path> writeDraft(const fs::path& dataDir) {
    std::string draft = (dataDir / "signing.key.XXXXXX").string();
    const program::FileDescriptor out(::mkostemp(draft.data(), O_CLOEXEC));
    if (!out.isOpen()) {
        return failure(dataDir);
    }
    const std::string text = toHex(receipt::makeSigningKeys().secretKey) + '\n';
    if (::write(out.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
        !program::isSynced(out.get())) {
        const auto trouble = failure(draft);
        ::unlink(draft.c_str());
        return trouble;
    }
    return draft;
}

}  // namespace

Result<receipt::SigningKeys> signingKeysIn(const fs::path& dataDir) {
    const fs::path file = dataDir / "signing.key";
    std::error_code failed;
    if (fs::exists(file, failed)) {
        return readKeys(file);
    }
    const auto draft = writeDraft(dataDir);
    if (!draft) {
        return tl::unexpected(draft.error());
    }
    // link() never replaces: whoever comes second takes the first one's key.
    const bool isMade = ::link(draft->c_str(), file.c_str()) == 0 || errno == EEXIST;
    const auto trouble = failure(file);
    ::unlink(draft->c_str());
    if (!isMade) {
        return trouble;
    }
    const program::FileDescriptor folder(
        ::open(dataDir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder.isOpen() || !program::isSynced(folder.get())) {
        return failure(dataDir);
    }
    return readKeys(file);
}

}  // namespace tapport::store
