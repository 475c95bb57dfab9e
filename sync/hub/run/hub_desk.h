// SPDX-License-Identifier: GPL-3.0-or-later
// Answers what people ask, from the store and on the store's thread.
#pragma once

#include "sync/hub/export/desk.h"
#include "sync/hub/opener/opener.h"

namespace tapport::hub {

class HubDesk final : public Desk {
  public:
    /// Runs work where the store may be called, and returns when it is done.
    using Run = std::function<void(const std::function<void()>&)>;

    using Now = std::function<record::TrustedNow()>;

    /// All must outlive it.
    HubDesk(Store& store, UnitOpener& opener, const event::Event& event, Now now, Run run)
        : store_(store),
          opener_(opener),
          event_(event),
          now_(std::move(now)),
          run_(std::move(run)) {}

    Result<HubStatus> status() override;
    Result<LeadPage> leads(const std::optional<record::SubjectId>& after,
                           std::size_t most) override;
    Result<std::string> exportCsv() override;
    Result<std::vector<QuarantineEntry>> quarantine(const std::optional<std::int64_t>& before,
                                                    std::size_t most) override;

  private:
    template <typename Body>
    auto onStore(Body body) -> decltype(body()) {
        std::optional<decltype(body())> result;
        run_([&] { result.emplace(body()); });
        return std::move(*result);
    }

    Store& store_;
    UnitOpener& opener_;
    const event::Event& event_;
    Now now_;
    Run run_;
};

}  // namespace tapport::hub
