// SPDX-License-Identifier: GPL-3.0-or-later
// What any program on the hub's machine, or a page in its browser, may ask the hub's pages, behind
// the HTTP parser: one line each of target, cookie, host, origin, content type, then the body.
// Every value may be shown: escaped it holds no markup. Who has no password sees a receipt or the
// login, and takes back what he asks for by POST, nothing by GET.
#include "sync/hub/web/html.h"
#include "sync/hub/web/site.h"
#include "sync/ledger/standing.h"
#include "tests/fuzz/support/fuzz.h"
#include "tests/sync/receipt/samples.h"

namespace {

using namespace tapport;
using namespace tapport::hub;
using fuzz::require;

constexpr std::string_view kReceipt = "01010101010101010101010101010101";

std::string_view takeLine(std::string_view& text) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}

void show(std::string_view value) {
    const std::string shown = escapeHtml(value);
    require(shown.size() >= value.size());
    require(shown.find_first_of("<>\"'") == std::string::npos);
}

void show(const Fields& fields) {
    for (const auto& [name, value] : fields) {
        show(name);
        show(value);
    }
}

const event::Event& sampleEvent() {
    static const event::Event kEvent = receipt::samples::event();
    return kEvent;
}

/// Knows one receipt, of a visit; nobody is logged in, so nothing else may be asked.
class OneReceipt final : public Desk {
  public:
    Result<HubStatus> status() override { return refuse<HubStatus>(); }
    Result<LeadPage> leads(const std::optional<record::SubjectId>& /*after*/,
                           std::size_t /*most*/) override {
        return refuse<LeadPage>();
    }
    Result<UnsettledPage> unsettled(const std::optional<record::SubjectId>& /*after*/,
                                    std::size_t /*most*/) override {
        return refuse<UnsettledPage>();
    }
    Result<ExportFile> exportLeads(const std::string& /*by*/) override {
        return refuse<ExportFile>();
    }
    Result<std::vector<ExportEntry>> exports(std::size_t /*most*/) override {
        return refuse<std::vector<ExportEntry>>();
    }
    Result<std::optional<ExportEntry>> findExport(const record::RecordId& /*id*/) override {
        return refuse<std::optional<ExportEntry>>();
    }
    Result<std::vector<QuarantineEntry>> quarantine(const std::optional<std::int64_t>& /*before*/,
                                                    std::size_t /*most*/) override {
        return refuse<std::vector<QuarantineEntry>>();
    }
    Result<Recovered> recover(const std::filesystem::path& /*kioskData*/) override {
        return refuse<Recovered>();
    }
    Result<std::uint64_t> sentThrough(const Sequence& /*sequence*/) override {
        return refuse<std::uint64_t>();
    }
    std::optional<std::string> published(Published /*file*/) override { return std::nullopt; }

    Result<std::optional<ReceiptView>> receipt(const record::ReceiptId& id) override {
        return id.hex() == kReceipt ? std::optional(view()) : std::nullopt;
    }
    Result<std::optional<std::string>> receiptJws(const record::ReceiptId& id) override {
        return id.hex() == kReceipt ? std::optional<std::string>("a.b.c") : std::nullopt;
    }
    Result<std::optional<Withdrawal>> withdraw(const record::ReceiptId& id,
                                               const WithdrawalWish& wish) override {
        ++withdrawals;
        if (id.hex() != kReceipt) {
            return std::nullopt;
        }
        Withdrawal done;
        done.view = view();
        if (wish.scope) {
            // It goes to a page and into a record.
            require(record::isName(wish.scope->purpose.value));
            done.withdrawn = {*wish.scope};
            done.receipt = record::ReceiptId{{5}};
        }
        return std::optional(std::move(done));
    }

    unsigned withdrawals = 0;

  private:
    template <typename T>
    Result<T> refuse() {
        require(false);
        return fail(Code::Internal, "nobody may ask this");
    }
    static ReceiptView view() {
        static const ReceiptView kView = [] {
            ReceiptView made;
            made.unit = receipt::samples::mixedVisit(sampleEvent()).front();
            made.unit.unit.receipt = record::ReceiptId::fromHexText(kReceipt).value();
            made.now.resize(made.unit.unit.consents.size());
            for (const auto& one : made.unit.unit.consents) {
                made.withdrawable.push_back({one.purpose, one.channel});
            }
            return made;
        }();
        return kView;
    }
};

void ask(const HttpRequest& request) {
    OneReceipt desk;
    // Of a password that nobody has, with the least memory and time.
    Gate gate(
        "$argon2id$v=19$m=8,t=1,p=1$/A9QTUxFZr4i4k0T1rnjRA$/"
        "wz7aiyr3wENCuCZc1EXbeAt0q3s0nZ2ZCBH4dpj7ek");
    Site site(desk, sampleEvent(), gate, [] { return Gate::Time(); });
    const HttpResponse response = site.answer(request);
    require(response.status >= 200 && response.status < 600);
    require(desk.withdrawals <= (request.method == HttpMethod::Post ? 1U : 0U));
    for (const auto& [name, value] : response.headers) {
        require(value.find_first_of("\r\n") == std::string::npos);
    }
}

std::vector<Bytes> seeds() {
    const std::string page = "/r/" + std::string(kReceipt);
    return {
        fuzz::bytesOf("/r/" + std::string(kReceipt) +
                      "?a=%20b+c&d\ntapport_session=a; b=c\nlocalhost\n\n\n"),
        fuzz::bytesOf(page + ".jws\n\n\n\n\n"),
        fuzz::bytesOf(
            page + "/withdraw\n\nlocalhost\nhttp://localhost\napplication/x-www-form-urlencoded\n"
                   "purpose=newsletter&channel=email"),
        fuzz::bytesOf(page + "/withdraw\n\n\n\n\nall=yes"),
        fuzz::bytesOf(page + "/withdraw?purpose=newsletter&channel=email\n\n\n\nmultipart/"
                             "form-data; boundary=\"b\"\n"
                             "--b\r\nContent-Disposition: form-data; "
                             "name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n"),
        fuzz::bytesOf(
            "/login\ntapport_login=t\nlocalhost\nhttp://localhost\n\ncsrf=t&password=wrong"),
        fuzz::bytesOf("/quarantine?before=7\n\n\n\n\n"),
        fuzz::bytesOf("/keys.json\n\n\n\n\n")};
}

}  // namespace

TAPPORT_FUZZ_SEEDS(seeds)

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // A copy: a read behind it is seen.
    const std::string input(reinterpret_cast<const char*>(data), size);
    std::string_view rest = input;
    HttpParts parts;
    parts.target = takeLine(rest);
    parts.cookie = takeLine(rest);
    parts.host = takeLine(rest);
    parts.origin = takeLine(rest);
    parts.contentType = takeLine(rest);
    parts.body = rest;
    for (const HttpMethod method : {HttpMethod::Get, HttpMethod::Post}) {
        parts.method = method;
        const auto request = requestFrom(parts);
        if (!request) {
            continue;
        }
        require(request->path.find('?') == std::string::npos);
        require(method == HttpMethod::Post || request->form.empty());
        show(request->path);
        show(request->query);
        show(request->form);
        show(request->cookies);
        ask(*request);
    }
    return 0;
}
