// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/run/data_dir.h"

#include "sync/hub/export/atomic_file.h"
#include "sync/program/program.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

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
    const std::filesystem::path file = suppressionKeyFile();
    std::error_code error;
    if (!std::filesystem::exists(file, error)) {
        ledger::SuppressionKey fresh;
        program::fillRandom(fresh.bytes.data(), fresh.bytes.size());
        if (const auto written = writeAtomically(file, fresh.hex() + "\n"); !written) {
            return tl::unexpected(written.error());
        }
        return fresh;
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

Result<DataLock> DataLock::take(const DataDir& dir) {
    const int fd = ::open(dir.lockFile().c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        return fail(Code::Storage, "lock file: " + std::system_category().message(errno));
    }
    DataLock lock(fd);
    if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
        return fail(Code::Busy, "a hub is running on this data folder");
    }
    return lock;
}

DataLock::~DataLock() {
    if (fd_ >= 0) {
        ::close(fd_);
    }
}

}  // namespace tapport::hub
