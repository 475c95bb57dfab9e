// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/run/data_dir.h"

#include "sync/hub/export/atomic_file.h"
#include "sync/program/program.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>
#include <thread>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tapport::hub {

Result<DataDir> DataDir::open(const std::filesystem::path& path) {
    std::error_code error;
    std::filesystem::create_directories(path, error);
    if (!error) {
        // It holds what attendees said: nobody else on this machine reads it.
        std::filesystem::permissions(path, std::filesystem::perms::owner_all, error);
    }
    if (error) {
        return fail(Code::Storage, "data folder " + path.string() + ": " + error.message());
    }
    return DataDir(path);
}

Result<ledger::SuppressionKey> DataDir::suppressionKey() const {
    auto kept = readSuppressionKey(suppressionKeyFile());
    if (kept || kept.error().code != Code::NotFound) {
        return kept;
    }
    ledger::SuppressionKey fresh;
    program::fillRandom(fresh.bytes.data(), fresh.bytes.size());
    return keepSuppressionKey(fresh).map([&] { return fresh; });
}

Result<ledger::SuppressionKey> DataDir::readSuppressionKey(const std::filesystem::path& file) {
    std::error_code error;
    if (!std::filesystem::exists(file, error)) {
        return fail(Code::NotFound, file.string() + ": no suppression key there");
    }
    std::ifstream in(file);
    std::string text;
    std::getline(in, text);
    const auto key = ledger::SuppressionKey::fromHexText(text);
    if (!key) {
        return fail(Code::InvalidConfig, file.string() + ": not 64 hexadecimal digits");
    }
    return *key;
}

Result<> DataDir::keepSuppressionKey(const ledger::SuppressionKey& key) const {
    return writeAtomically(suppressionKeyFile(), key.hex() + "\n");
}

Result<DataLock> DataLock::take(const DataDir& dir, std::chrono::milliseconds patience) {
    constexpr std::chrono::milliseconds kBetweenTries{50};
    const int fd = ::open(dir.lockFile().c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        return fail(Code::Storage, "lock file: " + std::system_category().message(errno));
    }
    DataLock lock(fd);
    const auto end = std::chrono::steady_clock::now() + patience;
    while (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (std::chrono::steady_clock::now() >= end) {
            return fail(Code::Busy, "a hub or one of its commands is at work on this data folder");
        }
        std::this_thread::sleep_for(kBetweenTries);
    }
    return lock;
}

DataLock::~DataLock() {
    if (fd_ >= 0) {
        ::close(fd_);
    }
}

}  // namespace tapport::hub
