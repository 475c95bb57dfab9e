// SPDX-License-Identifier: GPL-3.0-or-later
// Opens the kiosk's SQLite file the one way that survives a pulled plug (measured in tests/fault):
// WAL, synchronous=FULL, one connection that locks the file for itself. Private to this folder and
// its tests.
#pragma once

#include "sync/base/bytes.h"
#include "sync/base/error.h"

#include <filesystem>
#include <functional>

#include <SQLiteCpp/SQLiteCpp.h>

namespace tapport::store {

enum class Synchronous : std::uint8_t {
    Full,    ///< a COMMIT that returned is on the disk
    Normal,  ///< loses confirmed records in a power cut: only for the test that proves it
};

[[nodiscard]] const char* pragmaFor(Synchronous level);

/// What tests vary. The programs use the defaults.
struct StorageOptions {
    std::string vfs;  ///< empty: the platform's
    Synchronous synchronous = Synchronous::Full;
    /// Free pages (and as much write-ahead log) kept inside the files, so that a disk that others
    /// filled still takes thousands of visits. Below 5 MiB the log would outgrow it before SQLite
    /// checkpoints (every 1,000 pages).
    std::size_t reserve = 16UL * 1024 * 1024;
};

/// Created, migrated and locked. Busy: another program has it open. Conflict: a newer program's, or
/// another application's database. Storage: no database, damaged, or not accessible.
[[nodiscard]] Result<SQLite::Database> openDatabase(const std::filesystem::path& file,
                                                    const StorageOptions& options);

/// Runs `body`, SQLite's exceptions turned into errors (StorageFull, Busy, Storage).
template <typename Body>
auto guarded(std::string_view what, Body body) -> decltype(body());

/// Valid until the statement's next step.
[[nodiscard]] ByteView blob(const SQLite::Column& column);

[[nodiscard]] Error errorFrom(std::string_view what, const SQLite::Exception& exception);

template <typename Body>
auto guarded(std::string_view what, Body body) -> decltype(body()) {
    try {
        return body();
    } catch (const SQLite::Exception& exception) {
        return tl::unexpected<Error>(errorFrom(what, exception));
    }
}

}  // namespace tapport::store
