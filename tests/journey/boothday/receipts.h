// SPDX-License-Identifier: GPL-3.0-or-later
// What attendees of the day carry home: the link that their phone read from the kiosk's screen, and
// the full receipt that the hub's page gives for it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace tapport::boothday {

class Receipts {
  public:
    /// `dir` is made; it gets one .link file for each picture that is read, later one .jws.
    explicit Receipts(std::filesystem::path dir);

    /// Reads the QR code of a screen as a phone's camera would, and keeps the picture beside it.
    /// `kind`: yes, no or withdrawal. Throws when there is none that can be read.
    void read(const std::string& kind, const std::filesystem::path& picture);
    /// Once the hub has everything: fetches each full receipt from its page.
    void fetch(const std::string& hubUrl) const;
    /// Verifies links and full receipts with `tapport receipt verify`; gives what is wrong.
    [[nodiscard]] std::vector<std::string> audit(const std::filesystem::path& keys,
                                                 const std::filesystem::path& event) const;
    [[nodiscard]] const std::filesystem::path& dir() const { return dir_; }
    [[nodiscard]] std::size_t count() const { return taken_.size(); }
    /// The link file of the first; there must be one.
    [[nodiscard]] std::filesystem::path firstLink() const {
        return taken_.front().stem.string() + ".link";
    }

  private:
    struct Taken {
        std::filesystem::path stem;  ///< of both files: "dir/07-withdrawal"
        std::string id;              ///< 32 hex digits
    };

    std::filesystem::path dir_;
    std::vector<Taken> taken_;
};

}  // namespace tapport::boothday
