// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/firmware-app/visit/booth.h"

namespace tapport::visit {
namespace {

using namespace std::chrono_literals;

event::Ask askFor(const char* purpose, record::Channel channel) {
    event::Ask ask;
    ask.purpose = {purpose};
    ask.channel = channel;
    ask.noticeId = std::string(purpose) + "-notice";
    ask.noticeVersion = 3;
    ask.validity = std::chrono::days(365);
    ask.notices["en"].hash = *record::NoticeHash::from(Bytes(32, 1));
    ask.notices["de"].hash = *record::NoticeHash::from(Bytes(32, 2));
    return ask;
}

}  // namespace

event::Event boothEvent() {
    event::Event event;
    event.id = {"fair-2026"};
    event.languages = {"en", "de"};
    event.asks = {askFor("newsletter", record::Channel::Email),
                  askFor("call", record::Channel::Phone),
                  askFor("brochure", record::Channel::Post)};
    event.needs = {{"replace-system", {}}, {"just-looking", {}}};
    event.readiness = {{"this-quarter", {}}};
    event.staff = {{{"kim"}, "Kim", "", {}}, {{"lee"}, "Lee", "", {}}};
    return event;
}

BadgeSeen badgeOf(std::uint8_t n, record::Contact card) {
    return {{*record::SubjectId::from(Bytes(16, n)),
             {*record::VaultLookup::from(Bytes(16, n)), *record::VaultKey::from(Bytes(32, n))}},
            std::move(card)};
}

Booth::Booth(Timing times)
    : timing(times),
      session(
          event, timing, "test-build",
          [this] {
              std::array<std::uint8_t, 10> count{};
              ++idsMade;
              for (unsigned i = 0; i < 8; ++i) {
                  count.at(9 - i) = static_cast<std::uint8_t>(idsMade >> (8 * i));
              }
              return record::makeRecordId(now.wall, count);
          },
          [this] {
              record::ReceiptId id;
              id.bytes.fill(0xee);
              id.bytes.back() = ++receiptsMade;
              return id;
          }) {
    now.wall = record::WallTime(1'790'000'000'000ms);
    now.monotonic = 1h;
}

std::vector<Effect> Booth::step(const Event& what) {
    return session.step(what, now);
}

std::vector<Effect> Booth::press(const Event& what) {
    wait(1s);
    return step(what);
}

void Booth::wait(record::Millis time) {
    now.monotonic += time;
    now.wall += time;
}

void Booth::waitTicking(record::Millis time) {
    const record::Millis end = now.monotonic + time;
    while (session.nextDeadline() && *session.nextDeadline() <= end) {
        wait(std::max(*session.nextDeadline() - now.monotonic, 0ms));
        step(Tick{});
    }
    wait(end - now.monotonic);
    step(Tick{});
}

void Booth::tap(const BadgeSeen& badge) {
    const auto effects = press(TapBadge{badge});
    const auto* const lookUp = find<LookUpVault>(effects);
    ASSERT_TRUE(lookUp);
    const auto known = entries.find(lookUp->access.lookup);
    step(VaultAnswered{known == entries.end() ? std::nullopt : std::optional(known->second)});
}

void Booth::changeTo(const std::vector<Answer>& answers) {
    press(ChangeMine{});
    for (const Answer answer : answers) {
        press(GiveAnswer{answer});
    }
}

Commit Booth::commit(const Event& what, const std::string& receiptLink) {
    const auto effects = press(what);
    const auto* const commit = find<Commit>(effects);
    if (!commit) {
        ADD_FAILURE() << "nothing was committed";
        return {};
    }
    keep(*commit);
    step(Committed{receiptLink});
    return *commit;
}

void Booth::keep(const Commit& commit) {
    EXPECT_EQ(commit.access.has_value(), commit.entry.has_value());
    if (commit.entry) {
        entries[commit.access->lookup] = *commit.entry;
    }
}

const vault::Entry& Booth::entryOf(const BadgeSeen& badge) const {
    return entries.at(badge.identity.vault.lookup);
}

const record::Unit* unitOf(const Commit& commit, record::UnitKind kind) {
    for (const record::Unit& unit : commit.units) {
        if (unit.kind == kind) {
            return &unit;
        }
    }
    return nullptr;
}

}  // namespace tapport::visit
