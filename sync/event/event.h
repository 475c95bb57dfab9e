// SPDX-License-Identifier: GPL-3.0-or-later
// The event file: one trade show edition as data. What is asked, in which words, by whom, and who
// works at the booth. Immutable once loaded. Pure.
#pragma once

#include "sync/base/error.h"
#include "sync/record/consent_event.h"

#include <array>
#include <map>
#include <set>

namespace tapport::event {

/// BCP 47 tag -> text; holds every language of the event (parse() refuses a gap).
using LocalText = std::map<std::string, std::string>;

/// Everything shown when asking, in one language: the notice's first layer, labels included.
struct Notice {
    std::string title;     ///< short name on the overview and in the summary
    std::string question;  ///< the question itself, one sentence
    std::string who;       ///< who will use the data
    std::string why;
    std::string data;  ///< which data
    std::string howOften;
    std::string recipients;  ///< named
    std::string howLong;
    std::string withdraw;     ///< how to change one's mind
    std::string fullText;     ///< the second layer, one tap away
    std::string yes;          ///< button label
    std::string no;           ///< button label
    record::NoticeHash hash;  ///< SHA-256 over all strings above, see noticeHash()
};

/// The strings of a notice with their keys in the event file, in the canonical order of its hash.
struct NoticePart {
    std::string_view key;
    std::string Notice::*text;
};
inline constexpr std::array<NoticePart, 12> kNoticeParts{{
    {"title", &Notice::title},
    {"question", &Notice::question},
    {"who", &Notice::who},
    {"why", &Notice::why},
    {"data", &Notice::data},
    {"howOften", &Notice::howOften},
    {"recipients", &Notice::recipients},
    {"howLong", &Notice::howLong},
    {"withdraw", &Notice::withdraw},
    {"fullText", &Notice::fullText},
    {"yes", &Notice::yes},
    {"no", &Notice::no},
}};

/// SHA-256 over the notice's strings in the order of kNoticeParts, each as a netstring
/// ("5:title,": length in bytes of its UTF-8, colon, text, comma): no two notices run together.
[[nodiscard]] record::NoticeHash noticeHash(const Notice& notice);

/// What a yes lets the purpose use (ISO/IEC TS 27560 6.3.4.7): the machine's side of Notice::data.
enum class PersonalData : std::uint8_t { Name, Company, Email, Phone, Address, Conversations };

/// A named party (ISO/IEC TS 27560 6.3.6).
struct Party {
    std::string id;
    std::string name;
    std::string address;
    std::string contact;
};

/// ISO 8601 durations (27560 6.3.4.12).
struct Retention {
    std::string keep;
    std::string deleteWithin;
};

/// What a consent record says of a purpose besides the words on the screen (27560 6.3.4). Terms
/// with a prefix are those of the Data Privacy Vocabulary (DPV 2.3).
struct Terms {
    std::string purposeType;  ///< "dpv:DirectMarketing"
    std::string lawfulBasis;  ///< "eu-gdpr:A6-1-a"
    std::vector<Party> recipients;
    std::vector<std::string> processing;  ///< "dpv:Store"
    std::vector<std::string> storage;     ///< countries, ISO 3166-1 alpha-2
    std::string jurisdiction;             ///< ISO 3166-1 alpha-2
    std::string collection;               ///< from whom, "dpv:DataSubjectDataSource"
    Retention retention;
    std::vector<std::string> withdrawal;  ///< https:, mailto: or "kiosk"
    std::string rights;                   ///< where to exercise them, https: or mailto:
    Party authority;                      ///< where to complain
};

/// What a version of a notice is to the one before it.
enum class NoticeChange : std::uint8_t {
    Material,  ///< another agreement: earlier yeses end
    Wording,   ///< the same agreement in better words: earlier yeses stand
};

/// A version that was in use before the current one.
struct EarlierNotice {
    std::uint32_t version = 1;
    NoticeChange change = NoticeChange::Material;
    std::map<std::string, record::NoticeHash> hashes;  ///< by language
};

/// One question: a purpose on a channel. Exactly one notice a language.
struct Ask {
    record::PurposeId purpose;
    record::Channel channel = record::Channel::Email;
    std::string noticeId;
    std::uint32_t noticeVersion = 1;
    NoticeChange noticeChange = NoticeChange::Material;
    std::vector<EarlierNotice> earlierNotices;  ///< ascending, all below noticeVersion
    Terms terms;
    std::chrono::days validity{};  ///< a yes ends after this
    std::set<PersonalData> uses;   ///< has the address of the channel; all else stays in the hub
    std::map<std::string, Notice> notices;

    /// `language` must be one of the event's.
    [[nodiscard]] record::NoticeRef noticeRef(const std::string& language) const;
    /// `seen` is the current notice, or one that this event file lists as earlier. Any other one is
    /// of an edition that is not at hand: what was agreed to cannot be told.
    [[nodiscard]] bool knows(const record::NoticeRef& seen) const;
    /// What was agreed to under `seen` is what the current notice asks for: it is the current one,
    /// or an earlier one that only had its wording mended since.
    [[nodiscard]] bool covers(const record::NoticeRef& seen) const;
};

/// An entry of a pick-list.
struct Choice {
    std::string id;
    LocalText label;
};

struct Staff {
    record::StaffId id;
    std::string name;
    std::string pinHash;                       ///< Argon2id, libsodium's crypto_pwhash_str form
    std::optional<record::VaultLookup> badge;  ///< lookup derived from the staff badge's token
};

/// What the law of the place asks for beyond the GDPR: data, not code.
struct Profile {
    std::string id = "single-opt-in";
    std::set<record::Channel> doubleOptIn;  ///< a yes counts only when confirmed there
    std::chrono::days confirmWithin{14};
    unsigned minimumAge = 16;  ///< younger people are declined, nothing is stored; 0: no limit
};

struct Event {
    record::EventId id;
    /// Of a file that the event's root signed for kiosks (editionOf()); 0: of one that it did not.
    std::uint64_t edition = 0;
    LocalText name;
    Party controller;
    Profile profile;
    std::vector<std::string> languages;  ///< the first is the default
    std::vector<Ask> asks;               ///< in the order in which they are asked
    std::vector<Choice> needs;
    std::vector<Choice> readiness;
    std::vector<Staff> staff;
    std::vector<std::string> badgeHosts;  ///< hosts from whose URIs a badge token is taken
    Bytes badgeSalt;         ///< 32 bytes; makes badge derivations specific to this event
    Bytes sealingKey;        ///< 32 bytes, X25519 public key of the event
    Bytes rootKey;           ///< 32 bytes, Ed25519 public key: signs the published keys and notices
    Bytes hubKey;            ///< 32 bytes, Ed25519 public key: signs what the hub tells kiosks
    Bytes authority;         ///< SHA-256 of the certificate of the event's authority (DER)
    std::string receiptUrl;  ///< https:, no slash at the end: receipts link to <it>/r/<id>
    std::chrono::sys_days firstDay;  ///< of the show
    std::chrono::sys_days lastDay;

    /// Null when the event does not ask that.
    [[nodiscard]] const Ask* find(const record::PurposeId& purpose, record::Channel channel) const;
    /// The same, but null as well when its current notice is not the one that was shown.
    [[nodiscard]] const Ask* findShown(const record::ConsentEvent& consent) const;
    [[nodiscard]] const Staff* findStaff(const record::StaffId& id) const;
};

/// Parses and checks the JSON of an event file (format: README.md). InvalidConfig names every
/// problem found, one a line: "asks[1] newsletter/email: notice in 'de': has no 'question'".
[[nodiscard]] Result<Event> parse(std::string_view json);
/// The same for the published notices: everything an attendee may check a receipt against, but
/// neither staff, pick-lists, badges nor salt. Does not look at their signature (sync/receipt
/// does).
[[nodiscard]] Result<Event> parseNotices(std::string_view json);
/// A valid event file as an edition for kiosks, ready to be signed; fails as parse() does.
[[nodiscard]] Result<std::string> editionOf(std::string_view eventFile, std::uint64_t edition);
/// `next` may take the place of `current`: the same event with the same keys, and a later edition.
[[nodiscard]] bool follows(const Event& next, const Event& current);
/// The notices of a valid event file, ready to be signed; fails as parse() does.
[[nodiscard]] Result<std::string> noticesOf(std::string_view eventFile);

}  // namespace tapport::event
