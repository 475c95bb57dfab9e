// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/admin/event_folder.h"

#include "sync/seal/seal.h"

#include <cerrno>
#include <map>
#include <sstream>
#include <system_error>

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>

namespace tapport::admin {
namespace {

namespace fs = std::filesystem;

constexpr const char* kNote = "event-init.unfinished";
constexpr std::size_t kMost = 1024UL * 1024;

bool isThere(const fs::path& file) {
    std::error_code failed;
    return fs::exists(fs::symlink_status(file, failed));
}

Result<> makeFolders(const fs::path& dir) {
    std::error_code failed;
    for (const char* folder : {"keys", "kiosk", "hub"}) {
        if (fs::create_directories(dir / folder, failed)) {
            fs::permissions(dir / folder, fs::perms::owner_all, failed);
        }
        if (failed) {
            return fail(Code::Storage, (dir / folder).string() + ": " + failed.message());
        }
    }
    return {};
}

/// Name to digest, of what the run that was cut off was to write.
Result<std::map<std::string, std::string>> readNote(const fs::path& file) {
    return readWholeFile(file, kMost).map([](const std::string& text) {
        std::map<std::string, std::string> digests;
        std::istringstream lines(text);
        for (std::string digest, name; lines >> digest >> name;) {
            digests[name] = digest;
        }
        return digests;
    });
}

std::string digestOf(std::string_view content) {
    return seal::digestOf(viewOf(content)).hex();
}

/// Whether that is a file as it was to be written, and not what somebody made of it since.
bool isAsNoted(const fs::path& file, const std::string& digest) {
    const auto content = readWholeFile(file, kMost);
    return content && digestOf(*content) == digest;
}

/// As a power cut may leave a name (placeNewFile()).
bool isEmpty(const fs::path& file) {
    std::error_code failed;
    return fs::is_regular_file(fs::symlink_status(file, failed)) &&
           fs::file_size(file, failed) == 0 && !failed;
}

/// On a file system that knows no locks nobody is kept out, and files are still not overwritten.
Result<program::FileDescriptor> lock(const fs::path& dir) {
    std::error_code failed;
    fs::create_directories(dir, failed);  // said by whoever writes there
    program::FileDescriptor folder(::open(dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.isOpen() && ::flock(folder.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        return fail(Code::Busy, dir.string() + ": another run is at work there");
    }
    return folder;
}

Result<> remove(const std::vector<fs::path>& files) {
    for (const fs::path& file : files) {
        std::error_code failed;
        fs::remove(file, failed);
        const auto done =
            failed ? Result<>(fail(Code::Storage,
                                   file.string() + ": cannot be removed: " + failed.message()))
                   : syncFolderOf(file);
        if (!done) {
            return done;
        }
    }
    return {};
}

}  // namespace

Result<EventFolder> EventFolder::takeUp(const fs::path& dir, const std::vector<const char*>& keys,
                                        const std::vector<const char*>& others) {
    auto held = lock(dir);
    if (!held) {
        return tl::unexpected(held.error());
    }
    EventFolder folder(dir, std::move(*held));
    std::map<std::string, std::string> digests;
    const bool wasCutOff = isThere(dir / kNote);
    if (wasCutOff) {
        auto noted = readNote(dir / kNote);
        if (!noted) {
            return tl::unexpected(noted.error());
        }
        digests = std::move(*noted);
    }
    // Made by what comes after it: the event has begun, and the note only stayed.
    for (const char* const name : {"edition.json", "keys/kiosks.register", "broker/mosquitto.conf",
                                   "hub/hub.db", "kiosk/kiosk.db"}) {
        if (wasCutOff && isThere(dir / name)) {
            return fail(Code::Conflict,
                        fmt::format("{} is there: this event is in use. Remove {}, which an "
                                    "earlier run left, and nothing else",
                                    (dir / name).string(), (dir / kNote).string()));
        }
    }
    std::vector<fs::path> stale;
    for (const char* name : keys) {
        if (isThere(dir / name) && !wasCutOff) {
            return isInTheWay(dir / name);
        }
        if (isEmpty(dir / name)) {
            stale.push_back(dir / name);
        }
    }
    for (const char* name : others) {
        const fs::path file = dir / name;
        if (!isThere(file)) {
            continue;
        }
        const auto noted = digests.find(name);
        const bool isNoted = noted != digests.end() && isAsNoted(file, noted->second);
        if (!wasCutOff) {
            return isInTheWay(file);
        }
        if (!isNoted && !isEmpty(file)) {
            return fail(Code::Conflict,
                        file.string() +
                            " is there already, and not as the run wrote it that was "
                            "cut off: remove it, or begin in another folder");
        }
        stale.push_back(file);
    }
    return remove(stale).map([&] { return std::move(folder); });
}

Result<std::optional<std::string>> EventFolder::kept(const char* key) const {
    if (!isThere(dir_ / key)) {
        return std::nullopt;
    }
    return readWholeFile(dir_ / key, kMost).map([](std::string content) {
        return std::optional(std::move(content));
    });
}

Result<> EventFolder::write(const std::vector<File>& keys, const std::vector<File>& others) const {
    if (const auto made = makeFolders(dir_); !made) {
        return made;
    }
    std::string note;
    for (const File& file : others) {
        note += fmt::format("{} {}\n", digestOf(file.content), file.name);
    }
    if (const auto noted = replaceFile(dir_ / kNote, note); !noted) {
        return noted;
    }
    for (const File& key : keys) {
        if (isThere(dir_ / key.name)) {
            continue;
        }
        if (const auto written = placeNewFile(dir_ / key.name, key.content, key.access); !written) {
            return written;
        }
    }
    for (const File& file : others) {
        const auto written = placeNewFile(dir_ / file.name, file.content, file.access);
        if (!written) {
            return written;
        }
    }
    return remove({dir_ / kNote});
}

}  // namespace tapport::admin
