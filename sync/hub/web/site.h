// SPDX-License-Identifier: GPL-3.0-or-later
// The pages: which address shows what, and to whom. Attendees see their receipt by its id alone,
// and take back there what they said yes to, by POST only: whatever looks at links before a person
// does must not answer for them. Everything else is behind the password. Works without JavaScript.
// Knows no HTTP library. Not thread-safe: the server's one worker calls it.
#pragma once

#include "sync/event/event.h"
#include "sync/hub/export/desk.h"
#include "sync/hub/web/brake.h"
#include "sync/hub/web/gate.h"
#include "sync/hub/web/http.h"

namespace tapport::hub {

class Site {
  public:
    using Clock = std::function<Gate::Time()>;

    /// `desk`, `event` and `gate` must outlive it. The gate may serve another site after this one:
    /// who is logged in stays so.
    Site(Desk& desk, const event::Event& event, Gate& gate, Clock clock)
        : desk_(desk), event_(event), gate_(gate), clock_(std::move(clock)) {}

    [[nodiscard]] HttpResponse answer(const HttpRequest& request);

  private:
    HttpResponse route(const HttpRequest& request);
    HttpResponse post(const HttpRequest& request, const std::optional<Gate::Session>& session);
    HttpResponse page(const HttpRequest& request, const Gate::Session& session);
    HttpResponse logIn(const HttpRequest& request);
    HttpResponse loginForm(int status, std::string_view problem) const;
    HttpResponse overview(const Gate::Session& session);
    HttpResponse leads(const HttpRequest& request, const Gate::Session& session);
    HttpResponse leadsFile();
    HttpResponse reconfirm(const HttpRequest& request, const Gate::Session& session);
    HttpResponse exports(const Gate::Session& session);
    HttpResponse manifest(std::string_view id);
    HttpResponse receipt(std::string_view name);
    HttpResponse withdraw(const HttpRequest& request, std::string_view name);
    HttpResponse published(Published file);
    HttpResponse quarantine(const HttpRequest& request, const Gate::Session& session);

    Desk& desk_;
    const event::Event& event_;
    Gate& gate_;
    Clock clock_;
    Brake brake_;
};

}  // namespace tapport::hub
