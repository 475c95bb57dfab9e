// SPDX-License-Identifier: GPL-3.0-or-later
// Two kiosks, a real broker, a real hub, and Ada, whom both may meet.
#pragma once

#include "tests/journey/downstream/booth_kiosk.h"
#include "tests/support/child_process.h"
#include "tests/support/wait_until.h"

#include <fstream>

#include <gtest/gtest.h>

namespace tapport::journey {

inline const record::KioskId kOther{"kiosk-2"};
inline constexpr const char* kToken = "Zm9vYmFyYmF6cXV4MTIzNA";
inline const record::Contact kAda{"Ada Example", "Example Works", "ada@example.com", "+4930123456",
                                  ""};

class TwoKiosks : public testing::Test {
  protected:
    TwoKiosks() {
        const receipt::SigningKeys otherKeys = receipt::makeSigningKeys();
        site_.publish(
            {{hub::samples::kKiosk, site_.kioskKeys().publicKey}, {kOther, otherKeys.publicKey}});
        site_.startHub();
        one_.emplace(site_, hub::samples::kKiosk, site_.kioskKeys());
        two_.emplace(site_, kOther, otherKeys);
    }
    /// Ada says yes to everything, with what her badge says of her.
    void sayYesAtOne() {
        one_->tap(kToken, kAda);
        one_->press(visit::AnswerAll{});
        one_->press(visit::Confirm{});
        ASSERT_EQ(one_->view().screen, visit::Screen::Saved);
    }
    /// What the kiosk knows of Ada, as soon as `isSo`.
    template <typename Is>
    static bool comesToKnow(BoothKiosk& kiosk, Is isSo) {
        return support::waitUntil([&] {
            const store::Memory memory = kiosk.recall(kToken);
            return memory.entry && isSo(memory);
        });
    }
    /// A page, as a browser that keeps its cookies gets it, with what else curl is told.
    std::string browse(std::vector<std::string> what) {
        const std::string jar = site_.path("cookies").string();
        what.front() = site_.url() + what.front();
        what.insert(what.begin(),
                    {"curl", "--silent", "--location", "--cookie", jar, "--cookie-jar", jar});
        return support::run(what).out;
    }
    std::string logIn() {
        const std::string page = browse({"/login"});
        const std::string before = "name=\"csrf\" value=\"";
        const std::string csrf = page.substr(page.find(before) + before.size(), 43);
        return browse({"/login", "--data-urlencode", "csrf=" + csrf, "--data-urlencode",
                       std::string("password=") + kPassword});
    }
    /// Rows of the export, but its header.
    std::size_t exportedRows() {
        const auto exported = site_.command({"export", "--out", site_.path("leads.csv").string()});
        EXPECT_EQ(exported.status, 0) << exported.err;
        std::ifstream in(site_.path("leads.csv"));
        std::size_t rows = 0;
        for (std::string line; std::getline(in, line); ++rows) {
        }
        return rows - 1;
    }

    HubSite site_;
    std::optional<BoothKiosk> one_;
    std::optional<BoothKiosk> two_;
};

inline bool isAllYes(const store::Memory& memory) {
    return !memory.entry->decisions.empty() &&
           std::all_of(memory.entry->decisions.begin(), memory.entry->decisions.end(),
                       [](const auto& decision) { return record::isYes(decision.state); });
}

inline bool isAllTakenBack(const store::Memory& memory) {
    return !memory.entry->decisions.empty() &&
           std::none_of(memory.entry->decisions.begin(), memory.entry->decisions.end(),
                        [](const auto& decision) { return record::isYes(decision.state); });
}

}  // namespace tapport::journey
