// SPDX-License-Identifier: GPL-3.0-or-later
// What the canary test puts in, and how it looks for it.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>

#include <sys/types.h>

namespace tapport::boothday {

/// Six digits of a phone number, different with every run.
extern const std::string kPhone;
/// What is looked for, by where it was put in. Different with every run: folders that others use
/// are searched too, and may hold what an earlier run left, or the source of this one.
extern const std::map<std::string, std::string> kCanaries;
/// Of these the hub must hold all: a search that finds nothing proves nothing.
extern const std::set<std::string> kAtTheHub;

/// The canaries in some bytes, as UTF-8 or as Qt holds text, in either case.
[[nodiscard]] std::set<std::string> canariesIn(std::string bytes);

/// By file.
using Findings = std::map<std::string, std::set<std::string>>;
/// In folders that are everybody's: what was written there since `began`, but for `own`.
void searchSharedFolders(const std::filesystem::path& own, std::filesystem::file_time_type began,
                         Findings& findings);
/// In files that a process holds open and that have no name any more, as SQLite's temporary ones.
void searchNamelessFiles(pid_t process, Findings& findings);

}  // namespace tapport::boothday
