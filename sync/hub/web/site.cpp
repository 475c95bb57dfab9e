// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/web/site.h"

#include "sync/hub/web/pages.h"
#include "sync/hub/web/receipt_page.h"
#include "sync/hub/web/style.h"

#include <charconv>

namespace tapport::hub {
namespace {

constexpr const char* kSessionCookie = "tapport_session";
constexpr const char* kLoginCookie = "tapport_login";
constexpr std::size_t kRowsAPage = 50;
constexpr std::string_view kReceipts = "/r/";
constexpr std::string_view kWithdraw = "/withdraw";
constexpr std::string_view kManifests = "/exports/";
/// Longer than looking one up takes: an id that is known answers no later than one that is not.
constexpr std::chrono::milliseconds kReceiptAnswer{100};

bool startsWith(std::string_view text, std::string_view prefix) {
    return text.substr(0, prefix.size()) == prefix;
}

std::string cookie(const std::string& name, const std::string& value) {
    return name + "=" + value + "; Path=/; HttpOnly; SameSite=Strict";
}

std::string field(const Fields& fields, std::string_view name) {
    const auto found = fields.find(name);
    return found == fields.end() ? std::string() : found->second;
}

HttpResponse html(int status, std::string body) {
    HttpResponse response;
    response.status = status;
    response.body = std::move(body);
    return response;
}

HttpResponse problem(const Error& error) {
    return html(500, plainPage("The hub could not answer", adviceFor(error.code)));
}

HttpResponse refusedWithdrawal(int status, std::string body) {
    HttpResponse response = html(status, std::move(body));
    response.headers.emplace_back("Retry-After", "60");
    return response;
}

/// "/r/<id>/withdraw": where the page's forms go, and what a mail names in its List-Unsubscribe.
bool isWithdrawal(std::string_view path) {
    return path.size() > kReceipts.size() + kWithdraw.size() && startsWith(path, kReceipts) &&
           path.substr(path.size() - kWithdraw.size()) == kWithdraw;
}

/// What a form, or a mail program, asks to be taken back; nothing for what no form of ours sends.
std::optional<WithdrawalWish> wishOf(const HttpRequest& request) {
    // RFC 8058: one click means this very list, where the address says which one it is.
    const bool isOneClick = field(request.form, "List-Unsubscribe") == "One-Click";
    const Fields& said = isOneClick ? request.query : request.form;
    WithdrawalWish wish;
    wish.method = isOneClick ? record::Method::OneClick : record::Method::ReceiptLink;
    const std::string purpose = field(said, "purpose");
    if (purpose.empty()) {
        return isOneClick || field(said, "all") == "yes" ? std::optional(wish) : std::nullopt;
    }
    const auto channel = record::channelNamed(field(said, "channel"));
    if (!record::isName(purpose) || !channel) {
        return std::nullopt;
    }
    wish.scope = ledger::Scope{{purpose}, *channel};
    return wish;
}

/// A form of another site cannot be sent here: browsers name the origin of every POST.
bool isSameOrigin(const HttpRequest& request) {
    const std::size_t scheme = request.origin.find("://");
    return request.origin.empty() ||
           (scheme != std::string::npos && request.origin.substr(scheme + 3) == request.host);
}

}  // namespace

HttpResponse Site::answer(const HttpRequest& request) {
    HttpResponse response = route(request);
    const auto add = [&](const char* name, const char* value) {
        response.headers.emplace_back(name, value);
    };
    add("Content-Security-Policy",
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'");
    add("X-Content-Type-Options", "nosniff");
    // Nothing for other sites. With "no-referrer" browsers would send our own forms as "Origin:
    // null", which isSameOrigin() refuses.
    add("Referrer-Policy", "same-origin");
    add("Cache-Control", "no-store");
    add("X-Robots-Tag", "noindex, nofollow");
    return response;
}

HttpResponse Site::route(const HttpRequest& request) {
    if (request.method == HttpMethod::Other) {
        return html(405, plainPage("Not allowed", "These pages know GET and POST only."));
    }
    const auto session = gate_.find(field(request.cookies, kSessionCookie), clock_());
    if (request.method == HttpMethod::Post && isWithdrawal(request.path)) {
        std::string_view name = std::string_view(request.path).substr(kReceipts.size());
        name.remove_suffix(kWithdraw.size());
        HttpResponse response = withdraw(request, name);
        response.earliest = kReceiptAnswer;
        return response;
    }
    if (request.method == HttpMethod::Post) {
        return post(request, session);
    }
    if (request.path == "/style.css") {
        return {200, "text/css; charset=utf-8", kStyle};
    }
    if (startsWith(request.path, kReceipts)) {
        std::string_view name = std::string_view(request.path).substr(kReceipts.size());
        if (isWithdrawal(request.path)) {
            name.remove_suffix(kWithdraw.size());  // who only follows the address sees the page
        }
        HttpResponse response = receipt(name);
        response.earliest = kReceiptAnswer;
        return response;
    }
    if (request.path == "/keys.json" || request.path == "/notices.json") {
        return published(request.path == "/keys.json" ? Published::Keys : Published::Notices);
    }
    if (request.path == "/login") {
        return session ? redirectTo("/") : loginForm(200, "");
    }
    return session ? page(request, *session) : redirectTo("/login");
}

HttpResponse Site::page(const HttpRequest& request, const Gate::Session& session) {
    if (request.path == "/") {
        return overview(session);
    }
    if (request.path == "/leads") {
        return leads(request, session);
    }
    if (request.path == "/leads.csv") {
        return leadsFile();
    }
    if (request.path == "/reconfirm") {
        return reconfirm(request, session);
    }
    if (request.path == "/exports") {
        return exports(session);
    }
    if (startsWith(request.path, kManifests)) {
        return manifest(std::string_view(request.path).substr(kManifests.size()));
    }
    if (request.path == "/quarantine") {
        return quarantine(request, session);
    }
    return html(404, plainPage("Not found", "There is no such page."));
}

HttpResponse Site::post(const HttpRequest& request, const std::optional<Gate::Session>& session) {
    if (!isSameOrigin(request)) {
        return html(403, plainPage("Refused", "The form came from another site."));
    }
    if (request.path == "/login") {
        return logIn(request);
    }
    if (request.path == "/logout") {
        if (!session || !Gate::equal(field(request.form, "csrf"), session->csrf)) {
            return html(403, plainPage("Refused", "Load the page again and repeat."));
        }
        gate_.close(session->token);
        HttpResponse response = redirectTo("/login");
        response.headers.emplace_back("Set-Cookie", cookie(kSessionCookie, "") + "; Max-Age=0");
        return response;
    }
    return html(404, plainPage("Not found", "There is no such page."));
}

HttpResponse Site::loginForm(int status, std::string_view problem) const {
    // Before a session exists, the form's token is compared with a cookie that only this page set.
    const std::string token = Gate::randomToken();
    HttpResponse response = html(status, loginPage(event_, token, problem));
    response.headers.emplace_back("Set-Cookie", cookie(kLoginCookie, token));
    return response;
}

HttpResponse Site::logIn(const HttpRequest& request) {
    const std::string expected = field(request.cookies, kLoginCookie);
    if (expected.empty() || !Gate::equal(expected, field(request.form, "csrf"))) {
        return loginForm(403, "The page was open too long. Please try again.");
    }
    std::optional<Gate::Session> session;
    switch (gate_.tryPassword(field(request.form, "password"), clock_(), session)) {
        case Gate::Attempt::TooMany:
            return loginForm(429, "Too many wrong passwords. Wait a minute.");
        case Gate::Attempt::Refused:
            return loginForm(401, "This is not the password.");
        case Gate::Attempt::Granted:
            break;
    }
    HttpResponse response = redirectTo("/");
    response.headers.emplace_back("Set-Cookie", cookie(kSessionCookie, session->token));
    response.headers.emplace_back("Set-Cookie", cookie(kLoginCookie, "") + "; Max-Age=0");
    return response;
}

HttpResponse Site::overview(const Gate::Session& session) {
    const auto status = desk_.status();
    if (!status) {
        return problem(status.error());
    }
    return html(200, overviewPage({event_, session.csrf}, *status));
}

HttpResponse Site::leads(const HttpRequest& request, const Gate::Session& session) {
    const std::string after = field(request.query, "after");
    const auto subject = record::SubjectId::fromHexText(after);
    if (!after.empty() && !subject) {
        return html(400, plainPage("Not understood", "This is no address of a page of leads."));
    }
    const auto leads = desk_.leads(subject, kRowsAPage);
    if (!leads) {
        return problem(leads.error());
    }
    return html(200, leadsPage({event_, session.csrf}, *leads));
}

HttpResponse Site::leadsFile() {
    auto file = desk_.exportLeads("administrator");
    if (!file) {
        return problem(file.error());
    }
    HttpResponse response{200, "text/csv; charset=utf-8", std::move(file->csv)};
    response.headers.emplace_back("Content-Disposition",
                                  "attachment; filename=\"" + event_.id.value + "-leads.csv\"");
    response.headers.emplace_back(
        "Link",
        "<" + std::string(kManifests) + record::uuidText(file->id) + ">; rel=\"describedby\"");
    return response;
}

HttpResponse Site::reconfirm(const HttpRequest& request, const Gate::Session& session) {
    const std::string after = field(request.query, "after");
    const auto subject = record::SubjectId::fromHexText(after);
    if (!after.empty() && !subject) {
        return html(400, plainPage("Not understood", "This is no address of a page."));
    }
    const auto page = desk_.unsettled(subject, kRowsAPage);
    if (!page) {
        return problem(page.error());
    }
    return html(200, reconfirmPage({event_, session.csrf}, *page));
}

HttpResponse Site::exports(const Gate::Session& session) {
    const auto entries = desk_.exports(kRowsAPage);
    if (!entries) {
        return problem(entries.error());
    }
    return html(200, exportsPage({event_, session.csrf}, *entries));
}

HttpResponse Site::manifest(std::string_view id) {
    std::string digits(id);
    digits.erase(std::remove(digits.begin(), digits.end(), '-'), digits.end());
    const auto record = record::RecordId::fromHexText(digits);
    const auto entry =
        record ? desk_.findExport(*record) : Result<std::optional<ExportEntry>>(std::nullopt);
    if (!entry) {
        return problem(entry.error());
    }
    if (!*entry) {
        return html(404, plainPage("Not found", "There is no such export."));
    }
    return {200, "application/json", (*entry)->manifest};
}

HttpResponse Site::receipt(std::string_view name) {
    constexpr std::string_view kJws = ".jws";
    const bool isJws = name.size() > kJws.size() && name.substr(name.size() - kJws.size()) == kJws;
    if (isJws) {
        name.remove_suffix(kJws.size());
    }
    const auto id = record::ReceiptId::fromHexText(name);
    if (!id) {
        return html(404, unknownReceiptPage(event_));
    }
    if (isJws) {
        auto jws = desk_.receiptJws(*id);
        if (!jws) {
            return problem(jws.error());
        }
        return *jws ? HttpResponse{200, "application/jose", std::move(**jws)}
                    : html(404, unknownReceiptPage(event_));
    }
    const auto view = desk_.receipt(*id);
    if (!view) {
        return problem(view.error());
    }
    return *view ? html(200, receiptPage(event_, **view)) : html(404, unknownReceiptPage(event_));
}

/// From anywhere: who has the id may do this, and who has not gains nothing by a form elsewhere.
HttpResponse Site::withdraw(const HttpRequest& request, std::string_view name) {
    const auto id = record::ReceiptId::fromHexText(name);
    if (!id) {
        return html(404, unknownReceiptPage(event_));
    }
    if (brake_.isTooOften(*id, clock_())) {
        return refusedWithdrawal(429, withdrawalPage(event_, WithdrawalTrouble::TooOften));
    }
    const auto wish = wishOf(request);
    if (!wish) {
        return receipt(name);
    }
    const auto done = desk_.withdraw(*id, *wish);
    if (!done) {
        return refusedWithdrawal(503, withdrawalPage(event_, WithdrawalTrouble::NotTaken));
    }
    if (!*done) {
        return html(404, unknownReceiptPage(event_));
    }
    brake_.note(*id, clock_());
    return html(200, withdrawalPage(event_, **done));
}

HttpResponse Site::published(Published file) {
    auto text = desk_.published(file);
    return text ? HttpResponse{200, "application/json", std::move(*text)}
                : html(404, plainPage("Not found", "Nothing has been published yet."));
}

HttpResponse Site::quarantine(const HttpRequest& request, const Gate::Session& session) {
    const std::string text = field(request.query, "before");
    std::optional<std::int64_t> before;
    if (!text.empty()) {
        std::int64_t number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error != std::errc() || end != text.data() + text.size()) {
            return html(400, plainPage("Not understood", "This is no address of a page."));
        }
        before = number;
    }
    const auto entries = desk_.quarantine(before, kRowsAPage);
    if (!entries) {
        return problem(entries.error());
    }
    return html(200, quarantinePage({event_, session.csrf}, *entries, kRowsAPage));
}

}  // namespace tapport::hub
