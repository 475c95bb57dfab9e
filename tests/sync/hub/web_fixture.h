// SPDX-License-Identifier: GPL-3.0-or-later
// The hub's pages over real HTTP with a desk that a test fills, and curl as the browser.
#pragma once

#include "sync/hub/web/http_server.h"
#include "sync/hub/web/site.h"
#include "tests/support/child_process.h"
#include "tests/support/temp_dir.h"
#include "tests/sync/hub/example_answers.h"

#include <mutex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tapport::hub {

inline constexpr const char* kPassword = "correct horse";
inline const std::string& passwordHash() {
    static const std::string kHash = [] {
        (void)seal::initialise();
        return seal::hashPassword(kPassword).value();
    }();
    return kHash;
}

/// Of one person who said yes to being called back by e-mail, and talked once.
inline LeadPage leadWith(const event::Event& event, const record::Contact& contact,
                         const std::string& note) {
    const ledger::Suppressions nobody{ledger::SuppressionKey{}};
    const auto unit = samples::visitFor(
        event, 1, 1, {{"sales-follow-up", record::Channel::Email, record::ConsentState::Given}});
    ledger::ConsentLedger ledger(event, nobody,
                                 {samples::subject(1),
                                  {{contact, {unit.unit.consents[0].id}}},
                                  {samples::conversation(5, note)}});
    ledger.add({unit.unit.consents[0], samples::kKiosk});
    LeadPage page;
    for (auto& lead : ledger.releaseAll(record::TrustedNow(samples::clockAt(samples::kNow)))) {
        page.leads.push_back({std::move(lead), {}});
    }
    EXPECT_EQ(page.leads.size(), 1U);
    return page;
}

/// Answers with what a test put in; the server's thread asks while the test's own puts.
class FakeDesk final : public Desk {
  public:
    struct Answers {
        HubStatus status;
        LeadPage leads;
        std::vector<QuarantineEntry> quarantine;
        std::optional<ReceiptView> receipt{};
        std::optional<ExportEntry> exported{};
        UnsettledPage unsettled{};
        bool isFull = false;
    };
    void put(Answers answers) {
        const std::lock_guard lock(mutex_);
        answers_ = std::move(answers);
    }

    Result<HubStatus> status() override { return answers().status; }
    Result<LeadPage> leads(const std::optional<record::SubjectId>&, std::size_t) override {
        return answers().leads;
    }
    Result<UnsettledPage> unsettled(const std::optional<record::SubjectId>&, std::size_t) override {
        return answers().unsettled;
    }
    Result<ExportFile> exportLeads(const std::string& by) override {
        ExportFile file;
        file.id = samples::recordId(7);
        file.csv = "subject\r\n" + by;
        return file;
    }
    Result<std::vector<ExportEntry>> exports(std::size_t) override {
        const auto entry = answers().exported;
        return entry ? std::vector{*entry} : std::vector<ExportEntry>{};
    }
    Result<std::optional<ExportEntry>> findExport(const record::RecordId& id) override {
        const auto entry = answers().exported;
        return entry && entry->id == id ? entry : std::nullopt;
    }
    Result<std::optional<ReceiptView>> receipt(const record::ReceiptId& id) override {
        const auto view = answers().receipt;
        return view && view->unit.unit.receipt == id ? view : std::nullopt;
    }
    Result<std::optional<std::string>> receiptJws(const record::ReceiptId& id) override {
        return *receipt(id) ? std::optional<std::string>("a.b.c\n") : std::nullopt;
    }
    Result<std::optional<Withdrawal>> withdraw(const record::ReceiptId& id,
                                               const WithdrawalWish& wish) override {
        const std::lock_guard lock(mutex_);
        auto& view = answers_.receipt;
        if (!view || view->unit.unit.receipt != id) {
            return std::nullopt;
        }
        if (answers_.isFull) {
            return fail(Code::StorageFull, "take records");
        }
        wishes_.push_back(wish);
        Withdrawal done;
        for (const ledger::Scope& scope : view->withdrawable) {
            if (!wish.scope || *wish.scope == scope) {
                done.withdrawn.push_back(scope);
                done.receipt = record::ReceiptId{{5}};
            }
        }
        std::erase_if(view->withdrawable, [&](const ledger::Scope& scope) {
            return !wish.scope || *wish.scope == scope;
        });
        done.view = *view;
        return std::optional(std::move(done));
    }
    std::vector<WithdrawalWish> wishes() {
        const std::lock_guard lock(mutex_);
        return wishes_;
    }
    Result<std::uint64_t> sentThrough(const Sequence&) override { return 0; }
    Result<Recovered> recover(const std::filesystem::path& /*kioskData*/) override {
        return fail(Code::NotFound, "no kiosk's data");
    }
    std::optional<std::string> published(Published file) override {
        return file == Published::Keys ? std::optional<std::string>("{\"keys\":[]}\n")
                                       : std::nullopt;
    }
    Result<std::vector<QuarantineEntry>> quarantine(const std::optional<std::int64_t>&,
                                                    std::size_t) override {
        return answers().quarantine;
    }

  private:
    Answers answers() {
        const std::lock_guard lock(mutex_);
        return answers_;
    }

    std::mutex mutex_;
    Answers answers_;
    std::vector<WithdrawalWish> wishes_;
};

/// A browser with a cookie jar against a real server.
class Web : public testing::Test {
  protected:
    std::string curl(std::vector<std::string> arguments) const {
        std::vector<std::string> all{"curl",         "--silent",     "--include", "--max-time",
                                     "15",           "--path-as-is", "--cookie",  jar(),
                                     "--cookie-jar", jar()};
        all.insert(all.end(), arguments.begin(), arguments.end());
        return support::run(all).out;
    }
    std::string get(const std::string& path) const { return curl({url(path)}); }
    std::string post(const std::string& path, const std::string& form) const {
        return curl({"--data", form, url(path)});
    }
    std::string url(const std::string& path) const {
        return "http://127.0.0.1:" + std::to_string(server_->port()) + path;
    }
    std::string jar() const { return (dir_ / "cookies").string(); }
    static std::string csrfIn(const std::string& page) {
        const std::string before = "name=\"csrf\" value=\"";
        const std::size_t at = page.find(before);
        EXPECT_NE(at, std::string::npos);
        return page.substr(at + before.size(), 43);
    }
    std::string logIn(const std::string& password) const {
        return post("/login", "csrf=" + csrfIn(get("/login")) + "&password=" + password);
    }

    support::TempDir dir_;
    FakeDesk desk_;
    event::Event event_ = samples::exampleEvent();
    Gate gate_{passwordHash()};
    // It stands: how often somebody may guess must not depend on how busy the machine is.
    Site site_{desk_, event_, gate_, [now = std::chrono::steady_clock::now()] { return now; }};
    std::unique_ptr<HttpServer> server_ = HttpServer::listen(0, [this](const HttpRequest& request) {
                                              return site_.answer(request);
                                          }).value();
};

}  // namespace tapport::hub
