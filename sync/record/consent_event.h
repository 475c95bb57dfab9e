// SPDX-License-Identifier: GPL-3.0-or-later
// One appended consent fact with its evidence (ISO/IEC TS 27560 6.3.7; GDPR Art. 7(1)). Never
// changed.
#pragma once

#include "sync/record/time.h"

#include <optional>
#include <vector>

namespace tapport::record {

/// How a person may be reached. UWG section 7: consent is per channel.
enum class Channel : std::uint8_t { Email, Phone, Sms, Post, Messenger };

enum class ConsentState : std::uint8_t {
    Given,
    Refused,
    Withdrawn,
    Renewed,
    Expired,
    Objected,     ///< GDPR Art. 21: concerns every purpose and channel
    Erased,       ///< GDPR Art. 17: concerns every purpose and channel
    Confirmed,    ///< double opt-in: the yes that it names is confirmed
    Revoked,      ///< the controller ended it
    Invalidated,  ///< found unlawful
};

/// What the person did to express it.
enum class Method : std::uint8_t {
    KioskYes,
    KioskNo,
    ReTap,
    Oral,  ///< staff assisted: Evidence::staff names who
    ReceiptLink,
    EmailConfirm,
    OneClick,
    Timeout,
};

/// Who expressed it (ISO/IEC TS 27560 6.3.7.3).
enum class ExpressedBy : std::uint8_t { Subject, Guardian, Controller, Authority };

/// Stands as the purpose of Objected and Erased, which concern every purpose and channel.
inline constexpr std::string_view kEveryPurpose = "every-purpose";

/// The exact text that was shown.
struct NoticeRef {
    std::string id;
    std::uint32_t version = 0;
    NoticeHash hash;
    std::string language;  ///< BCP 47, as rendered
    bool operator==(const NoticeRef&) const = default;
};

/// What proves that the answer was free and informed. The default was unset, always.
struct Evidence {
    std::string screen;            ///< which page asked
    std::string build;             ///< program version
    std::string optionOrder;       ///< as laid out, such as "no,yes"
    Millis dwell{};                ///< from question shown to answer
    std::optional<StaffId> staff;  ///< set when staff assisted (method Oral)
    bool operator==(const Evidence&) const = default;
};

struct ConsentEvent {
    RecordId id;
    PurposeId purpose;
    Channel channel = Channel::Email;
    ConsentState state = ConsentState::Refused;
    Method method = Method::KioskNo;
    ExpressedBy by = ExpressedBy::Subject;
    NoticeRef notice;
    ClockReading at;
    WallTime validUntil;  ///< never endless; for Refused and Withdrawn: the end of the proof
    Evidence evidence;
    std::vector<RecordId> causes;  ///< consent events of this subject that the kiosk had seen
    /// Version of the hub's consent state that the kiosk had seen; 0: none.
    std::uint64_t hubState = 0;
    bool operator==(const ConsentEvent&) const = default;
};

/// Says yes; whether it counts is sync/ledger's to tell.
[[nodiscard]] constexpr bool isYes(ConsentState state) {
    return state == ConsentState::Given || state == ConsentState::Renewed;
}

[[nodiscard]] std::string_view nameOf(Channel channel);
[[nodiscard]] std::optional<Channel> channelNamed(std::string_view name);
[[nodiscard]] std::string_view nameOf(ConsentState state);
[[nodiscard]] std::string_view nameOf(Method method);
[[nodiscard]] std::string_view nameOf(ExpressedBy by);

}  // namespace tapport::record
