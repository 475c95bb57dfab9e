// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/event/event.h"
#include "sync/event/json_reader.h"
#include "sync/event/legal.h"
#include "sync/event/same_file.h"

#include <fmt/format.h>

namespace tapport::event {
namespace {

constexpr std::string_view kEventSchema = "tapport-event-2";
constexpr std::string_view kNoticesSchema = "tapport-notices-2";
constexpr const char* kEdition = "edition";
constexpr std::int64_t kLastEdition = 1'000'000;
constexpr std::int64_t kLongestValidity = 3650;  ///< days; a yes is never endless

struct NamedData {
    std::string_view name;
    PersonalData data;
};
constexpr std::array<NamedData, 6> kPersonalData{{
    {"name", PersonalData::Name},
    {"company", PersonalData::Company},
    {"email", PersonalData::Email},
    {"phone", PersonalData::Phone},
    {"address", PersonalData::Address},
    {"conversations", PersonalData::Conversations},
}};

/// What reaches a person on this channel.
PersonalData addressOf(record::Channel channel) {
    switch (channel) {
        case record::Channel::Email:
            return PersonalData::Email;
        case record::Channel::Post:
            return PersonalData::Address;
        case record::Channel::Phone:
        case record::Channel::Sms:
        case record::Channel::Messenger:
            return PersonalData::Phone;
    }
    return PersonalData::Email;
}

bool isHost(std::string_view host) {
    return host.size() <= 253 && host.find('.') != std::string_view::npos && host.front() != '.' &&
           host.back() != '.' && std::all_of(host.begin(), host.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
           });
}

/// What the event file and the published notices both hold: nothing secret, nobody's name.
constexpr std::array<const char*, 11> kPublicKeys{"schema",   "id",        "name",    "controller",
                                                  "profile",  "languages", "rootKey", "receiptUrl",
                                                  "firstDay", "lastDay",   "asks"};

/// Turns places of the document into the event; the event's languages are known to all.
class EventReader {
  public:
    explicit EventReader(const Place& root) : root_(root) {}

    Event readEvent() {
        std::vector<std::string> keys{"badgeHosts", "badgeSalt", "sealingKey", "hubKey",
                                      "ca",         "needs",     "readiness",  "staff",
                                      kEdition,     "signature"};
        keys.insert(keys.end(), kPublicKeys.begin(), kPublicKeys.end());
        root_.allow(keys);
        Event event = readPublic(kEventSchema);
        if (root_.has(kEdition)) {
            event.edition = static_cast<std::uint64_t>(root_.integer(kEdition, 1, kLastEdition));
        }
        event.badgeHosts = readBadgeHosts();
        event.badgeSalt = root_.hex("badgeSalt", 32);
        event.sealingKey = root_.hex("sealingKey", 32);
        event.hubKey = root_.hex("hubKey", 32);
        event.authority = root_.hex("ca", 32);
        event.needs = readChoices("needs");
        event.readiness = readChoices("readiness");
        event.staff = readStaff();
        return event;
    }

    Event readNotices() {
        std::vector<std::string> keys{"signature"};
        keys.insert(keys.end(), kPublicKeys.begin(), kPublicKeys.end());
        root_.allow(keys);
        return readPublic(kNoticesSchema);
    }

  private:
    Event readPublic(std::string_view schema) {
        if (root_.text("schema") != schema) {
            root_.report(fmt::format("'schema' must be '{}'", schema));
        }
        Event event;
        event.id = {root_.name("id")};
        event.languages = languages_ = readLanguages();
        event.name = localText(root_.at("name"));
        event.controller = readParty(root_.at("controller"));
        event.profile = readProfile(root_.at("profile"));
        event.rootKey = root_.hex("rootKey", 32);
        event.receiptUrl = readBaseUrl(root_, "receiptUrl");
        event.firstDay = readDay(root_, "firstDay");
        event.lastDay = readDay(root_, "lastDay");
        if (event.lastDay < event.firstDay && event.lastDay != std::chrono::sys_days{}) {
            root_.report("'lastDay' is before 'firstDay'");
        }
        event.asks = readAsks();
        return event;
    }

    std::vector<std::string> readLanguages() {
        std::vector<std::string> languages = root_.texts("languages");
        std::set<std::string> seen;
        for (const std::string& language : languages) {
            if (!isLanguageTag(language)) {
                root_.report("'languages' must hold tags like 'de' or 'pt-BR'");
            } else if (!seen.insert(language).second) {
                root_.report(fmt::format("'languages' names '{}' twice", language));
            }
        }
        return languages;
    }

    LocalText localText(const Place& place) {
        LocalText text;
        place.allow(languages_);
        for (const std::string& language : languages_) {
            text[language] = place.text(language);
        }
        return text;
    }

    std::vector<std::string> readBadgeHosts() {
        std::vector<std::string> hosts = root_.texts("badgeHosts");
        if (!std::all_of(hosts.begin(), hosts.end(), isHost)) {
            root_.report("'badgeHosts' must hold host names in lower case");
        }
        return hosts;
    }

    Notice readNotice(const Place& ask, const Place& texts, const std::string& language) {
        Notice notice;
        if (!texts.has(language)) {
            ask.report(fmt::format("has no notice in '{}'", language));
            return notice;
        }
        const Place place =
            texts.at(language).named(fmt::format("{}: notice in '{}'", ask.where(), language));
        place.allow({"title", "question", "who", "why", "data", "howOften", "recipients", "howLong",
                     "withdraw", "fullText", "yes", "no"});
        for (const auto& part : kNoticeParts) {
            notice.*part.text =
                part.key == "fullText" ? place.paragraphs(part.key) : place.text(part.key);
        }
        if (!notice.yes.empty() && notice.yes == notice.no) {
            place.report("'yes' and 'no' are the same");
        }
        notice.hash = noticeHash(notice);
        return notice;
    }

    static std::set<PersonalData> readUses(const Place& place) {
        std::set<PersonalData> uses;
        for (const std::string& name : place.texts("uses")) {
            const auto known =
                std::find_if(kPersonalData.begin(), kPersonalData.end(),
                             [&](const NamedData& candidate) { return candidate.name == name; });
            if (known == kPersonalData.end()) {
                place.report(
                    "'uses' must hold name, company, email, phone, address or "
                    "conversations");
            } else {
                uses.insert(known->data);
            }
        }
        return uses;
    }

    Ask readAsk(const Place& unnamed) {
        Ask ask;
        ask.purpose = {unnamed.name("purpose")};
        const std::string channel = unnamed.text("channel");
        const Place place =
            unnamed.named(fmt::format("{} {}/{}", unnamed.where(), ask.purpose.value, channel));
        place.allow({"purpose", "channel", "notice", "validDays", "uses", "terms", "texts"});
        if (const auto known = record::channelNamed(channel); known) {
            ask.channel = *known;
        } else if (!channel.empty()) {
            place.report("'channel' must be email, phone, sms, post or messenger");
        }
        readNoticeHistory(place.at("notice"), ask);
        ask.validity = std::chrono::days(place.integer("validDays", 1, kLongestValidity));
        ask.uses = readUses(place);
        if (!ask.uses.empty() && ask.uses.count(addressOf(ask.channel)) == 0) {
            place.report("'uses' lacks what the channel needs");
        }
        ask.terms = readTerms(place.at("terms"));
        const Place texts = place.at("texts");
        texts.allow(languages_);
        for (const std::string& language : languages_) {
            ask.notices[language] = readNotice(place, texts, language);
        }
        return ask;
    }

    std::vector<Ask> readAsks() {
        std::vector<Ask> asks;
        std::set<std::pair<record::PurposeId, record::Channel>> seen;
        for (const Place& place : root_.list("asks")) {
            asks.push_back(readAsk(place));
            if (!seen.emplace(asks.back().purpose, asks.back().channel).second) {
                place.report("asks for a purpose and channel that another one asks for");
            }
        }
        return asks;
    }

    std::vector<Choice> readChoices(std::string_view key) {
        std::vector<Choice> choices;
        std::set<std::string> seen;
        for (const Place& place : root_.list(key)) {
            place.allow({"id", "label"});
            const std::string id = place.name("id");
            choices.push_back({id, localText(place.at("label"))});
            if (!seen.insert(id).second) {
                place.report("has the id of another one");
            }
        }
        return choices;
    }

    std::vector<Staff> readStaff() {
        std::vector<Staff> staff;
        std::set<record::StaffId> seen;
        for (const Place& place : root_.list("staff")) {
            place.allow({"id", "name", "pinHash", "badge"});
            Staff one{{place.name("id")}, place.text("name"), place.text("pinHash"), std::nullopt};
            if (!one.pinHash.empty() && one.pinHash.rfind("$argon2id$", 0) != 0) {
                place.report("'pinHash' must be an Argon2id hash");
            }
            if (place.has("badge")) {
                one.badge =
                    record::VaultLookup::from(place.hex("badge", record::VaultLookup::kSize));
            }
            if (!seen.insert(one.id).second) {
                place.report("has the id of another one");
            }
            staff.push_back(std::move(one));
        }
        return staff;
    }

    Place root_;
    std::vector<std::string> languages_;
};

/// `read` is what turns the root of the document into an event.
Result<Event> parseWith(std::string_view json, Event (EventReader::*read)()) {
    const auto document = parseJson(json);
    if (!document) {
        return tl::unexpected(document.error());
    }
    if (!document->is_object()) {
        return fail(Code::InvalidConfig, "an event file holds one object");
    }
    std::vector<std::string> problems;
    EventReader reader({*document, "", problems});
    Event event = (reader.*read)();
    if (!problems.empty()) {
        return fail(Code::InvalidConfig, fmt::format("{}", fmt::join(problems, "\n")));
    }
    return event;
}

}  // namespace

Result<Event> parse(std::string_view json) {
    return parseWith(json, &EventReader::readEvent);
}

Result<Event> parseNotices(std::string_view json) {
    return parseWith(json, &EventReader::readNotices);
}

bool saySame(std::string_view one, std::string_view other) {
    const auto contentOf = [](std::string_view file) {
        auto content = nlohmann::json::parse(file, nullptr, /*allow_exceptions=*/false);
        if (content.is_object()) {
            content.erase(kEdition);
            content.erase("signature");
        }
        return content;
    };
    const auto content = contentOf(one);
    return content.is_object() && content == contentOf(other);
}

Result<std::string> editionOf(std::string_view eventFile, std::uint64_t edition) {
    if (const auto event = parse(eventFile); !event) {
        return tl::unexpected(event.error());
    }
    auto whole = nlohmann::ordered_json::parse(eventFile);
    whole[kEdition] = edition;
    return whole.dump();
}

Result<std::string> noticesOf(std::string_view eventFile) {
    if (const auto event = parse(eventFile); !event) {
        return tl::unexpected(event.error());
    }
    const auto whole = nlohmann::ordered_json::parse(eventFile);
    nlohmann::ordered_json notices;
    for (const char* key : kPublicKeys) {
        notices[key] = whole.at(key);
    }
    notices["schema"] = kNoticesSchema;
    return notices.dump(2) + '\n';
}

}  // namespace tapport::event
