// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/receipt/explain.h"

#include "sync/receipt/describe.h"
#include "sync/receipt/json_text.h"
#include "sync/receipt/jws.h"
#include "sync/receipt/profile.h"

#include <fmt/core.h>

namespace tapport::receipt {
namespace {

/// What every kind of receipt says, in one form.
struct Statement {
    ReceiptKind kind = ReceiptKind::Unknown;
    record::EventId event;
    record::KioskId kiosk;
    record::Epoch epoch;
    std::vector<std::uint64_t> seqs;
    record::ReceiptId id;
    std::string language;
    std::vector<Decision> decisions;  ///< of a full receipt: with what notices are found by
    std::string text;
};

constexpr std::string_view kSpace = " \t\r\n";

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(kSpace);
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

/// The part of `<address>/r/<id>#<JWS>` that is not signed.
struct Link {
    std::string_view address;
    record::ReceiptId id;
};

/// Nothing when the text before '#' is no such link.
std::optional<Link> readLink(std::string_view link) {
    constexpr std::string_view kFolder = "/r/";
    const std::size_t folder = link.rfind(kFolder);
    if (folder == std::string_view::npos) {
        return std::nullopt;
    }
    const auto id = record::ReceiptId::fromHexText(link.substr(folder + kFolder.size()));
    return id ? std::optional(Link{link.substr(0, folder), *id}) : std::nullopt;
}

/// What is in the way of reading it, and what to do; empty when nothing is.
std::string obstacleIn(std::string_view receipt) {
    if (receipt.find_first_of(kSpace) != std::string_view::npos) {
        return "it is more than one word: take out the spaces and line breaks, and whatever does "
               "not belong to the link or the JWS";
    }
    const std::size_t mark = receipt.find('#');
    if (mark == std::string_view::npos && receipt.starts_with("https://")) {
        return "the link has nothing behind a #, where the receipt stands: scan or copy it again "
               "as a whole";
    }
    if (mark != std::string_view::npos && !readLink(receipt.substr(0, mark))) {
        return "the link does not end in /r/ and 32 hexadecimal digits before the #";
    }
    return {};
}

Result<Statement> readSummary(const std::string& payload, const Trust& trust,
                              std::string_view language) {
    auto summary = parseSummary(payload);
    if (!summary) {
        return tl::unexpected(summary.error().in("the receipt is not well-formed"));
    }
    Statement statement{ReceiptKind::Summary,
                        summary->event,
                        summary->kiosk,
                        summary->epoch,
                        summary->seqs,
                        summary->id,
                        summary->language,
                        {},
                        {}};
    statement.text =
        describe(*summary, trust.notices, language.empty() ? summary->language : language);
    statement.decisions = std::move(summary->decisions);
    return statement;
}

/// nlohmann throws where a member is missing or of another type; stops here.
Statement readFullMembers(const Json& receipt) {
    const Json& witness = receipt.at("tapport:witness");
    const Json& record = receipt.at("dct:hasPart");
    Statement statement;
    statement.kind = ReceiptKind::Full;
    statement.event = {record.at("dpv:hasService").at("dct:identifier").get<std::string>()};
    statement.kiosk = {witness.at("tapport:kiosk").get<std::string>()};
    statement.epoch =
        record::Epoch::fromHexText(witness.at("tapport:epoch").get<std::string>()).value();
    statement.seqs = {witness.at("tapport:seq").get<std::uint64_t>()};
    statement.id =
        record::ReceiptId::fromHexText(receipt.at("dct:identifier").get<std::string>()).value();
    statement.language = receipt.at("dct:language").get<std::string>();
    statement.text = receipt.at("dct:description").get<std::string>();
    for (const Json& process : record.at("dpv:hasProcess")) {
        const Json& notice = process.at("dpv:hasNotice");
        Decision decision;
        decision.purpose = {process.at("dpv:hasPurpose").at("dct:identifier").get<std::string>()};
        decision.channel =
            record::channelNamed(process.at("tapport:channel").get<std::string>()).value();
        decision.notice =
            markOf(record::NoticeHash::fromHexText(notice.at("tapport:sha256").get<std::string>())
                       .value());
        statement.decisions.push_back(decision);
    }
    return statement;
}

Result<Statement> readFull(const std::string& payload) {
    const auto receipt = parseCanonical(payload);
    if (!receipt) {
        return tl::unexpected(receipt.error().in("the receipt is not well-formed"));
    }
    try {
        return readFullMembers(*receipt);
    } catch (const std::exception&) {  // Json::exception, bad_optional_access
        return fail(Code::InvalidInput, "the receipt is not well-formed: a member is missing");
    }
}

/// A full receipt is JSON-LD and says so in its first member.
bool looksFull(std::string_view payload) {
    return payload.starts_with(R"({"@context":)");
}

/// True when these words are published: they are the current ones, or an earlier version's. The
/// mark stands for a language, too.
bool isPublished(const Decision& decision, const event::Event& event) {
    if (decision.purpose.value == record::kEveryPurpose || noticeShown(decision, event)) {
        return true;
    }
    const event::Ask* const ask = event.find(decision.purpose, decision.channel);
    if (!ask) {
        return false;
    }
    return std::any_of(ask->earlierNotices.begin(), ask->earlierNotices.end(),
                       [&](const event::EarlierNotice& earlier) {
                           return std::any_of(earlier.hashes.begin(), earlier.hashes.end(),
                                              [&](const auto& hash) {
                                                  return markOf(hash.second) == decision.notice;
                                              });
                       });
}

/// Why the statement cannot be what it says; empty when nothing speaks against it.
std::string objectionTo(const Statement& statement, const KioskKey& key, const Trust& trust) {
    if (trust.notices && trust.notices->id != trust.keys.event()) {
        return fmt::format("the notices are of the event {}, the keys are of {}",
                           trust.notices->id.value, trust.keys.event().value);
    }
    if (statement.event != trust.keys.event()) {
        return fmt::format("the receipt is of the event {}, the keys are of {}",
                           statement.event.value, trust.keys.event().value);
    }
    if (statement.kiosk != key.kiosk) {
        return fmt::format("the receipt names the kiosk {}, but is signed by {}",
                           statement.kiosk.value, key.kiosk.value);
    }
    if (!trust.notices) {
        return {};
    }
    for (const Decision& decision : statement.decisions) {
        if (!isPublished(decision, *trust.notices)) {
            return fmt::format("the notice of {} ({}) is not among the published ones",
                               decision.purpose.value, record::nameOf(decision.channel));
        }
    }
    return {};
}

bool isVouchedFor(const Statement& statement, const KioskKey& key) {
    return std::all_of(statement.seqs.begin(), statement.seqs.end(),
                       [&](std::uint64_t seq) { return key.vouchesFor(statement.epoch, seq); });
}

}  // namespace

Finding explain(std::string_view receipt, const Trust& trust, std::string_view language) {
    Finding finding;
    const auto invalid = [&finding](std::string reason) {
        finding.standing = Standing::Invalid;
        finding.reason = std::move(reason);
        finding.text.clear();
        return finding;
    };
    receipt = trimmed(receipt);
    if (std::string obstacle = obstacleIn(receipt); !obstacle.empty()) {
        return invalid(std::move(obstacle));
    }
    const std::size_t mark = receipt.find('#');
    const bool isLink = mark != std::string_view::npos;
    const auto link = isLink ? readLink(receipt.substr(0, mark)) : std::nullopt;
    const auto jws = split(isLink ? receipt.substr(mark + 1) : receipt);
    if (!jws) {
        return invalid(jws.error().context);
    }
    finding.keyId = jws->keyId;
    const KioskKey* const key = trust.keys.find(jws->keyId);
    if (!key) {
        return invalid(
            fmt::format("the key {} is not among the event's published keys", jws->keyId));
    }
    if (!verifies(*jws, key->publicKey)) {
        return invalid("the signature does not fit: the receipt was changed, or not made by " +
                       key->kiosk.value);
    }
    const auto statement = looksFull(jws->payload) ? readFull(jws->payload)
                                                   : readSummary(jws->payload, trust, language);
    if (!statement) {
        return invalid(statement.error().context);
    }
    finding.kind = statement->kind;
    finding.kiosk = statement->kiosk;
    if (link && link->id != statement->id) {
        return invalid("the link names another receipt than the one that is signed");
    }
    if (std::string objection = objectionTo(*statement, *key, trust); !objection.empty()) {
        return invalid(std::move(objection));
    }
    finding.text = statement->text;
    finding.language = statement->language;
    if (link && trust.notices && link->address != trust.notices->receiptUrl) {
        finding.caution = fmt::format("the link's address is not the event's ({}): do not open it",
                                      trust.notices->receiptUrl);
    }
    if (!isVouchedFor(*statement, *key)) {
        finding.standing = Standing::Unconfirmed;
        finding.reason = fmt::format(
            "unconfirmed: the key of {} was revoked, and this receipt is later than what the hub "
            "held then",
            key->kiosk.value);
        return finding;
    }
    finding.standing = Standing::Valid;
    return finding;
}

}  // namespace tapport::receipt
