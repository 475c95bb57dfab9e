// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/journey/boothday/receipts.h"

#include "tests/support/child_process.h"
#include "tests/support/temp_dir.h"

#include <stdexcept>

#include <fmt/format.h>

namespace tapport::boothday {
namespace {

namespace fs = std::filesystem;

std::string runOrThrow(const std::string& purpose, const std::vector<std::string>& command) {
    const support::Finished finished = support::run(command);
    if (finished.status != 0) {
        throw std::runtime_error(fmt::format("{}: {} ended with {}: {}", purpose, command.front(),
                                             finished.status, finished.err));
    }
    return finished.out;
}

/// The id in ".../r/<id>#<jws>".
std::string idIn(const std::string& link) {
    const std::size_t fragment = link.find('#');
    const std::size_t page = link.rfind("/r/", fragment);
    if (fragment == std::string::npos || page == std::string::npos || fragment - page != 35) {
        throw std::runtime_error("the QR code holds no receipt link");
    }
    return link.substr(page + 3, 32);
}

}  // namespace

Receipts::Receipts(fs::path dir) : dir_(std::move(dir)) {
    fs::create_directories(dir_);
}

void Receipts::read(const std::string& kind, const fs::path& picture) {
    std::string link = runOrThrow("reading a receipt's QR code",
                                  {"zbarimg", "--nodbus", "--quiet", "--raw", "--oneshot",
                                   "-Sdisable", "-Sqrcode.enable", picture.string()});
    link.erase(link.find_last_not_of("\r\n") + 1);
    Taken taken{dir_ / fmt::format("{:02}-{}", taken_.size() + 1, kind), idIn(link)};
    support::writeFile(taken.stem.string() + ".link", link + "\n");
    fs::rename(picture, taken.stem.string() + ".png");
    taken_.push_back(std::move(taken));
}

void Receipts::fetch(const std::string& hubUrl) const {
    for (const Taken& taken : taken_) {
        const std::string url = fmt::format("{}/r/{}.jws", hubUrl, taken.id);
        runOrThrow("fetching a receipt", {"curl", "--silent", "--show-error", "--fail", "--output",
                                          taken.stem.string() + ".jws", url});
    }
}

std::vector<std::string> Receipts::audit(const fs::path& keys, const fs::path& event) const {
    std::vector<std::string> findings;
    for (const Taken& taken : taken_) {
        for (const char* form : {".link", ".jws"}) {
            const std::string file = taken.stem.string() + form;
            const support::Finished verified =
                support::run({support::program("tapport"), "receipt", "verify", file, "--keys",
                              keys.string(), "--event", event.string()});
            if (verified.status != 0) {
                findings.push_back(
                    fmt::format("receipt {}: {}{}", file, verified.out, verified.err));
            }
        }
    }
    return findings;
}

}  // namespace tapport::boothday
