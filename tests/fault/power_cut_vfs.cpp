// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fault/power_cut_vfs.h"

#include <algorithm>
#include <cstring>

#include <sqlite3.h>

namespace tapport::fault {
namespace {

constexpr std::size_t kSector = 512;

/// SQLite allocates it and calls its methods; `file` is set between xOpen and xClose.
struct OpenFile {
    sqlite3_file base;
    PowerCutDisk* disk;
    std::shared_ptr<PowerCutDisk::File>* file;
};

OpenFile& opened(sqlite3_file* handle) {
    return *reinterpret_cast<OpenFile*>(handle);
}

void applyTo(std::vector<std::uint8_t>& bytes, const PowerCutDisk::Write& write) {
    if (write.truncatedTo) {
        bytes.resize(*write.truncatedTo);
        return;
    }
    bytes.resize(std::max<std::size_t>(bytes.size(), write.offset + write.bytes.size()));
    std::copy(write.bytes.begin(), write.bytes.end(),
              bytes.begin() + static_cast<std::ptrdiff_t>(write.offset));
}

int change(sqlite3_file* handle, PowerCutDisk::Write write) {
    if (!opened(handle).disk->operate()) {
        return SQLITE_IOERR_WRITE;
    }
    PowerCutDisk::File& file = **opened(handle).file;
    if (opened(handle).disk->isFull() && write.offset + write.bytes.size() > file.live.size()) {
        return SQLITE_FULL;
    }
    applyTo(file.live, write);
    file.promised.push_back(std::move(write));
    return SQLITE_OK;
}

int closeFile(sqlite3_file* handle) {
    delete opened(handle).file;
    return SQLITE_OK;
}

int readFile(sqlite3_file* handle, void* out, int size, sqlite3_int64 offset) {
    const std::vector<std::uint8_t>& bytes = (*opened(handle).file)->live;
    const auto at = std::min<std::size_t>(static_cast<std::size_t>(offset), bytes.size());
    const auto wanted = static_cast<std::size_t>(size);
    const std::size_t there = std::min(wanted, bytes.size() - at);
    std::memset(out, 0, wanted);
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), there,
                static_cast<std::uint8_t*>(out));
    return there == wanted ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

int writeFile(sqlite3_file* handle, const void* data, int size, sqlite3_int64 offset) {
    const auto* const bytes = static_cast<const std::uint8_t*>(data);
    return change(handle, {static_cast<std::uint64_t>(offset), {bytes, bytes + size}, {}});
}

int truncateFile(sqlite3_file* handle, sqlite3_int64 size) {
    return change(handle, {0, {}, static_cast<std::uint64_t>(size)});
}

int syncFile(sqlite3_file* handle, int /*flags*/) {
    PowerCutDisk& disk = *opened(handle).disk;
    if (!disk.operate() || disk.takeSyncFailure()) {
        return SQLITE_IOERR_FSYNC;
    }
    PowerCutDisk::File& file = **opened(handle).file;
    if (!disk.isSynced(file)) {
        return SQLITE_OK;
    }
    for (const PowerCutDisk::Write& write : file.promised) {
        applyTo(file.durable, write);
    }
    file.promised.clear();
    file.isNameDurable = true;
    return SQLITE_OK;
}

int sizeOfFile(sqlite3_file* handle, sqlite3_int64* size) {
    *size = static_cast<sqlite3_int64>((*opened(handle).file)->live.size());
    return SQLITE_OK;
}

int lockFile(sqlite3_file* /*handle*/, int /*level*/) {
    return SQLITE_OK;
}

int isReserved(sqlite3_file* /*handle*/, int* result) {
    *result = 0;
    return SQLITE_OK;
}

int controlFile(sqlite3_file* /*handle*/, int /*operation*/, void* /*argument*/) {
    return SQLITE_NOTFOUND;
}

int sectorSize(sqlite3_file* /*handle*/) {
    return kSector;
}

/// What Debian's SQLite says about every disk: bytes beside a torn write stay whole.
int characteristics(sqlite3_file* /*handle*/) {
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

// Version 1 has no shared memory: WAL works only because the store locks the file for itself.
const sqlite3_io_methods kMethods{1,           closeFile,  readFile,        writeFile, truncateFile,
                                  syncFile,    sizeOfFile, lockFile,        lockFile,  isReserved,
                                  controlFile, sectorSize, characteristics, nullptr,   nullptr,
                                  nullptr,     nullptr,    nullptr,         nullptr};

PowerCutDisk& diskOf(sqlite3_vfs* vfs) {
    return *static_cast<PowerCutDisk*>(vfs->pAppData);
}

int openPath(sqlite3_vfs* vfs, const char* path, sqlite3_file* handle, int flags, int* outFlags) {
    OpenFile& result = opened(handle);
    result.base.pMethods = nullptr;
    auto file = std::make_shared<PowerCutDisk::File>();
    if (path) {  // without one it is a temporary file, nobody else's
        auto& files = diskOf(vfs).files;
        if (files.count(path) == 0 && (flags & SQLITE_OPEN_CREATE) == 0) {
            return SQLITE_CANTOPEN;
        }
        file = files.try_emplace(path, file).first->second;
        file->isLog = (flags & SQLITE_OPEN_WAL) != 0;
    }
    result.disk = &diskOf(vfs);
    result.file = new std::shared_ptr<PowerCutDisk::File>(std::move(file));
    result.base.pMethods = &kMethods;
    if (outFlags) {
        *outFlags = flags;
    }
    return SQLITE_OK;
}

int deletePath(sqlite3_vfs* vfs, const char* path, int /*syncDirectory*/) {
    if (!diskOf(vfs).operate()) {
        return SQLITE_IOERR_DELETE;
    }
    return diskOf(vfs).files.erase(path) > 0 ? SQLITE_OK : SQLITE_IOERR_DELETE_NOENT;
}

int accessPath(sqlite3_vfs* vfs, const char* path, int /*flags*/, int* result) {
    *result = diskOf(vfs).files.count(path) > 0 ? 1 : 0;
    return SQLITE_OK;
}

int fullPath(sqlite3_vfs* /*vfs*/, const char* path, int size, char* out) {
    sqlite3_snprintf(size, out, "%s", path);
    return SQLITE_OK;
}

}  // namespace

PowerCutDisk::PowerCutDisk(Use use)
    : name_("power-cut-" + std::to_string(reinterpret_cast<std::uintptr_t>(this))),
      vfs_(std::make_unique<sqlite3_vfs>(*sqlite3_vfs_find("unix"))) {
    vfs_->iVersion = 1;
    vfs_->szOsFile = sizeof(OpenFile);
    vfs_->pNext = nullptr;
    vfs_->zName = name_.c_str();
    vfs_->pAppData = this;
    vfs_->xOpen = openPath;
    vfs_->xDelete = deletePath;
    vfs_->xAccess = accessPath;
    vfs_->xFullPathname = fullPath;
    sqlite3_vfs_register(vfs_.get(), use == Use::ByDefault ? 1 : 0);
}

PowerCutDisk::~PowerCutDisk() {
    sqlite3_vfs_unregister(vfs_.get());
}

bool PowerCutDisk::operate() {
    ++operations_;
    return !isOut();
}

void PowerCutDisk::restore(std::mt19937_64& random) {
    cutAt_.reset();
    for (auto entry = files.begin(); entry != files.end();) {
        File& file = *entry->second;
        if (!file.isNameDurable && random() % 2 == 0) {
            entry = files.erase(entry);
            continue;
        }
        for (const Write& write : file.promised) {
            const auto fate = random() % 3;
            if (fate == 0) {
                continue;
            }
            if (fate == 1 || write.truncatedTo) {
                applyTo(file.durable, write);
                continue;
            }
            for (std::size_t at = 0; at < write.bytes.size(); at += kSector) {
                const std::size_t end = std::min(at + kSector, write.bytes.size());
                if (random() % 2 == 0) {
                    applyTo(file.durable, {write.offset + at,
                                           {write.bytes.begin() + static_cast<std::ptrdiff_t>(at),
                                            write.bytes.begin() + static_cast<std::ptrdiff_t>(end)},
                                           {}});
                }
            }
        }
        file.promised.clear();
        file.live = file.durable;
        ++entry;
    }
}

}  // namespace tapport::fault
