// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/event/event.h"
#include "sync/event/json_reader.h"

#include <fmt/format.h>

namespace tapport::event {
namespace {

constexpr std::string_view kSchema = "tapport-event-1";
constexpr std::int64_t kHighestVersion = 1'000'000;
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

/// BCP 47 in the shape the screens use: "de", "pt-BR", "zh-Hant".
bool isLanguageTag(std::string_view tag) {
    const std::string_view language = tag.substr(0, tag.find('-'));
    return language.size() >= 2 && language.size() <= 3 && tag.size() <= 16 && tag.back() != '-' &&
           std::all_of(language.begin(), language.end(),
                       [](char c) { return c >= 'a' && c <= 'z'; }) &&
           std::all_of(tag.begin(), tag.end(), [](char c) {
               return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-';
           });
}

bool isHost(std::string_view host) {
    return host.size() <= 253 && host.find('.') != std::string_view::npos && host.front() != '.' &&
           host.back() != '.' && std::all_of(host.begin(), host.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
           });
}

/// Turns places of the document into the event; the event's languages are known to all.
class EventReader {
  public:
    explicit EventReader(const Place& root) : root_(root) {}

    Event read() {
        root_.allow({"schema", "id", "name", "controller", "languages", "badgeHosts", "badgeSalt",
                     "sealingKey", "asks", "needs", "readiness", "staff"});
        if (root_.text("schema") != kSchema) {
            root_.report(fmt::format("'schema' must be '{}'", kSchema));
        }
        Event event;
        event.id = {root_.name("id")};
        event.languages = languages_ = readLanguages();
        event.name = localText(root_.at("name"));
        event.controller = readParty(root_.at("controller"));
        event.badgeHosts = readBadgeHosts();
        event.badgeSalt = root_.hex("badgeSalt", 32);
        event.sealingKey = root_.hex("sealingKey", 32);
        event.asks = readAsks();
        event.needs = readChoices("needs");
        event.readiness = readChoices("readiness");
        event.staff = readStaff();
        return event;
    }

  private:
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

    static Party readParty(const Place& place) {
        place.allow({"id", "name", "address", "contact"});
        return {place.name("id"), place.text("name"), place.text("address"), place.text("contact")};
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
        place.allow({"purpose", "channel", "notice", "validDays", "uses", "texts"});
        if (const auto known = record::channelNamed(channel); known) {
            ask.channel = *known;
        } else if (!channel.empty()) {
            place.report("'channel' must be email, phone, sms, post or messenger");
        }
        const Place notice = place.at("notice");
        notice.allow({"id", "version"});
        ask.noticeId = notice.name("id");
        ask.noticeVersion =
            static_cast<std::uint32_t>(notice.integer("version", 1, kHighestVersion));
        ask.validity = std::chrono::days(place.integer("validDays", 1, kLongestValidity));
        ask.uses = readUses(place);
        if (!ask.uses.empty() && ask.uses.count(addressOf(ask.channel)) == 0) {
            place.report("'uses' lacks what the channel needs");
        }
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

}  // namespace

Result<Event> parse(std::string_view json) {
    const auto document = parseJson(json);
    if (!document) {
        return tl::unexpected(document.error());
    }
    if (!document->is_object()) {
        return fail(Code::InvalidConfig, "an event file holds one object");
    }
    std::vector<std::string> problems;
    Event event = EventReader({*document, "", problems}).read();
    if (!problems.empty()) {
        return fail(Code::InvalidConfig, fmt::format("{}", fmt::join(problems, "\n")));
    }
    return event;
}

}  // namespace tapport::event
