// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/receipt/summary.h"

#include "sync/receipt/jcs.h"
#include "sync/receipt/json_fields.h"
#include "sync/receipt/jws.h"
#include "sync/receipt/profile.h"
#include "sync/record/parts.h"

namespace tapport::receipt {
namespace {

constexpr std::int64_t kVersion = 1;
constexpr std::int64_t kMostSeconds = 253'402'300'799;  // 9999-12-31T23:59:59Z
constexpr std::int64_t kMostDays = kMostSeconds / 86'400;
constexpr std::int64_t kMostSeq = (std::int64_t{1} << 53) - 1;
constexpr std::size_t kMostDecisions = 64;

Decision decisionOf(const record::ConsentEvent& consent) {
    return {consent.purpose, consent.channel, consent.state, markOf(consent.notice.hash),
            std::chrono::floor<std::chrono::days>(consent.validUntil)};
}

Json encode(const Decision& decision) {
    return Json::array({decision.purpose.value, record::nameOf(decision.channel),
                        record::nameOf(decision.state), toBase64Url(decision.notice.view()),
                        decision.validUntil.time_since_epoch().count()});
}

/// The enumerator of that name, among those from 0 to `last`.
template <typename Enum>
std::optional<Enum> named(const Json& name, Enum last) {
    for (unsigned i = 0; i <= static_cast<unsigned>(last); ++i) {
        if (name == record::nameOf(static_cast<Enum>(i))) {
            return static_cast<Enum>(i);
        }
    }
    return std::nullopt;
}

bool isInRange(const Json& number, std::int64_t least, std::int64_t most) {
    return number.is_number_integer() && least <= number.get<std::int64_t>() &&
           number.get<std::int64_t>() <= most;
}

std::optional<Decision> decode(const Json& item) {
    constexpr std::size_t kItems = 5;
    if (!item.is_array() || item.size() != kItems || !item[0].is_string() ||
        !record::isName(item[0].get_ref<const std::string&>()) || !item[3].is_string() ||
        !isInRange(item[4], 0, kMostDays)) {
        return std::nullopt;
    }
    const auto channel = named(item[1], record::Channel::Messenger);
    const auto state = named(item[2], record::ConsentState::Invalidated);
    const auto bytes = fromBase64Url(item[3].get_ref<const std::string&>());
    const auto mark = bytes ? NoticeMark::from(*bytes) : std::nullopt;
    if (!channel || !state || !mark) {
        return std::nullopt;
    }
    return Decision{{item[0].get<std::string>()},
                    *channel,
                    *state,
                    *mark,
                    std::chrono::sys_days(std::chrono::days(item[4].get<int>()))};
}

/// [kiosk, epoch, seq, ...]
void readWitness(Fields& fields, Summary& summary) {
    const Json& witness = fields.list("w");
    constexpr std::size_t kFirstSeq = 2;
    const auto epoch = witness.size() > kFirstSeq && witness[1].is_string()
                           ? fromBase64Url(witness[1].get_ref<const std::string&>())
                           : std::nullopt;
    const auto known = epoch ? record::Epoch::from(*epoch) : std::nullopt;
    if (!known || !witness[0].is_string() ||
        !record::isName(witness[0].get_ref<const std::string&>()) ||
        witness.size() > kMostDecisions) {
        fields.reject("w", "is no witness");
        return;
    }
    summary.kiosk = {witness[0].get<std::string>()};
    summary.epoch = *known;
    for (std::size_t i = kFirstSeq; i < witness.size(); ++i) {
        if (!isInRange(witness[i], 0, kMostSeq)) {
            fields.reject("w", "is no witness");
            return;
        }
        summary.seqs.push_back(witness[i].get<std::uint64_t>());
    }
}

void readDecisions(Fields& fields, Summary& summary) {
    const Json& decisions = fields.list("d");
    if (decisions.empty() || decisions.size() > kMostDecisions) {
        fields.reject("d", "has no or too many decisions");
    }
    for (const Json& item : decisions) {
        const auto decision = decode(item);
        if (!decision) {
            fields.reject("d", "has something that is no decision");
            return;
        }
        summary.decisions.push_back(*decision);
    }
}

}  // namespace

NoticeMark markOf(const record::NoticeHash& hash) {
    return *NoticeMark::from(hash.view().first(NoticeMark::kSize));
}

std::optional<Summary> summaryOf(std::span<const record::PositionedUnit> units) {
    std::optional<Summary> summary;
    bool isNamed = false;
    for (const record::PositionedUnit& placed : units) {
        const record::Position& position = placed.position;
        const record::Unit& unit = placed.unit;
        if (unit.consents.empty() || !unit.receipt) {
            continue;
        }
        if (!summary) {
            summary = Summary{*unit.receipt,
                              unit.event,
                              unit.consents.front().notice.language,
                              {},
                              position.kiosk,
                              position.epoch,
                              {},
                              {},
                              unit.at.quality};
            summary->at = std::chrono::floor<std::chrono::seconds>(unit.at.wall);
        }
        if (!isNamed && unit.kind != record::UnitKind::Refusal) {
            isNamed = true;
            summary->id = *unit.receipt;
        }
        summary->seqs.push_back(position.seq);
        for (const record::ConsentEvent& consent : unit.consents) {
            summary->decisions.push_back(decisionOf(consent));
        }
    }
    return summary;
}

std::optional<Summary> summaryOf(std::span<const record::ConsentEvent> decisions,
                                 const Restatement& as) {
    if (decisions.empty()) {
        return std::nullopt;
    }
    Summary summary;
    summary.id = as.id;
    summary.event = as.event;
    summary.language = decisions.back().notice.language;
    for (const record::ConsentEvent& decision : decisions) {
        summary.decisions.push_back(decisionOf(decision));
    }
    summary.kiosk = as.witness.kiosk;
    summary.epoch = as.witness.epoch;
    summary.seqs = {as.witness.seq};
    summary.at = std::chrono::floor<std::chrono::seconds>(as.now.wall);
    summary.quality = as.now.quality;
    return summary;
}

std::string summaryPayload(const Summary& summary) {
    Json decisions = Json::array();
    for (const Decision& decision : summary.decisions) {
        decisions.push_back(encode(decision));
    }
    Json witness = Json::array({summary.kiosk.value, toBase64Url(summary.epoch.view())});
    for (const std::uint64_t seq : summary.seqs) {
        witness.push_back(seq);
    }
    return canonicalText(Json{{"d", std::move(decisions)},
                              {"e", summary.event.value},
                              {"i", toBase64Url(summary.id.view())},
                              {"l", summary.language},
                              {"p", true},
                              {"q", record::nameOf(summary.quality)},
                              {"t", summary.at.time_since_epoch().count()},
                              {"v", kVersion},
                              {"w", std::move(witness)}});
}

Result<Summary> parseSummary(std::string_view payload) {
    const auto json = parseCanonical(payload);
    if (!json) {
        return tl::unexpected(json.error());
    }
    Fields fields(*json, {"d", "e", "i", "l", "p", "q", "t", "v", "w"});
    Summary summary;
    if (fields.ok() && fields.integer("v", 0, kMostSeq) != kVersion) {
        fields.reject("v", "is an unknown version");
    }
    summary.id = fields.id<record::ReceiptId>("i");
    summary.event = {fields.name("e")};
    summary.language = fields.text("l");
    summary.at =
        std::chrono::sys_seconds(std::chrono::seconds(fields.integer("t", 0, kMostSeconds)));
    const auto quality = named(fields.text("q"), record::ClockQuality::Stepped);
    if (!quality) {
        fields.reject("q", "is no clock quality");
    }
    summary.quality = quality.value_or(record::ClockQuality::Unset);
    if (!fields.has("p") || json->at("p") != true) {
        fields.reject("p", "does not say provisional");
    }
    readDecisions(fields, summary);
    readWitness(fields, summary);
    const auto read = fields.finish();
    return read ? Result<Summary>(std::move(summary)) : tl::unexpected(read.error());
}

std::string receiptLink(const Summary& summary, const event::Event& event,
                        const SigningKeys& keys) {
    return event.receiptUrl + "/r/" + summary.id.hex() + '#' + sign(summaryPayload(summary), keys);
}

}  // namespace tapport::receipt
