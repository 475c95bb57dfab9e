// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fault/canary/canaries.h"

#include <algorithm>
#include <fstream>
#include <random>
#include <vector>

namespace tapport::boothday {
namespace {

namespace fs = std::filesystem;

/// So many of these characters, different with every run.
std::string random(std::string_view of, std::size_t count) {
    static std::mt19937 engine{std::random_device{}()};
    std::string text;
    while (text.size() < count) {
        text += of[engine() % of.size()];
    }
    return text;
}
const std::string kRun = random("bcdfghklmnprstvz", 6);

std::string wide(const std::string& text) {
    std::string utf16;
    for (const char c : text) {
        utf16 += c;
        utf16 += '\0';
    }
    return utf16;
}

}  // namespace

const std::string kPhone = random("123456789", 6);
const std::map<std::string, std::string> kCanaries{
    {"token on the badge", "canary-token-" + kRun},
    {"name on the badge", "kanarinus " + kRun},
    {"company on the badge", "vogelwerke " + kRun},
    {"e-mail on the badge", "canary.bird." + kRun + "@example.com"},
    {"phone, typed", "30" + kPhone},
    {"code, typed", "canarycode" + kRun},
    {"note, typed", "yellow feathers " + kRun},
    {"promise, typed", "send bird seed " + kRun},
    {"e-mail, typed", "canary.typed." + kRun + "@example.com"},
    {"token of who leaves", "canary-leaves-" + kRun},
    {"name of who leaves", "zugvogel " + kRun},
    {"company of who leaves", "abflug " + kRun},
    {"e-mail of who leaves", "gone." + kRun + "@example.com"},
    {"token of a guest", "canary-guest-" + kRun},
    {"name of a guest", "gastvogel " + kRun},
};
const std::set<std::string> kAtTheHub{
    "name on the badge", "company on the badge", "e-mail on the badge", "phone, typed",
    "note, typed",       "promise, typed",       "e-mail, typed"};

std::set<std::string> canariesIn(std::string bytes) {
    std::transform(bytes.begin(), bytes.end(), bytes.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    std::set<std::string> found;
    for (const auto& [where, text] : kCanaries) {
        if (bytes.find(text) != std::string::npos || bytes.find(wide(text)) != std::string::npos) {
            found.insert(where);
        }
    }
    return found;
}

namespace {

/// In pieces that overlap: of others' files some are large.
std::set<std::string> canariesInFile(const fs::path& file) {
    constexpr std::size_t kPiece = 16'777'216;
    constexpr std::size_t kOverlap = 256;
    std::ifstream in(file, std::ios::binary);
    std::set<std::string> found;
    std::string piece;
    while (in) {
        const std::size_t kept = std::min(piece.size(), kOverlap);
        piece.erase(0, piece.size() - kept);
        piece.resize(kept + kPiece);
        in.read(piece.data() + kept, kPiece);
        piece.resize(kept + static_cast<std::size_t>(in.gcount()));
        found.merge(canariesIn(piece));
    }
    return found;
}

}  // namespace

void searchSharedFolders(const fs::path& own, fs::file_time_type began, Findings& findings) {
    // Files and folders come and go meanwhile: what is gone has nothing to hide any more.
    std::vector<fs::path> folders{"/tmp", "/var/tmp", "/dev/shm"};
    while (!folders.empty()) {
        std::error_code gone;
        fs::directory_iterator entry(folders.back(), gone);
        folders.pop_back();
        for (; !gone && entry != fs::directory_iterator(); entry.increment(gone)) {
            std::error_code failed;
            if (entry->is_symlink(failed) || entry->path() == own) {
                continue;
            }
            if (entry->is_directory(failed)) {
                folders.push_back(entry->path());
            } else if (entry->is_regular_file(failed) && entry->last_write_time(failed) >= began &&
                       !failed) {
                if (auto found = canariesInFile(entry->path()); !found.empty()) {
                    findings[entry->path().string()] = std::move(found);
                }
            }
        }
    }
}

void searchNamelessFiles(pid_t process, Findings& findings) {
    for (const auto& entry : fs::directory_iterator("/proc/" + std::to_string(process) + "/fd")) {
        std::error_code gone;
        const std::string target = fs::read_symlink(entry.path(), gone).string();
        // A memfd is memory, as the rest.
        if (gone || !target.ends_with(" (deleted)") || target.starts_with("/memfd:") ||
            !fs::is_regular_file(entry.path(), gone)) {
            continue;
        }
        if (auto found = canariesInFile(entry.path()); !found.empty()) {
            findings[target] = std::move(found);
        }
    }
}

}  // namespace tapport::boothday
