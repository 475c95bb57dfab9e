// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/event/legal.h"

#include <algorithm>

#include <fmt/format.h>

namespace tapport::event {
namespace {

constexpr std::int64_t kHighestVersion = 1'000'000;
constexpr std::int64_t kLongestConfirmation = 60;  ///< days
constexpr std::int64_t kHighestAge = 21;
constexpr std::size_t kLongestUrl = 60;  ///< bytes; it is in every receipt's QR code

// Of the Data Privacy Vocabulary 2.3 what fits a booth. A term that nobody here has read would be a
// promise that nobody can explain.
constexpr std::array<std::string_view, 8> kPurposeTypes{
    "dpv:CommunicationForCustomerCare",
    "dpv:CustomerCare",
    "dpv:CustomerRelationshipManagement",
    "dpv:DirectMarketing",
    "dpv:Marketing",
    "dpv:ProvideEventRecommendations",
    "dpv:RequestedServiceProvision",
    "dpv:SellProductsToDataSubject",
};
constexpr std::array<std::string_view, 12> kProcessing{
    "dpv:Collect", "dpv:Consult",   "dpv:Copy",     "dpv:DiscloseByTransmission",
    "dpv:Erase",   "dpv:Organise",  "dpv:Record",   "dpv:Retrieve",
    "dpv:Store",   "dpv:Structure", "dpv:Transmit", "dpv:Use",
};
constexpr std::array<std::string_view, 3> kCollection{
    "dpv:DataControllerDataSource",
    "dpv:DataSubjectDataSource",
    "dpv:ThirdPartyDataSource",
};
// An ask is a request for consent: no other basis could be what a yes gives.
constexpr std::array<std::string_view, 1> kLawfulBases{"eu-gdpr:A6-1-a"};

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}

bool startsWith(std::string_view text, std::string_view prefix) {
    return text.substr(0, prefix.size()) == prefix;
}

/// Printable ASCII without a space or what HTML and QR readers trip over.
bool isUrlText(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        return c > ' ' && c < 0x7F && std::string_view("\"<>\\^`{|}").find(c) == std::string::npos;
    });
}

bool isHttps(std::string_view text) {
    constexpr std::string_view kPrefix = "https://";
    if (!startsWith(text, kPrefix) || !isUrlText(text)) {
        return false;
    }
    text.remove_prefix(kPrefix.size());
    const std::string_view host = text.substr(0, text.find_first_of("/?#"));
    return host.find('.', 1) != std::string_view::npos && host.front() != '.' && host.back() != '.';
}

bool isMailto(std::string_view text) {
    constexpr std::string_view kPrefix = "mailto:";
    const std::size_t at = text.find('@');
    return startsWith(text, kPrefix) && isUrlText(text) && at != std::string_view::npos &&
           at > kPrefix.size() && text.find('.', at) != std::string_view::npos;
}

/// A country of ISO 3166-1 alpha-2, by its shape.
bool isCountry(std::string_view text) {
    return text.size() == 2 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

/// ISO 8601 in whole years, months, weeks and days: "P12M", "P1Y6M".
bool isDuration(std::string_view text) {
    if (text.size() < 3 || text.size() > 16 || text.front() != 'P') {
        return false;
    }
    std::string_view units = "YMWD";
    std::size_t digits = 0;
    for (const char c : text.substr(1)) {
        if (isDigit(c)) {
            ++digits;
            continue;
        }
        const std::size_t unit = units.find(c);
        if (digits == 0 || unit == std::string_view::npos) {
            return false;
        }
        units.remove_prefix(unit + 1);
        digits = 0;
    }
    return digits == 0;
}

template <std::size_t kCount>
std::string readTerm(const Place& place, std::string_view key,
                     const std::array<std::string_view, kCount>& known) {
    std::string term = place.text(key);
    if (!term.empty() && std::find(known.begin(), known.end(), term) == known.end()) {
        place.report(fmt::format("'{}' must be {}", key, fmt::join(known, ", ")));
    }
    return term;
}

/// A list of texts each of which passes `isGood`.
template <typename IsGood>
std::vector<std::string> readList(const Place& place, std::string_view key, IsGood isGood,
                                  std::string_view what) {
    std::vector<std::string> items = place.texts(key);
    if (!std::all_of(items.begin(), items.end(), isGood)) {
        place.report(fmt::format("'{}' must hold {}", key, what));
    }
    return items;
}

std::string readDuration(const Place& place, std::string_view key) {
    std::string text = place.text(key);
    if (!text.empty() && !isDuration(text)) {
        place.report(fmt::format("'{}' must be an ISO 8601 duration like 'P12M' or 'P30D'", key));
    }
    return text;
}

NoticeChange readChange(const Place& place) {
    const std::string change = place.text("change");
    if (!change.empty() && change != "material" && change != "wording") {
        place.report("'change' must be material (earlier yeses end) or wording (they stand)");
    }
    return change == "wording" ? NoticeChange::Wording : NoticeChange::Material;
}

/// What a version is to the one before it; the first has none before it.
NoticeChange readChangeOf(const Place& place, std::uint32_t version) {
    if (version > 1) {
        return readChange(place);
    }
    if (place.has("change")) {
        place.report("'change' has no meaning at version 1");
    }
    return NoticeChange::Material;
}

EarlierNotice readEarlier(const Place& place) {
    place.allow({"version", "change", "hashes"});
    EarlierNotice notice;
    notice.version = static_cast<std::uint32_t>(place.integer("version", 1, kHighestVersion));
    notice.change = readChangeOf(place, notice.version);
    const Place hashes = place.at("hashes");
    for (const std::string& language : hashes.keys()) {
        if (!isLanguageTag(language)) {
            hashes.report(fmt::format("'{}' is no language", language));
        } else if (const Bytes hash = hashes.hex(language, record::NoticeHash::kSize);
                   !hash.empty()) {
            notice.hashes[language] = *record::NoticeHash::from(hash);
        }
    }
    return notice;
}

}  // namespace

bool isLanguageTag(std::string_view tag) {
    const std::string_view language = tag.substr(0, tag.find('-'));
    return language.size() >= 2 && language.size() <= 3 && tag.size() <= 16 && tag.back() != '-' &&
           std::all_of(language.begin(), language.end(),
                       [](char c) { return c >= 'a' && c <= 'z'; }) &&
           std::all_of(tag.begin(), tag.end(), [](char c) {
               return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-';
           });
}

Party readParty(const Place& place) {
    place.allow({"id", "name", "address", "contact"});
    return {place.name("id"), place.text("name"), place.text("address"), place.text("contact")};
}

Terms readTerms(const Place& place) {
    place.allow({"purposeType", "lawfulBasis", "recipients", "processing", "storage",
                 "jurisdiction", "collection", "retention", "withdrawal", "rights", "authority"});
    Terms terms;
    terms.purposeType = readTerm(place, "purposeType", kPurposeTypes);
    terms.lawfulBasis = readTerm(place, "lawfulBasis", kLawfulBases);
    for (const Place& recipient : place.list("recipients")) {
        terms.recipients.push_back(readParty(recipient));
    }
    terms.processing = readList(
        place, "processing",
        [](const std::string& term) {
            return std::find(kProcessing.begin(), kProcessing.end(), term) != kProcessing.end();
        },
        fmt::format("{}", fmt::join(kProcessing, ", ")));
    constexpr std::string_view kCountries = "countries like 'DE' (ISO 3166-1 alpha-2)";
    terms.storage = readList(place, "storage", isCountry, kCountries);
    terms.jurisdiction = place.text("jurisdiction");
    if (!terms.jurisdiction.empty() && !isCountry(terms.jurisdiction)) {
        place.report("'jurisdiction' must be a country like 'DE' (ISO 3166-1 alpha-2)");
    }
    terms.collection = readTerm(place, "collection", kCollection);
    const Place retention = place.at("retention");
    retention.allow({"keep", "deleteWithin"});
    terms.retention = {readDuration(retention, "keep"), readDuration(retention, "deleteWithin")};
    terms.withdrawal = readList(
        place, "withdrawal",
        [](const std::string& way) { return way == "kiosk" || isHttps(way) || isMailto(way); },
        "kiosk, https: or mailto: addresses");
    terms.rights = place.text("rights");
    if (!terms.rights.empty() && !isHttps(terms.rights) && !isMailto(terms.rights)) {
        place.report("'rights' must be an https: or mailto: address");
    }
    terms.authority = readParty(place.at("authority"));
    return terms;
}

Profile readProfile(const Place& place) {
    place.allow({"id", "doubleOptIn", "confirmWithinDays", "minimumAge"});
    Profile profile;
    profile.id = place.name("id");
    for (const std::string& name : place.texts("doubleOptIn", Place::Empty::Allowed)) {
        if (const auto channel = record::channelNamed(name); channel) {
            profile.doubleOptIn.insert(*channel);
        } else {
            place.report("'doubleOptIn' must hold email, phone, sms, post or messenger");
        }
    }
    profile.confirmWithin =
        std::chrono::days(place.integer("confirmWithinDays", 1, kLongestConfirmation));
    profile.minimumAge = static_cast<unsigned>(place.integer("minimumAge", 0, kHighestAge));
    return profile;
}

std::chrono::sys_days readDay(const Place& place, std::string_view key) {
    const std::string text = place.text(key);
    const auto number = [&](std::size_t from, std::size_t count) {
        int value = 0;
        for (const char c : text.substr(from, count)) {
            value = isDigit(c) ? value * 10 + (c - '0') : -10'000;
        }
        return value;
    };
    if (text.size() == 10 && text[4] == '-' && text[7] == '-' && number(0, 4) > 0 &&
        number(5, 2) > 0 && number(8, 2) > 0) {
        const std::chrono::year_month_day day{
            std::chrono::year(number(0, 4)),
            std::chrono::month(static_cast<unsigned>(number(5, 2))),
            std::chrono::day(static_cast<unsigned>(number(8, 2)))};
        if (day.ok()) {
            return day;
        }
    }
    if (!text.empty()) {
        place.report(fmt::format("'{}' must be a day like '2026-11-24'", key));
    }
    return {};
}

std::string readBaseUrl(const Place& place, std::string_view key) {
    std::string url = place.text(key);
    if (!url.empty() && (!isHttps(url) || url.back() == '/' || url.size() > kLongestUrl ||
                         url.find_first_of("?#@") != std::string::npos)) {
        place.report(
            fmt::format("'{}' must be an https: address of at most {} characters, "
                        "without a slash at the end",
                        key, kLongestUrl));
    }
    return url;
}

void readNoticeHistory(const Place& place, Ask& ask) {
    place.allow({"id", "version", "change", "earlier"});
    ask.noticeId = place.name("id");
    ask.noticeVersion = static_cast<std::uint32_t>(place.integer("version", 1, kHighestVersion));
    ask.noticeChange = readChangeOf(place, ask.noticeVersion);
    if (ask.noticeVersion == 1) {
        if (place.has("earlier")) {
            place.report("'earlier' has no meaning at version 1");
        }
        return;
    }
    for (const Place& earlier : place.list("earlier")) {
        ask.earlierNotices.push_back(readEarlier(earlier));
    }
    // Without gaps: a change that nobody named could have been a material one.
    auto expected = static_cast<std::int64_t>(ask.noticeVersion) -
                    static_cast<std::int64_t>(ask.earlierNotices.size());
    for (const EarlierNotice& earlier : ask.earlierNotices) {
        if (earlier.version != expected++) {
            place.report(
                fmt::format("'earlier' must hold the versions up to {} in order, none "
                            "left out",
                            ask.noticeVersion - 1));
            return;
        }
    }
}

}  // namespace tapport::event
