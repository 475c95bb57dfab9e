// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/seal/dictionary/samples.h"

#include <array>
#include <random>
#include <string>

namespace tapport::seal {
namespace {

using namespace std::chrono_literals;
using record::UnitKind;

struct Ask {
    const char* purpose;
    record::Channel channel;
    const char* notice;
};
/// As an event begins that `tapport event init` makes.
constexpr std::array<Ask, 4> kAsks{
    {{"sales-follow-up", record::Channel::Email, "sales-follow-up-email"},
     {"sales-follow-up", record::Channel::Phone, "sales-follow-up-phone"},
     {"newsletter", record::Channel::Email, "newsletter-email"},
     {"customer-service", record::Channel::Email, "customer-service-email"}}};
constexpr std::array<const char*, 6> kNeeds{"new-machine", "replace-machine", "more-output",
                                            "less-energy", "repair",          "other"};
constexpr std::array<const char*, 5> kReadiness{"now", "this-quarter", "this-year", "later",
                                                "not-said"};
constexpr std::array<const char*, 4> kNotes{"wants an offer for two machines",
                                            "asked for the data sheet", "möchte ein Angebot",
                                            "needs spare parts before the summer"};

/// Gives what differs from unit to unit; zeros, when there is nothing to draw from.
class Draw {
  public:
    Draw() = default;
    explicit Draw(std::uint32_t seed) : random_(std::mt19937(seed)) {}

    std::uint32_t below(std::uint32_t bound) { return random_ ? (*random_)() % bound : 0; }
    template <typename Id>
    Id id() {
        Id id;
        for (std::uint8_t& byte : id.bytes) {
            byte = static_cast<std::uint8_t>(below(256));
        }
        return id;
    }

  private:
    std::optional<std::mt19937> random_;
};

/// A kiosk at its event, whose clock stands still while a unit is made.
class Kiosk {
  public:
    Kiosk(Draw draw, std::string language)
        : draw_(draw),
          language_(std::move(language)),
          epoch_(draw_.id<record::Epoch>()),
          boot_(draw_.id<record::BootId>()) {
        for (record::NoticeHash& hash : hashes_) {
            hash = draw_.id<record::NoticeHash>();
        }
    }

    record::PositionedUnit answers(UnitKind kind, std::size_t count) {
        record::PositionedUnit placed = begin(kind);
        record::Unit& unit = placed.unit;
        for (std::size_t i = 0; i < count; ++i) {
            unit.consents.push_back(answer(kind, i, unit));
        }
        unit.receipt = draw_.id<record::ReceiptId>();
        placed.proof = draw_.id<record::Signature>();
        if (kind != UnitKind::Refusal) {
            unit.vault = access();
        }
        if (kind == UnitKind::Visit) {
            unit.contact = record::Contact{"Alex Example", "Example Works GmbH", "alex@example.com",
                                           "+4930901820", ""};
        }
        return placed;
    }

    record::PositionedUnit erasure() {
        record::PositionedUnit placed = answers(UnitKind::Withdrawal, 1);
        record::ConsentEvent& erased = placed.unit.consents.front();
        erased.purpose = {std::string(record::kEveryPurpose)};
        erased.state = record::ConsentState::Erased;
        erased.evidence.optionOrder = "back,erase";
        return placed;
    }

    record::PositionedUnit conversation() {
        record::PositionedUnit placed = begin(UnitKind::Conversation);
        record::Unit& unit = placed.unit;
        unit.vault = access();
        unit.conversations = {talk(unit)};
        unit.conversations.front().note = kNotes.at(draw_.below(kNotes.size()));
        unit.conversations.front().promise =
            record::Promise{"send the data sheet", std::chrono::year(2026) / 12 / 1, {"kim"}};
        return placed;
    }

    record::PositionedUnit count() {
        record::PositionedUnit placed = begin(UnitKind::Count);
        placed.unit.conversations = {talk(placed.unit)};
        return placed;
    }

  private:
    record::PositionedUnit begin(UnitKind kind) {
        // Towards the end of 2026; the four bytes of a time that change within weeks are zeros.
        constexpr std::int64_t kStart = 0x1A2'0000'0000;
        record::PositionedUnit placed;
        placed.signature = draw_.id<record::Signature>();
        placed.position = {{"kiosk-1"}, epoch_, 0x100 + draw_.below(4000)};
        record::Unit& unit = placed.unit;
        unit.kind = kind;
        unit.event = {"example-expo-2026"};
        const auto since = record::Millis(draw_.below(40'000'000));
        unit.at = {record::WallTime(record::Millis(kStart)) + since, record::ClockQuality::Synced,
                   boot_, 0x1'0000ms + since};
        unit.id = newId(unit.at);
        unit.subject = draw_.id<record::SubjectId>();
        return placed;
    }

    record::RecordId newId(const record::ClockReading& at) {
        auto id = draw_.id<record::RecordId>();
        auto rest = static_cast<std::uint64_t>(at.wall.time_since_epoch().count());
        for (std::size_t i = 6; i-- > 0; rest >>= 8U) {
            id.bytes.at(i) = static_cast<std::uint8_t>(rest);
        }
        return id;
    }

    record::ConsentEvent answer(UnitKind kind, std::size_t which, const record::Unit& unit) {
        const Ask& ask = kAsks.at(which);
        const record::ClockReading& at = unit.at;
        record::ConsentEvent event;
        event.id = record::idBeside(unit.id, which + 1);
        event.purpose = {ask.purpose};
        event.channel = ask.channel;
        event.notice = record::NoticeRef{ask.notice, 1, hashes_.at(which), language_};
        event.at = at;
        event.validUntil = at.wall + 365 * 24h;
        const auto dwell = record::Millis(0x800 + draw_.below(6000));
        event.evidence = {"question", "0.1.0", "no,yes", dwell, std::nullopt};
        if (kind == UnitKind::Visit) {
            event.state = record::ConsentState::Given;
            event.method = record::Method::KioskYes;
        } else if (kind == UnitKind::Withdrawal) {
            event.state = record::ConsentState::Withdrawn;
            event.method = record::Method::ReTap;
            event.evidence.screen = "recorded";
            event.evidence.optionOrder = "withdraw";
            event.causes = {newId(at)};
            event.hubState = 0x100 + draw_.below(4000);
        }
        return event;
    }

    record::Conversation talk(const record::Unit& unit) {
        record::Conversation talk;
        talk.id = record::idBeside(unit.id, 1);
        talk.staff = {"kim"};
        talk.at = unit.at;
        talk.need = kNeeds.at(draw_.below(kNeeds.size()));
        talk.readiness = kReadiness.at(draw_.below(kReadiness.size()));
        return talk;
    }

    record::VaultAccess access() {
        return {draw_.id<record::VaultLookup>(), draw_.id<record::VaultKey>()};
    }

    Draw draw_;
    std::string language_;
    record::Epoch epoch_;
    record::BootId boot_;
    std::array<record::NoticeHash, kAsks.size()> hashes_{};
};

}  // namespace

std::vector<record::PositionedUnit> patternUnits() {
    Kiosk kiosk(Draw(), "en");
    Kiosk german(Draw(), "de");
    return {kiosk.count(),
            kiosk.conversation(),
            kiosk.erasure(),
            german.answers(UnitKind::Visit, 2),
            kiosk.answers(UnitKind::Refusal, kAsks.size()),
            kiosk.answers(UnitKind::Withdrawal, kAsks.size()),
            kiosk.answers(UnitKind::Visit, kAsks.size())};
}

std::vector<record::PositionedUnit> sampleUnits() {
    constexpr std::uint32_t kKiosks = 40;
    std::vector<record::PositionedUnit> units;
    for (std::uint32_t number = 1; number <= kKiosks; ++number) {
        Kiosk kiosk(Draw(number), number % 2 == 0 ? "de" : "en");
        for (std::size_t answers = 1; answers <= kAsks.size(); ++answers) {
            units.push_back(kiosk.answers(UnitKind::Visit, answers));
            units.push_back(kiosk.answers(UnitKind::Refusal, answers));
            units.push_back(kiosk.answers(UnitKind::Withdrawal, answers));
        }
        units.push_back(kiosk.conversation());
    }
    return units;
}

}  // namespace tapport::seal
