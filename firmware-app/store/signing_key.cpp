// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/store/signing_key.h"

#include "sync/program/file_descriptor.h"

#include <array>
#include <cerrno>
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

/// Whole and on the disk under a name of its own.
Result<> writeDraft(const fs::path& draft, const receipt::SigningKeys& keys) {
    const program::FileDescriptor out(
        ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    const std::string text = toHex(keys.secretKey) + '\n';
    if (!out.isOpen() ||
        ::write(out.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
        ::fsync(out.get()) != 0) {
        return failure(draft);
    }
    return {};
}

}  // namespace

Result<receipt::SigningKeys> signingKeysIn(const fs::path& dataDir) {
    const fs::path file = dataDir / "signing.key";
    std::error_code failed;
    if (fs::exists(file, failed)) {
        return readKeys(file);
    }
    const fs::path draft = dataDir / ("signing.key." + std::to_string(::getpid()));
    if (const auto written = writeDraft(draft, receipt::makeSigningKeys()); !written) {
        fs::remove(draft, failed);
        return tl::unexpected(written.error());
    }
    // link() never replaces: whoever comes second takes the first one's key.
    const bool isMade = ::link(draft.c_str(), file.c_str()) == 0 || errno == EEXIST;
    const Error trouble = failure(file).value();
    fs::remove(draft, failed);
    if (!isMade) {
        return tl::unexpected(trouble);
    }
    const program::FileDescriptor folder(
        ::open(dataDir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder.isOpen() || ::fsync(folder.get()) != 0) {
        return failure(dataDir);
    }
    return readKeys(file);
}

}  // namespace tapport::store
