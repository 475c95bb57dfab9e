// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/store/sqlite_backup.h"

#include "sync/hub/store/sqlite_schema.h"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <SQLiteCpp/SQLiteCpp.h>
#include <fcntl.h>
#include <unistd.h>

namespace tapport::hub {
namespace {

namespace fs = std::filesystem;

tl::unexpected<Error> lastError(Code code, const fs::path& file) {
    return fail(code, file.string() + ": " + std::generic_category().message(errno));
}

bool isSynced(const fs::path& path, int flags) {
    const int fd = ::open(path.c_str(), flags | O_CLOEXEC);
    const bool isDone = fd >= 0 && ::fsync(fd) == 0;
    if (fd >= 0) {
        ::close(fd);
    }
    return isDone;
}

}  // namespace

Result<> makePrivateFile(const fs::path& file) {
    const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        return lastError(errno == EEXIST ? Code::Conflict : Code::Storage, file);
    }
    ::close(fd);
    return {};
}

Result<> syncFile(const fs::path& file) {
    const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
    if (!isSynced(file, O_RDONLY) || !isSynced(folder, O_RDONLY | O_DIRECTORY)) {
        return lastError(Code::Storage, file);
    }
    return {};
}

Result<> checkSqliteBackup(const fs::path& file) {
    try {
        SQLite::Database database(file.string(), SQLite::OPEN_READONLY);
        if (!isHubDatabase(database)) {
            return fail(Code::InvalidInput, file.string() + ": no database of a hub");
        }
        if (database.execAndGet("PRAGMA integrity_check(1)").getString() != "ok") {
            return fail(Code::InvalidInput, file.string() + ": damaged");
        }
        return {};
    } catch (const SQLite::Exception& thrown) {
        return fail(Code::InvalidInput, file.string() + ": " + thrown.what());
    }
}

Result<> replaceSqliteFile(const fs::path& file, const fs::path& database,
                           const std::string& suffix) {
    const fs::path log = database.string() + "-wal";
    const fs::path kept = database.string() + suffix;
    // The old log first: it must never be read into the new file. The old file keeps its name until
    // the new one takes it, so that at no time a hub would begin with an empty one.
    if (::rename(log.c_str(), (kept.string() + "-wal").c_str()) != 0 && errno != ENOENT) {
        return lastError(Code::Storage, log);
    }
    if (::link(database.c_str(), kept.c_str()) != 0 && errno != ENOENT) {
        return lastError(Code::Storage, kept);
    }
    if (::rename(file.c_str(), database.c_str()) != 0) {
        return lastError(Code::Storage, database);
    }
    return syncFile(database);
}

std::vector<fs::path> replacedBeside(const fs::path& database) {
    const std::string begin = database.filename().string() + kReplacedSuffix;
    std::vector<fs::path> found;
    std::error_code failed;
    for (fs::directory_iterator at(database.parent_path(), failed), end; !failed && at != end;
         at.increment(failed)) {
        if (at->path().filename().string().starts_with(begin)) {
            found.push_back(at->path());
        }
    }
    std::erase_if(found, [](const fs::path& file) { return file.string().ends_with("-wal"); });
    std::sort(found.begin(), found.end());
    return found;
}

}  // namespace tapport::hub
